"""What an agent is told of an order's cases before he sends a request or opens a case."""

from django.utils.translation import gettext as _

from tickets.actions import opening

from .models import Case, CaseState, Outcome


def connect():
    if of_cases not in opening.MORE_WARNINGS:
        opening.MORE_WARNINGS.append(of_cases)


def of_cases(order, now):
    """An open case of this order, and one that the merchant has won already [4] §二; the latest first."""
    told = []
    for case in Case.everything.filter(order=order).order_by("-opened_at", "-pk"):
        if case.state != CaseState.CLOSED:
            words = {"no": case.no, "state": case.get_state_display()}
            told.append(_("Case %(no)s of this order is still open: “%(state)s”.") % words)
        elif case.outcome == Outcome.MERCHANT:
            told.append(_("The merchant has won case %(no)s of this order already.") % {"no": case.no})
    return told
