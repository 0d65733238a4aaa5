"""What an operator types: the deadline explained, the sweep, the demo, the diagrams, everything served."""

import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import translation

from shop_cs import sweep
from shop_cs.demo.people import LOGINS, PASSWORD
from shop_cs.management.commands import diagrams, serve
from shop_cs.management.commands import sweep as sweeping
from shop_cs.models import Evidence, Heartbeat, Order, Rulebook, Shop, User
from tests.people import TUESDAY_10
from tests.stories import send
from tickets import moves
from tickets.models import ServiceRequest, State

MINUTE = timedelta(minutes=1)


def said(capsys, *words, **options):
    with translation.override("en"):
        call_command(*words, **options)
    return capsys.readouterr().out.strip().splitlines()


# The deadline.
def test_the_sources_own_example_is_explained_stretch_by_stretch(db, capsys):
    assert said(capsys, "deadline", "2026-11-21 20:00", "12h") == [
        "Limit 12 h of working time from 2026-11-21 20:00; rulebook version “current”.",
        "2026-11-21 20:00 to 21:00, 1 h: counts",
        "2026-11-21 21:00 to 2026-11-22 09:00, 12 h: does not count: outside the working hours",
        "2026-11-22 09:00 to 20:00, 11 h: counts",
        "Deadline: 2026-11-22 20:00.",
        "2026-11-22T20:00:00+08:00",
    ]


@pytest.mark.parametrize("start", ["2026-03-03 10:00", "2026-03-03T02:00:00+00:00", "2026-03-03T02:00Z"])
def test_a_bare_start_is_shanghais_and_an_offset_is_kept_to(start, db, capsys):
    assert said(capsys, "deadline", start, "2h")[-1] == "2026-03-03T12:00:00+08:00"


@pytest.mark.parametrize("limit", ["90m", "1h30m", "1.5h"])
def test_a_limit_is_written_in_hours_and_minutes(limit, db, capsys):
    assert said(capsys, "deadline", "2026-03-03 10:00", limit)[-1] == "2026-03-03T11:30:00+08:00"


@pytest.mark.parametrize("limit", ["", "h", "12", "-1h", "1d", "0h", "0m", "1h 30m x", "8784h1m", "½h", "١h"])
def test_a_limit_that_is_none_is_refused_in_words(limit, db):
    with pytest.raises(CommandError, match="limit"):
        call_command("deadline", "2026-03-03 10:00", limit)


@pytest.mark.parametrize("start", ["", "tomorrow", "2026-02-30 10:00", "2026-03-03 25:00", "10:00"])
def test_a_start_that_is_no_moment_is_refused_in_words(start, db):
    with pytest.raises(CommandError, match="is no moment"):
        call_command("deadline", start, "12h")


@pytest.mark.parametrize("start", ["9999-12-31 20:00", "0001-01-01 00:00"])
def test_a_start_at_an_end_of_the_calendar_is_refused_in_words(start, db):
    with pytest.raises(CommandError, match="years are 1 to 9999"):
        call_command("deadline", start, "24h", rulebook="current")


def test_the_rulebook_is_the_one_in_force_at_the_start_unless_another_is_named(db, capsys):
    change = Rulebook.objects.get(name="current").effective_from
    before = (change - MINUTE).isoformat()
    assert "“2022-12”" in said(capsys, "deadline", before, "1h")[0]
    assert "“current”" in said(capsys, "deadline", change.isoformat(), "1h")[0]
    assert "“current”" in said(capsys, "deadline", before, "1h", rulebook="current")[0]


def test_no_rulebook_and_an_unknown_one_are_refused_in_words(db):
    with pytest.raises(CommandError, match="No version of the rulebook was in force"):
        call_command("deadline", "1999-01-01 10:00", "1h")
    with pytest.raises(CommandError, match="There are: current, 2022-12"):
        call_command("deadline", "2026-03-03 10:00", "1h", rulebook="2024")


# The sweep.
def test_one_pass_prints_what_it_moved_in_one_line(cast, at, capsys, monkeypatch):
    record = send(cast)
    monkeypatch.setattr(
        sweep.one_pass, "__kwdefaults__", {**sweep.one_pass.__kwdefaults__, "now": lambda: late(record)}
    )
    (line,) = said(capsys, "sweep", once=True)
    assert "overdue=1" in line.split()
    assert "send=0" in line.split()


def late(record):
    return record.deadline + MINUTE


def test_the_sweep_wants_to_know_whether_once_or_for_ever(db):
    with pytest.raises(CommandError, match="one of the arguments --once --loop is required"):
        call_command("sweep")


def test_a_pause_of_nothing_is_refused(db):
    with pytest.raises(CommandError, match="more than 0"):
        call_command("sweep", loop=True, every=0)


def test_one_pass_on_a_dead_database_ends_in_words(db, monkeypatch):
    monkeypatch.setattr(sweep, "one_pass", failing(times=1))
    with pytest.raises(CommandError, match="The database does not answer: gone"):
        call_command("sweep", once=True)


def failing(times, then=None):
    left = iter(range(times))

    def one_pass(**options):
        if next(left, None) is not None:
            raise OperationalError("gone")
        return then() if then else {}

    return one_pass


def test_the_loop_outlives_a_database_that_fails(db, monkeypatch, caplog):
    stop, passes = sweeping.Stop(), []
    monkeypatch.setattr(sweeping, "close_old_connections", lambda: None)
    monkeypatch.setattr(sweep, "one_pass", failing(times=2, then=lambda: (passes.append(1), stop.ask())))
    sweeping.loop(stop, every=0.001)
    assert passes == [1]
    assert caplog.text.count("the database does not answer, trying again") == 2


