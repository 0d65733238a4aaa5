"""Waiting for SQLite's write lock: until it is free, not for ever, and holding nothing that others need."""

import threading
from collections import deque
from contextlib import closing
from threading import Semaphore

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from shop_cs.sqlite import base


@pytest.fixture
def open_file(tmp_path, django_db_blocker):
    """Gives connections, made as the product makes them, to one database file."""
    opened = []

    def open_one(patience):
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": patience,
            "init_command": "PRAGMA journal_mode=WAL;",
            "check_same_thread": False,
        }
        file = {"ENGINE": "shop_cs.sqlite", "NAME": tmp_path / "one.sqlite3", "OPTIONS": options}
        handler = ConnectionHandler({"default": file})
        connection = handler["default"]
        connection.inc_thread_sharing()
        connection.ensure_connection()
        opened.append(connection)
        return connection

    with django_db_blocker.unblock():
        yield open_one
    for connection in opened:
        connection.close()


def run(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def holder(open_file):
    """A connection that holds the write lock."""
    connection = open_file(1)
    run(connection, "CREATE TABLE one (x INTEGER)")
    run(connection, "BEGIN IMMEDIATE")
    return connection


def test_a_writer_waits_until_the_lock_is_free(open_file, holder):
    waiting, tried, done = open_file(600), threading.Event(), []
    waiting.execute_wrappers.append(lambda execute, *said: (tried.set(), execute(*said))[1])

    def write():
        run(waiting, "INSERT INTO one VALUES (1)")
        done.append(True)

    thread = threading.Thread(target=write)
    thread.start()
    tried.wait()
    assert not done
    run(holder, "COMMIT")
    thread.join()
    assert done


class Queue(deque):
    """Says of each who comes that he has come."""

    def __init__(self):
        super().__init__()
        self.come = Semaphore(0)

    def append(self, one):
        super().append(one)
        self.come.release()


@pytest.fixture
def queue(holder, monkeypatch):
    """Those who wait for the holder's file."""
    found = Queue()
    monkeypatch.setattr(base.turns[str(holder.settings_dict["NAME"])], "waiting", found)
    return found


def writer(connection, name, order):
    """A thread that writes in a transaction, and puts down when it had the lock."""

    def write():
        run(connection, "BEGIN IMMEDIATE")
        order.append(name)
        run(connection, "COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_writers_have_their_turns_in_the_order_they_came(open_file, holder, queue):
    order, threads = [], []
    for name in range(5):
        threads.append(writer(open_file(600), name, order))
        queue.come.acquire()
    run(holder, "COMMIT")
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_gives_the_lock_back_and_wants_it_again_comes_last(open_file, holder, queue):
    order = []
    waiting = writer(open_file(600), "waits", order)
    queue.come.acquire()
    run(holder, "COMMIT")
    run(holder, "BEGIN IMMEDIATE")
    order.append("again")
    run(holder, "COMMIT")
    waiting.join()
    assert order == ["waits", "again"]


def test_who_gave_up_keeps_nobody_waiting(open_file, holder, queue):
    with pytest.raises(OperationalError, match="database is locked"):
        run(open_file(0.01), "BEGIN IMMEDIATE")
    assert not queue
    run(holder, "COMMIT")
    order = []
    writer(open_file(600), "next", order).join()
    assert order == ["next"]


def test_a_writer_gives_up_in_the_end(open_file, holder):
    with pytest.raises(OperationalError, match="database is locked"):
        run(open_file(0.05), "INSERT INTO one VALUES (1)")


def test_who_waits_can_be_tidied_away_by_another_thread(open_file, holder, monkeypatch):
    """The collector of a thread that holds the lock closes the cursors of one that waits for it: it must not wait."""
    waiting, naps, go_on = open_file(600), threading.Event(), threading.Event()
    other = waiting.connection.cursor()
    other.execute("SELECT 1")
    monkeypatch.setattr(base.time, "sleep", lambda seconds: (naps.set(), go_on.wait()))
    thread = threading.Thread(target=run, args=[waiting, "INSERT INTO one VALUES (1)"])
    thread.start()
    naps.wait()
    other.close()
    run(holder, "COMMIT")
    go_on.set()
    thread.join()
    with holder.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM one").fetchone() == (1,)


def test_other_errors_are_not_tried_again(open_file):
    with pytest.raises(OperationalError, match="no such table"):
        run(open_file(600), "INSERT INTO nowhere VALUES (1)")


def test_inside_a_transaction_nothing_is_tried_again(open_file, holder, monkeypatch):
    """Its snapshot is old then: only the whole transaction can be done again."""
    late = open_file(600)
    monkeypatch.setattr(base.time, "sleep", lambda seconds: pytest.fail("waits with a transaction open"))
    run(late, "BEGIN DEFERRED")
    with pytest.raises(OperationalError, match="database is locked"):
        run(late, "INSERT INTO one VALUES (1)")
    run(late, "ROLLBACK")


def test_the_connection_itself_does_not_wait(open_file):
    with closing(open_file(600).connection.execute("PRAGMA busy_timeout")) as found:
        assert found.fetchone() == (0,)


def test_json_is_known_whatever_is_under_way(holder):
    """Asked first within a transaction that was begun by hand, as an export's snapshot is."""
    assert holder.features.has_json_object_function
