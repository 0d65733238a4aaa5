"""Files that no piece names are collected, a day later; never one that is named, young, or not of the vault."""

import io
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from shop_cs import sweep
from shop_cs.evidence import collecting, keeping
from shop_cs.evidence.collecting import collect
from shop_cs.evidence.previews import SMALL, preview_path
from shop_cs.models import Heartbeat, evidence_path
from tests.factories import EvidenceFactory
from tests.people import TUESDAY_10

DAY = timedelta(hours=24)
ORPHAN = "ab" * 32


@pytest.fixture
def lay():
    """Lays a file into the storage, `age` before Tuesday at 10:00."""

    def lay(path, age=DAY):
        store = storages["evidence"]
        if not store.exists(path):
            store.save(path, ContentFile(b"x"))
        at = (TUESDAY_10 - age).timestamp()
        os.utime(store.path(path), (at, at))
        return path

    return lay


def collected(**said):
    return sorted(collect(now=TUESDAY_10, **said))


def test_what_nobody_names_goes_after_a_day_and_not_a_second_before(db, lay):
    lay(evidence_path(ORPHAN), DAY - timedelta(seconds=1))
    assert collected() == []
    lay(evidence_path(ORPHAN), DAY)
    assert collected() == [evidence_path(ORPHAN)]
    assert not keeping.is_there(evidence_path(ORPHAN))


def test_what_a_piece_names_stays_with_its_preview_and_its_parts_go(db, lay):
    piece = EvidenceFactory()
    path = lay(evidence_path(piece.sha256), 99 * DAY)
    shown = lay(preview_path(piece.sha256, SMALL), 99 * DAY)
    part, lost = lay(f"{path}.{'0' * 32}.part"), lay(preview_path(ORPHAN, SMALL))
    assert collected() == sorted([part, lost])
    assert (keeping.is_there(path), keeping.is_there(shown)) == (True, True)


def test_what_is_not_of_the_vault_is_left_alone(db, lay):
    for path in ("notes.txt", "ab/notes", f"ab/{ORPHAN}.bak", f"other/ab/{ORPHAN}"):
        lay(path, 99 * DAY)
    assert collected() == []


def test_a_dry_run_only_names_it(db, lay):
    path = lay(evidence_path(ORPHAN))
    assert collected(dry_run=True) == [path]
    assert keeping.is_there(path)


def test_what_was_named_or_written_anew_since_it_was_listed_stays(db, lay, monkeypatch):
    listed = [(lay(evidence_path(sha256)), TUESDAY_10 - DAY) for sha256 in (ORPHAN, "cd" * 32)]
    monkeypatch.setattr(keeping, "listed", lambda: listed)
    lay(listed[0][0], timedelta(0))
    answers = iter([set(), {"cd" * 32}])
    monkeypatch.setattr(collecting, "_named", lambda hashes: next(answers))
    assert collected() == []
    assert keeping.is_there(listed[1][0])


def test_the_command_says_what_it_did(db, lay, at):
    path, out = lay(evidence_path(ORPHAN)), io.StringIO()
    call_command("collect_evidence", "--dry-run", stdout=out)
    call_command("collect_evidence", stdout=out)
    assert out.getvalue().split() == [path, "would", "collect", "1", path, "collected", "1"]


def test_the_worker_collects_once_a_day(db, lay, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(sweep, "JOBS", [job for job in sweep.JOBS if job.name == "collect_evidence"])
    path = lay(evidence_path(ORPHAN))

    def passes(after):
        with django_capture_on_commit_callbacks(execute=True):
            return sweep.one_pass(now=lambda: TUESDAY_10 + after)

    assert passes(timedelta(0)) == {"collect_evidence": 0}
    assert passes(DAY - timedelta(seconds=1)) == {"collect_evidence": 0}
    assert keeping.is_there(path)
    assert passes(DAY) == {"collect_evidence": 1}
    assert not keeping.is_there(path)
    assert Heartbeat.objects.get(name=collecting.HEARTBEAT).at == TUESDAY_10 + DAY


def test_a_storage_that_is_away_does_not_stop_the_worker(db, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(sweep, "JOBS", [job for job in sweep.JOBS if job.name == "collect_evidence"])
    Heartbeat.objects.create(name=collecting.HEARTBEAT, at=TUESDAY_10 - DAY)

    def away():
        raise keeping.StorageAwayError

    monkeypatch.setattr(keeping, "listed", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep.one_pass(now=lambda: TUESDAY_10) == {"collect_evidence": 1}
