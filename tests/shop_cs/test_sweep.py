"""The sweep: nothing lost, nothing twice, nothing early; a row that fails does not stop the others."""

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError

from shop_cs import sweep
from shop_cs.models import Heartbeat
from tests import stories
from tests.people import TUESDAY_10
from tickets import sweeps
from tickets.models import ServiceRequest

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
URGENT = {"kind": "urgent", "category": "risky_product"}
NOON = TUESDAY_10 + 2 * HOUR


def late(cast, many):
    return [stories.send(cast, **URGENT) for _ in range(many)]


def overdue_rows():
    return ServiceRequest.history.filter(move="overdue").count()


@pytest.mark.parametrize(("most", "batches"), [(2, [2, 1]), (3, [3]), (500, [3])])
def test_a_batch_has_no_more_rows_than_its_job_allows(cast, monkeypatch, most, batches):
    requests, taken = late(cast, 3), []

    def act(rows, *, now):
        taken.append(len(rows))
        return []

    rows = ServiceRequest.everything.filter(pk__in=[one.pk for one in requests]).order_by("pk")
    monkeypatch.setattr(sweep, "JOBS", [sweep.Job("few", lambda now: rows, act, most)])
    stories.sweep_at(NOON)
    assert taken == batches


@pytest.mark.parametrize(("tidies", "batches"), [(True, 2), (False, 3)])
def test_what_only_tidies_leaves_off_after_a_while_and_goes_on_in_the_next_pass(cast, monkeypatch, tidies, batches):
    """The clock stands at the beginning and at the last instant of its time, then behind it."""
    requests, taken = late(cast, 3), []
    rows = ServiceRequest.everything.filter(pk__in=[one.pk for one in requests]).order_by("pk")
    job = sweep.Job("tidy", lambda now: rows, lambda some, *, now: taken.append(some) or [], most=1, tidies=tidies)
    monkeypatch.setattr(sweep, "JOBS", [job])
    over = NOON + sweep.TIDYING
    said = iter([NOON, over, *[over + MICROSECOND] * 10])
    sweep.one_pass(now=lambda: next(said))
    assert len(taken) == batches


def test_the_jobs_run_in_the_order_in_which_one_may_cause_the_next():
    assert [job.name for job in sweep.JOBS][:6] == [
        "send",
        "overdue",
        "due_soon",
        "surveys",
        "unconfirmed",
        "platform_late",
    ]


def test_jobs_are_registered_once_however_often_it_is_said():
    before = list(sweep.JOBS)
    sweep.register(*before)
    assert before == sweep.JOBS
    assert callable(sweeps.connect)


def test_nothing_is_done_early_and_nothing_twice(cast):
    late(cast, 3)
    # What only tidies up has something to do after every change.
    timed = [job.name for job in sweep.JOBS if not job.tidies]
    assert not any(map(stories.sweep_at(NOON).get, timed))
    assert stories.sweep_at(NOON + MICROSECOND)["overdue"] == 3
    assert sum(stories.sweep_at(NOON + MICROSECOND).values()) == 0
    assert overdue_rows() == 3


@pytest.mark.parametrize("many", [4, 5, 6, 10, 11])
def test_what_is_due_is_taken_in_batches_until_none_is_left(cast, many):
    late(cast, many)
    told = []
    counts = sweep.one_pass(now=lambda: NOON + HOUR, batch=5, progress=lambda job, moved: told.append((job, moved)))
    assert counts["overdue"] == overdue_rows() == many
    steps = [moved for job, moved in told if job == "overdue"]
    assert steps[-1] == many
    assert all(1 <= after - before <= 5 for before, after in zip([0, *steps], steps, strict=False) if after != before)


def test_each_batch_asks_the_time_anew(cast):
    first, second = late(cast, 1)[0], stories.send(cast, now=TUESDAY_10 + HOUR, **URGENT)
    times = iter([first.deadline + MICROSECOND] * 2)
    counts = sweep.one_pass(now=lambda: next(times, second.deadline + MICROSECOND), batch=1)
    assert counts["overdue"] == 2


@pytest.fixture
def broken(cast, monkeypatch):
    """Of five overdue requests the third can never be moved."""
    requests = late(cast, 5)
    act = sweep.JOBS[1].act

    def fails_for_one(rows, *, now):
        if any(row.pk == requests[2].pk for row in rows):
            raise ValueError("broken row")
        return act(rows, now=now)

    job = sweep.Job("overdue", sweep.JOBS[1].due, fails_for_one)
    monkeypatch.setattr(sweep, "JOBS", [job])
    return requests


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 100])
def test_a_row_that_always_fails_does_not_stop_the_others_and_is_named_in_the_log(broken, batch, caplog):
    with caplog.at_level(logging.ERROR, logger="shop_cs.sweep"):
        counts = sweep.one_pass(now=lambda: NOON + HOUR, batch=batch)
    assert counts == {"overdue": 4}
    assert f"row {broken[2].pk} failed" in caplog.text
    assert stories.fresh(broken[2]).state == "pending"
    assert {stories.fresh(one).state for one in broken if one != broken[2]} == {"reviewing"}


def test_the_next_pass_tries_it_again(broken, monkeypatch):
    sweep.one_pass(now=lambda: NOON + HOUR)
    monkeypatch.undo()
    assert sweep.one_pass(now=lambda: NOON + 2 * HOUR)["overdue"] == 1
    assert stories.fresh(broken[2]).overdue_at == broken[2].deadline


def test_a_row_that_somebody_else_moved_meanwhile_does_not_come_again_and_again(cast, monkeypatch):
    late(cast, 3)
    asked = []
    job = sweep.Job("idle", sweep.JOBS[1].due, lambda rows, *, now: asked.append(len(rows)) or [])
    monkeypatch.setattr(sweep, "JOBS", [job])
    assert sweep.one_pass(now=lambda: NOON + HOUR, batch=2) == {"idle": 0}
    assert asked == [2, 1]


@pytest.mark.parametrize("whole", [True, False], ids=["in the batch", "row by row"])
def test_when_the_database_fails_the_pass_ends_and_says_so(cast, monkeypatch, whole):
    late(cast, 2)

    def hiccup(rows, *, now):
        if not whole and len(rows) > 1:
            raise ValueError
        raise OperationalError("gone")

    monkeypatch.setattr(sweep, "JOBS", [sweep.Job("overdue", sweep.JOBS[1].due, hiccup)])
    with pytest.raises(OperationalError):
        sweep.one_pass(now=lambda: NOON + HOUR)
    assert not Heartbeat.objects.exists()


def test_a_pass_leaves_a_heartbeat_at_the_time_of_its_end(db):
    times = iter([TUESDAY_10] * len(sweep.JOBS) + [NOON])
    sweep.one_pass(now=lambda: next(times))
    assert Heartbeat.objects.get(name=sweep.HEARTBEAT).at == NOON
    sweep.beat(at=NOON + HOUR)
    assert Heartbeat.objects.get(name=sweep.HEARTBEAT).at == NOON + HOUR
