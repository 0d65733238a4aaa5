"""All that one person did in a day: by hour and record, counted by action; what he was shown, took along, and where
he was signed in."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from django.utils.timezone import localtime

from ..clock import SHANGHAI
from ..models import Disclosure, ExportLog, SignIn, User
from .reading import Entry
from .search import Asked, conditions, keys, told

# More than a person does in a day; what a bulk import writes may be more, and is searched page by page.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is: his names as the trail knows them last; `is_there` says that he still has a login."""

    user_id: int
    name: str
    username: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What he did to one record within one hour, in the order of time."""

    table: str
    label: str
    pk: int
    called: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Day:
    """`hours` are (the hour's beginning, its Groups); `counts` are (action, how often), the most frequent first.

    `is_cut` says that there is more than is shown here.
    """

    since: datetime
    until: datetime
    total: int
    is_cut: bool
    hours: list[tuple[datetime, list[Group]]]
    counts: list[tuple[str, int]]
    disclosures: list[Disclosure]
    exports: list[ExportLog]
    sign_ins: list[SignIn]


def person(user_id):
    """The `Person` of an id, also of one whose account is gone; None for an id that nobody ever had."""
    if not 0 < user_id < 2**63:
        return None
    row = User.history.filter(id=user_id).order_by("-history_id").first()
    if row is None:
        return None
    is_there = User.objects.filter(pk=user_id).exists()
    return Person(user_id, row.first_name or row.last_name or row.username, row.username, is_there)


def bounds(day):
    """(first instant, first instant of the next) of a local day."""
    since = datetime.combine(day, time(), tzinfo=SHANGHAI)
    return since, since + timedelta(days=1)


def day_of(user_id, day):
    """The `Day` of a user; six statements, however much he did."""
    since, until = bounds(day)
    asked = Asked(people=frozenset([user_id]), since=since, until=until - timedelta(microseconds=1))
    found = keys(conditions(asked), limit=MOST + 1)
    shown = told(found[:MOST])[::-1]
    his = {"by": user_id, "at__gte": since, "at__lt": until}
    return Day(
        since=since,
        until=until,
        total=len(shown),
        is_cut=len(found) > MOST,
        hours=[(hour, _groups(some)) for hour, some in groupby(shown, key=lambda entry: _hour(entry.at))],
        counts=Counter(entry.action for entry in shown).most_common(),
        disclosures=list(Disclosure.everything.filter(**his).select_related("shop", "order").order_by("at", "pk")),
        exports=list(ExportLog.everything.filter(**his).select_related("shop").order_by("at", "pk")),
        sign_ins=list(SignIn.objects.filter(user=user_id, at__lt=until, seen_at__gte=since).order_by("at", "pk")),
    )


def _hour(at):
    return localtime(at, SHANGHAI).replace(minute=0, second=0, microsecond=0)


def _groups(found):
    """The entries of an hour by record, in the order in which he first touched each."""
    groups = {}
    for entry in found:
        groups.setdefault((entry.table, entry.pk), []).append(entry)
    return [Group(table, some[0].label, pk, some[-1].called, some) for (table, pk), some in groups.items()]
