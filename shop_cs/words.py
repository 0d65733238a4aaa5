"""Values in words, in the reader's language: money and durations."""

import json
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

MINUTE = timedelta(minutes=1)


def instant(at):
    """An instant as people here write it, in Shanghai: 2026-11-22 20:00."""
    return f"{localtime(at):%Y-%m-%d %H:%M}"


def listed(items):
    """Several things in a row, with the comma of the reader's language."""
    return _(", ").join(map(str, items))


def yuan(fen):
    """Whole fen as yuan: 19900 → ¥199.00, with commas for thousands; nothing for None."""
    if fen is None:
        return ""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}¥{whole:,}.{rest:02d}"


def duration(length):
    """A timedelta in whole hours and minutes: "11 h 20 min"; less than a minute is said so, nothing for None."""
    if length is None:
        return ""
    if timedelta(0) < length < MINUTE:
        return _("less than 1 min")
    hours, minutes = divmod(length // MINUTE, 60)
    if not hours:
        return _("%(m)s min") % {"m": minutes}
    if not minutes:
        return _("%(h)s h") % {"h": hours}
    return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes}


def plain(value):
    """A value of the trail as text: instants to the second, since that is what a trail is asked for; lists and tables
    as one line; numbers and text as they are."""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
