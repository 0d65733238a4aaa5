"""Recommended solutions: what experienced agents do, by the type of a request. Data; [1], [2] §三."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shop_cs.rules import Category


@dataclass(frozen=True, slots=True)
class Playbook:
    """A title and its steps; a check list is looked through instead of done in turn."""

    title: str
    steps: tuple
    is_checklist: bool = False


# [1] "logistics stalled"
STALLED = Playbook(
    _("Logistics stalled"),
    (
        _("Calm the consumer: say what you do and by when he hears from you, and keep that time."),
        _("Ask the courier where the parcel is and whether it moves again."),
        _("It moves again: tell the consumer the new date and look once more on that day."),
        _("It is lost or does not move, and the consumer wants his money: refund, then claim from the courier."),
        _("It is lost or does not move, and the consumer wants the goods: resend and give him the new waybill number."),
    ),
)
# [1] "signed but not received"
NOT_RECEIVED = Playbook(
    _("Signed for, but not received"),
    (
        _("Compare the address of the signature with the order's."),
        _("The address differs: meet the consumer's wish first (refund or resend), then settle it with the courier."),
        _("The same address: ask the guard and the parcel shop, and tell the consumer where it was found."),
        _("It is lost: refund or resend as the consumer wishes, and claim from the courier."),
        _("The consumer wants compensation beyond that: agree on it in the chat and keep the screenshot."),
    ),
)
# [1] the check list of causes
EXCEPTION = Playbook(
    _("Logistics exception: look for the cause"),
    (
        _("Wrong waybill number or wrong courier entered."),
        _("The courier's own tracking is poor: ask him directly."),
        _("The parcel was taken but never scanned."),
        _("A remote place, where deliveries take longer."),
        _("Not delivered yet: lying at the last station."),
        _("Wrong address, or the consumer could not be reached."),
    ),
    is_checklist=True,
)
# [1] "bad review"
BAD_REVIEW = Playbook(
    _("Bad review"),
    (
        _("Answer at once, and personally: no ready-made text."),
        _("Say what went wrong and offer a solution in the first message."),
        _("Do what was offered the same day and tell the consumer so."),
    ),
)
PROMOTION = Playbook(
    _("What was promised in videos and live streams"),
    (
        _("Find the video or stream and write down what was said, with the time."),
        _("The promise was made: keep it, or agree with the consumer on something instead."),
        _("An influencer promised what you never offered: answer with that reason and attach the agreement with him."),
    ),
)
PRICE = Playbook(
    _("Price"),
    (
        _("Compare the price paid with the page, the coupons and the price guarantee of that day."),
        _("Too much was paid: refund the difference and attach the receipt."),
        _("The price was right: show the consumer how it came about, and attach the screenshot."),
    ),
)
ORDER_OPERATION = Playbook(
    _("Changing or cancelling an order"),
    (
        _("Look whether the parcel has left: until then change or cancel as wished."),
        _("It has left: try to intercept it, else explain how to refuse or return it, at whose cost."),
    ),
)
PRODUCT = Playbook(
    _("Faults of a product"),
    (
        _("Ask for pictures or a video of the fault, once, and say what they are needed for."),
        _("The fault is there: offer refund, resend or exchange, and let the consumer choose."),
        _("The fault is doubtful: offer an inspection and carry the cost of sending it."),
    ),
)
AFTER_SALE = Playbook(
    _("After-sale service"),
    (
        _("Open the after-sale and read why it was refused or stands still."),
        _("The reason does not hold: agree to it now and attach the refund's receipt."),
        _("The reason holds: explain it to the consumer with proof, and propose what you can do instead."),
    ),
)
EXCHANGE = Playbook(
    _("Exchange"),
    (
        _("Confirm model, size and stock before promising a date."),
        _("No stock: offer a refund or a like product; do not let the consumer wait."),
        _("Send the new one, and give the waybill number."),
    ),
)
SERVICE = Playbook(
    _("Complaints about your service"),
    (
        _("Read the conversation from its beginning before you answer."),
        _("Apologise for what was wrong, and solve what the consumer had asked for."),
        _("No abuse, no false promises, no private deals, no passing the buck."),
    ),
)
DANGER = Playbook(
    _("Danger and injury"),
    (
        _("Call the consumer at once: is somebody hurt, and what is needed now?"),
        _("Stop selling the batch until it is clear what happened."),
        _("Refund first; take over the cost of a doctor against its receipts."),
        _("Attach inspection reports and the record of the call."),
    ),
)
HIGH_RISK = Playbook(
    _("High-risk complaint"),
    (
        _("Call at once; one responsible person stays with the case until its end."),
        _("Agree in writing on what is done and by when."),
        _("Report malice or blackmail with the orders and the conversation as proof."),
    ),
)

BY_CATEGORY = {
    Category.CONTENT_PROMOTION: (PROMOTION,),
    Category.PRICE: (PRICE,),
    Category.ORDER_OPERATION: (ORDER_OPERATION,),
    Category.PRODUCT: (PRODUCT, BAD_REVIEW),
    Category.SHIPPING_LOGISTICS: (STALLED, NOT_RECEIVED, EXCEPTION),
    Category.AFTER_SALE_SERVICE: (AFTER_SALE,),
    Category.EXCHANGE: (EXCHANGE,),
    Category.MERCHANT_SERVICE: (SERVICE, BAD_REVIEW),
    Category.COURIER: (STALLED, NOT_RECEIVED, EXCEPTION),
    Category.RISKY_PRODUCT: (DANGER,),
    Category.HIGH_RISK_COMPLAINT: (HIGH_RISK,),
    Category.PERSONAL_INJURY: (DANGER,),
}


def for_category(category):
    """The playbooks for a type of request. [2] §三: a recommended solution by type"""
    return BY_CATEGORY[Category(category)]
