"""Rows of many histories in one statement: found by key, read whole with the row before, told in words."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from ..history import FieldChange
from ..words import yuan
from .tables import SECRET, called, table_of, tables

KINDS = {"+": _("Created"), "~": _("Changed"), "-": _("Deleted")}
HIDDEN = "••••••"
# What a history row says beside the fields.
SAID = (
    "history_id",
    "history_date",
    "history_type",
    "history_user_id",
    "history_change_reason",
    "actor_role",
    "actor_name",
    "move",
    "rulebook_name",
    "web_request",
)


@dataclass(frozen=True, slots=True)
class Step(FieldChange):
    """A field of a row, from what to what in words; `name` is its column's."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the trail as a reader wants it.

    `table` and `pk` name the record, `version` the row of its history, `called` the record in words; `is_there` says
    that the record still exists. `who` is empty where nobody acted but the clock or the system.
    """

    table: str
    label: str
    pk: int
    version: int
    called: str
    is_there: bool
    at: datetime
    who: str
    user_id: int | None
    role: str
    kind: str
    action: str
    why: str
    rulebook: str
    request_id: str
    fields: tuple[Step, ...]


def union(querysets, columns, tail="", params=()):
    """Rows of all the querysets of values, in one statement; each has the named `columns`. `tail` orders and limits."""
    parts, values = [], []
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    for rows in querysets:
        try:
            sql, some = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        # SQLite orders and limits a part of a union only within a table of its own.
        parts.append(f"SELECT {quoted} FROM ({sql}) AS part{len(parts)}")  # noqa: S608 - names and Django's own SQL
        values += some
    if not parts:
        return []
    return _asked(f"{' UNION ALL '.join(parts)} {tail}", [*values, *params])


def _asked(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def instant(value):
    """An instant as a raw statement gives it: aware from PostgreSQL, as text in UTC from SQLite."""
    at = parse_datetime(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def load(keys):
    """{(table name, version): (row, row before or None)} of history rows, as instances of their history; one statement.

    `keys` are (table name, version). A row comes as one JSON array, since each table has columns of its own.
    """
    wanted = defaultdict(list)
    for name, version in keys:
        wanted[name].append(version)
    if not wanted:
        return {}
    parts = [_with_before(tables()[name], len(versions)) for name, versions in wanted.items()]
    params = [value for name, versions in wanted.items() for value in (name, *versions)]
    told = _asked(" UNION ALL ".join(parts), params)
    return {(name, version): (_row(name, row), before and _row(name, before)) for name, version, row, before in told}


def _with_before(table, versions):
    """SELECT of so many rows of a history and of what stood before each. Names are the models' own."""
    quote = connection.ops.quote_name
    past, key = quote(table.past._meta.db_table), quote("id")
    row, before = (_as_json(alias, _columns(table)) for alias in ("h", "b"))
    places = ", ".join(["%s"] * versions)
    return (
        f"SELECT %s, h.history_id, {row}, (SELECT {before} FROM {past} b"  # noqa: S608
        f" WHERE b.{key} = h.{key} AND b.history_id < h.history_id ORDER BY b.history_id DESC LIMIT 1)"
        f" FROM {past} h WHERE h.history_id IN ({places})"
    )


def _columns(table):
    """In the order in which Django makes an instance of them."""
    wanted = {"id", *SAID, *table.names}
    return [field for field in table.past._meta.concrete_fields if field.name in wanted]


def _as_json(alias, fields):
    """The columns as text of one JSON array; lists and tables within it as text themselves, on both engines."""
    quote = connection.ops.quote_name
    columns = [f"{alias}.{quote(field.column)}" for field in fields]
    if connection.vendor == "sqlite":
        return f"json_array({', '.join(columns)})"
    both = zip(columns, fields, strict=True)
    told = (f"{column}::text" if isinstance(field, models.JSONField) else column for column, field in both)
    return f"jsonb_build_array({', '.join(told)})::text"


def _row(name, text):
    table = tables()[name]
    fields = _columns(table)
    values = [_value(field, value) for field, value in zip(fields, json.loads(text), strict=True)]
    return table.past.from_db(connection.alias, [field.attname for field in fields], values)


def _value(field, value):
    if value is None:
        return None
    if isinstance(field, models.DateTimeField):
        return instant(value)
    if isinstance(field, models.JSONField):
        return json.loads(value)
    return bool(value) if isinstance(field, models.BooleanField) else value


def entries(keys):
    """The `Entry`s of history rows, in the order of their keys. Two statements, however many tables there are."""
    rows = load(keys)
    whole = [(name, *rows[name, version]) for name, version in keys if (name, version) in rows]
    names = names_of(whole)
    return [_entry(tables()[name], row, before, names) for name, row, before in whole]


def _entry(table, row, before, names):
    return Entry(
        table=table.name,
        label=table.label,
        pk=row.id,
        version=row.history_id,
        called=called(table, [row.id, *(getattr(row, name) for name in table.called)]),
        is_there=(table.name, row.id) in names,
        at=row.history_date,
        who=row.actor_name,
        user_id=row.history_user_id,
        role=row.get_actor_role_display(),
        kind=str(KINDS[row.history_type]),
        action=row.move,
        why=row.history_change_reason or "",
        rulebook=row.rulebook_name,
        request_id=row.web_request,
        fields=tuple(_steps(table, row, before, names)),
    )


def _steps(table, row, before, names):
    """The fields that this row changed; of a new record those that say anything."""
    for field in table.fields:
        after = getattr(row, field.attname)
        was = getattr(before, field.attname) if before is not None else None
        if after != was and not (after in ("", None) and was in ("", None)):
            words = (in_words(field, value, names) for value in (was, after))
            yield Step(str(field.verbose_name), *words, name=field.name)


def in_words(field, value, names):
    """A value for the screen: a choice by its label, another record by its name, money in yuan, nothing as ""."""
    if value is None:
        return ""
    if field.name in SECRET:
        return HIDDEN if value else ""
    if field.is_relation:
        table = table_of(field.related_model)
        return names.get((table.name, value), f"#{value}") if table else str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return yuan(value) if field.name.endswith("_fen") else value


def names_of(whole):
    """{(table name, key): name in words} of the living records that (table name, row, row before) speak of, the rows'
    own among them; one statement. What is gone is not there."""
    wanted = defaultdict(set)
    for name, *rows in whole:
        for row in filter(None, rows):
            wanted[name].add(row.id)
            for field in tables()[name].fields:
                if field.is_relation and getattr(row, field.attname) is not None and table_of(field.related_model):
                    wanted[table_of(field.related_model).name].add(getattr(row, field.attname))
    told = union((_named(tables()[name], pks) for name, pks in wanted.items()), ("told_table", "id", "first", "second"))
    return {(name, pk): called(tables()[name], (pk, *parts)) for name, pk, *parts in told}


def _named(table, pks):
    text = CharField()
    first, second, *_rest = [*(Cast(F(name), text) for name in table.called), Value(""), Value("")]
    rows = table.model._base_manager.filter(pk__in=pks).order_by()
    return rows.annotate(told_table=Value(table.name, text), first=first, second=second).values(
        "told_table", "id", "first", "second"
    )
