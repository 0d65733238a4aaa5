"""A record as it stood at an instant: every field with its value, who wrote it so, and what is otherwise today."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from .reading import Entry, entries, in_words, load, names_of
from .tables import Table


@dataclass(frozen=True, slots=True)
class Value:
    """A field of the record: what it was, and what it is today where that differs."""

    label: str
    name: str
    then: object
    today: object
    differs: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The record at `at`. `entry` is the version that held, None before the first; `values` are empty where there was
    nothing: before its making and after its end. `number` of `total` counts its versions; `first` is when it begins.

    `earlier` and `later` are the versions beside it; `is_there` says that it exists today.
    """

    at: datetime
    table: Table
    pk: int
    called: str
    entry: Entry | None
    is_deleted: bool
    values: list[Value]
    number: int
    total: int
    first: datetime
    earlier: int | None
    later: int | None
    is_there: bool


def standing(table, pk, *, at=None, version=None):
    """The `Standing` of record `pk` at the instant `at`, or in that version. None for a record that the trail does not
    know, and for a version that is not its own. Six statements."""
    versions = _versions(table, pk)
    if not versions:
        return None
    if version is not None:
        place = next((n for n, (one, _at) in enumerate(versions) if one == version), None)
        if place is None:
            return None
        at = versions[place][1]
    else:
        place = sum(written <= at for _one, written in versions) - 1
    told = entries([(table.name, versions[max(place, 0)][0])])[0]
    return _made(table, pk, versions, place, at, told)


def _versions(table, pk):
    """(version, instant) of all rows of a record, in the order of time."""
    if not 0 < pk < 2**63:
        return []
    rows = table.past.objects.filter(Q(id=pk)).order_by("history_date", "history_id")
    return list(rows.values_list("history_id", "history_date"))


def _made(table, pk, versions, place, at, told):
    row = load([(table.name, versions[place][0])])[table.name, versions[place][0]][0] if place >= 0 else None
    is_deleted = row is not None and row.history_type == "-"
    live = table.model._base_manager.filter(pk=pk).first()
    was = row is not None and not is_deleted
    return Standing(
        at=at,
        table=table,
        pk=pk,
        called=told.called,
        entry=told if row is not None else None,
        is_deleted=is_deleted,
        values=_values(table, row, live) if was else [],
        number=place + 1,
        total=len(versions),
        first=versions[0][1],
        earlier=versions[place - 1][0] if place > 0 else None,
        later=versions[place + 1][0] if place + 1 < len(versions) else None,
        is_there=live is not None,
    )


def _values(table, row, live):
    # What it points at today may be another.
    names = names_of([(table.name, row, live)])
    return [_value(field, row, live, names) for field in table.fields]


def _value(field, row, live, names):
    then = getattr(row, field.attname)
    today = getattr(live, field.attname) if live is not None else None
    return Value(
        label=str(field.verbose_name),
        name=field.name,
        then=in_words(field, then, names),
        today=in_words(field, today, names),
        differs=live is not None and then != today and not (then in ("", None) and today in ("", None)),
    )
