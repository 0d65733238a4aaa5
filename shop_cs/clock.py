"""The working clock and working days: pure functions, time and calendar come in as arguments.

A window opens when the wall clock of the calendar's zone first reaches its opening minute, and closes when it
first reaches its closing minute; everything else is arithmetic in UTC, because two moments of one zone are
subtracted by Python as wall times, which is wrong across a change of offset.
"""

import enum
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

MINUTES_A_DAY = 24 * 60
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)
WEEKDAYS = frozenset(range(7))


class BadCalendar(ValueError):
    """The calendar contradicts itself."""


class ClosedForEver(BadCalendar):
    """The calendar has no open minute, or comes to have none for ever after."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open time of a day, in minutes after local midnight, half-open: 0 <= opens < closes <= 1440.

    Raises BadCalendar.
    """

    opens: int
    closes: int

    def __post_init__(self):
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise BadCalendar(f"not a window of one day: {self.opens} to {self.closes}")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which minutes count: the windows of an open day, and which days are open. Monday is 0.

    Raises BadCalendar, and ClosedForEver when no minute counts. Make-up days are finitely many, so they do
    not keep a calendar open whose seven weekdays are closed. Source: [2] §一.1; closed and make-up days are
    assumed, after China's official calendar.
    """

    windows: tuple[Window, ...]
    closed_weekdays: frozenset[int] = frozenset()
    closed_days: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    zone: ZoneInfo = SHANGHAI

    def __post_init__(self):
        if not self.windows:
            raise ClosedForEver("no window is open")
        if any(later.opens < earlier.closes for earlier, later in pairwise(self.windows)):
            raise BadCalendar("windows overlap or are not sorted")
        if not self.closed_weekdays <= WEEKDAYS:
            raise BadCalendar("weekdays are 0 (Monday) to 6 (Sunday)")
        if self.closed_weekdays == WEEKDAYS:
            raise ClosedForEver("all seven weekdays are closed")
        if both := self.closed_days & self.makeup_days:
            raise BadCalendar(f"both closed and open to make up: {', '.join(map(str, sorted(both)))}")

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of this local day; none when it is closed."""
        weekly_rest = day.weekday() in self.closed_weekdays and day not in self.makeup_days
        return () if weekly_rest or day in self.closed_days else self.windows


class Why(enum.StrEnum):
    """Why a stretch counts or not; NIGHT is any time outside the windows of an open day."""

    OPEN = "open"
    NIGHT = "night"
    CLOSED_DAY = "closed_day"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time, half-open, that counts against a limit or does not, and why."""

    start: datetime
    end: datetime
    counts: bool
    why: Why

    @property
    def length(self) -> timedelta:
        """The time that truly passes, also where the wall clock jumps."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the time that begins at this instant counts: 09:00:00 does, 21:00:00 does not.

    Raises ValueError for a naive datetime. Source: [2] §一.1.
    """
    _begins, _ends, why = next(_parts(calendar, _utc(at)))
    return why is Why.OPEN


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The first instant from `at` on at which the calendar is open: `at` itself when it is open then.

    Raises ValueError for a naive datetime. Source: [2] §一.1.
    """
    opening = next(begins for begins, _ends, why in _parts(calendar, _utc(at)) if why is Why.OPEN)
    return opening.astimezone(calendar.zone)


