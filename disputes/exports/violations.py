"""A shop's violations as a table: what is filtered, through the same gate as the requests. [2] §二.4"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shop_cs.exporting.columns import NOBODYS
from shop_cs.ladders import Breach, Measure
from shop_cs.words import listed

from ..consequences import measure_words, span_words
from ..models import ViolationState
from . import request_no

CHUNK = 1000


def _measures(violation):
    told = ((measure_words(one), span_words(one.measure, one.from_at, one.until_at)) for one in _penalties(violation))
    return listed(f"{what} ({span})" if span else what for what, span in told)


def _penalties(violation):
    return violation.penalties.all()


def _yuan(violation, column):
    deductions = [getattr(one, column) for one in _penalties(violation) if one.measure == Measure.DEDUCT]
    return Decimal(sum(deductions)).scaleb(-2) if deductions else None


COLUMNS = {
    _("Violation number"): lambda violation, words: violation.no,
    _("Status"): lambda violation, words: words[violation.state],
    _("Kind"): lambda violation, words: words[violation.kind],
    _("Account"): lambda violation, words: violation.account,
    _("Upheld complaints"): lambda violation, words: violation.quantity,
    _("Order number"): lambda violation, words: violation.order and violation.order.no,
    _("Request number"): lambda violation, words: request_no(violation),
    _("Case number"): lambda violation, words: violation.case and violation.case.no,
    _("What was found"): lambda violation, words: violation.detail,
    _("Found at"): lambda violation, words: violation.found_at,
    _("Decided at"): lambda violation, words: violation.decided_at,
    _("Reason of the decision"): lambda violation, words: violation.decision,
    _("Measures"): lambda violation, words: _measures(violation),
    _("Credit points taken"): lambda violation, words: sum(one.points for one in _penalties(violation)),
    _("Deducted in yuan"): lambda violation, words: _yuan(violation, "amount_fen"),
    _("Refunded in yuan"): lambda violation, words: _yuan(violation, "refunded_fen"),
    _("Appeal until"): lambda violation, words: violation.appeal_until,
    _("Filing number"): lambda violation, words: violation.filing and violation.filing.no,
}


def header(whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in COLUMNS)]


def rows(violations, most, whose=NOBODYS):
    """The first `most` of a queryset of violations as rows for a sheet, in few statements and constant memory."""
    words = {code: str(label) for code, label in (*ViolationState.choices, *Breach.choices)}
    whole = violations.select_related("order", "request", "case", "filing", *whose.related).prefetch_related(
        "penalties"
    )
    for violation in whole[:most].iterator(chunk_size=CHUNK):
        yield [*whose.of(violation), *(value(violation, words) for value in COLUMNS.values())]
