"""Where a person is signed in: noted at the login, looked at and ended by himself, forgotten after a while."""

import hmac
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from ..models import SignIn

AGENT_LENGTH = 200
KEPT = timedelta(days=30)
# Where a session holds the number of its row.
ROW = "sign_in"


def mark_of(session_key):
    """What the table holds of a session's key: who reads it cannot take the session over."""
    return hmac.new(settings.SECRET_KEY.encode(), b"session" + session_key.encode(), "sha256").hexdigest()


def begin(user, session_key, *, address, agent, now):
    """Notes a login; who logs in once more in the same session begins it anew."""
    told = {"user": user, "address": address, "agent": agent.replace("\0", "")[:AGENT_LENGTH], "ended_at": None}
    row, _new = SignIn.objects.update_or_create(
        session=mark_of(session_key), defaults={**told, "at": now, "seen_at": now}
    )
    return row


def seen(pk, *, address, now):
    """The session is in use, maybe from another place by now."""
    SignIn.objects.filter(pk=pk, ended_at__isnull=True).update(seen_at=now, address=address)


def moved(pk, session_key):
    """The session goes on under another key."""
    SignIn.objects.filter(pk=pk).update(session=mark_of(session_key))


def ended(pk, *, now):
    SignIn.objects.filter(pk=pk, ended_at__isnull=True).update(ended_at=now)


def of_user(user, *, now, longest, idle=None):
    """The user's open sessions, the one used last first. `longest` and `idle` are timedeltas; None: no limit."""
    rows = SignIn.objects.filter(user=user, ended_at__isnull=True)
    if longest:
        rows = rows.filter(at__gt=now - longest)
    return rows.filter(seen_at__gt=now - idle) if idle else rows


def end(rows, *, now):
    """Ends these sessions at once, wherever they are open; returns how many."""
    with transaction.atomic():
        rows = list(rows.filter(ended_at__isnull=True).select_for_update())
        marks = {row.session for row in rows}
        if marks:
            # The table of sessions knows keys, ours only their hashes: it is walked, which is rare and short.
            keys = Session.objects.filter(expire_date__gt=now).values_list("session_key", flat=True)
            Session.objects.filter(pk__in=[key for key in keys.iterator() if mark_of(key) in marks]).delete()
        SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now)
    return len(rows)


def end_others(user, *, but, now):
    """Ends all sessions of the user but the one of that row (None: all)."""
    return end(SignIn.objects.filter(user=user).exclude(pk=but), now=now)


def old(now):
    """Rows of sessions that are over for so long that nobody asks any more."""
    return SignIn.objects.filter(Q(ended_at__lt=now - KEPT) | Q(seen_at__lt=now - KEPT))
