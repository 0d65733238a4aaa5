"""What can be done, a function a verb: keyword-only, `by=` and `now=`, one transaction, returns the record."""

from .answering import attach, detach, link_after_sale, log_contact, reply
from .confirming import answer_survey, remind, send_surveys, unconfirmed
from .opening import create, send_due, urge, warnings_before
from .reviewing import approve, mark_platform_late, reject
from .sending import create_with_evidence
from .time import mark_overdue, tell_due_soon

__all__ = [
    "answer_survey",
    "approve",
    "attach",
    "create",
    "create_with_evidence",
    "detach",
    "link_after_sale",
    "log_contact",
    "mark_overdue",
    "mark_platform_late",
    "reject",
    "remind",
    "reply",
    "send_due",
    "send_surveys",
    "tell_due_soon",
    "unconfirmed",
    "urge",
    "warnings_before",
]
