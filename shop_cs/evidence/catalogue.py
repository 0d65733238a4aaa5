"""What evidence is wanted, by what a record is about and by what is claimed in it; and how complete an answer is.

Pure: subjects and claims are the words that the apps use for them (a category, a reason, a ground …), and a test
compares them. Where a source says it, its number stands beside it; all else is assumed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..rules import Category
from .items import ITEMS, Item

AGREED, REFUNDED, DONE = "agreed", "refunded", "done"
SOLVED = (AGREED, REFUNDED, DONE)
# What helps is named up to this many pieces: a longer list is not read.
MOST_HELPFUL = 4
# The share of the meter, in percent, that the required pieces have where others help too.
REQUIRED_SHARE = 70


@dataclass(frozen=True, slots=True)
class Wanted:
    """Codes of the pieces that are required and of those that help, no piece twice.

    `is_enforced`: without any piece the act is refused. Elsewhere it can be sent without, at one's own risk.
    """

    required: tuple[str, ...] = ()
    helpful: tuple[str, ...] = ()
    is_enforced: bool = False

    @property
    def codes(self):
        return self.required + self.helpful

    def points(self):
        """{code: its share of the meter}, in percent; together 100, or {} where nothing is wanted."""
        share = (100 if not self.helpful else REQUIRED_SHARE) if self.required else 0
        return _split(share, self.required) | _split(100 - share, self.helpful)


@dataclass(frozen=True, slots=True)
class Meter:
    """How complete an answer is, in percent, and the codes of what it still lacks."""

    percent: int
    missing_required: tuple[str, ...]
    missing_helpful: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One wanted piece of a record: whether it must be there, whether it is, and its share of the meter."""

    item: Item
    is_required: bool
    is_there: bool
    points: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a claim is asked for, and how far that is met. `claim` is its word, `label` how it is called."""

    about: str
    claim: str
    label: str
    wanted: Wanted
    lines: tuple[Line, ...]
    meter: Meter


# What shows the facts of a request, whatever is answered.
FACTS = {
    Category.CONTENT_PROMOTION: ("product_page", "influencer_promise"),
    Category.PRICE: ("price_proof", "product_page"),
    Category.ORDER_OPERATION: ("order_page", "tracking"),
    Category.PRODUCT: ("product_photo", "inspection", "product_page"),
    Category.SHIPPING_LOGISTICS: ("tracking", "waybill", "courier_statement"),
    # [4] §二: goods that came back and cannot be sold again
    Category.AFTER_SALE_SERVICE: ("return_photo", "chat", "product_page"),
    Category.EXCHANGE: ("product_photo", "waybill"),
    Category.MERCHANT_SERVICE: ("chat", "call_log"),
    # [1] "signed but not received"
    Category.COURIER: ("tracking", "signature", "courier_statement"),
    Category.RISKY_PRODUCT: ("inspection", "qualification", "correction"),
    Category.HIGH_RISK_COMPLAINT: ("chat", "call_log", "inspection"),
    Category.PERSONAL_INJURY: ("medical", "call_log", "inspection"),
}
# What shows that it was done as the consumer wished.
DONE_BY = {
    Category.CONTENT_PROMOTION: ("correction",),
    Category.PRICE: ("refund_receipt",),
    Category.ORDER_OPERATION: ("order_page",),
    Category.PRODUCT: ("waybill",),
    Category.SHIPPING_LOGISTICS: ("tracking",),
    Category.AFTER_SALE_SERVICE: ("refund_receipt",),
    Category.EXCHANGE: ("waybill",),
    Category.MERCHANT_SERVICE: ("chat",),
    Category.COURIER: ("signature",),
    Category.RISKY_PRODUCT: ("correction",),
    Category.HIGH_RISK_COMPLAINT: ("agreement",),
    Category.PERSONAL_INJURY: ("medical",),
}
# What bears out a reason. To say so needs no proof; what is not shown cannot be taken into account. [2] §三.4
REASONS = {
    "unreachable": ("call_log", "chat"),  # [4] §一
    "no_agreement": ("chat", "call_log"),
    "force_majeure": ("notice", "tracking"),  # [4] §一
    "malicious_user": ("order_history", "chat"),  # [4] §一
    "courier_fault": ("courier_statement", "tracking", "parcel_photo"),  # [4] §一
    "influencer_fault": ("influencer_promise", "influencer_contract"),  # [4] §二
    "claim_unsupported": (),
    "other": ("chat",),
}
# What a case is decided by, by the after-sale that was refused. Assumed.
CASES = {
    "refund": Wanted(("chat",), ("tracking", "signature", "inspection", "product_page")),
    "return": Wanted(("chat",), ("return_photo", "product_page", "inspection", "packing_video")),
    "exchange": Wanted(("chat",), ("product_photo", "waybill", "product_page")),
    "resend": Wanted(("chat",), ("tracking", "signature", "packing_video", "parcel_photo")),
}
# [4] §三: what was paid late is paid by the platform, so it is proved.
PAYMENTS = {
    "amount": Wanted(("refund_receipt",), ("agreement",), is_enforced=True),
    "resend": Wanted(("waybill",), ("tracking", "parcel_photo"), is_enforced=True),
}
# An appeal by its ground, and what its subject adds. [4] §三
GROUNDS = {
    "misjudged": Wanted((), ("chat",)),
    "new_evidence": Wanted((), ("chat", "inspection")),
    "influencer": Wanted(("influencer_promise",), ("influencer_contract", "product_page")),  # [4] §二
    "force_majeure": Wanted(("notice",), ("tracking", "courier_statement")),  # [4] §一
    "already_paid": Wanted(("refund_receipt",), ("agreement",)),
    "other": Wanted((), ("chat",)),
}
APPEALS = {
    "appeal_case": ("product_photo", "tracking"),
    "appeal_compensation": ("refund_receipt", "agreement"),
    "appeal_violation": ("order_page", "call_log"),
}
# [4] §一: for users whose malice is proved
REPORTS = {
    "refund_fraud": Wanted(("order_history",), ("chat", "tracking")),
    "swapped_goods": Wanted(("return_photo",), ("packing_video", "waybill", "chat")),
    "false_complaint": Wanted(("chat",), ("order_history", "inspection")),
    "extortion": Wanted(("chat",), ("call_log", "order_history")),
    "abuse": Wanted(("chat",), ("call_log",)),
    "other": Wanted(("chat",), ("order_history",)),
}
# [4] §一
FILINGS = {
    "epidemic": Wanted(("notice",), ("tracking", "courier_statement")),
    "extreme_weather": Wanted(("notice",), ("tracking", "courier_statement")),
    "traffic_control": Wanted(("notice",), ("tracking", "courier_statement")),
    "courier_stalled": Wanted(("courier_statement",), ("tracking", "waybill")),
    "courier_lost": Wanted(("courier_statement",), ("tracking", "waybill")),
    "courier_overtime": Wanted(("tracking",), ("courier_statement", "notice")),
}
CASE, PAYMENT, REPORT, FILING = "case", "payment", "report", "filing"
_LITERAL = {CASE: CASES, PAYMENT: PAYMENTS, REPORT: REPORTS, FILING: FILINGS}


def claims(about):
    """The words for what can be claimed in what is about `about`, in their order."""
    if about in FACTS:
        return (*SOLVED, *REASONS)
    return tuple(GROUNDS if about in APPEALS else _LITERAL[about])


def subjects():
    """All that a record can be about: each type of request, a case, a payment, the appeals, a report, a filing."""
    return (*FACTS, CASE, PAYMENT, *APPEALS, REPORT, FILING)


def wanted(about, claim):
    """What is wanted for a claim; raises `KeyError` for what the catalogue does not know."""
    if about in FACTS:
        return _in_request(Category(about), claim)
    if about in APPEALS:
        by_ground = GROUNDS[claim]
        return _without_repeats(by_ground.required, (*by_ground.helpful, *APPEALS[about]))
    return _LITERAL[about][claim]


def _in_request(category, claim):
    if claim == AGREED:
        return _without_repeats(("agreement",), FACTS[category], is_enforced=True)
    if claim == REFUNDED:
        return _without_repeats(("refund_receipt",), ("agreement", *FACTS[category]), is_enforced=True)
    if claim == DONE:
        return _without_repeats((), (*DONE_BY[category], "agreement", *FACTS[category]))
    return _without_repeats((), (*REASONS[claim], *FACTS[category]))


def _without_repeats(required, helpful, *, is_enforced=False):
    kept = [code for code in dict.fromkeys(helpful) if code not in required]
    return Wanted(required, tuple(kept[:MOST_HELPFUL]), is_enforced)


def _split(share, codes):
    """{code: its part of the share}, in whole numbers that add up to it; the first codes take what is left over."""
    if not codes:
        return {}
    each, over = divmod(share, len(codes))
    return {code: each + (place < over) for place, code in enumerate(codes)}


def completeness(wanted, present_codes):
    """The meter of an answer in which these pieces are shown; what is not wanted counts nothing.

    100 only with all that is wanted; where nothing is wanted nothing is lacking.
    """
    present = set(present_codes)
    points = wanted.points()
    return Meter(
        sum(share for code, share in points.items() if code in present) if points else 100,
        tuple(code for code in wanted.required if code not in present),
        tuple(code for code in wanted.helpful if code not in present),
    )


def asked(about, claim, *, label="", present=()):
    """What a claim is asked for, line by line, and how far the present pieces meet it."""
    pieces, there = wanted(about, claim), set(present)
    points = pieces.points()
    lines = tuple(Line(ITEMS[code], code in pieces.required, code in there, points[code]) for code in pieces.codes)
    return Asked(str(about), claim, label, pieces, lines, completeness(pieces, there))


def codes_about(about):
    """The codes that any claim about it wants, the most often wanted first."""
    every = [code for claim in claims(about) for code in wanted(about, claim).codes]
    return tuple(sorted(dict.fromkeys(every), key=lambda code: -every.count(code)))


def choices(about=None):
    """What a piece can be marked as: those wanted about it before the others, as a form's field wants it."""
    first = codes_about(about) if about else ()
    others = [code for code in ITEMS if code not in first]
    named = [(code, ITEMS[code].title) for code in first]
    rest = [(code, ITEMS[code].title) for code in others]
    return [("", _("None of these")), *named, *([(_("Other pieces"), rest)] if named and rest else rest)]


def title_of(code):
    """How a piece is called; a code that is no longer in the catalogue stands for itself."""
    return ITEMS[code].title if code in ITEMS else code


def is_known(code):
    """Whether a piece may be marked so; "" is none of the catalogue's."""
    return code == "" or code in ITEMS
