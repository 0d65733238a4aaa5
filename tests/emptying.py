"""After a test that commits, the database is put back to what migrations made of it, not emptied and built anew.

The guards refuse every way of emptying a table: SQLite's pages are copied back under them, and PostgreSQL looks away.
"""

import sqlite3
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import TransactionTestCase

from shop_cs import guards


@contextmanager
def putting_back(connection):
    """`connection` shows the migrated database; within, that is what each test that commits leaves behind."""
    state = {"sqlite": Pages, "postgresql": Rows}[connection.vendor](connection)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: state.put_back())
        yield


class Pages:
    """SQLite: the whole of it, triggers and indexes too."""

    def __init__(self, connection):
        self.connection, self.pages = connection, sqlite3.connect(":memory:")
        connection.ensure_connection()
        connection.connection.backup(self.pages)

    def put_back(self):
        self.connection.ensure_connection()
        self.pages.backup(self.connection.connection, progress=self.never_waits)

    @staticmethod
    def never_waits(status, _left, _pages):
        """SQLite would try for ever while another connection reads or writes."""
        assert status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), "a test has left a transaction open"


class Rows:
    """PostgreSQL: the rows of the tables in which something has changed, and the sequences."""

    def __init__(self, connection):
        self.connection = connection
        with self.looking_away() as cursor:
            tables = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
            # A row that came or was changed has a newer xmin than all; one that went is missing in the number.
            self.marks_of = " UNION ALL ".join(
                f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM {table}" for table in tables
            )
            self.marks, self.numbers = self.read_marks(cursor), self.read_numbers(cursor)
            self.rows = {table: self.read(cursor, table) for table, (many, _newest) in self.marks.items() if many}

    def put_back(self):
        with self.looking_away() as cursor:
            found, numbers = self.read_marks(cursor), self.read_numbers(cursor)
            changed = [table for table in found if found[table] != self.marks[table]]
            for table in changed:
                cursor.execute(f"DELETE FROM {table}")
                if table in self.rows:
                    self.write(cursor, table)
            for name, number in self.numbers.items():
                if numbers[name] != number:
                    cursor.execute("SELECT setval(%s, %s, %s)", [name, number or 1, number is not None])
            if any(table in self.rows for table in changed):
                self.marks = self.read_marks(cursor)
        guards.install(self.connection)

    @contextmanager
    def looking_away(self):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor

    def read_marks(self, cursor):
        cursor.execute(self.marks_of)
        return {table: mark for table, *mark in cursor.fetchall()}

    def read_numbers(self, cursor):
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences WHERE schemaname = current_schema()"
        )
        return dict(cursor.fetchall())

    def read(self, cursor, table):
        with cursor.copy(f"COPY {table} TO STDOUT") as found:
            return b"".join(found)

    def write(self, cursor, table):
        with cursor.copy(f"COPY {table} FROM STDIN") as into:
            into.write(self.rows[table])
