"""What can be done, a function a verb: keyword-only, `by=` and `now=`, one transaction, returns the record."""

from . import appealing, filing, finding, punishing, reporting, serving
from .exhibits import show, take_back
from .hearing import consumer_states, evidence_over, state_case
from .hearing import tell_due_soon as case_due_soon
from .negotiating import accept, decline, offer, offers_over, withdraw
from .opening import open_case
from .paying import confirm, pay, pay_in_advance, refuse_payment, send_back, settle
from .ruling import ask_more, rule

__all__ = [
    "accept",
    "appealing",
    "ask_more",
    "case_due_soon",
    "confirm",
    "consumer_states",
    "decline",
    "evidence_over",
    "filing",
    "finding",
    "offer",
    "offers_over",
    "open_case",
    "pay",
    "pay_in_advance",
    "punishing",
    "refuse_payment",
    "reporting",
    "rule",
    "send_back",
    "serving",
    "settle",
    "show",
    "state_case",
    "take_back",
    "withdraw",
]
