"""This app's part of the platform site. Importing it registers everything."""

from django.utils.translation import gettext_lazy as _

from shop_cs.admin.base import ACTIONS
from shop_cs.admin.records import MESSAGES

from .. import moves
from . import (
    appeals,
    cases,
    compensations,
    desk,
    exporting,
    filings,
    liability,
    money,
    orderfile,
    orderreport,
    reports,
    violations,
)

__all__ = [
    "appeals",
    "cases",
    "compensations",
    "desk",
    "exporting",
    "filings",
    "liability",
    "money",
    "orderfile",
    "orderreport",
    "reports",
    "violations",
]

for lifecycle in moves.ALL:
    ACTIONS.update({move.name: move.label for move in (*lifecycle.LIFECYCLE, *lifecycle.BESIDE)})
# What the acts call their own parts of the trail.
ACTIONS.update({"take_back": _("take evidence back"), "compensate": _("advance compensation"), "settle": _("settle")})
ACTIONS.update({"refund": _("refund")})
ACTIONS.update(
    {
        "penalize": _("penalty"),
        "undo_penalty": _("undo the penalty"),
        "penalty_over": _("penalty is over"),
        "bar": _("restrict the shop"),
    }
)
MESSAGES.update({"case": _("to be heard in a case"), "offer": _("an offer to answer")})
