"""What happened to a request, newest first: from its trail, answers, contact attempts, evidence and assignment."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role
from shop_cs.composed import composed

from . import moves, reading
from .models import Attachment, ContactAttempt, ServiceRequest, State

LABELS = {move.name: move.label for move in (*moves.LIFECYCLE, *moves.BESIDE)}
# When it truly was, where the trail's row was written when a worker or an import came by.
HAPPENED = {
    "create": "created_at",
    "send": "sent_at",
    "overdue": "deadline",
    "due_soon": "due_soon_at",
    "unconfirmed": "confirm_until",
    "platform_late": "platform_late_at",
}
TONES = {
    "overdue": "red",
    "reject": "red",
    "platform_late": "red",
    "dissatisfied": "amber",
    "urge": "amber",
    "due_soon": "amber",
    "approve": "green",
    "satisfied": "green",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `who` is a name, or empty where the role says all; `why` and `notes` are plain text."""

    at: datetime
    what: str
    role: str
    who: str = ""
    why: str = ""
    round: int | None = None
    state: str = ""
    tone: str = ""
    notes: tuple[str, ...] = ()


def timeline(record, *, for_platform=False):
    """The entries of a request, newest first; at most seven statements, less what was prefetched.

    Merchants read of the platform's people and systems the role only.
    """
    contacts = Prefetch("contacts", ContactAttempt.everything.select_related("logged_by"))
    prefetch_related_objects([record], "replies", contacts, "order__evidence")
    entries = [
        *_from_trail(record, for_platform),
        *_from_contacts(record),
        *_from_evidence(record, for_platform),
        *_from_assignment(record, for_platform),
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


@composed
def _trail(request_id):
    return ServiceRequest.history.filter(id=request_id).exclude(move="").order_by("history_id")


@composed
def _attached(request_id):
    return Attachment.history.filter(request_id=request_id).order_by("history_id")


def _from_trail(record, for_platform):
    replies = {reply.round: reply for reply in record.replies.all()}
    for row in _trail(record.pk):
        answer = replies.get(row.round) if row.move in {"reply_solved", "reply_unsolved"} else None
        yield Entry(
            at=getattr(row, HAPPENED.get(row.move, ""), None) or row.history_date,
            what=LABELS.get(row.move, row.move),
            role=row.get_actor_role_display(),
            who=_name(row, for_platform),
            # Of an import the reason is its file's name: nothing to the merchant.
            why=row.history_change_reason if for_platform or row.actor_role != Role.IMPORT else "",
            round=row.round,
            state=State(row.state).label,
            tone=TONES.get(row.move, ""),
            notes=_said(answer) if answer else (),
        )


def _said(reply):
    how = reply.get_settlement_display() if reply.solved else reply.get_reason_display()
    proposal = _("Proposed solution: %(text)s") % {"text": reply.proposal} if reply.proposal else ""
    return tuple(str(part) for part in (how, reply.text, proposal) if part)


def _from_contacts(record):
    for contact in record.contacts.all():
        channel = {"channel": contact.get_channel_display(), "result": contact.get_result_display()}
        yield Entry(
            at=contact.contacted_at,
            what=_("contact attempt"),
            role=Role.MERCHANT.label,
            who=str(contact.logged_by or ""),
            notes=tuple(filter(None, [_("%(channel)s: %(result)s") % channel, contact.note])),
        )


def _from_evidence(record, for_platform):
    """Also what was taken back: from the attachments' own trail."""
    names = {piece.pk: piece.name for piece in record.order.evidence.all()}
    if not names:
        return
    for row in _attached(record.pk):
        yield Entry(
            at=row.history_date,
            what=_("evidence taken back") if row.history_type == "-" else _("evidence added"),
            role=row.get_actor_role_display(),
            who=_name(row, for_platform),
            round=row.round,
            notes=tuple(filter(None, [names.get(row.evidence_id, ""), row.proves])),
        )


def _from_assignment(record, for_platform):
    """Who gave it to whom: from the assignment's own trail, which also keeps what was given back."""
    rows = getattr(record, "assigned", None)
    for row in reading.assigned(record.pk) if rows is None else rows:
        to = {"name": row.member.user}
        yield Entry(
            at=row.history_date,
            what=_("given back by %(name)s") % to if row.history_type == "-" else _("assigned to %(name)s") % to,
            role=row.get_actor_role_display(),
            who=_name(row, for_platform),
            # The group that it was given to, where it was.
            notes=(_("Group: %(group)s") % {"group": row.history_change_reason},) if row.history_change_reason else (),
        )


def _name(row, for_platform):
    return row.actor_name if for_platform or row.actor_role == Role.MERCHANT else ""
