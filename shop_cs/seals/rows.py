"""Rows of history tables as texts that the database itself writes: the same row, the same text, column by column."""

from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction

from ..models import TrailRow


def tracked_models():
    """Our models that have a history, by the name of their history table."""
    found = (model for model in apps.get_models() if hasattr(model, "history") and not model._meta.proxy)
    return {model.history.model._meta.db_table: model for model in found if issubclass(model.history.model, TrailRow)}


def columns_of(model):
    """All columns of a model's history table, in an order of their own: that of the table may change."""
    return ",".join(sorted(field.column for field in model.history.model._meta.concrete_fields))


def texts(table, columns, after, upto):
    """(id, text) of the rows with after < id ≤ upto, by id. Streams. Raises DatabaseError for what JSON cannot hold."""
    quote = connection.ops.quote_name
    array = {"sqlite": "json_array", "postgresql": "json_build_array"}[connection.vendor]
    wanted = f"{array}({', '.join(map(quote, columns.split(',')))})"
    as_text = wanted if connection.vendor == "sqlite" else f"{wanted}::text"
    sql = f"""SELECT history_id, {as_text} FROM {quote(table)}
        WHERE history_id > %s AND history_id <= %s ORDER BY history_id"""  # noqa: S608 - names of our own
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [after, upto])
        while some := cursor.fetchmany(2_000):
            yield from some


@contextmanager
def one_moment():
    """Within the block all reading sees the database as of one moment, and nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not `atomic`, which takes the write lock (IMMEDIATE): a snapshot begins with the first reading.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # Read to the end: by itself PostgreSQL plans a cursor for its first tenth.
                cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
            yield
