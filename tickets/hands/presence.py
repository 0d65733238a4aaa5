"""Who else is on a request's page at this moment, and whether he types an answer. Pages say so every some seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop_cs.moves import stale

from .. import moves
from ..models import Presence

# A page says that it is there about every 12 seconds; who was not heard for longer than this has gone.
GONE = timedelta(seconds=45)
# Rows of who has gone are cleared away after this.
FORGOTTEN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Present:
    name: str
    is_typing: bool
    since: datetime

    def __str__(self):
        said = {"who": self.name, "at": f"{localtime(self.since):%H:%M}"}
        if self.is_typing:
            return _("%(who)s is typing an answer since %(at)s") % said
        return _("%(who)s is looking at this since %(at)s") % said


def seen(request, *, user_id, is_typing, now):
    """The user is on the page of the request. Returns who else is."""
    rows = _rows(request)
    mine = next((row for row in rows if row.user_id == user_id), None)
    goes_on = mine is not None and mine.is_typing == is_typing and _is_here(mine, now)
    Presence.everything.bulk_create(
        [
            Presence(
                shop_id=request.shop_id,
                request=request,
                user_id=user_id,
                seen_at=now,
                is_typing=is_typing,
                since=mine.since if goes_on else now,
            )
        ],
        update_conflicts=True,
        unique_fields=["request", "user"],
        update_fields=["seen_at", "is_typing", "since"],
    )
    return _others(rows, user_id, now)


def left(request, *, user_id):
    """The user has closed the page."""
    Presence.everything.filter(request=request, user=user_id).delete()


def others(request, *, user_id, now):
    """Who else is on the page of the request."""
    return _others(_rows(request), user_id, now)


def _rows(request):
    return list(Presence.everything.filter(request=request).select_related("user").order_by("since", "pk"))


def _others(rows, user_id, now):
    there = [row for row in rows if row.user_id != user_id and _is_here(row, now)]
    return [Present(str(row.user), row.is_typing, row.since) for row in there]


def _is_here(row, now):
    return now - row.seen_at <= GONE


def moved_on(record, expected):
    """What has happened to the request since the page with stamp `expected` was made, in words; "" for nothing."""
    refusal = stale(record, expected)
    return str((moves.already(record) or refusal).text) if refusal else ""


def over(now):
    """Rows of who has gone long ago."""
    return Presence.everything.filter(seen_at__lt=now - FORGOTTEN).order_by("seen_at", "pk")


def forget(rows, *, now):
    """For the worker: clears them away."""
    Presence.everything.filter(pk__in=[row.pk for row in rows]).delete()
    return rows
