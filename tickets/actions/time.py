"""What time does to a merchant's round: the notice before the deadline, and overdue."""

from shop_cs.actors import CLOCK
from shop_cs.moves import make_many

from .. import deadlines, moves
from .opening import RulesOf, tell_each


def tell_due_soon(rows, *, now, by=CLOCK):
    """Less than 12 working hours are left: told once a round. Not told any more when the deadline has passed."""
    told = make_many(rows, moves.DUE_SOON, by=by, now=now, changes={"due_soon_told_at": now})
    tell_each("request_due_soon", [record for record in told if record.deadline >= now], now=now)
    return told


def mark_overdue(rows, *, now, by=CLOCK):
    """The deadline passed without an answer: the platform has it from that instant. [4] §五

    `overdue_at` is the first missed deadline and stays for ever; which round it was last is kept beside it.
    """
    rules = RulesOf()

    def changes(record):
        return {
            "overdue_at": record.overdue_at or record.deadline,
            "last_overdue_round": record.round,
            **deadlines.review_from(rules(record), record.deadline),
        }

    moved = make_many(rows, moves.OVERDUE, by=by, now=now, changes=changes)
    tell_each("request_overdue", moved, now=now)
    return moved
