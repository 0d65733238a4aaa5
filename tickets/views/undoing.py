"""The last act on many requests, kept in the session of who did it: for some minutes he may undo it."""

from datetime import datetime, timedelta

KEY = "organized"
OFFERED_FOR = timedelta(minutes=10)


def remember(session, shop, *, words, how, now):
    """Keeps what it takes to undo the act; `how` is plain and says which act it was."""
    session[KEY] = {"shop": shop.pk, "at": now.isoformat(), "words": words, **how}


def offered(session, shop, *, now):
    """What may be undone in this shop now, or None."""
    kept = session.get(KEY)
    if not kept or kept["shop"] != shop.pk:
        return None
    return kept if now - datetime.fromisoformat(kept["at"]) <= OFFERED_FOR else None


def forget(session):
    session.pop(KEY, None)
