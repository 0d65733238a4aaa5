"""A shop's lists that can be exported, and its statement; those of the platform are registered by their pages."""

from django.utils.translation import gettext_lazy as _

from shop_cs import statement
from shop_cs.access import may
from shop_cs.exporting.kinds import Kind, register, understood

from ..filters import appeals as appeal_filters
from ..filters import cases as case_filters
from ..filters import filings as filing_filters
from ..filters import money as money_filters
from ..filters import reports as report_filters
from ..filters import violations as violation_filters
from . import appeals, cases, filings, reports, violations


def _kind(name, label, filters, table, *, when, days, acts=("export_disputes",), **more):
    def find(shop, params, *, by, now):
        return understood(filters.filtered(shop, params, now))

    return Kind(name=name, label=label, stem=name, acts=acts, find=find, table=table, when=when, days=days, **more)


def _plain(module):
    """The table of a module whose columns are the same for everybody."""
    return lambda records, most, *, by: (module.header(), module.rows(records, most))


def _cases(records, most, *, by):
    seen = {"sees_money": may(by, "see_money", by.shop_id)}
    return cases.header(**seen), cases.rows(records, most, **seen)


def connect():
    made, found = ("made_from", "made_to"), ("found_from", "found_to")
    opened, moved = ("opened_from", "opened_to"), ("moved_from", "moved_to")
    money = ("export_disputes", "see_money")
    register(
        _kind(
            "cases",
            _("Arbitration cases"),
            case_filters,
            _cases,
            when="opened_at",
            days=opened,
            optional=("see_money",),
        ),
        _kind("appeals", _("Appeals"), appeal_filters, _plain(appeals), when="made_at", days=made),
        _kind("violations", _("Violations"), violation_filters, _plain(violations), when="found_at", days=found),
        _kind("reports", _("Reports of users"), report_filters, _plain(reports), when="made_at", days=made),
        _kind("filings", _("Filings"), filing_filters, _plain(filings), when="made_at", days=made),
        _kind("money", _("Money"), money_filters, _plain(statement), when="at", days=moved, acts=money),
    )
