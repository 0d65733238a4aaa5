"""Violations with their penalties, filings and reports, for the case file of an order."""

from django.db.models import Q
from django.utils.translation import gettext as _

from shop_cs.actors import Role
from shop_cs.models import PERMISSIONS
from shop_cs.models.people import ELSEWHERE
from shop_cs.words import instant

from .. import coverage
from ..models import Filing, FilingState, Penalty, Report, ReportState, Violation, ViolationState
from .reader import Kind, together

DECIDED_TONES = {
    ViolationState.UPHELD: "red",
    ViolationState.EXCUSED: "green",
    ViolationState.REVOKED: "red",
    FilingState.APPROVED: "green",
    FilingState.EXPIRED: "green",
    FilingState.REJECTED: "red",
    ReportState.UPHELD: "green",
    ReportState.DISMISSED: "red",
}


def read_violations(reader):
    """What was found about the order, its requests and cases; what is only proposed or dismissed not for merchants."""
    order = reader.order
    about = Q(order=order) | Q(case__order=order) | Q(request__order=order)
    rows = reader.of(Violation).filter(about).select_related("found_by", "decided_by", "filing")
    return list(rows if reader.for_platform else rows.visible_to_merchant())


def of_violations(reader, violations):
    """Found, decided, and each measure from its beginning to its end."""
    for one in violations:
        kind = one.get_kind_display()
        finder = Role.REVIEWER if one.found_by_id else Role.CLOCK
        what, who = _("Violation found: %(kind)s") % {"kind": kind}, reader.person(finder, one.found_by)
        yield reader.entry(Kind.VIOLATION, one, one.found_at, what, who, one.detail, tone="amber")
        if one.decided_at:
            # A revoked one was upheld then; when it was revoked its appeal says.
            is_revoked = one.state == ViolationState.REVOKED
            state = ViolationState.UPHELD.label if is_revoked else one.get_state_display()
            what = _("Violation decided: %(state)s") % {"state": state}
            who = reader.person(Role.REVIEWER if one.decided_by_id else Role.CLOCK, one.decided_by)
            filing = _("By filing %(no)s") % {"no": one.filing.no} if one.filing else ""
            tone = DECIDED_TONES.get(one.state, "")
            text = together(filing, one.decision)
            yield reader.entry(Kind.VIOLATION, one, one.decided_at, what, who, text, tone=tone)
    yield from _penalties(reader, {one.pk: one for one in violations})


def _penalties(reader, violations):
    if not violations:
        return
    clock = str(Role.CLOCK.label)
    for one in reader.of(Penalty).filter(violation__in=violations):
        violation, measure = violations[one.violation_id], {"measure": one.get_measure_display()}
        what = _("Penalty: %(measure)s") % measure
        who, fen = reader.person(Role.REVIEWER, violation.decided_by), one.amount_fen or None
        yield reader.entry(Kind.VIOLATION, violation, one.from_at, what, who, _measured(one), tone="red", fen=fen)
        if one.ended_at:
            what = _("Penalty over: %(measure)s") % measure
            yield reader.entry(Kind.VIOLATION, violation, one.until_at or one.ended_at, what, clock)
        if one.undone_at:
            what, fen = _("Penalty undone: %(measure)s") % measure, one.refunded_fen or None
            yield reader.entry(Kind.VIOLATION, violation, one.undone_at, what, "", tone="green", fen=fen)


def _measured(penalty):
    restricted = {**PERMISSIONS, **ELSEWHERE}.get(penalty.permission, "")
    until = _("Until %(at)s") % {"at": instant(penalty.until_at)} if penalty.until_at else ""
    points = _("Credit points: %(n)s") % {"n": penalty.points} if penalty.points else ""
    return together(restricted, points, until)


def of_filings(reader, until):
    """Filings that name the order, however they were decided, and those that cover it up to then: two statements."""
    order = reader.order
    named = reader.of(Filing).filter(filing_orders__order=order).select_related("made_by", "decided_by")
    found = {filing.pk: (filing, "") for filing in named}
    since = order.paid_at or until
    for filing in coverage.filings_covering(order, min(since, until), until):
        found[filing.pk] = (found[filing.pk][0] if filing.pk in found else filing, filing.why)
    for filing, why in found.values():
        yield from _of_filing(reader, filing, why)


def _of_filing(reader, filing, why):
    span = {"from": instant(filing.starts_at), "until": instant(filing.ends_at)}
    what = _("Filed: %(kind)s") % {"kind": filing.get_kind_display()}
    covers = _("It covers this order: %(why)s") % {"why": why} if why else ""
    text = together(filing.text, _("From %(from)s until %(until)s") % span, covers)
    who = reader.person(Role.MERCHANT, filing.made_by)
    yield reader.entry(Kind.FILING, filing, filing.made_at, what, who, text)
    if filing.decided_at:
        state = FilingState.APPROVED.label if filing.state == FilingState.EXPIRED else filing.get_state_display()
        what = _("Filing decided: %(state)s") % {"state": state}
        who, tone = reader.person(Role.REVIEWER, filing.decided_by), DECIDED_TONES.get(filing.state, "")
        yield reader.entry(Kind.FILING, filing, filing.decided_at, what, who, filing.decision, tone=tone)
    if filing.state == FilingState.EXPIRED:
        yield reader.entry(Kind.FILING, filing, filing.ends_at, _("Filing over"), str(Role.CLOCK.label))


def of_reports(reader):
    """What the shop told of the person behind the order, and what the platform found."""
    rows = reader.of(Report).filter(report_orders__order=reader.order)
    for one in rows.select_related("made_by", "taken_up_by", "decided_by"):
        what, who = _("User reported: %(kind)s"), reader.person(Role.MERCHANT, one.made_by)
        yield reader.entry(Kind.REPORT, one, one.made_at, what % {"kind": one.get_kind_display()}, who, one.text)
        if one.taken_up_at:
            who = reader.person(Role.REVIEWER, one.taken_up_by)
            yield reader.entry(Kind.REPORT, one, one.taken_up_at, _("Report taken up"), who)
        if one.decided_at:
            what = _("Report decided: %(state)s") % {"state": one.get_state_display()}
            who, tone = reader.person(Role.REVIEWER, one.decided_by), DECIDED_TONES.get(one.state, "")
            yield reader.entry(Kind.REPORT, one, one.decided_at, what, who, one.decision, tone=tone)
