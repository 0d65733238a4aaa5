"""Who works on what: assignment, tags, groups and saved views. None of it moves a request."""

from .assigning import assign, give_back, put_back
from .grouping import add_group, change_group, delete_group, set_away
from .outcome import Outcome
from .sharing import give_out, give_to_group, waiting_for_hands
from .tagging import add_tag, change_tag, delete_tag, tag, tag_named, untag
from .viewing import change_view, delete_view, save_view, why_not_change_view

__all__ = [
    "Outcome",
    "add_group",
    "add_tag",
    "assign",
    "change_group",
    "change_tag",
    "change_view",
    "delete_group",
    "delete_tag",
    "delete_view",
    "give_back",
    "give_out",
    "give_to_group",
    "put_back",
    "save_view",
    "set_away",
    "tag",
    "tag_named",
    "untag",
    "waiting_for_hands",
    "why_not_change_view",
]
