"""What people see while the database is away or full, and who goes on by himself afterwards."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError
from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse

from shop_cs import sweep
from shop_cs.management.commands import serve
from shop_cs.management.commands import sweep as sweeping
from shop_cs.models import Heartbeat


@pytest.fixture
def web(cast, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    client.raise_request_exception = False
    return client


def away(error):
    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("connection already closed")])
@pytest.mark.parametrize("method", ["load", "save"])
def test_a_database_that_is_away_before_or_after_the_view_is_503_too(web, settings, monkeypatch, error, method):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    monkeypatch.setattr(SessionStore, method, away(error))
    response = web.get("/s/S001/requests/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "gone" not in response.text


def test_it_recovers_by_itself(web, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("shop_cs.moment.now", away(InterfaceError("closed")))
        assert web.get("/s/S001/requests/").status_code == 503
    assert web.get("/s/S001/requests/").status_code == 200


def test_who_was_writing_is_told_to_look_first_and_who_was_reading_that_nothing_changed(web, monkeypatch):
    monkeypatch.setattr("shop_cs.moment.now", away(OperationalError("gone")))
    url = reverse("requests", args=["S001"])
    assert "Nothing was changed" in web.get(url).text
    posted = web.post(url)
    assert posted.status_code == 503
    assert "Look whether it was done before you send it again" in posted.text
    assert "Nothing was changed" not in posted.text


def test_another_system_is_answered_in_json(client, db, monkeypatch):
    monkeypatch.setattr("tickets.views.api.api_actor", away(OperationalError("gone")))
    response = client.post("/api/requests/", "{}", content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (503, "unavailable")


def sqlite_full():
    with closing(sqlite3.connect(":memory:")) as full:
        full.execute("PRAGMA max_page_count = 1")
        try:
            full.execute("CREATE TABLE t (x)")
        except sqlite3.OperationalError as error:
            return error


class PostgresFull(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize("cause", [sqlite_full(), PostgresFull()])
def test_a_full_disk_is_507_and_says_that_trying_again_does_not_help(web, monkeypatch, cause):
    error = OperationalError("full")
    error.__cause__ = cause
    monkeypatch.setattr("shop_cs.moment.now", away(error))
    response = web.post(reverse("requests", args=["S001"]))
    assert response.status_code == 507
    assert "The disk of the database is full" in response.text


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_worker_does_not_blame_the_rows_for_a_database_that_is_away(db, monkeypatch, error):
    tried = []
    monkeypatch.setattr(sweep, "_one_by_one", lambda *args: tried.append(args))
    monkeypatch.setattr(sweep, "_batch", away(error))
    with pytest.raises(type(error)):
        sweep.one_pass()
    assert not tried


def test_the_worker_goes_on_when_the_database_is_back(db, monkeypatch):
    stop, answers = sweeping.Stop(), [InterfaceError("closed"), OperationalError("starting up"), None]
    real = sweep.one_pass

    def one_pass(**said):
        if error := answers.pop(0):
            raise error
        counts = real(**said)
        stop.asked = True
        return counts

    monkeypatch.setattr(sweep, "one_pass", one_pass)
    monkeypatch.setattr(sweeping, "close_old_connections", lambda: None)
    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    with transaction.atomic():
        sweeping.loop(stop, every=5)
    assert not answers
    assert Heartbeat.objects.filter(name=sweep.HEARTBEAT).exists()


def test_a_child_is_started_again_at_once_then_later_and_later_and_in_the_end_not():
    again, now, waits = serve.Again(), 0.0, []
    while not again.given_up():
        begun = now
        while not again.wanted(now):
            now += 1
        waits.append(now - begun)
        again.started(now)
        again.lives(now + serve.LONG_LIFE_SECONDS - 0.001)
    assert waits == [0, 1, 3, 7, 15, 31]
    again.lives(now + serve.LONG_LIFE_SECONDS)
    assert not again.given_up()


def test_a_killed_worker_is_back_and_what_always_ends_is_named():
    def start():
        return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)

    children, again = {"the worker": start()}, {"the worker": serve.Again()}
    first = children["the worker"]
    first.kill()
    first.wait()
    serve._revive(children, again, {"the worker": start}, now=0.0)
    second = children["the worker"]
    assert second is not first
    assert second.poll() is None
    second.terminate()
    assert second.wait() == -signal.SIGTERM
    again["the worker"].given_up = lambda: True
    with pytest.raises(CommandError, match="The worker has ended with -15"):
        serve._revive(children, again, {}, now=0.0)
    first.stdin.close()
    second.stdin.close()
