"""Workers of exports: killed in the middle, given up, asked to end, several at once; a job is made whole, and once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop_cs.exporting import asking, running, tending, working
from shop_cs.exporting.tending import SILENT
from shop_cs.management.commands import jobs
from shop_cs.models import ExportJob, Heartbeat
from tests.export_stories import asked, fresh, work
from tests.people import TUESDAY_10
from tests.shop_cs.killed_exporter import JOBS, ROWS
from tests.stories import send

EXPORTER = "tests.shop_cs.killed_exporter"
MICROSECOND = TUESDAY_10.resolution
own_database = pytest.mark.django_db(transaction=True)


@own_database
def test_a_worker_killed_anywhere_leaves_one_whole_file(program, tmp_path):
    """Killed between two batches, before its file is kept and after: the next begins anew, after a long silence."""
    found = program(EXPORTER, "kill", tmp_path)
    assert found["came"] == [True, [0, "running"]] * 3
    assert (found["status"], found["tries"], found["told"].count("make_export")) == ("ready", 4, 1)
    assert (found["lines"], found["numbers"]) == (ROWS + 1, ROWS + 1)
    assert found["files"] == [f"{found['pk']}-4.csv"]


@own_database
def test_killed_for_the_fourth_time_it_has_failed_in_words(program, tmp_path):
    (tmp_path / "exports").mkdir()
    found = program(EXPORTER, "kill_always", tmp_path)
    assert found["stood"] == ["running"] * 4
    assert (found["status"], found["trouble"], found["tries"], found["last"]) == ("failed", "killed", 4, 0)
    assert (found["told"], found["files"]) == (["ask_export", "fail_export"], [])


@own_database
def test_several_workers_make_each_job_once(program, tmp_path):
    found = program(EXPORTER, "many", tmp_path)
    assert found == {"ready": JOBS, "told": [1] * JOBS, "lines": [ROWS + 1] * JOBS, "files": JOBS}


@own_database
def test_cancelled_while_the_database_reads_ahead_nothing_stays_open(program, tmp_path):
    (tmp_path / "exports").mkdir()
    found = program(EXPORTER, "cancel", tmp_path)
    assert (found["cancelled"], found["threads"]) == (["cancelled", "cancelled"], 1)
    assert (found["status"], found["lines"], found["trouble"]) == ("ready", ROWS + 1, "")


def silent_for(job, length):
    ExportJob.everything.filter(pk=job.pk).update(status="running", tries=1, beat_at=TUESDAY_10)
    return tending.reap(now=TUESDAY_10 + length)


@pytest.mark.parametrize(("length", "status"), [(SILENT, "running"), (SILENT + MICROSECOND, "waiting")])
def test_who_is_silent_for_long_is_given_up(cast, length, status):
    job = asked(cast)
    silent_for(job, length)
    assert fresh(job).status == status


@pytest.mark.parametrize(("tries", "status"), [(3, "waiting"), (4, "failed")])
def test_it_is_set_back_three_times_at_most(cast, tries, status):
    job = asked(cast)
    ExportJob.everything.update(status="running", tries=tries, beat_at=TUESDAY_10)
    tending.reap(now=TUESDAY_10 + SILENT + MICROSECOND)
    assert (fresh(job).status, fresh(job).trouble) == (status, "" if tries == 3 else "killed")


def test_what_was_to_be_cancelled_is_not_begun_anew(cast):
    job = asked(cast)
    ExportJob.everything.update(status="running", cancel_asked_at=TUESDAY_10)
    silent_for(job, SILENT + MICROSECOND)
    assert fresh(job).status == "cancelled"


def test_who_was_given_up_and_comes_back_leaves_nothing(cast, monkeypatch):
    true = running.keeping.put

    def put(path, job):
        kept = true(path, job)
        # Meanwhile the job was given up and begun by another.
        ExportJob.everything.filter(pk=job.pk).update(tries=job.tries + 1)
        return kept

    send(cast)
    job = asked(cast)
    monkeypatch.setattr(running.keeping, "put", put)
    work()
    assert (fresh(job).status, fresh(job).tries, fresh(job).file) == ("running", 2, "")
    assert running.keeping.storage().listdir("exports")[1] == []
    assert fresh(job).log.history.filter(move="make_export").count() == 0


def test_a_job_whose_task_was_lost_gets_another(cast):
    job = asked(cast)
    assert working._claimed("who is killed now")
    assert work() == {"reaped": 0, "expired": 0, "enqueued": 1, "pruned": 0, "done": 1}
    assert fresh(job).status == "ready"


def test_a_task_that_comes_twice_makes_one_file(cast):
    job = asked(cast)
    running_tasks = asking.tasks
    running_tasks.enqueue(job)
    assert work()["done"] == 2
    assert fresh(job).tries == 1 and fresh(job).log.history.filter(move="make_export").count() == 1


def test_asked_to_end_it_lets_another_begin_anew_and_the_try_does_not_count(cast, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    asks = iter([False, False, True, True])
    for _n in range(3):
        send(cast)
    job = asked(cast)
    assert work(ending=lambda: next(asks))["done"] == 1
    assert (fresh(job).status, fresh(job).tries, fresh(job).rows_done) == ("waiting", 0, 0)
    work(TUESDAY_10 + timedelta(seconds=1))
    assert (fresh(job).status, fresh(job).rows) == ("ready", 3)


def test_each_batch_is_a_sign_of_life_and_of_how_far_it_is(cast, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    seen, true = [], running._beat

    def beat(other, job, done, now):
        true(other, job, done, now)
        seen.append((fresh(job).rows_done, fresh(job).rows, fresh(job).beat_at))

    for _n in range(5):
        send(cast)
    asked(cast)
    monkeypatch.setattr(running, "_beat", beat)
    work()
    assert seen == [(done, 5, TUESDAY_10) for done in (0, 2, 4)]


@pytest.mark.parametrize(("seconds", "beats"), [(29.999999, False), (30, True)])
def test_an_idle_pass_writes_nothing_but_a_beat_each_half_minute(cast, seconds, beats):
    work()
    with CaptureQueriesContext(connection) as asked_:
        work(TUESDAY_10 + timedelta(seconds=seconds))
    written = [one["sql"] for one in asked_ if not one["sql"].startswith("SELECT")]
    assert any("UPDATE" in sql for sql in written) == beats
    assert beats or written == []


def test_a_long_job_beats_for_its_worker_too(cast, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    for _n in range(5):
        send(cast)
    asked(cast)
    seen, true = [], running._beat
    moments = iter([TUESDAY_10 + timedelta(seconds=n) for n in (29, 30, 45)])

    def beat(other, job, done, now):
        true(other, job, done, next(moments))
        seen.append((Heartbeat.objects.get(name="jobs").at - TUESDAY_10).total_seconds())

    monkeypatch.setattr(running, "_beat", beat)
    work()
    assert seen == [0, 30, 30]


def test_a_pass_is_the_pulse_of_its_own(cast):
    work()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"jobs"}


class Once:
    """Asked to end after the first pass."""

    asked = False

    def wait(self, seconds):
        self.asked = True


def test_a_pass_that_fails_does_not_end_the_worker(monkeypatch, caplog):
    def fail(**said):
        raise RuntimeError("storage away")

    monkeypatch.setattr(working, "one_pass", fail)
    stop = Once()
    jobs.loop(stop, every=1, worker="w")
    assert stop.asked and "trying again" in caplog.text
