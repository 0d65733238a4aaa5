"""This app's part of the platform site. Importing it registers everything."""

from shop_cs.admin.base import ACTIONS

from .. import moves
from . import desk, requests, reviews, sending

ACTIONS.update({move.name: move.label for move in (*moves.LIFECYCLE, *moves.BESIDE)})

__all__ = ["desk", "requests", "reviews", "sending"]
