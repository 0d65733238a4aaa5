"""What a cell may hold: functions from its text to a value, raising `BadCell` with words for the user."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ..access import Number
from ..clock import SHANGHAI
from ..masking import mask_mobiles

# Bounds that only a broken file crosses. Assumed.
FIRST_YEAR, LAST_YEAR = 1990, 2099
MOST_FEN = 10**10
MOST_COUNT = 1_000_000

_NUMBER = re.compile(Number.regex)
_YUAN = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_HOURS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_COUNT = re.compile(r"[0-9]{1,9}")
# What cannot be a telephone number, however it is written.
FEWEST_OF_A_PHONE = 7
_FIGURES = re.compile(r"[-0-9 .:,/+¥TZ]+")
_DATE = re.compile(r"[12][0-9]{3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([T ]|$)")
_HAS_TIME = re.compile(r"[T ][0-9]{2}", re.IGNORECASE)


class BadCell(ValueError):
    """A cell that cannot be what it should be; its text is for the user.

    `words` have “%(cell)s” where `cell` is quoted, and names for what else is given.
    """

    def __init__(self, words, cell=None, **more):
        self.words, self.cell, self.more = words, cell, more
        super().__init__(self.told(short))

    def told(self, quote):
        """The text, with the cell as `quote` shows it."""
        return self.words if self.cell is None else self.words % {"cell": quote(self.cell), **self.more}


def text(cell):
    """The text itself."""
    return cell


def number(cell):
    """A shop's, order's or request's number: it becomes a part of addresses."""
    if not _NUMBER.fullmatch(cell):
        raise BadCell(_("“%(cell)s” is not a number of letters, digits, “.”, “_” and “-”."), cell)
    return cell


def fen(cell):
    """Yuan with at most two decimals → whole fen."""
    match = _YUAN.fullmatch(cell)
    if not match:
        why = _("An amount is not below zero.") if cell.startswith("-") else _("“%(cell)s” is not an amount in yuan.")
        raise BadCell(why, cell)
    yuan, decimals = match[1], match[2] or ""
    if len(decimals) > 2:
        raise BadCell(_("An amount has at most two decimals."))
    if len(yuan) > 12 or (amount := int(yuan) * 100 + int(decimals.ljust(2, "0"))) > MOST_FEN:
        raise BadCell(_("This amount is too large."))
    return amount


def moment(cell):
    """ISO 8601 → aware UTC; a bare time is Shanghai's."""
    try:
        at = datetime.fromisoformat(cell)
        if not _HAS_TIME.search(cell):
            raise BadCell(_("“%(cell)s” has no time of day."), cell)
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise BadCell(_("The year %(year)s cannot be right.") % {"year": at.year})
    except BadCell:
        raise
    except ValueError:
        raise BadCell(_("“%(cell)s” is not a time that exists (ISO 8601)."), cell) from None
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    utc = at.replace(tzinfo=SHANGHAI).astimezone(UTC)
    # Within the hour that a change to summer time left out, there and back is another time.
    if utc.astimezone(SHANGHAI).replace(tzinfo=None) != at:
        raise BadCell(_("“%(cell)s” is not a time that exists (ISO 8601)."), cell)
    return utc


def hours(cell):
    """Hours, decimals allowed → a timedelta of whole minutes."""
    if not _HOURS.fullmatch(cell):
        raise BadCell(_("“%(cell)s” is not a number of hours."), cell)
    minutes = Decimal(cell) * 60
    if minutes != int(minutes):
        raise BadCell(_("A limit is a whole number of minutes."))
    return timedelta(minutes=int(minutes))


def count(cell):
    """A whole number from zero up."""
    if not _COUNT.fullmatch(cell):
        raise BadCell(_("“%(cell)s” is not a whole number from 0 up."), cell)
    if (value := int(cell)) > MOST_COUNT:
        raise BadCell(_("This number is too large."))
    return value


def choice(choices):
    """One of the codes of a `TextChoices`."""
    codes = frozenset(choices.values)

    def parse(cell):
        if cell not in codes:
            raise BadCell(_("“%(cell)s” is none of: %(codes)s."), cell, codes=", ".join(choices.values))
        return cell

    return parse


def short(cell):
    """So much of a text as a message can carry."""
    cell = mask_mobiles(cell)
    return cell if len(cell) <= 40 else f"{cell[:40]}…"


def guarded(cell):
    """The same for a file with personal data: times and small numbers as they are, of the rest the first character."""
    digits = sum(map(str.isdigit, cell))
    if _FIGURES.fullmatch(cell) and (digits < FEWEST_OF_A_PHONE or _DATE.match(cell)):
        return short(cell)
    return f"{cell[:1]}**" if cell else ""
