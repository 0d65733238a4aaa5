"""The page of the liability rate: a month and its cases, as merchants and the platform's people read it. [0] §三"""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from . import figures
from .awards import Rate
from .models import Case, Outcome

MONTHS = 12
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its rate; `query` is its address."""

    month: date
    rate: Rate
    query: str
    is_shown: bool


def told(shop_id, month, *, now, page):
    """What the page of a shop's month shows; five statements at most. Raises InvalidPage.

    The months to choose from are the last twelve, up to this one or to the month that was asked for.
    """
    latest = max(month, figures.month_of(now)) if month > figures.later(figures.month_of(now), -MONTHS) else month
    rates = figures.rates_of(shop_id, latest, MONTHS)
    cases = figures.cases_of(shop_id, month).select_related("order", "appeal", "compensation__appeal")
    page = Paginator(cases, PAGE_SIZE).page(page)
    return {
        "month": month,
        "rate": rates[month],
        "months": [Month(one, rates[one], _query(one), one == month) for one in rates],
        "page": page,
        "lines": [(line, why(line.case), cleared_by(line.case)) for line in figures.lines(page, rates[month])],
        "previous_query": page.has_previous() and _query(month, page.previous_page_number()),
        "next_query": page.has_next() and _query(month, page.next_page_number()),
    }


def _query(month, page=None):
    return f"month={month:%Y-%m}" + (f"&page={page}" if page else "")


def why(case: Case):
    """Why a case counts or does not, in words."""
    if not case.outcome:
        return _("It is not decided yet.")
    if case.outcome == Outcome.SETTLED:
        return _("Both sides agreed.")
    if case.outcome == Outcome.WITHDRAWN:
        return _("The consumer withdrew his claim.")
    if case.outcome == Outcome.MERCHANT:
        return _("It was ruled for the merchant.")
    if case.cleared_at:
        return _("A granted appeal took it out.")
    if not case.counts:
        return _("It does not count: %(scene)s.") % {"scene": case.get_scene_display()}
    words = {"outcome": case.get_outcome_display(), "blame": case.get_blame_display()}
    if not case.is_counting:
        return _("Ruled “%(outcome)s”, but to blame: %(blame)s.") % words
    return _("Ruled “%(outcome)s”, to blame: %(blame)s.") % words


def cleared_by(case):
    """The granted appeal that took a case out, or None: of two the one that was decided first."""
    if case.cleared_at is None:
        return None
    appeals = [getattr(case, "appeal", None), getattr(getattr(case, "compensation", None), "appeal", None)]
    won = [appeal for appeal in appeals if appeal and appeal.decided_at == case.cleared_at]
    return won[0] if won else None
