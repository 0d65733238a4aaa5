"""The pieces of the evidence catalogue: what each is, why it is wanted, and how a good and a bad one look. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Item:
    """A piece: its code, which stays, its title, why it is wanted, what a good one shows and what a bad one lacks.

    `sample` is (scene, flaw): the drawing of both, and what is wrong with the bad one.
    """

    code: str
    title: str
    why: str
    good: str
    bad: str
    sample: tuple[str, str]


ALL = (
    # [2] §三.3, [4] §一: who has agreed with the consumer adds the proof of it.
    Item(
        "agreement",
        _("Agreement with the consumer"),
        _("Shows that the consumer said yes, and to what. A screenshot of the chat, or a recording of the call."),
        _("The whole screen: the offer, the consumer's yes, name and time."),
        _("Only your own words: the consumer's yes is missing."),
        ("agreement", "one_sided"),
    ),
    # [2] §三.3: who has refunded adds the proof of it.
    Item(
        "refund_receipt",
        _("Refund receipt"),
        _("Shows that the money went back: how much, when, for which order."),
        _("Amount, order number, time, and that it is finished."),
        _("The refund is only asked for; nothing says that it went out."),
        ("receipt", "pending"),
    ),
    # [3]: each talk is recorded; [4] §一: keep trying to reach him.
    Item(
        "call_log",
        _("Log of the calls"),
        _("Shows that you tried to reach the consumer, how often and when."),
        _("Each call with its number, day, time and result."),
        _("Calls without a day and a time could be of any day."),
        ("calls", "no_time"),
    ),
    # [3]; [4] §二
    Item(
        "chat",
        _("The whole conversation"),
        _("Shows what was asked, promised and answered, in its order."),
        _("From the first to the last message, with name and times."),
        _("Cut out of the middle: who said it, when and to what is gone."),
        ("chat", "cropped"),
    ),
    # [1]: a wrong number or courier is the first thing to look for.
    Item(
        "waybill",
        _("Waybill"),
        _("Shows what was sent with which courier, and under which number."),
        _("Courier, whole number, place and the masked name can be read."),
        _("The number cannot be read, so nobody can follow the parcel."),
        ("waybill", "unreadable"),
    ),
    # [1] "logistics stalled"
    Item(
        "tracking",
        _("Tracking page"),
        _("Shows where the parcel was and is, and since when it stands still."),
        _("The number on top and every stop with its time."),
        _("It is the page of another parcel."),
        ("tracking", "other_parcel"),
    ),
    # [1] "signed but not received"
    Item(
        "signature",
        _("Proof of delivery"),
        _("Shows who took the parcel, where and when."),
        _("The signature or pick-up code, place and time."),
        _("Nothing says who has taken it."),
        ("delivery", "no_signer"),
    ),
    # [4] §一: a parcel lost or over time at the courier's
    Item(
        "courier_statement",
        _("Courier's statement"),
        _("Shows that the courier owns up to the delay, loss or damage."),
        _("The courier's name and stamp, the waybill number and the day."),
        _("Without stamp or sender anybody could have written it."),
        ("statement", "no_stamp"),
    ),
    # assumed
    Item(
        "parcel_photo",
        _("Photo of the parcel with its label"),
        _("Shows in which state this very parcel was."),
        _("All of the parcel and a label that can be read."),
        _("Without its label it could be any parcel."),
        ("parcel", "no_label"),
    ),
    # [4] §二: what merchant and consumer show of the product
    Item(
        "product_photo",
        _("Photos of the product"),
        _("Show what the product is like: the fault, or that there is none."),
        _("One photo of the whole, one of the place in question, both sharp."),
        _("Too close: what it is a part of cannot be seen."),
        ("product", "too_close"),
    ),
    # [4] §二: returned goods that cannot be sold again
    Item(
        "return_photo",
        _("Returned goods as they arrived"),
        _("Show what came back, and that it came out of this parcel."),
        _("Opened parcel, its label and the goods in one picture."),
        _("Goods alone: nothing ties them to this return."),
        ("returned", "no_label"),
    ),
    # assumed
    Item(
        "packing_video",
        _("Video of packing or unpacking"),
        _("Shows without a gap what went into the parcel or came out of it."),
        _("One take, from the label to the goods."),
        _("Cut: what happened in between is not seen."),
        ("packing", "cut"),
    ),
    # [4] §二: what is written about the product
    Item(
        "product_page",
        _("Product page as it was sold"),
        _("Shows what was promised on the day of the order."),
        _("Title, description and price, and the day they stood there."),
        _("Without a day it could be the page of today."),
        ("page", "no_time"),
    ),
    # assumed
    Item(
        "price_proof",
        _("Price and discounts of the order"),
        _("Shows how the price came about: list price, coupons, guarantee."),
        _("Order number, each discount and what was paid."),
        _("It is the calculation of another order."),
        ("price", "other_order"),
    ),
    # assumed
    Item(
        "order_page",
        _("Order page with its times"),
        _("Shows when it was ordered, cancelled, sent and signed for."),
        _("Order number and each step with its time."),
        _("Without the order number it could be any order."),
        ("order", "no_number"),
    ),
    # [1] confiscated or faulty goods are examined; assumed for the rest
    Item(
        "inspection",
        _("Inspection report"),
        _("Shows what an independent body found of the product."),
        _("Body, stamp, model or batch, day and result."),
        _("Without the model it could be about any product."),
        ("inspection", "no_model"),
    ),
    # [4] §四: papers of the trade
    Item(
        "qualification",
        _("Licence or certificate"),
        _("Shows that you may sell it and that it may be sold."),
        _("Valid on the day of the order; holder and number can be read."),
        _("It had run out before the order."),
        ("licence", "expired"),
    ),
    # [4] §二: screenshots and videos of what the influencer promised
    Item(
        "influencer_promise",
        _("What the influencer promised"),
        _("Shows that the promise was the influencer's and not yours."),
        _("The words, the account's name and the time of the video."),
        _("Nobody can see whose video it is."),
        ("stream", "no_account"),
    ),
    # assumed
    Item(
        "influencer_contract",
        _("Agreement with the influencer"),
        _("Shows what he was allowed to promise."),
        _("All pages, both names, both signatures and the day."),
        _("Not signed: it is a draft."),
        ("contract", "unsigned"),
    ),
    # [4] §一: epidemic, snow storms and the like
    Item(
        "notice",
        _("Official notice"),
        _("Shows what stood in the way, where, and from when to when."),
        _("Who gives it out, the place, the days, and where it was published."),
        _("Hearsay: nobody stands behind it."),
        ("notice", "no_source"),
    ),
    # [4] §一: users whose malice is proved
    Item(
        "order_history",
        _("Orders and refunds of this user"),
        _("Shows that it happens again and again."),
        _("Several orders with number, day and refund."),
        _("One order alone shows no habit."),
        ("history", "single"),
    ),
    # assumed; [4] §五 names injuries
    Item(
        "medical",
        _("Doctor's record and receipts"),
        _("Show what the injury is and what it has cost."),
        _("Hospital, masked name, day, finding and amount."),
        _("Without a name it could be anybody's."),
        ("medical", "no_name"),
    ),
    # assumed
    Item(
        "correction",
        _("What was put right"),
        _("Shows that the page was corrected or the product taken down."),
        _("The page as it is now, with the time."),
        _("Without a time nobody knows since when."),
        ("corrected", "no_time"),
    ),
)
ITEMS = {item.code: item for item in ALL}
