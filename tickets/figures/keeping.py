"""Keeps `DailyFigure` up: the trail says which days something has changed in, the worker counts those again.

A day is marked in the transaction that reads on in the trail, and its mark is taken away in the one that counts it
again: a worker may be killed at any point.
"""

from collections import defaultdict
from functools import partial

from django.db import transaction
from django.db.models import Sum

from shop_cs.following import MOST
from shop_cs.models import FollowMark

from ..models import DailyFigure, FigureDay
from . import sources
from .days import ONE_DAY

FOLLOWER = "figures"
# Days of shops counted again in one transaction.
MOST_DAYS = 100
KEYS = ("id", "shop", "day", "category")
COLUMNS = tuple(field.name for field in DailyFigure._meta.concrete_fields if field.name not in KEYS)


def takes():
    """{model: take} for `shop_cs.following`."""
    return {model: partial(_mark, touched) for model, touched in sources.followed().items()}


def _mark(touched, rows):
    """Marks the days that these history rows touch. In one order, that two workers never wait for each other."""
    found = sorted(set().union(*(touches(rows) for touches in touched)))
    FigureDay.everything.bulk_create([FigureDay(shop_id=shop, day=day) for shop, day in found], ignore_conflicts=True)


def waiting(now):
    """The days to be counted again, those of one day together."""
    return FigureDay.everything.order_by("day", "shop")


def recount_marked(rows, *, now):
    """Counts the marked days again; the sweep's act."""
    with transaction.atomic():
        _one_at_a_time()
        # First: whoever finds another change meanwhile waits, and marks the day anew.
        FigureDay.everything.filter(pk__in=[row.pk for row in rows]).delete()
        shops_of = defaultdict(list)
        for row in rows:
            shops_of[row.day].append(row.shop_id)
        for day, shops in sorted(shops_of.items()):
            write(day, shops)
    return rows


def _one_at_a_time():
    """The platform's row is a sum over shops: two who count at once would each miss what the other writes."""
    FollowMark.objects.get_or_create(follower=FOLLOWER, table="")
    FollowMark.objects.select_for_update().get(follower=FOLLOWER, table="")


def write(day, shops=None):
    """Writes a day's rows of these shops (None: of all) as counted now, and the platform's as their sum."""
    old = DailyFigure.everything.filter(day=day, shop__isnull=False)
    sources.of_shops(old, shops).delete()
    rows = sources.counted(day, shops)
    DailyFigure.everything.bulk_create(
        DailyFigure(shop_id=shop, day=day, category=category, **numbers)
        for (shop, category), numbers in sorted(rows.items())
    )
    DailyFigure.everything.filter(day=day, shop__isnull=True).delete()
    sums = {name: Sum(name) for name in COLUMNS}
    told = DailyFigure.everything.filter(day=day).order_by().values("category").annotate(**_renamed(sums))
    DailyFigure.everything.bulk_create(
        DailyFigure(day=day, category=one["category"], **{name: one[f"all_{name}"] for name in COLUMNS}) for one in told
    )


def _renamed(sums):
    """A sum may not be called as what it sums."""
    return {f"all_{name}": total for name, total in sums.items()}


def days():
    """All days that have figures or should have: from the first to the last."""
    kept = DailyFigure.everything.order_by("day").values_list("day", flat=True)
    ends = [day for day in (kept.first(), kept.last(), *(sources.extent() or ())) if day]
    if not ends:
        return []
    first, last = min(ends), max(ends)
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def recount(progress=None):
    """Counts every day of every shop again; returns how many days. Each day is a transaction of its own."""
    told = days()
    for n, day in enumerate(told, 1):
        with transaction.atomic():
            _one_at_a_time()
            # Those that a worker has taken he counts himself, when it is his turn.
            marked = FigureDay.everything.filter(day=day).select_for_update(skip_locked=True)
            FigureDay.everything.filter(pk__in=list(marked.values_list("pk", flat=True))).delete()
            write(day)
        if progress:
            progress(n, len(told))
    return len(told)


def unread_days():
    """The (shop id, day) that are marked, or will be when the trail is read on: they may differ from the records."""
    found = set(FigureDay.everything.values_list("shop_id", "day"))
    marks = dict(FollowMark.objects.filter(follower=FOLLOWER).values_list("table", "upto"))
    for model, touched in sources.followed().items():
        past = model.history.model
        upto = marks.get(past._meta.db_table, 0)
        while rows := list(past.objects.filter(history_id__gt=upto).order_by("history_id")[:MOST]):
            found = found.union(*(touches(rows) for touches in touched))
            upto = rows[-1].history_id
    return found


def check():
    """A line for each difference between what is kept and what a count from scratch gives; [] where they are equal.

    Days that wait for the worker are left out.
    """
    waits, findings = unread_days(), []
    late = {day for _shop, day in waits}
    for day in days():
        right = {key: {**dict.fromkeys(COLUMNS, 0), **numbers} for key, numbers in sources.counted(day).items()}
        if day not in late:
            for (_shop, category), numbers in list(right.items()):
                whole = right.setdefault((None, category), dict.fromkeys(COLUMNS, 0))
                right[None, category] = {name: whole[name] + numbers[name] for name in COLUMNS}
        kept = {
            (row.pop("shop"), row.pop("category")): row
            for row in DailyFigure.everything.filter(day=day).values("shop", "category", *COLUMNS)
        }
        keys = {key for key in kept.keys() | right.keys() if (key[0], day) not in waits and (key[0] or day not in late)}
        for key in sorted(keys, key=str):
            findings += _differences(day, key, kept.get(key), right.get(key))
    return findings


def _differences(day, key, kept, right):
    shop, category = key
    where = f"{day} {f'shop {shop}' if shop else 'the platform'} {category or '(no type)'}"
    if kept is None or right is None:
        yield f"{where}: {'is not kept' if kept is None else 'is kept, there is nothing'}"
    else:
        for name in COLUMNS:
            if kept[name] != right[name]:
                yield f"{where}: {name} is {kept[name]}, counted {right[name]}"
