"""This app's part of the platform site. Importing it registers everything."""

from django.utils.translation import gettext_lazy as _

from shop_cs.admin.base import ACTIONS

from .. import moves
from . import desk, exporting, figures, phrases, playbooks, quality, rehearsals, requests, reviews, searching, sending

ACTIONS.update({move.name: move.label for move in (*moves.LIFECYCLE, *moves.BESIDE)})
# What the acts call their own parts of the trail.
ACTIONS.update({"reply": _("reply"), "plan_survey": _("plan the survey"), "detach": _("take evidence back")})
ACTIONS.update({"write_note": _("write a note"), "read_note": _("read a note")})
ACTIONS.update(quality.SAID)
ACTIONS.update(
    {
        "assign": _("assign"),
        "take": _("take it oneself"),
        "give_back": _("give back"),
        "give_out": _("give out by a group"),
        "tag": _("tag"),
        "untag": _("untag"),
        "add_tag": _("add a tag"),
        "change_tag": _("change a tag"),
        "delete_tag": _("delete a tag"),
        "add_group": _("add a group"),
        "change_group": _("change a group"),
        "delete_group": _("delete a group"),
        "set_away": _("say that one is away or back"),
        "save_view": _("save a view"),
        "change_view": _("change a view"),
        "delete_view": _("delete a view"),
    }
)
ACTIONS.update(
    {
        "add_phrase": _("add a quick phrase"),
        "change_phrase": _("change a quick phrase"),
        "delete_phrase": _("delete a quick phrase"),
        "move_phrase": _("put a quick phrase elsewhere"),
        "write_playbook": _("write a playbook"),
    }
)

__all__ = [
    "desk",
    "exporting",
    "figures",
    "phrases",
    "playbooks",
    "quality",
    "rehearsals",
    "requests",
    "reviews",
    "searching",
    "sending",
]
