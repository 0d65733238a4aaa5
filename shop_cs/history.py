"""The trail: fills each history row with who, how and why; writes it for bulk paths; reads it back as changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.signals import pre_create_historical_record

from .models.trail import current


def connect():
    pre_create_historical_record.connect(_fill, dispatch_uid="shop_cs.history")


def _fill(sender, history_instance, **kwargs):
    doing = current()
    for field, value in history_instance.said().items():
        setattr(history_instance, field, value)
    history_instance.history_change_reason = doing.reason or history_instance.history_change_reason or ""
    if doing.at is not None:
        history_instance.history_date = doing.at


# SQLite takes 999 values in a statement.
MOST_PKS = 900


def record_many(rows, *, created):
    """History for rows written in bulk: the same columns as when written singly.

    The database copies them from the rows as they stand, which takes a fraction of the time of sending them again.
    """
    if rows:
        _copy(rows, "+" if created else "~")


def delete_many(rows):
    """Deletes many rows that nothing points at, each with its last line in the trail."""
    if not rows:
        return
    _copy(rows, "-")
    meta, quote, pks = type(rows[0])._meta, connection.ops.quote_name, sorted(row.pk for row in rows)
    table, pk = quote(meta.db_table), quote(meta.pk.column)
    with connection.cursor() as cursor:
        for at in range(0, len(pks), MOST_PKS):
            some = pks[at : at + MOST_PKS]
            sql = f"DELETE FROM {table} WHERE {pk} IN ({', '.join(['%s'] * len(some))})"  # noqa: S608
            cursor.execute(sql, some)


def _copy(rows, kind):
    """A line of this kind in the trail for each row, as it stands."""
    model, past = type(rows[0]), type(rows[0]).history.model
    doing = current()
    said = {
        "history_type": kind,
        "history_date": doing.at or timezone.now(),
        "history_user_id": doing.by.user_id,
        "history_change_reason": doing.reason,
        **past.said(),
    }
    fields = [past._meta.get_field(name) for name in said]
    values = [field.get_db_prep_save(said[field.name], connection) for field in fields]
    copied = [field.column for field in past.tracked_fields]
    into = _columns(past, [*copied, *(field.column for field in fields)])
    pks = sorted(row.pk for row in rows)
    with connection.cursor() as cursor:
        for at in range(0, len(pks), MOST_PKS):
            some = pks[at : at + MOST_PKS]
            # Names are the models' own, quoted; every value is a parameter.
            sql = f"INSERT INTO {into} {_copies(model, copied, len(values), len(some))}"  # noqa: S608
            cursor.execute(sql, [*values, *some])


def update_many(rows, names):
    """Writes the fields `names` of many saved rows; `record_many` is to follow in the same transaction.

    `bulk_update` builds an expression for each value, ten times as slow.
    """
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [meta.pk, *map(meta.get_field, names)]
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Prepared once, for all rows.
            cursor.executemany(_update_one(meta, fields), [[*said, pk] for pk, *said in values])
        else:
            cursor.execute(_update_all(meta, fields, len(rows)), [value for row in values for value in row])


def _update_one(meta, fields):
    pk, *sets = [f"{connection.ops.quote_name(field.column)} = %s" for field in fields]
    return f"UPDATE {connection.ops.quote_name(meta.db_table)} SET {', '.join(sets)} WHERE {pk}"  # noqa: S608


def _update_all(meta, fields, many):
    """One statement for all rows: PostgreSQL plans each that it is given."""
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    # Without a length: a cast would cut what is too long, where the column refuses it.
    typed = ", ".join(f"%s::{field.db_type(connection).partition('(')[0]}" for field in fields)
    rest = f", ({', '.join(['%s'] * len(fields))})" * (many - 1)
    sets = ", ".join(f"{column} = said.{column}" for column in columns[1:])
    table = quote(meta.db_table)
    return (
        f"UPDATE {table} SET {sets} FROM (VALUES ({typed}){rest}) AS said ({', '.join(columns)}) "  # noqa: S608
        f"WHERE {table}.{columns[0]} = said.{columns[0]}"
    )


def _columns(model, names):
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(map(quote, names))})"


def _copies(model, columns, values, pks):
    """SELECT of the columns and of so many values from the rows of so many keys, in the order of the keys."""
    quote = connection.ops.quote_name
    table, pk = quote(model._meta.db_table), quote(model._meta.pk.column)
    wanted = ", ".join([*map(quote, columns), *["%s"] * values])
    return f"SELECT {wanted} FROM {table} WHERE {pk} IN ({', '.join(['%s'] * pks)}) ORDER BY {pk}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the trail as a reader wants it: when, who, in which role, what from and to, why."""

    at: datetime
    who: str
    role: str
    action: str
    why: str
    rulebook: str
    kind: str
    fields: tuple[FieldChange, ...]
    about: str = ""


_VERBS = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}


def changes_of(record, parts=()):
    """All changes of a record, newest first, each against the row before it.

    `parts` are (model, its foreign key to the record): their changes stand among the record's own, with the part's
    name in `about`; of parts that were taken out again too.
    """
    return _newest_first(change for past, about in _pasts(record, parts) for change in _told(past, about))


def stamp_of(record, parts=()):
    """Which state of a record somebody sees: the newest row of each of its histories."""
    newest = (
        past.order_by("-history_id").values_list("history_id", flat=True) for past, _about in _pasts(record, parts)
    )
    return ":".join(str(ids.first() or 0) for ids in newest)


def changes_since(record, stamp, parts=()):
    """The changes behind what `stamp` shows, as `changes_of`; all of them for one that nobody was given."""
    seen = [int(one) if one.isdecimal() and len(one) < 19 else 0 for one in stamp.split(":")]
    told = []
    for (past, about), upto in zip_longest(_pasts(record, parts), seen[: len(parts) + 1], fillvalue=0):
        if new := past.filter(history_id__gt=upto).count():
            told += list(_told(past, about))[-new:]
    return _newest_first(told)


def _pasts(record, parts):
    """(history, what it is of) of a record and of what belongs to it."""
    yield type(record).history.filter(**{record._meta.pk.attname: record.pk}), ""
    for model, key in parts:
        yield model.history.filter(**{key: record.pk}), model._meta.verbose_name


def _newest_first(changes):
    # Stable: what was written at the same instant stays in the order of its writing.
    return sorted(changes, key=lambda change: change.at)[::-1]


def _told(history, about=""):
    """Changes of the rows of a history, record by record in the order of their writing."""
    before = {}
    for row in history.order_by("history_id"):
        yield replace(_change(row, before.get(row.id)), about=str(about))
        before[row.id] = row


def _change(row, before):
    return Change(
        at=row.history_date,
        who=row.actor_name,
        role=row.get_actor_role_display(),
        action=row.move,
        why=row.history_change_reason or "",
        rulebook=row.rulebook_name,
        kind=_VERBS[row.history_type],
        fields=tuple(_field_changes(row, before)),
    )


def _field_changes(row, before):
    for field in row.tracked_fields:
        after_value = getattr(row, field.attname)
        before_value = getattr(before, field.attname) if before is not None else None
        if after_value != before_value and not (before is None and after_value in ("", None)):
            yield FieldChange(field.verbose_name, _shown(before, field), _shown(row, field))


def _shown(row, field):
    """A field's value in words: a choice by its label, another record by its name, nothing as nothing."""
    if row is None or (value := getattr(row, field.attname)) is None:
        return ""
    if field.is_relation:
        try:
            return str(getattr(row, field.name))
        except ObjectDoesNotExist:
            return value
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return value
