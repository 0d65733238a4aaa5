"""All disputes of all shops as tables: what the desk's lists show, and whose each one is."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from shop_cs.access import may
from shop_cs.admin.exporting import export_of
from shop_cs.exporting.columns import SHOPS

from ..exports import appeals, cases, filings, reports, violations
from ..models import Appeal, Case, Filing, Report, Violation


def _plain(module):
    return lambda records, most, *, by: (module.header(SHOPS), module.rows(records, most, SHOPS))


def _cases(records, most, *, by):
    seen = {"sees_money": may(by, "see_money"), "whose": SHOPS}
    return cases.header(**seen), cases.rows(records, most, **seen)


_export = partial(export_of, acts=("see_disputes",))
_export(Case, name="desk-cases", label=_("Arbitration cases"), stem="cases", when="opened_at", table=_cases)
_export(Appeal, name="desk-appeals", label=_("Appeals"), stem="appeals", when="made_at", table=_plain(appeals))
_export(
    Violation, name="desk-violations", label=_("Violations"), stem="violations", when="found_at",
    table=_plain(violations),
)  # fmt: skip
_export(Report, name="desk-reports", label=_("Reports of users"), stem="reports", when="made_at", table=_plain(reports))
_export(Filing, name="desk-filings", label=_("Filings"), stem="filings", when="made_at", table=_plain(filings))
