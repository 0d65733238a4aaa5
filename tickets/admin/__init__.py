"""This app's part of the platform site. Importing it registers everything."""

from django.utils.translation import gettext_lazy as _

from shop_cs.admin.base import ACTIONS

from .. import moves
from . import desk, requests, reviews, sending

ACTIONS.update({move.name: move.label for move in (*moves.LIFECYCLE, *moves.BESIDE)})
# What the acts call their own parts of the trail.
ACTIONS.update({"reply": _("reply"), "plan_survey": _("plan the survey"), "detach": _("take evidence back")})

__all__ = ["desk", "requests", "reviews", "sending"]