def deadline(calendar: Calendar, start: datetime, limit: timedelta) -> datetime:
    """The earliest instant by which `limit` of working time has passed since `start`.

    `limit` is time of the working clock; none of it ends at `start`. Raises ValueError for a negative limit
    or a naive datetime, OverflowError past the year 9999. Source: [2] §一.1.
    """
    end = _utc(start)
    for _begins, ends, _why in _spend(calendar, end, limit):
        end = ends
    return end.astimezone(calendar.zone)


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time in [start, end); nothing when `end` is not after `start`.

    Raises ValueError for a naive datetime. Source: [2] §一.1.
    """
    total, end = NOTHING, _utc(end)
    for begins, ends, why in _parts(calendar, _utc(start)):
        if begins >= end:
            break
        if why is Why.OPEN:
            total += min(ends, end) - begins
    return total


def stretches(calendar: Calendar, start: datetime, limit: timedelta) -> tuple[Stretch, ...]:
    """Why the deadline is that instant: every stretch from `start` to it, without a gap.

    Those that count add up to `limit`, time of the working clock; no limit has no stretches. Raises
    ValueError for a negative limit or a naive datetime, OverflowError past the year 9999. Source: [2] §一.1.
    """
    merged: list[tuple[datetime, datetime, Why]] = []
    for begins, ends, why in _spend(calendar, _utc(start), limit):
        if merged and merged[-1][2] is why:
            begins = merged.pop()[0]
        merged.append((begins, ends, why))
    zone = calendar.zone
    return tuple(Stretch(a.astimezone(zone), b.astimezone(zone), why is Why.OPEN, why) for a, b, why in merged)


def add_working_days(
    is_working_day: Callable[[date], bool], start: datetime, days: int, zone: ZoneInfo = SHANGHAI
) -> datetime:
    """The end (24:00, the next local midnight) of the days-th working day after the local day of `start`.

    Raises ValueError for fewer than one day or a naive datetime, OverflowError past the year 9999. Source:
    [4], the platform's 7 working days; that the day of `start` is not one of them is assumed.
    """
    if days < 1:
        raise ValueError("at least one working day")
    day = _utc(start).astimezone(zone).date()
    while days:
        day += ONE_DAY
        if is_working_day(day):
            days -= 1
    return _instant(zone, day, MINUTES_A_DAY).astimezone(zone)


def working_days_between(
    is_working_day: Callable[[date], bool], start: datetime, end: datetime, zone: ZoneInfo = SHANGHAI
) -> int:
    """How many working days have begun after the local day of `start`, the local day of `end` included.

    None when `end` is not after `start`. Raises ValueError for a naive datetime. Source: [4], as for
    `add_working_days`.
    """
    first, last = (_utc(at).astimezone(zone).date() for at in (start, end))
    return sum(bool(is_working_day(first + n * ONE_DAY)) for n in range(1, (last - first).days + 1))


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a naive datetime names no instant")
    return at.astimezone(UTC)


def _spend(calendar: Calendar, start: datetime, limit: timedelta) -> Iterator[tuple[datetime, datetime, Why]]:
    """The parts from `start` on until `limit` is used up, in UTC; the last one counts."""
    if limit < NOTHING:
        raise ValueError("a limit is not negative")
    parts = _parts(calendar, start)
    while limit:
        begins, ends, why = next(parts)
        if why is Why.OPEN:
            # [2] §一.1: only an end later than 21:00 carries over, so one at the very closing stands.
            ends = begins + min(ends - begins, limit)
            limit -= ends - begins
        yield begins, ends, why


def _parts(calendar: Calendar, begins: datetime) -> Iterator[tuple[datetime, datetime, Why]]:
    """All time from `begins` on without a gap, cut at each edge of a window and at each midnight, in UTC."""
    day = begins.astimezone(calendar.zone).date()
    while True:
        for minute, why in _edges(calendar.windows_on(day)):
            ends = _instant(calendar.zone, day, minute)
            if ends > begins:
                yield begins, ends, why
                begins = ends
        day += ONE_DAY


def _edges(windows: tuple[Window, ...]) -> Iterator[tuple[int, Why]]:
    """A day as minutes after midnight, each with what the time before it is."""
    for window in windows:
        yield window.opens, Why.NIGHT
        yield window.closes, Why.OPEN
    yield MINUTES_A_DAY, Why.NIGHT if windows else Why.CLOSED_DAY


@lru_cache(maxsize=10_000)
def _instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """When the wall clock of the zone first reaches this minute of this day, in UTC."""
    wall = datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minute)
    other = wall.replace(fold=1)
    if wall.utcoffset() >= other.utcoffset():
        return wall.astimezone(UTC)
    # The clock jumps over this minute, and so reaches it at the jump, which lies between the two readings.
    before, after = other.astimezone(UTC), wall.astimezone(UTC)

    def has_jumped(second: int) -> bool:
        return (before + timedelta(seconds=second)).astimezone(zone).utcoffset() == other.utcoffset()

    seconds = range((after - before) // timedelta(seconds=1))
    return before + timedelta(seconds=bisect_left(seconds, True, key=has_jumped))
