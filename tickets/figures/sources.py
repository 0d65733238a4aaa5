"""Where daily figures come from. Each source counts some columns of `DailyFigure`; other apps register theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min

from .days import day_of

# Keys of a statement: well inside what every database takes.
MOST_KEYS = 900


@dataclass(frozen=True, slots=True)
class Source:
    """Columns that are counted together.

    `follows` is {model: touched}: `touched(rows)` of its history answers the (shop id, day) to be counted again; too
    many do no harm. `count(day, shops)` is {(shop id, type): {column: number}} of a day, wholly from the records, of
    these shops (None: of all). `extent()` gives the first and the last day that it may have something of, or None.
    """

    name: str
    follows: dict
    count: Callable
    extent: Callable


SOURCES = []


def register(*sources):
    """Sources in the order of their registration, each once."""
    known = {source.name for source in SOURCES}
    SOURCES.extend(source for source in sources if source.name not in known)


def followed():
    """{model: [touched, …]} of all sources."""
    models = {}
    for source in SOURCES:
        for model, touched in source.follows.items():
            models.setdefault(model, []).append(touched)
    return models


def counted(day, shops=None):
    """{(shop id, type): {column: number}} of a day from all sources, wholly from the records."""
    rows = {}
    for source in SOURCES:
        for key, numbers in source.count(day, shops).items():
            rows.setdefault(key, {}).update(numbers)
    return {key: numbers for key, numbers in rows.items() if any(numbers.values())}


def extent():
    """The first and the last day of which any source may have something; None where nothing is."""
    found = [days for source in SOURCES if (days := source.extent())]
    return (min(first for first, _last in found), max(last for _first, last in found)) if found else None


def of_shops(rows, shops, field="shop"):
    """A queryset narrowed to some shops; as it is for None."""
    return rows if shops is None else rows.filter(**{f"{field}__in": shops})


def extent_of(rows, field):
    """The extent of a queryset by the days of an instant."""
    found = rows.order_by().aggregate(first=Min(field), last=Max(field))
    return (day_of(found["first"]), day_of(found["last"])) if found["first"] else None


def days_held(rows, field):
    """(shop id, day) of every value that the records of these history rows ever had in `field`.

    What moved from one day to another is counted again in both.
    """
    return _days(
        type(rows[0]).objects.filter(history_id__lte=rows[-1].history_id), "id", {row.id for row in rows}, field
    )


def days_of(model, keys, field):
    """(shop id, day) of the records with these keys, by `field`."""
    return _days(model.everything, "pk", keys, field)


def _days(records, key, keys, field):
    keys, found = sorted(keys), set()
    for at in range(0, len(keys), MOST_KEYS):
        some = records.filter(**{f"{key}__in": keys[at : at + MOST_KEYS], f"{field}__isnull": False}).order_by()
        found |= set(some.values_list("shop_id", field).distinct())
    return {(shop, day_of(value) if isinstance(value, datetime) else value) for shop, value in found}
