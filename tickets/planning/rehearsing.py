"""A version of the rulebook replayed over one request: where its deadline would be, and who would have missed it. Pure.

Of each request the round is replayed in which it stands, or ended: that round's deadline is the one that it carries.
The new one is made by the very functions that make a real one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shop_cs import clock
from shop_cs.rules import BadLimit, Kind

from .. import deadlines
from ..models import State

MINUTE = timedelta(minutes=1)
# Up to so many working minutes, and more.
BUCKETS = (60, 240, 720, 1440)
MORE = "more"
EXAMPLES = 20
EARLIER, LATER = "earlier", "later"
NEWLY, RELIEVED, OVER_NOW, NOT_OVER_NOW = "newly", "relieved", "over_now", "not_over_now"
NEVER_SENT = "refused"
VERDICTS = (EARLIER, LATER, NEWLY, RELIEVED, OVER_NOW, NOT_OVER_NOW, NEVER_SENT)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a request. `rejected_at` opened its round, when that is not the first; `replied_at` answered it;
    `is_overdue` says that nobody did in time."""

    pk: int
    no: str
    kind: str
    category: str
    limit: timedelta
    state: str
    round: int
    created_at: datetime
    send_at: datetime
    deadline: datetime | None
    rejected_at: datetime | None
    replied_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the deadline is and would be; `minutes` of the working clock lie between them."""

    old: datetime
    new: datetime | None
    minutes: int
    says: tuple[str, ...]


def deadline_under(rules, past):
    """The deadline of the request's round, were it under `rules`. Raises `BadLimit` for one that they do not allow."""
    if past.kind == Kind.AGREED:
        limit = rules.limit_of(Kind.AGREED, past.category, past.limit)
    else:
        limit = rules.limit_of(rules.categories[past.category].kind, past.category)
    if past.rejected_at is None:
        begins = deadlines.opening(rules, past.created_at)
    else:
        begins = clock.next_opening(rules.calendar, past.rejected_at)
    return deadlines.round_from(rules, begins, limit)["deadline"]


def verdict(past, *, own, draft, now):
    """What `draft` would have done to a request that is under `own`; open ones are looked at as of `now`."""
    # What is not sent yet has no deadline; it gets this one when it is.
    old = past.deadline or deadlines.round_from(own, past.send_at, past.limit)["deadline"]
    try:
        new = deadline_under(draft, past)
    except BadLimit:
        return Verdict(old, None, 0, (NEVER_SENT,))
    first, last = min(old, new), max(old, new)
    minutes = clock.elapsed(own.calendar, first, last) // MINUTE if new != old else 0
    moved = () if new == old else (EARLIER,) if new < old else (LATER,)
    return Verdict(old, new, minutes, (*moved, *_missed(past, old, new, now)))


def _missed(past, old, new, now):
    if past.state in {State.SCHEDULED, State.PENDING}:
        was, would = old < now, new < now
        return () if was == would else (OVER_NOW,) if would else (NOT_OVER_NOW,)
    if past.replied_at is not None:
        # A reply at the deadline's very instant is in time.
        return (NEWLY,) if new < past.replied_at <= old else ()
    return (RELIEVED,) if past.is_overdue and new > old else ()


def nothing():
    """Findings before the first request."""
    return {
        "counts": dict.fromkeys(VERDICTS, 0),
        "same": 0,
        "buckets": {way: {str(key): 0 for key in (*BUCKETS, MORE)} for way in (EARLIER, LATER)},
        "largest": {},
        "types": {},
        "examples": {name: [] for name in VERDICTS},
    }


def add(findings, past, told):
    """Counts a request's verdict in; of each kind the first are kept as examples."""
    row = findings["types"].setdefault(f"{past.category} {past.kind}", {"seen": 0, **dict.fromkeys(VERDICTS, 0)})
    row["seen"] += 1
    for name in told.says:
        row[name] += 1
        findings["counts"][name] += 1
        if len(examples := findings["examples"][name]) < EXAMPLES:
            examples.append(_example(past, told))
    if told.new == told.old:
        findings["same"] += 1
    elif told.new is not None:
        way = EARLIER if told.new < told.old else LATER
        findings["buckets"][way][_bucket(told.minutes)] += 1
        if told.minutes > findings["largest"].get(way, {"minutes": -1})["minutes"]:
            findings["largest"][way] = _example(past, told)


def _bucket(minutes):
    return next((str(most) for most in BUCKETS if minutes <= most), MORE)


def _example(past, told):
    """As JSON keeps it; instants as whole seconds."""
    return {
        "pk": past.pk,
        "no": past.no,
        "old": int(told.old.timestamp()),
        "new": None if told.new is None else int(told.new.timestamp()),
        "minutes": told.minutes,
    }


def instant(seconds):
    """An instant of an example."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
