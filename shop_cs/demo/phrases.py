"""The demo's quick phrases: some of the platform's, some of a shop's."""

from datetime import timedelta

from tickets import actions

PLATFORMS = (
    ("致歉", "{consumer}您好，很抱歉给您带来了不好的体验，您的订单{order}我们正在核实。", ""),
    ("已联系快递核实", "订单{order}：已联系{courier}核实包裹情况，{deadline}前给出答复。", "shipping_logistics"),
)
OF_A_SHOP = (
    ("已全额退款", "订单{order}（{product}）：已为消费者{consumer}全额退款{amount}，退款凭证见附件。", ""),
    ("已补寄", "订单{order}：已补寄{product}，新运单号已告知消费者{consumer}。—— {shop} {me}", ""),
    ("破损补发", "已核实{product}运输破损，按消费者意愿补发一件，原件无需寄回。", "product"),
)
LONG_AGO = timedelta(days=60)


def keep(cast, *, now):
    """What the reviewer and the owner of the first shop have written down long before `now`."""
    at = now - LONG_AGO
    for title, text, category in PLATFORMS:
        said = {"title": title, "text": text, "category": category}
        actions.add_phrase(shop=None, by=cast.platform("rita"), now=at, **said)
    for title, text, category in OF_A_SHOP:
        said = {"title": title, "text": text, "category": category}
        actions.add_phrase(shop=cast.shops["S001"], by=cast.merchant("alice", "S001"), now=at, **said)
