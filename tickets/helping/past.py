"""What a shop answered in earlier requests of a kind, and how they ended.

Looked up among the newest closed ones of the type, which one index gives without reading others, whatever the shop
has: five statements. Texts are as colleagues typed them; the contact of another consumer does not travel with them.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from shop_cs.masking import mask_mobiles

from ..models import Reply, Review, ServiceRequest, Survey

LOOKED_AT = 300
SHOWN = 8
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ended:
    """A closed request with its last reply (None when nobody answered) and what came of it.

    `satisfied` is what the consumer said, None where he was not asked or did not answer; `rejected` how often the
    platform sent it back.
    """

    pk: int
    no: str
    closed_at: datetime
    took: timedelta
    product: str
    after_sale: str
    overdue: bool
    reply: dict | None = None
    satisfied: bool | None = None
    rejected: int = 0
    is_like: bool = False

    @property
    def days(self):
        """Days from its sending to its end, at least one."""
        return max(1, -(-self.took // DAY))

    @property
    def at_first(self):
        return self.rejected == 0

    @property
    def way(self):
        """(solved, settlement or reason) of its last reply; None when nobody answered."""
        return self.reply and (self.reply["solved"], self.reply["settlement"] or self.reply["reason"])

    @property
    def label(self):
        return label_of(self.way)


@dataclass(frozen=True, slots=True)
class Group:
    """How many ended in one way: of them so many without being sent back, and liked by their consumers."""

    label: str
    count: int
    at_first: int
    satisfied: int
    dissatisfied: int
    solved: bool


@dataclass(frozen=True, slots=True)
class Past:
    """`total` of the newest closed requests of the type, `likes` of them of the same product or after-sale."""

    total: int
    likes: int
    groups: list
    shown: list
    is_more: bool


def label_of(way):
    """ "Already refunded", "Courier's fault" …, in words."""
    if way is None:
        return _("No answer in time")
    solved, code = way
    kinds = Reply.Settlement if solved else Reply.Reason
    return str(dict(kinds.choices).get(code, code))


def past_of(record):
    """The `Past` of a request of this shop, the likest and newest first."""
    ended = _with_replies(_newest(record), record.shop_id)
    order = sorted(ended, key=lambda one: (not one.is_like, one.reply is None))
    shown = _with_texts(order[:SHOWN], record)
    return Past(
        total=len(ended),
        likes=sum(one.is_like for one in ended),
        groups=_groups(ended),
        shown=shown,
        is_more=len(ended) > len(shown),
    )


def _newest(record):
    kind = record.after_sale.kind if record.after_sale_id else None
    columns = ("pk", "no", "sent_at", "closed_at", "overdue_at", "order__product", "after_sale__kind")
    rows = (
        ServiceRequest.objects.of(record.shop_id)
        .closed()
        .filter(category=record.category)
        .order_by("-closed_at")
        .values_list(*columns)[: LOOKED_AT + 1]
    )
    return [
        Ended(
            pk=pk,
            no=no,
            closed_at=closed_at,
            took=closed_at - sent_at,
            product=product,
            after_sale=after_sale or "",
            overdue=overdue_at is not None,
            is_like=product == record.order.product or (kind is not None and after_sale == kind),
        )
        for pk, no, sent_at, closed_at, overdue_at, product, after_sale in rows
        if pk != record.pk
    ][:LOOKED_AT]


def _with_replies(ended, shop_id):
    pks = [one.pk for one in ended]
    mine = {"request__in": pks}
    columns = ("pk", "request_id", "round", "solved", "settlement", "reason")
    replies = {}
    for row in Reply.objects.of(shop_id).filter(**mine).order_by("round").values(*columns):
        replies[row["request_id"]] = row
    refused = Counter(Review.objects.of(shop_id).filter(**mine, approved=False).values_list("request_id", flat=True))
    said = Survey.objects.of(shop_id).filter(**mine, satisfied__isnull=False).order_by("round")
    liked = dict(said.values_list("request_id", "satisfied"))
    return [
        _but(one, reply=replies.get(one.pk), satisfied=liked.get(one.pk), rejected=refused[one.pk]) for one in ended
    ]


def _but(one, **values):
    kept = {name: getattr(one, name) for name in Ended.__slots__}
    return Ended(**{**kept, **values})


def _with_texts(ended, record):
    pks = [one.reply["pk"] for one in ended if one.reply]
    rows = Reply.objects.of(record.shop_id).filter(pk__in=pks).select_related("request__order__consumer")
    texts = {
        row.pk: {"text": clean(row.text, row, record), "proposal": clean(row.proposal, row, record)} for row in rows
    }
    return [_but(one, reply={**one.reply, **texts[one.reply["pk"]]}) if one.reply else one for one in ended]


def _groups(ended):
    """The commonest way first."""
    ways = Counter(one.way for one in ended)
    return [
        Group(
            label=label_of(way),
            count=count,
            at_first=sum(one.at_first for one in ended if one.way == way and way),
            satisfied=sum(one.satisfied is True for one in ended if one.way == way),
            dissatisfied=sum(one.satisfied is False for one in ended if one.way == way),
            solved=bool(way and way[0]),
        )
        for way, count in ways.most_common()
    ]


def clean(text, reply, record):
    """A colleague's text without the contact of the consumer of then; its numbers become those of this request."""
    then, consumer = reply.request, reply.request.order.consumer
    text = text.replace(then.no, record.no).replace(then.order.no, record.order.no)
    if consumer:
        shown = {consumer.address: consumer.masked_address, consumer.phone: consumer.masked_phone}
        # A name of one character is a part of many words.
        if len(consumer.name) > 1:
            shown[consumer.name] = consumer.masked_name
        for value, masked in shown.items():
            text = text.replace(value, masked) if value else text
    return mask_mobiles(text)


def reply_for(record, pk):
    """A reply of this shop to a closed request as fields of the reply form, without its evidence; None for no such."""
    rows = Reply.objects.of(record.shop_id).filter(pk=pk, request__state="closed")
    reply = rows.select_related("request__order__consumer").first()
    if reply is None:
        return None
    return {
        "solved": reply.solved,
        "settlement": reply.settlement,
        "reason": reply.reason,
        "text": clean(reply.text, reply, record),
        "proposal": clean(reply.proposal, reply, record),
    }
