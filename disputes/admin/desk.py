"""What waits in this app, counted once a page: for the badges of its sidebar group and the platform's first page."""

from functools import partial

from django.db.models import Count, IntegerField, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop_cs.access import actor_for
from shop_cs.admin.navigation import entry, link
from shop_cs.models import User
from shop_cs.sites import PLATFORM_ITEMS, platform
from tickets.admin import desk

from ..models import Appeal, Case, Filing, Report, Violation

CASES, OPENING = "disputes_case_changelist", "disputes_case_open"
# What waits for the platform, by name: a queryset when it is asked.
WAITING = {
    "arbitrating": Case.everything.arbitrating,
    "confirming": Case.everything.confirming,
    "appeals": Appeal.everything.open,
    "violations": Violation.everything.proposed,
    "reports": Report.everything.waiting,
    "filings": Filing.everything.waiting,
}


def waiting(request):
    """{name: how many wait}; all in one statement, once a page."""
    if not hasattr(request, "disputes_waiting"):
        numbers = {name: _number(rows()) for name, rows in WAITING.items()}
        told = User.objects.filter(pk=request.user.pk).values(**numbers).get()
        request.disputes_waiting = {name: number or 0 for name, number in told.items()}
    return request.disputes_waiting


def _number(rows):
    rows = rows.order_by().annotate(_one=Value(1)).values("_one").annotate(n=Count("pk"))
    return Subquery(rows.values("n"), output_field=IntegerField())


def queue(act, title, icon, to, name):
    """A sidebar entry as `entry` makes it, with how many of `name` in `WAITING` wait as its badge."""
    return act, partial(_queue_link, title=title, icon=icon, to=to, name=name)


def _queue_link(request, *, title, icon, to, name):
    return link(request, title=title, icon=icon, to=to, badge=lambda: waiting(request)[name])


DISPUTES = (
    _("Disputes"),
    [
        queue("see_disputes", _("Arbitration queue"), "gavel", "disputes_inarbitration_changelist", "arbitrating"),
        queue("see_disputes", _("Second reviewer"), "how_to_reg", "disputes_awaitingsecond_changelist", "confirming"),
        entry("see_disputes", _("All cases"), "balance", CASES, not_under=OPENING),
        entry("open_cases", _("Open a case"), "add_circle", OPENING),
        entry("see_disputes", _("Advance compensations"), "payments", "disputes_compensation_changelist"),
        queue("see_disputes", _("Appeals"), "undo", "disputes_appeal_changelist", "appeals"),
        entry("see_disputes", _("Merchant liability rate"), "percent", "liability-list"),
        queue("see_disputes", _("Violations"), "report", "disputes_violation_changelist", "violations"),
        queue("see_disputes", _("Reports of users"), "flag", "disputes_report_changelist", "reports"),
        queue("see_disputes", _("Filings"), "assignment_late", "disputes_filing_changelist", "filings"),
    ],
)
PLATFORM_ITEMS.insert(1, DISPUTES)

# The figures of the first page: title, name in `WAITING`, tone, the list they lead to and its query.
FIGURES = (
    (_("Cases to arbitrate"), "arbitrating", "", "disputes_inarbitration_changelist", ""),
    (_("Awaiting the second reviewer"), "confirming", "is-amber", "disputes_awaitingsecond_changelist", ""),
    (_("Appeals to decide"), "appeals", "", "disputes_appeal_changelist", "?state__exact=open"),
    (_("Violations proposed"), "violations", "", "disputes_violation_changelist", "?state__exact=proposed"),
    (_("Reports to look into"), "reports", "", "disputes_report_changelist", ""),
    (_("Filings to decide"), "filings", "", "disputes_filing_changelist", "?state__exact=submitted"),
)


def figures(request):
    """(title, number, tone, link) of each; nothing for who sees no disputes."""
    if actor_for(request.user, "see_disputes") is None:
        return []
    counts = waiting(request)
    return [
        (title, counts[name], tone, reverse(f"{platform.name}:{to}") + query)
        for title, name, tone, to, query in FIGURES
    ]


desk.MORE_FIGURES.append(figures)
