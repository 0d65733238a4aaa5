"""An export that the worker makes: asked for, made, told of, fetched, expired; or failed, or cancelled."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django_tasks_db.models import DBTaskResult

from shop_cs.exporting import asking, gate, running, tending
from shop_cs.exporting.kinds import KINDS
from shop_cs.models import ExportJob, ExportLog, Member, Notice, Rulebook
from shop_cs.moves import Refused
from shop_cs.notices import text
from tests.export_stories import asked, content, fresh, made, work
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import send

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
MICROSECOND = TUESDAY_10.resolution
KEPT = running.KEPT


def files():
    try:
        return storages["exports"].listdir("exports")[1]
    except FileNotFoundError:
        return []


def trail(job):
    return list(job.log.history.order_by("history_id").values_list("move", "rows", "actor_name"))


def test_what_was_asked_for_is_made_and_fetched(cast):
    request = send(cast)
    send(cast, order=OrderFactory(shop=cast.other_shop))
    job = asked(cast)
    assert (job.status, job.rows, job.asked_by, job.role) == ("waiting", 1, cast.alice, "merchant")
    assert work(TUESDAY_10 + SECOND)["done"] == 1
    job = fresh(job)
    assert (job.status, job.rows, job.rows_done, job.tries) == ("ready", 1, 1, 1)
    assert (job.as_of, job.expires_at) == (TUESDAY_10 + SECOND, TUESDAY_10 + SECOND + KEPT)
    rows = content(job, by=cast.as_alice, now=TUESDAY_10 + HOUR).splitlines()
    assert len(rows) == 2 and rows[1].startswith(request.no)
    assert job.size > 100 and fresh(job).fetched_at == TUESDAY_10 + HOUR


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_file_is_in_the_language_of_who_asked(cast, fmt):
    send(cast)
    job = made(cast, fmt=fmt)
    assert job.file == f"exports/{job.pk}-1.{fmt}" and files() == [f"{job.pk}-1.{fmt}"]
    if fmt == "csv":
        assert content(job, by=cast.as_alice, now=TUESDAY_10).startswith("Request number,")


def test_the_trail_tells_who_asked_that_it_was_made_and_who_fetched_it(cast):
    send(cast)
    job = made(cast)
    content(job, by=cast.as_alice, now=TUESDAY_10)
    told = [("ask_export", 1, "爱丽丝"), ("make_export", 1, ""), ("fetch_export", 1, "爱丽丝")]
    assert trail(job) == told
    assert ExportLog.everything.get().query == "requests?tab=all"


def test_a_telephone_number_that_was_looked_for_stays_in_no_row(cast):
    job = asked(cast, order="13800008000")
    assert "13800008000" in job.params
    work()
    assert "13800008000" not in fresh(job).params + fresh(job).log.query


def test_the_shop_is_told_when_it_is_ready(cast):
    send(cast)
    made(cast)
    notice = Notice.everything.get(kind="export_ready")
    assert (notice.shop, notice.path) == (cast.shop, "/s/S001/exports/")
    assert text(notice) == "The export that 爱丽丝 asked for is ready: 1 rows."


@pytest.mark.parametrize(("seconds", "code"), [(59.999999, "too_soon"), (60, "")])
def test_asking_takes_the_shops_minute(cast, seconds, code):
    asked(cast)
    try:
        asked(cast, now=TUESDAY_10 + timedelta(seconds=seconds))
        assert code == ""
    except gate.TooSoon as refused:
        assert refused.refusal.code == code
    assert ExportJob.everything.count() == (1 if code else 2)


def test_the_platform_has_no_minute(cast):
    for _n in range(2):
        asked(cast, kind="desk-requests", by=cast.as_olive)
    assert ExportJob.everything.filter(shop=None).count() == 2


@pytest.mark.parametrize(("rows", "is_taken"), [(2, True), (3, False)])
def test_above_the_most_rows_nothing_is_asked_for(cast, rows, is_taken):
    Rulebook.objects.update(export_rows=2)
    for _n in range(rows):
        send(cast)
    if is_taken:
        assert asked(cast).rows == 2
    else:
        with pytest.raises(Refused, match="3 rows match"):
            asked(cast)
        assert not ExportJob.everything.exists() and not ExportLog.everything.exists()


@pytest.mark.parametrize(("more", "status", "trouble"), [(0, "ready", ""), (1, "failed", "too_many")])
def test_what_has_grown_meanwhile_is_not_cut_short(cast, more, status, trouble):
    Rulebook.objects.update(export_rows=2)
    send(cast), send(cast)
    job = asked(cast)
    for _n in range(more):
        send(cast)
    work()
    assert (fresh(job).status, fresh(job).trouble, len(files())) == (status, trouble, 1 - more)


def test_a_filter_that_is_not_understood_asks_for_nothing(cast):
    with pytest.raises(Refused, match="not understood"):
        asked(cast, created_from="someday")
    assert not ExportJob.everything.exists()


@pytest.mark.parametrize(("under_way", "is_taken"), [(2, True), (3, False)])
def test_one_person_has_only_so_many_under_way(cast, monkeypatch, under_way, is_taken):
    monkeypatch.setattr(asking, "MOST_OPEN", 3)
    desk = {"kind": "desk-requests"}
    for _n in range(under_way):
        asked(cast, **desk, by=cast.as_pia)
    if is_taken:
        assert asked(cast, **desk, by=cast.as_pia)
    else:
        with pytest.raises(Refused, match="At most 3 exports"):
            asked(cast, **desk, by=cast.as_pia)
    assert asked(cast, **desk, by=cast.as_olive)


def test_who_may_no_longer_gets_nothing_made(cast):
    job = asked(cast, by=replace(cast.as_bob, permissions=frozenset({"export_requests"})))
    work()
    assert (fresh(job).status, fresh(job).trouble, files()) == ("failed", "forbidden", [])


def test_who_was_deactivated_gets_nothing_made(cast):
    job = asked(cast)
    Member.everything.filter(user=cast.alice).update(is_active=False)
    work()
    assert fresh(job).trouble == "forbidden"


def test_what_breaks_half_way_has_failed_in_words_and_can_be_made_again(cast, monkeypatch):
    def rows():
        yield ["x"]
        raise ValueError("broken")

    kind = KINDS["requests"]
    broken = replace(kind, table=lambda records, most, *, by: (["a"], rows()))
    monkeypatch.setitem(KINDS, "requests", broken)
    job = made(cast)
    assert (job.status, job.trouble, files()) == ("failed", "broken", [])
    assert [told[:2] for told in trail(job)] == [("ask_export", 0), ("fail_export", 0)]
    assert "could not be made" in text(Notice.everything.get(kind="export_failed"))
    monkeypatch.setitem(KINDS, "requests", kind)
    later = TUESDAY_10 + timedelta(minutes=1)
    again = asking.ask_again(job, by=cast.as_alice, now=later)
    work(later)
    assert fresh(again).status == "ready" and fresh(job).status == "failed"


@pytest.mark.parametrize(("status", "is_taken"), [("failed", True), ("cancelled", True), ("running", False)])
def test_only_what_is_over_without_a_file_is_made_again(cast, status, is_taken):
    job = asked(cast)
    ExportJob.everything.update(status=status)
    if is_taken:
        assert asking.ask_again(fresh(job), by=cast.as_alice, now=TUESDAY_10 + HOUR).pk != job.pk
    else:
        with pytest.raises(Refused):
            asking.ask_again(fresh(job), by=cast.as_alice, now=TUESDAY_10 + HOUR)


class TestCancelling:
    def test_what_waits_is_cancelled_at_once_and_never_made(self, cast):
        job = asked(cast)
        asking.cancel(job, by=cast.as_alice, now=TUESDAY_10)
        work()
        assert (fresh(job).status, fresh(job).tries, files()) == ("cancelled", 0, [])
        assert trail(job)[-1] == ("cancel_export", 0, "爱丽丝")

    def test_what_runs_stops_within_a_batch(self, cast, monkeypatch):
        monkeypatch.setattr(running, "BATCH", 2)
        seen = []
        for _n in range(6):
            send(cast)
        job = asked(cast)
        true = running._beat

        def beat(other, its, done, now):
            seen.append(done)
            if done == 2:
                asking.cancel(fresh(job), by=cast.as_alice, now=now)
            true(other, its, done, now)

        monkeypatch.setattr(running, "_beat", beat)
        work()
        assert (fresh(job).status, seen, files()) == ("cancelled", [0, 2], [])

    def test_asked_after_the_last_row_it_is_cancelled_still(self, cast, monkeypatch):
        true = running.keeping.put

        def put(path, its):
            asking.cancel(fresh(its), by=cast.as_alice, now=TUESDAY_10)
            return true(path, its)

        monkeypatch.setattr(running.keeping, "put", put)
        assert (made(cast).status, files()) == ("cancelled", [])

    def test_twice_does_no_harm_and_what_is_ready_stays(self, cast):
        job = asked(cast)
        for _n in range(2):
            asking.cancel(fresh(job), by=cast.as_alice, now=TUESDAY_10)
        ready = made(cast, at=TUESDAY_10 + HOUR)
        with pytest.raises(Refused, match="nothing to cancel"):
            asking.cancel(ready, by=cast.as_alice, now=TUESDAY_10 + HOUR)
        assert fresh(ready).status == "ready"


class TestExpiring:
    @pytest.mark.parametrize(("late", "code"), [(timedelta(0), ""), (MICROSECOND, "expired")])
    def test_at_its_last_instant_it_can_be_fetched_and_not_after(self, cast, late, code):
        job = made(cast)
        try:
            content(job, by=cast.as_alice, now=TUESDAY_10 + KEPT + late)
            assert code == ""
        except Refused as refused:
            assert (refused.refusal.code, refused.refusal.status) == (code, 410)

    @pytest.mark.parametrize(("late", "expired"), [(timedelta(0), 0), (MICROSECOND, 1)])
    def test_the_worker_deletes_the_file_then(self, cast, late, expired):
        job = made(cast)
        assert tending.expire(now=TUESDAY_10 + KEPT + late) == expired
        assert (fresh(job).status, len(files())) == ("expired" if expired else "ready", 1 - expired)

    def test_a_file_that_is_gone_is_said_so(self, cast):
        job = made(cast)
        storages["exports"].delete(job.file)
        with pytest.raises(Refused, match="not there any more"):
            asking.fetch(job, by=cast.as_alice, now=TUESDAY_10)

    def test_a_storage_that_is_away_is_said_so_and_nothing_is_told_as_fetched(self, cast, monkeypatch):
        def away(name):
            raise OSError("away")

        job = made(cast)
        monkeypatch.setattr(asking.keeping, "opened", away)
        with pytest.raises(Refused) as refused:
            asking.fetch(job, by=cast.as_alice, now=TUESDAY_10)
        assert refused.value.refusal.status == 503 and fresh(job).fetched_at is None

    def test_what_is_not_made_cannot_be_fetched(self, cast):
        with pytest.raises(Refused, match="no file"):
            asking.fetch(asked(cast), by=cast.as_alice, now=TUESDAY_10)


def test_tasks_that_were_done_are_forgotten_after_a_week(cast):
    made(cast)
    finished = DBTaskResult.objects.get().finished_at
    assert tending.prune(now=finished + tending.DONE_KEPT) == 0
    assert tending.prune(now=finished + tending.DONE_KEPT + MICROSECOND) == 1
