"""Django's SQLite, but who waits for the write lock waits in Python: by turns, holding nothing.

SQLite's own waiting keeps the connection's mutex for up to the whole timeout. A thread that holds the write lock and
happens to collect a cursor of such a waiting connection stops on that mutex, with Python's own lock in its hand: for
twenty seconds nobody in the process, and no other writer anywhere, gets on. Measured with fifty writers in threads.
"""

import os
import random
import sqlite3
import threading
import time
from collections import defaultdict, deque
from contextlib import contextmanager

from django.db.backends.sqlite3 import base, features

# Seconds between two tries of the one who tries: short, so that the lock is never idle for long.
SHORTEST, LONGEST = 0.0005, 0.003


class Turns:
    """Who waits in this process for the write lock of one file, in the order they came. Only the first of them tries.

    Were all to try at once, the one who just gave the lock back would take it again before another is awake, and some
    of fifty would starve. Between processes chance decides: they are few.
    """

    def __init__(self):
        self.door, self.waiting = threading.Lock(), deque()

    @contextmanager
    def turn(self, seconds):
        """Waits for one's turn, at most so long."""
        mine = threading.Event()
        with self.door:
            self.waiting.append(mine)
            self.waiting[0].set()
        try:
            mine.wait(seconds)
            yield
        finally:
            with self.door:
                self.waiting.remove(mine)
                if self.waiting:
                    self.waiting[0].set()


turns = defaultdict(Turns)
# Nobody waits yet in a process that was just forked, whoever waited in its parent.
os.register_at_fork(after_in_child=turns.clear)


class Cursor(base.SQLiteCursorWrapper):
    """Outside a transaction nothing is lost by trying again; inside one the write lock is held already (IMMEDIATE)."""

    patience, turns = 0.0, None

    def execute(self, query, params=None):
        """Raises sqlite3.OperationalError "database is locked" once the patience (seconds) is over."""
        until = time.monotonic() + self.patience
        # Who opens a transaction queues behind those who wait; others queue once they find the lock taken.
        if not (query.startswith("BEGIN") and self.turns.waiting):
            try:
                return super().execute(query, params)
            except sqlite3.OperationalError as error:
                if not self.is_to_wait(error, until):
                    raise
        with self.turns.turn(max(0.0, until - time.monotonic())):
            while True:
                try:
                    return super().execute(query, params)
                except sqlite3.OperationalError as error:
                    if not self.is_to_wait(error, until):
                        raise
                time.sleep(random.uniform(SHORTEST, LONGEST))  # noqa: S311 - no secret hangs on a nap

    def is_to_wait(self, error, until):
        busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
        return busy and not self.connection.in_transaction and time.monotonic() < until


class Features(features.DatabaseFeatures):
    # Django asks SQLite, in a transaction of its own: within one that was begun by hand the answer is an error, which
    # it would take for “no” as long as the process lives. Every SQLite that Django takes has JSON.
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    """OPTIONS["timeout"] is the patience, in seconds, that a statement outside a transaction has."""

    features_class = Features

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0").close()
        return connection

    def create_cursor(self, name=None):
        cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = self.settings_dict["OPTIONS"].get("timeout", 5.0)
        cursor.turns = turns[str(self.settings_dict["NAME"])]
        return cursor
