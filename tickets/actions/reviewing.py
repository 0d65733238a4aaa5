"""The reviewer decides; the platform's own clock is marked when it runs out."""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import clock, notices
from shop_cs.actors import CLOCK
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, hold, make, make_many

from .. import deadlines, moves
from ..models import Review


def approve(request, *, by, now, reason="", expect=""):
    """Closes the request. Raises `Refused`: already decided, stale (409), role (403)."""
    with transaction.atomic():
        fresh = hold(request, moves.APPROVE, by=by, now=now, expect=expect)
        _record(fresh, approved=True, reason=reason, by=by, now=now)
        record = make(fresh, moves.APPROVE, by=by, now=now, reason=reason, changes={"closed_at": now})
        notices.tell(record.shop_id, "request_closed", now=now, path=record.path, no=record.no)
    return record


def reject(request, *, reason, by, now, expect=""):
    """Sends the request back with a reason: next round, a fresh limit of the same length (assumed).

    Outside the working hours the new round's time starts at the next opening. Raises `Refused`: no reason (400),
    already decided, stale (409), role (403).
    """
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: the merchant must know what is missing."), 400))
    with transaction.atomic():
        fresh = hold(request, moves.REJECT, by=by, now=now, expect=expect)
        _record(fresh, approved=False, reason=reason, by=by, now=now)
        rules = fresh.rulebook.rules()
        record = make(
            fresh,
            moves.REJECT,
            by=by,
            now=now,
            reason=reason,
            changes=lambda row: {
                "round": row.round + 1,
                "confirm_until": None,
                "reviewing_since": None,
                "review_due": None,
                "platform_late_at": None,
                **deadlines.round_from(rules, clock.next_opening(rules.calendar, now), row.limit),
            },
        )
        notices.tell(record.shop_id, "request_rejected", now=now, path=record.path, no=record.no, reason=reason)
    return record


def _record(record, *, approved, reason, by, now):
    move = moves.APPROVE if approved else moves.REJECT
    with acting(by, move=move.name, reason=reason, rulebook=record.rulebook.name, at=now):
        Review.everything.create(
            shop_id=record.shop_id,
            request=record,
            round=record.round,
            approved=approved,
            reason=reason,
            reviewed_by_id=by.user_id,
            reviewed_at=now,
        )


def mark_platform_late(rows, *, now, by=CLOCK):
    """Over its 7 working days the request is marked as the platform's delay; late since the due moment. [4] §五"""
    return make_many(
        rows,
        moves.PLATFORM_LATE,
        by=by,
        now=now,
        changes=lambda record: {"platform_late_at": record.review_due},
    )
