"""The search of the whole trail: what is asked for is a condition on each history, one statement finds the rows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from ..models import Shop, User
from .reading import entries, instant, union
from .tables import Table, tables

PAGE_SIZE = 50
# What is counted exactly; beyond it there are "more than".
MOST_COUNTED = 10_000
# Rows read at a time where all are wanted.
CHUNK = 1000
# A part of a name that fits more people than these says nobody.
MOST_PEOPLE = 100
COLUMNS = ("told_table", "history_date", "history_id")
NEWEST_FIRST = "ORDER BY history_date DESC, told_table, history_id DESC LIMIT %s"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for; nothing of it narrows where it is empty.

    `people` are ids of users and `person` a part of a name: either is enough. `record` is a number that people write
    down, `table` the name of a Table, `pk` a key in it. `field` is a column that changed. `since` and `until` are
    aware, both ends among them.
    """

    people: frozenset[int] | None = None
    person: str = ""
    record: str = ""
    table: str = ""
    pk: int | None = None
    field: str = ""
    action: str = ""
    role: str = ""
    since: datetime | None = None
    until: datetime | None = None
    shops: frozenset[int] | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the last row's instant, table and version. As text it is part of an address."""

    at: datetime
    table: str
    version: int

    def __str__(self):
        return f"{self.at.isoformat()}~{self.table}~{self.version}"

    @classmethod
    def read(cls, text):
        """ValueError for a text that is none."""
        at, table, version = text.split("~")
        place = cls(datetime.fromisoformat(at), table, int(version))
        if place.at.tzinfo is None or place.at.year not in range(1970, 2200) or table not in tables():
            raise ValueError(text)
        if not 0 < place.version < 2**63:
            raise ValueError(text)
        return place


def people_called(text):
    """Ids of the users whose name or user name has, or ever had, `text` in it; also of those who are gone.

    One more than MOST_PEOPLE at most.
    """
    named = Q(username__icontains=text) | Q(first_name__icontains=text)
    found = User.history.filter(named).order_by().values_list("id", flat=True).distinct()
    return frozenset(found[: MOST_PEOPLE + 1])


def shops_called(text):
    """Ids of the shop with that number, or else of those with it in their name."""
    exact = Shop.objects.filter(no=text).values_list("pk", flat=True)
    return frozenset(exact or Shop.objects.filter(name__icontains=text).values_list("pk", flat=True)[:MOST_PEOPLE])


def conditions(asked):
    """{Table: condition on its history} of what is asked; tables that cannot have any are left out."""
    wanted = [tables()[asked.table]] if asked.table else list(tables().values())
    records = _records(asked.record) if asked.record else None
    found = {}
    for table in wanted:
        if asked.field and asked.field not in table.names:
            continue
        parts = [_said(asked)]
        if asked.shops is not None:
            parts.append(_of_shops(table, asked.shops))
        if records is not None:
            parts.append(_about(table, records))
        if None not in parts:
            whole = Q(id=asked.pk) if asked.pk is not None else Q()
            for part in parts:
                whole &= part
            found[table] = (whole, asked.field)
    return found


def _said(asked):
    """The condition on what every history row says."""
    said = {
        "move": asked.action,
        "actor_role": asked.role,
        "history_date__gte": asked.since,
        "history_date__lte": asked.until,
        "web_request": asked.request_id,
    }
    whole = Q(**{name: value for name, value in said.items() if value})
    if asked.people is None and not asked.person:
        return whole
    by = Q(history_user_id__in=asked.people or ())
    return whole & (by | Q(actor_name__icontains=asked.person) if asked.person else by)


def _of_shops(table, shops):
    """What belongs to the shops, by itself or by what it points at; None for what belongs to none."""
    if table.model is Shop:
        return Q(id__in=shops)
    if "shop" in table.names:
        return Q(shop_id__in=shops)
    owned = [one for one in table.fields if one.is_relation and _has_shop(one.related_model)]
    if not owned:
        return None
    whole = Q()
    for field in owned:
        whole |= Q(**{f"{field.attname}__in": _all_of(field.related_model).filter(shop__in=shops).values("pk")})
    return whole


