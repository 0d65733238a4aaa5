"""Statements that PostgreSQL reads and plans once for each connection. What it is asked for then are the values alone.

A pooler has to give a session its connection as long as it lives, as the README says. SQLite keeps statements anyway.
"""

from datetime import datetime

from django.db import connections
from psycopg import Cursor
from psycopg.sql import Literal

# What can stand in the text of a statement.
PLAIN = (bool, int, str, datetime)


def inlined(sql, slots, using):
    """(the statement with its constants in its text, the slots that are left); as they are where that cannot be.

    With a value in a constant's place PostgreSQL would not know that a partial index has the rows.
    """
    connection = connections[using]
    if connection.vendor != "postgresql" or not all(said is None or type(said) in PLAIN for said in _constants(slots)):
        return sql, slots
    connection.ensure_connection()
    first, *rest = sql.split("%s")
    parts = [first]
    for (place, said), text in zip(slots, rest, strict=True):
        constant = None if place is not None else Literal(said).as_string(connection.connection).replace("%", "%%")
        parts += ["%s" if constant is None else constant, text]
    return "".join(parts), tuple(slot for slot in slots if slot[0] is not None)


def _constants(slots):
    return [said for place, said in slots if place is None]


def prepares(using):
    """The connection of this name; on PostgreSQL one whose statements are prepared."""
    connection = connections[using]
    return _Preparing(connection) if connection.vendor == "postgresql" else connection


class _Preparing:
    def __init__(self, connection):
        self._connection = connection

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def cursor(self):
        """As Django's, with psycopg's cursor that leaves the values to the server, and prepares at once."""
        connection = self._connection
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        with connection.wrap_database_errors:
            # Django's own cursors put values into the text themselves: they never prepare.
            connection.connection.prepare_threshold = 0
            return connection._prepare_cursor(Cursor(connection.connection))
