"""What must not stay of exports: files of tries that broke, filters that hold a number, one job more than allowed."""

import logging
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from shop_cs.exporting import asking, keeping, running, showing, tending
from shop_cs.exporting.tending import SILENT
from shop_cs.models import ExportJob
from shop_cs.moves import Refused
from tests.export_stories import asked, fresh, made, work
from tests.people import TUESDAY_10
from tests.stories import send

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MICROSECOND = TUESDAY_10.resolution


def files():
    try:
        return storages["exports"].listdir("exports")[1]
    except FileNotFoundError:
        return []


def away(*args, **said):
    raise OSError("away")


@pytest.fixture
def stuck(monkeypatch):
    """The storage deletes nothing, until told."""
    with monkeypatch.context() as patch:
        patch.setattr(type(keeping.storage()), "delete", away)
        yield patch


def test_a_disk_that_is_full_keeps_no_part_of_a_file(cast, monkeypatch):
    kind = type(keeping.storage())
    true = kind._save

    def full(self, name, content):
        true(self, name, content)
        raise OSError("no space left")

    monkeypatch.setattr(kind, "_save", full)
    assert (made(cast).trouble, files()) == ("broken", [])


def test_the_size_is_told_by_the_file_not_by_the_storage(cast, monkeypatch):
    monkeypatch.setattr(type(keeping.storage()), "size", away)
    job = made(cast)
    assert job.status == "ready"
    with keeping.opened(job.file) as content:
        assert job.size == len(content.read())


def test_a_commit_whose_answer_is_lost_leaves_the_file_to_the_reaper(cast, monkeypatch):
    true = running._ready

    def lost(job, **said):
        true(job, **said)
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(running, "_ready", lost)
    job = asked(cast)
    with pytest.raises(OperationalError):
        work()
    assert (fresh(job).status, files()) == ("ready", [f"{job.pk}-1.csv"])


def test_what_was_not_committed_loses_its_file_when_it_is_given_up(cast, monkeypatch):
    def lost(job, **said):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(running, "_ready", lost)
        job = asked(cast)
        with pytest.raises(OperationalError):
            work()
    assert (fresh(job).status, len(files())) == ("running", 1)
    tending.reap(now=TUESDAY_10 + SILENT + MICROSECOND)
    assert (fresh(job).status, files()) == ("waiting", [])


def test_what_could_not_be_deleted_at_reaping_is_deleted_when_all_is_over(cast, stuck):
    job = asked(cast)
    storages["exports"].save(f"exports/{job.pk}-1.csv", ContentFile(b"half"))
    ExportJob.everything.update(status="running", tries=1, beat_at=TUESDAY_10)
    again = TUESDAY_10 + SILENT + MICROSECOND
    assert work(again)["reaped"] == 1
    assert (fresh(job).status, len(files())) == ("ready", 2)
    stuck.undo()
    tending.expire(now=again + running.KEPT + MICROSECOND)
    assert (fresh(job).status, files()) == ("expired", [])


@pytest.mark.parametrize(("later", "said"), [(tending.AGAIN, 1), (tending.AGAIN + MICROSECOND, 2)])
def test_a_file_that_cannot_be_deleted_is_tried_each_hour_and_told_in_a_line(cast, stuck, caplog, later, said):
    job = made(cast)
    over = TUESDAY_10 + running.KEPT + MICROSECOND
    with caplog.at_level(logging.WARNING):
        for now in (over, over + timedelta(seconds=2), over + later):
            assert tending.expire(now=now) == 0
    assert caplog.text.count("cannot be deleted") == said and "Traceback" not in caplog.text
    stuck.undo()
    assert tending.expire(now=over + 3 * HOUR) == 1
    assert (fresh(job).status, files()) == ("expired", [])


@pytest.mark.parametrize("status", ["failed", "cancelled"])
@pytest.mark.parametrize(("late", "is_kept"), [(timedelta(0), True), (MICROSECOND, False)])
def test_a_day_after_its_end_the_filter_is_gone_and_nothing_made_again(cast, status, late, is_kept):
    job = asked(cast, order="13800008000")
    ExportJob.everything.update(status=status, ended_at=TUESDAY_10)
    now = TUESDAY_10 + DAY + late
    line = showing.listed(ExportJob.everything.all(), params={}, now=now, prefix="export", shop_no="S001")["lines"][0]
    assert bool(line.again) == is_kept
    assert work(now)["pruned"] == 1 - is_kept
    assert ("13800008000" in fresh(job).params) == is_kept
    if is_kept:
        assert asking.ask_again(fresh(job), by=cast.as_alice, now=now).params == job.params
    else:
        with pytest.raises(Refused, match="Ask for it again from the list"):
            asking.ask_again(fresh(job), by=cast.as_alice, now=now)
        assert work(now + HOUR)["pruned"] == 0


def test_what_is_ready_for_a_day_keeps_what_it_was_made_by(cast):
    send(cast)
    job = made(cast)
    tending.forget(now=TUESDAY_10 + 2 * DAY)
    assert fresh(job).params == "tab=all"


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
def test_two_clicks_at_the_same_moment_wait_for_each_other(cast):
    with CaptureQueriesContext(connection) as said:
        asked(cast, kind="desk-requests", by=cast.as_olive)
    locks = [one["sql"] for one in said if "FOR NO KEY UPDATE" in one["sql"]]
    assert any('"shop_cs_user"' in sql for sql in locks)