def test_the_loop_beats_at_each_pass(db, monkeypatch):
    stop = sweeping.Stop()
    monkeypatch.setattr(sweeping, "close_old_connections", lambda: None)
    monkeypatch.setattr(stop, "wait", lambda seconds: stop.ask())
    sweeping.loop(stop, every=5)
    assert Heartbeat.objects.filter(name=sweep.HEARTBEAT).exists()


def test_a_long_pass_beats_after_thirty_seconds_and_not_before(db, at):
    pulse = sweeping._Pulse(sweeping.Stop())
    at(TUESDAY_10 + timedelta(seconds=29, milliseconds=999))
    pulse("overdue", 500)
    assert not Heartbeat.objects.exists()
    at(TUESDAY_10 + timedelta(seconds=30))
    pulse("overdue", 1000)
    assert Heartbeat.objects.get(name=sweep.HEARTBEAT).at == TUESDAY_10 + timedelta(seconds=30)


def test_a_pass_that_is_asked_to_end_ends_after_the_batch(cast, at, monkeypatch):
    first, second = send(cast), send(cast)
    stop = sweeping.Stop()
    stop.ask()
    with pytest.raises(sweeping.Stopped):
        sweep.one_pass(now=lambda: late(second), batch=1, progress=sweeping._Pulse(stop))
    states = set(ServiceRequest.everything.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True))
    assert states == {State.PENDING}, "the first job had nothing to do, and the pass ended after it"


# The demo.
def test_the_demo_a_second_time_changes_nothing_and_everybody_can_log_in(db, at, client, capsys):
    def counts():
        scoped = [model.everything.count() for model in (Order, ServiceRequest, Evidence)]
        return [User.objects.count(), Shop.objects.count(), *scoped]

    call_command("demo")
    made = counts()
    call_command("demo")
    assert counts() == made
    assert "nothing was changed" in capsys.readouterr().out
    validate_password(PASSWORD)
    assert all(client.login(username=login.username, password=PASSWORD) for login in LOGINS)


def test_the_demo_never_comes_into_a_database_that_somebody_uses(cast, at, capsys):
    call_command("demo")
    assert not User.objects.filter(username="admin").exists()


# The diagrams.
def test_the_readme_draws_the_lifecycle_as_its_table_says():
    text = diagrams.README.read_text(encoding="utf-8")
    assert diagrams.filled_in(text) == text, "run: manage.py diagrams"


def test_each_move_is_an_arrow_with_what_happens_and_who_does_it():
    drawn = diagrams.mermaid(moves.LIFECYCLE).splitlines()
    assert "    pending --> reviewing: overdue (clock)" in drawn
    assert "    [*] --> pending: create [otherwise] (agent, api, import)" in drawn
    assert "    closed --> [*]" in drawn
    assert len(drawn) == 1 + sum(len(move.sources) * len(move.targets()) for move in moves.LIFECYCLE) + 1


def test_a_readme_that_is_behind_is_refused_by_the_check_and_mended_without(tmp_path, monkeypatch, capsys):
    readme = tmp_path / "README.md"
    places = [f"a <!-- lifecycle:{name} -->old<!-- /lifecycle --> b" for name in diagrams.LIFECYCLES]
    readme.write_text("".join(places), encoding="utf-8")
    monkeypatch.setattr(diagrams, "README", readme)
    with pytest.raises(CommandError, match="behind the tables"):
        call_command("diagrams", check=True)
    call_command("diagrams")
    call_command("diagrams", check=True)
    assert readme.read_text(encoding="utf-8").startswith("a <!-- lifecycle:tickets -->\n```mermaid\nstateDiagram-v2")


def test_a_readme_without_a_place_for_it_is_told(tmp_path):
    with pytest.raises(CommandError, match="no place for a diagram"):
        diagrams.filled_in("nothing here")


# Everything served.
@pytest.fixture
def signals():
    """What this process does at a signal is afterwards as before."""
    before = {number: signal.getsignal(number) for number in serve.ENDINGS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_port_in_use_is_told_in_words(signals):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="Choose another port"):
            call_command("serve", port=taken.getsockname()[1])


MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The environment of an installation of its own, migrated."""
    env = {**os.environ, "VAR_DIR": str(tmp_path_factory.mktemp("var")), "DEMO": "1"}
    env.pop("DATABASE_URL", None)
    subprocess.run([*MANAGE, "migrate", "-v0"], env=env, check=True)
    return env


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_served_it_answers_and_ends_cleanly_with_all_its_children(ending, elsewhere):
    port = free_port()
    command = [*MANAGE, "serve", f"--port={port}"]
    with subprocess.Popen(
        command, env=elsewhere, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as served:
        told = [served.stdout.readline() for _line in range(3)]
        assert told[0].split() == ["Workbench", f"http://127.0.0.1:{port}/"]
        css = urlopen(f"http://127.0.0.1:{port}/static/unfold/css/styles.css", timeout=20)
        assert css.status == 200
        served.send_signal(ending)
        rest = served.communicate(timeout=30)[0]
    assert served.returncode == 0, rest
    assert "Traceback" not in rest
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_child_that_ends_takes_all_down_and_is_named(signals):
    with subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as worker:
        worker.wait()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as web:
        with pytest.raises(CommandError, match="The worker has ended with 3"):
            serve._all_alive({"the web server": web, "the worker": worker})
        serve._end([web])
    assert web.returncode == -signal.SIGTERM
