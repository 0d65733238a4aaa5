"""The order's own facts, its after-sales, evidence and service requests, for its case file."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shop_cs.actors import Role
from shop_cs.evidence import vault
from shop_cs.models import AfterSale, Evidence
from tickets.models import ContactAttempt, Reply, Review, ServiceRequest, Survey

from .reader import Entry, Kind, together

# What a request's row does not keep, since the next one of its kind writes over it; the trail does.
TRAIL = {
    "overdue": (gettext_lazy("Deadline missed"), "red", Role.CLOCK),
    "urge": (gettext_lazy("The consumer urged"), "amber", Role.AGENT),
}
SIDES = {
    Evidence.Side.MERCHANT: Role.MERCHANT,
    Evidence.Side.PLATFORM: Role.AGENT,
    Evidence.Side.CONSUMER: Role.CONSUMER,
}


def of_order(reader):
    """Paid, shipped, signed for; each after-sale with how it stands now; each piece of evidence he may see."""
    order = reader.order
    facts = (
        (order.paid_at, pgettext("event", "Paid"), order.amount_fen),
        (order.shipped_at, pgettext("event", "Shipped"), None),
        (order.signed_at, pgettext("event", "Signed for"), None),
    )
    for at, what, fen in facts:
        if at is not None:
            yield reader.entry(Kind.ORDER, order, at, what, fen=fen)
    for one in reader.of(AfterSale).filter(order=order):
        stands = _("It stands at: %(state)s") % {"state": one.get_state_display()}
        what = _("After-sale applied for: %(kind)s") % {"kind": one.get_kind_display()}
        path = reader.path(one) if reader.for_platform else ""
        yield Entry(
            at=one.applied_at,
            kind=Kind.ORDER,
            what=what,
            who=str(Role.CONSUMER.label),
            text=together(one.reason, stands),
            no=one.no,
            path=path,
            fen=one.amount_fen,
        )
    pieces = reader.of(Evidence).filter(order=order).select_related("uploaded_by")
    for piece in pieces if reader.for_platform else vault.shown_to_merchant(pieces):
        yield Entry(
            at=piece.uploaded_at,
            kind=Kind.EVIDENCE,
            what=_("Evidence uploaded"),
            who=reader.person(SIDES[piece.side], piece.uploaded_by),
            no=piece.name,
            path=f"/evidence/{piece.pk}/",
        )


def of_requests(reader):
    """Each request from its sending to its end; what waits for the opening does not exist for the merchant. [2]"""
    rows = reader.of(ServiceRequest).filter(order=reader.order).select_related("created_by")
    if not reader.for_platform:
        rows = rows.visible_to_merchant()
    requests = {record.pk: record for record in rows}
    for record in requests.values():
        yield from _of_request(reader, record)
    for source in (_replies, _contacts, _surveys, _reviews, _trail):
        for record, at, what, who, text, tone in source(reader, requests):
            yield reader.entry(Kind.REQUEST, record, at, what, who, text, tone=tone)


def _of_request(reader, record):
    def told(at, what, role, who="", text="", tone=""):
        return reader.entry(Kind.REQUEST, record, at, what, reader.person(role, who), text, tone=tone)

    if reader.for_platform and record.sent_at != record.created_at:
        yield told(record.created_at, _("Service request made"), Role.AGENT, record.created_by)
    if record.sent_at:
        detail = together(record.get_category_display(), record.detail)
        yield told(record.sent_at, _("Service request sent"), Role.AGENT, record.created_by, detail)
    if record.platform_late_at:
        yield told(record.platform_late_at, _("The platform is late"), Role.CLOCK, tone="red")
    if record.closed_at:
        yield told(record.closed_at, _("Service request closed"), Role.SYSTEM, tone="green")


def _parts(reader, model, requests, *people):
    return reader.of(model).filter(request__in=requests).select_related(*people) if requests else ()


def _replies(reader, requests):
    for reply in _parts(reader, Reply, requests, "replied_by"):
        what = _("Replied: solved") if reply.solved else _("Replied: not solved")
        how = reply.get_settlement_display() if reply.solved else reply.get_reason_display()
        proposal = _("Proposed solution: %(text)s") % {"text": reply.proposal} if reply.proposal else ""
        who = reader.person(Role.MERCHANT, reply.replied_by)
        yield requests[reply.request_id], reply.replied_at, what, who, together(how, reply.text, proposal), ""


def _contacts(reader, requests):
    for contact in _parts(reader, ContactAttempt, requests, "logged_by"):
        words = {"channel": contact.get_channel_display(), "result": contact.get_result_display()}
        text = together(_("%(channel)s: %(result)s") % words, contact.note)
        who = reader.person(Role.MERCHANT, contact.logged_by)
        yield requests[contact.request_id], contact.contacted_at, _("Contact attempt"), who, text, ""


def _surveys(reader, requests):
    for survey in reader.of(Survey).filter(request__in=requests) if requests else ():
        record = requests[survey.request_id]
        if survey.sent_at:
            yield record, survey.sent_at, _("Survey sent to the consumer"), str(Role.CLOCK.label), "", ""
        if survey.answered_at:
            what = _("The consumer is satisfied") if survey.satisfied else _("The consumer is not satisfied")
            tone = "green" if survey.satisfied else "amber"
            yield record, survey.answered_at, what, str(Role.CONSUMER.label), survey.comment, tone


def _reviews(reader, requests):
    for review in _parts(reader, Review, requests, "reviewed_by"):
        what, tone = (_("Approved"), "green") if review.approved else (_("Rejected"), "red")
        who = reader.person(Role.REVIEWER, review.reviewed_by)
        yield requests[review.request_id], review.reviewed_at, what, who, review.reason, tone


def _trail(reader, requests):
    if not requests:
        return
    for row in ServiceRequest.history.filter(id__in=requests, move__in=TRAIL).order_by("history_id"):
        what, tone, role = TRAIL[row.move]
        # It is late since its deadline, not since a worker came by.
        at = row.deadline if row.move == "overdue" else row.history_date
        yield requests[row.id], at, what, reader.person(role, row.actor_name), "", tone
