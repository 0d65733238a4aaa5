"""What can be done, a function a verb: keyword-only, `by=` and `now=`, one transaction, returns the record."""

from .answering import attach, detach, link_after_sale, log_contact, reply
from .confirming import answer_survey, remind, send_surveys, unconfirmed
from .helping import add_phrase, change_phrase, delete_phrase, move_phrase, write_playbook
from .noting import read_notes, write_note
from .opening import create, send_due, urge, warnings_before
from .reviewing import approve, mark_platform_late, reject
from .sending import create_with_evidence
from .time import mark_overdue, tell_due_soon

__all__ = [
    "add_phrase",
    "answer_survey",
    "approve",
    "attach",
    "change_phrase",
    "create",
    "create_with_evidence",
    "delete_phrase",
    "detach",
    "link_after_sale",
    "log_contact",
    "mark_overdue",
    "mark_platform_late",
    "move_phrase",
    "read_notes",
    "reject",
    "remind",
    "reply",
    "send_due",
    "send_surveys",
    "tell_due_soon",
    "unconfirmed",
    "urge",
    "warnings_before",
    "write_playbook",
    "write_note",
]
