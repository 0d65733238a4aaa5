"""A shop's cases as a table: what is filtered, through the same gate as the requests. [2] §二.4"""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.exporting.columns import NOBODYS
from shop_cs.privacy import name_shown

from ..models import Blame, CaseState, Outcome, Remedy, Scene
from . import request_no

CHUNK = 1000
CHOICES = (Blame, CaseState, Outcome, Remedy, Scene)


def _yuan(fen):
    return None if fen is None else Decimal(fen).scaleb(-2)


def _paid_in_advance(case, field):
    compensation = getattr(case, "compensation", None)
    return compensation and _yuan(getattr(compensation, field))


def _last_offer(case):
    return case.offers.all()[len(case.offers.all()) - 1] if case.offers.all() else None


def _answer(case, words):
    offer = _last_offer(case)
    if offer is None or offer.is_open:
        return None
    return words["lapsed"] if offer.accepted is None else words["accepted" if offer.accepted else "declined"]


def _counts(case, words):
    return words[case.is_counting] if case.outcome else None


def _words():
    """The labels in the reader's language, looked up once and not for each of 50,000 rows."""
    labels = {choices: {code: str(label) for code, label in choices.choices} for choices in CHOICES}
    said = {"accepted": _("Accepted"), "declined": _("Declined"), "lapsed": _("Not answered")}
    return {**labels, **said, True: _("Yes"), False: _("No")}


# Whence it was taken: for who may see the shop's money, as on a case's page.
MONEY_COLUMNS = {
    gettext_lazy("From the deposit in yuan"): lambda case, words: _paid_in_advance(case, "from_deposit_fen"),
    gettext_lazy("From other funds in yuan"): lambda case, words: _paid_in_advance(case, "from_other_fen"),
    gettext_lazy("Owed in yuan"): lambda case, words: _paid_in_advance(case, "owed_fen"),
    gettext_lazy("Refunded in yuan"): lambda case, words: _paid_in_advance(case, "refunded_fen"),
}
COLUMNS = {
    gettext_lazy("Case number"): lambda case, words: case.no,
    gettext_lazy("Open API status"): lambda case, words: case.open_api_status,
    gettext_lazy("Status"): lambda case, words: words[CaseState][case.state],
    gettext_lazy("Order number"): lambda case, words: case.order.no,
    gettext_lazy("Product"): lambda case, words: case.order.product,
    gettext_lazy("Amount in yuan"): lambda case, words: _yuan(case.order.amount_fen),
    gettext_lazy("After-sale number"): lambda case, words: case.after_sale.no,
    gettext_lazy("Request number"): lambda case, words: request_no(case),
    gettext_lazy("Consumer's claim"): lambda case, words: case.claim,
    gettext_lazy("Amount claimed in yuan"): lambda case, words: _yuan(case.claim_fen),
    gettext_lazy("Opened at"): lambda case, words: case.opened_at,
    gettext_lazy("Round"): lambda case, words: case.round,
    gettext_lazy("Evidence until"): lambda case, words: case.deadline,
    gettext_lazy("Merchant's statement"): lambda case, words: case.merchant_statement,
    gettext_lazy("Merchant stated at"): lambda case, words: case.merchant_stated_at,
    gettext_lazy("Merchant silent since"): lambda case, words: case.merchant_late_at,
    gettext_lazy("Consumer's statement"): lambda case, words: case.consumer_statement,
    gettext_lazy("Offers made"): lambda case, words: len(case.offers.all()),
    gettext_lazy("Answer to the last offer"): _answer,
    gettext_lazy("Outcome"): lambda case, words: words[Outcome].get(case.outcome),
    gettext_lazy("Remedy"): lambda case, words: words[Remedy].get(case.remedy),
    gettext_lazy("Amount awarded in yuan"): lambda case, words: _yuan(case.award_fen),
    gettext_lazy("Blame"): lambda case, words: words[Blame].get(case.blame),
    gettext_lazy("Counts in the liability rate"): _counts,
    gettext_lazy("Scene"): lambda case, words: words[Scene].get(case.scene),
    gettext_lazy("Reason of the ruling"): lambda case, words: case.ruling_reason,
    gettext_lazy("Ruled at"): lambda case, words: case.ruled_at,
    gettext_lazy("To be paid until"): lambda case, words: case.pay_due,
    gettext_lazy("Paid at"): lambda case, words: case.paid_at,
    gettext_lazy("How it was paid"): lambda case, words: case.payment_note,
    gettext_lazy("Paid in advance in yuan"): lambda case, words: _paid_in_advance(case, "amount_fen"),
    **MONEY_COLUMNS,
    gettext_lazy("Closed at"): lambda case, words: case.closed_at,
    # [3]: personal data leaves the house masked only.
    gettext_lazy("Consumer's name"): lambda case, words: name_shown(case.order.consumer),
    gettext_lazy("Consumer's phone"): lambda case, words: case.order.consumer and case.order.consumer.masked_phone,
}


def _columns(sees_money):
    # By its function: a lazy name is another key in another language.
    return {name: value for name, value in COLUMNS.items() if sees_money or value not in MONEY_COLUMNS.values()}


def header(*, sees_money, whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in _columns(sees_money))]


def rows(cases, most, *, sees_money, whose=NOBODYS):
    """The first `most` of a queryset of cases as rows for a sheet, in few statements and constant memory."""
    related = ("order__consumer", "after_sale", "request", "compensation", *whose.related)
    whole = cases.select_related(*related).prefetch_related("offers")
    words, columns = _words(), _columns(sees_money).values()
    for case in whole[:most].iterator(chunk_size=CHUNK):
        yield [*whose.of(case), *(value(case, words) for value in columns)]
