"""Drift: a live row that is not what its last history row says, so was changed, made or removed behind the trail."""

from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection

from ..models import User
from ..models.people import mark_of


@dataclass(frozen=True, slots=True)
class Drift:
    """Row `pk` of a table: "changed" (in `columns`), "added" (no history) or "removed" (but still told of)."""

    table: str
    pk: int | str
    what: str
    columns: tuple[str, ...] = ()

    def __str__(self):
        more = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.table} {self.pk}: {self.what} behind the trail{more}"


def of(model):
    """All `Drift` of a model's rows, lazily."""
    past = model.history.model
    yield from chain(_changed(model, past), _removed(model, past))
    if model is User:
        yield from _users()


def _compared(model, past):
    excluded = set(past._history_excluded_fields)
    return [field.column for field in model._meta.concrete_fields if field.name not in excluded]


_LAST = "(SELECT {pk} AS pk, MAX(history_id) AS last FROM {past} GROUP BY {pk})"


def _names(model, past):
    quote = connection.ops.quote_name
    pk = quote(model._meta.pk.column)
    live, old = quote(model._meta.db_table), quote(past._meta.db_table)
    return pk, live, old, _LAST.format(pk=pk, past=old)


def _differs(column):
    other = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    name = connection.ops.quote_name(column)
    return f"l.{name} {other} h.{name}"


def _changed(model, past):
    pk, live, old, last = _names(model, past)
    columns = _compared(model, past)
    flags = ", ".join(f"CASE WHEN {_differs(column)} THEN 1 ELSE 0 END" for column in columns)
    sql = f"""SELECT l.{pk}, h.history_id, {flags} FROM {live} l LEFT JOIN {last} x ON x.pk = l.{pk}
        LEFT JOIN {old} h ON h.history_id = x.last
        WHERE h.history_id IS NULL OR h.history_type = '-' OR {" OR ".join(map(_differs, columns))}
        ORDER BY l.{pk}"""  # noqa: S608 - names of our own
    for key, known, *flagged in _rows(sql):
        differing = tuple(column for column, flag in zip(columns, flagged, strict=True) if flag)
        yield Drift(model._meta.db_table, key, "changed" if known else "added", differing if known else ())


def _removed(model, past):
    pk, live, old, last = _names(model, past)
    sql = f"""SELECT h.{pk} FROM {last} x JOIN {old} h ON h.history_id = x.last LEFT JOIN {live} l ON l.{pk} = h.{pk}
        WHERE l.{pk} IS NULL AND h.history_type <> '-' ORDER BY h.{pk}"""  # noqa: S608 - names of our own
    for (key,) in _rows(sql):
        yield Drift(model._meta.db_table, key, "removed")


def _users():
    """What no row of history shows as it is: passwords, by their marks, and groups, by the roles kept of them."""
    for user in User.objects.prefetch_related("groups").order_by("pk").iterator(chunk_size=2_000):
        if not user.password.startswith(UNUSABLE_PASSWORD_PREFIX) and mark_of(user.password) != user.password_mark:
            yield Drift(User._meta.db_table, user.pk, "changed", ("password",))
        if ", ".join(sorted(group.name for group in user.groups.all())) != user.roles:
            yield Drift(User.groups.through._meta.db_table, user.pk, "changed", ("group_id",))


def _rows(sql):
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while some := cursor.fetchmany(2_000):
            yield from some
