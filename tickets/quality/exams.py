"""Weekly exams: which week, which questions, how many points. Pure: no database, the time is an argument. [3]"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop_cs.clock import SHANGHAI

# [3]: each Tuesday, for the last natural week. The hour, the time to pass and the number of questions are assumed.
TUESDAY, WARNED_FROM = 1, time(9)
TIME_TO_PASS = timedelta(days=7)
QUESTIONS = 10
# [3]: 100 points, any number of tries.
PASSED = 100

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def last_warning(now: datetime) -> datetime:
    """The Tuesday, at the hour of the warnings in Shanghai, that has come last at `now`."""
    day = now.astimezone(SHANGHAI).date()
    tuesday = day - timedelta(days=(day.weekday() - TUESDAY) % 7)
    at = datetime.combine(tuesday, WARNED_FROM, SHANGHAI)
    return at if at <= now else at - WEEK


def week_before(warning: datetime) -> date:
    """The Monday of the natural week before the one of the warning."""
    return warning.astimezone(SHANGHAI).date() - timedelta(days=TUESDAY) - WEEK


def bounds(monday: date) -> tuple[datetime, datetime]:
    """From when, and before when, lies the natural week that begins on this Monday: Monday 00:00 to Monday 00:00."""
    begins = datetime.combine(monday, time(), SHANGHAI)
    return begins, begins + WEEK


def drawn(exam, sitting, keys):
    """The keys of the questions of a try, the same each time they are asked for; fewer where there are fewer."""

    def place(key):
        return hashlib.sha256(f"{exam}:{sitting}:{key}".encode()).digest()

    return sorted(keys, key=place)[:QUESTIONS]


def right_of(options):
    """The places of the right options."""
    return frozenset(place for place, option in enumerate(options) if option.get("right"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A question of a try, as it was answered."""

    question: int
    chosen: tuple[int, ...]
    right: bool


def marked(papers, chosen):
    """The marks of a try. `papers` are (key, options), `chosen` {key: places}: all right ones and no other is right."""
    found = []
    for key, options in papers:
        places = frozenset(chosen.get(key, ())) & frozenset(range(len(options)))
        found.append(Marked(key, tuple(sorted(places)), places == right_of(options)))
    return found


def points(marks):
    """0 to 100, rounded down: 100 is all right."""
    return 100 * sum(mark.right for mark in marks) // len(marks) if marks else 0


def stamp_of(sitting, papers):
    """What a page shows of a try: which it is, which questions, in which words. An old one is refused as stale."""
    told = repr([sitting, *((key, text, options) for key, text, options in papers)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