def _has_shop(model):
    return any(field.name == "shop" for field in model._meta.fields)


def _all_of(model):
    return model._base_manager.order_by()


def _records(number):
    """{model: keys} of the records that ever had this number; one statement."""
    text = CharField()
    parts = []
    for table in tables().values():
        for name in table.numbers:
            rows = table.past.objects.order_by().filter(**{name: number}).annotate(told_table=Value(table.name, text))
            parts.append(rows.values("told_table", "id").distinct())
    found = defaultdict(set)
    for name, pk in union(parts, ("told_table", "id")):
        found[tables()[name].model].add(pk)
    return found


def _about(table, records):
    """The records themselves and what points straight at one of them; of a shop only its own rows."""
    whole, any_of_it = Q(), False
    if table.model in records:
        whole, any_of_it = Q(id__in=records[table.model]), True
    for field in table.keys_to(*(model for model in records if model is not Shop)):
        whole |= Q(**{f"{field.attname}__in": records[field.related_model]})
        any_of_it = True
    return whole if any_of_it else None


def _rows(table: Table, condition, field=""):
    """The history rows of a table that fit, as a queryset that is not asked yet."""
    rows = table.past.objects.filter(condition)
    if not field:
        return rows
    # Nothing and an empty text are the same: of a new record what is filled in has changed.
    earlier = table.past.objects.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    name = next(one.attname for one in table.fields if one.name == field)
    was, text = Subquery(earlier.order_by("-history_id").values(name)[:1]), TextField()
    now, before = (Coalesce(Cast(what, text), Value(""), output_field=text) for what in (F(name), was))
    return rows.exclude(history_type="-").exclude(Exact(now, before))


def keys(where, *, after=None, limit=PAGE_SIZE):
    """Places of the rows that fit `where` (of `conditions`), newest first, those after `after`; one statement.

    Within one instant tables come in the order of their names.
    """
    parts = []
    for table, (condition, field) in where.items():
        rows = _rows(table, condition & _later(table, after) if after else condition, field)
        named = rows.annotate(told_table=Value(table.name, CharField())).order_by("-history_date", "-history_id")
        parts.append(named.values(*COLUMNS)[:limit])
    found = union(parts, COLUMNS, NEWEST_FIRST, [limit])
    return [Place(instant(at), name, version) for name, at, version in found]


def _later(table, after):
    """What stands below the place in a list that has the newest first."""
    if table.name > after.table:
        return Q(history_date__lte=after.at)
    older = Q(history_date__lt=after.at)
    return older | Q(history_date=after.at, history_id__lt=after.version) if table.name == after.table else older


def count(where, *, most=MOST_COUNTED):
    """How many rows fit, one more than `most` at most; one statement."""
    parts = []
    for table, (condition, field) in where.items():
        rows = _rows(table, condition, field).order_by()
        parts.append(rows.annotate(told_table=Value(table.name, CharField())).values("told_table")[: most + 1])
    return len(union(parts, ("told_table",), "LIMIT %s", [most + 1]))


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a search; `older` is the place where the next page begins, None on the last."""

    entries: list
    older: Place | None


def page(where, *, after=None, size=PAGE_SIZE):
    """One page, newest first; three statements."""
    found = keys(where, after=after, limit=size + 1)
    shown = found[:size]
    return Page(told(shown), shown[-1] if len(found) > size else None)


def told(places):
    """The entries of rows that `keys` found."""
    return entries([(place.table, place.version) for place in places])


def whole(where, *, size=CHUNK):
    """Every entry that fits, newest first, so many at a time in memory."""
    after = None
    while found := keys(where, after=after, limit=size):
        yield from told(found)
        if len(found) < size:
            return
        after = found[-1]
