"""What waits in this app, counted once a page: for the badges of its sidebar group and the platform's first page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop_cs.access import actor_for
from shop_cs.admin import waiting
from shop_cs.admin.navigation import entry
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
waiting.WAITING.update({name: lambda _user_id, rows=rows: rows() for name, rows in WAITING.items()})


def queue(title, icon, model, waits):
    """A list with what waits in it, by its name in `WAITING`, as its badge."""
    return entry("see_disputes", title, icon, f"disputes_{model}_changelist", badge=waits)


DISPUTES = (
    _("Disputes"),
    [
        queue(_("Arbitration queue"), "gavel", "inarbitration", "arbitrating"),
        queue(_("Second reviewer"), "how_to_reg", "awaitingsecond", "confirming"),
        entry("see_disputes", _("All cases"), "balance", CASES, not_under=OPENING),
        entry("open_cases", _("Open a case"), "add_circle", OPENING),
        entry("see_disputes", _("Advance compensations"), "payments", "disputes_compensation_changelist"),
        queue(_("Appeals"), "undo", "appeal", "appeals"),
        entry("see_disputes", _("Merchant liability rate"), "percent", "liability-list"),
        queue(_("Violations"), "report", "violation", "violations"),
        queue(_("Reports of users"), "flag", "report", "reports"),
        queue(_("Filings"), "assignment_late", "filing", "filings"),
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
    counts = waiting.sizes({name: rows() for name, rows in WAITING.items()})
    return [
        (title, counts[name], tone, reverse(f"{platform.name}:{to}") + query)
        for title, name, tone, to, query in FIGURES
    ]


desk.MORE_FIGURES.append(figures)
