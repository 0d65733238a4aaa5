"""Tending of jobs: what shows no sign of life begins anew, what is over loses its file, what is done is forgotten."""

import contextlib
import logging
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from ..models import ExportJob
from . import keeping, tasks
from .asking import REMEMBERED
from .running import PREFIX, fail, mine

log = logging.getLogger(__name__)
State = ExportJob.State
# Long after the slowest batch: who has said nothing for longer is taken for dead.
SILENT = timedelta(minutes=2)
# How often a job begins anew after its worker was killed.
MOST_SET_BACK = 3
# Tasks that are done are kept for so long, for whoever looks what the worker did.
DONE_KEPT = timedelta(days=7)
LEFT_KEPT = timedelta(days=1)
# A file that cannot be deleted is tried again after so long.
AGAIN = timedelta(hours=1)


def tend(*, now):
    """All of it; returns {what: how many}."""
    counts = {"reaped": reap(now=now), "expired": expire(now=now), "enqueued": enqueue_waiting()}
    return {**counts, "pruned": prune(now=now) + forget(now=now)}


def reap(*, now):
    """Jobs whose worker shows no sign of life wait again; too often so, they have failed."""
    dead = ExportJob.everything.filter(status=State.RUNNING, beat_at__lt=now - SILENT)
    reaped = 0
    for job in dead.select_related("shop", "asked_by", "log"):
        with transaction.atomic():
            is_reaped = _reaped(job, now)
        if is_reaped:
            # Of this try, if it came so far as to keep one.
            keeping.drop(keeping.path_of(job))
        reaped += is_reaped
    return reaped


def _reaped(job, now):
    # Not if it has beaten since.
    its = mine(job).filter(beat_at=job.beat_at)
    if job.cancel_asked_at:
        return its.update(status=State.CANCELLED, ended_at=now)
    if job.tries <= MOST_SET_BACK:
        log.warning("export %s: its worker shows no sign of life, it begins anew", job.pk)
        return its.update(status=State.WAITING, beat_at=None, rows_done=0)
    reaped = its.update(status=State.FAILED, ended_at=now, trouble="killed")
    if reaped:
        fail(job, now=now)
    return reaped


def enqueue_waiting():
    """A task for each job that waits and has none: its worker was killed with it in his hand."""
    waiting = ExportJob.everything.filter(status=State.WAITING).order_by("asked_at", "pk")
    if not waiting.exists():
        return 0
    known = tasks.enqueued()
    without = [job for job in waiting if job.pk not in known]
    for job in without:
        tasks.enqueue(job)
    return len(without)


def expire(*, now):
    """Deletes the files whose time is over. First the file: a job without one can be fetched by nobody anyway."""
    expired = 0
    for job in _to_clear(ExportJob.everything.filter(status=State.READY, expires_at__lt=now), now):
        ready = ExportJob.everything.filter(pk=job.pk, status=State.READY)
        expired += ready.update(status=State.EXPIRED, file="")
    return expired


def forget(*, now):
    """What ended long ago without a file loses its filter, which may hold a telephone number, and what tries left."""
    over = ExportJob.everything.filter(status__in=(State.FAILED, State.CANCELLED), ended_at__lt=now - REMEMBERED)
    forgotten = 0
    # Its sign of life says that it was not gone through yet.
    for job in _to_clear(over.exclude(params="", beat_at=None), now):
        forgotten += ExportJob.everything.filter(pk=job.pk).update(params="", beat_at=None)
    return forgotten


def _to_clear(jobs, now):
    """Those whose files are deleted now. Of one that cannot be, the sign of life says when it was tried."""
    for job in jobs.exclude(beat_at__gte=now - AGAIN):
        try:
            keeping.delete_tries(job)
        except OSError as error:
            log.warning("export %s: its file cannot be deleted, tried again in %s: %s", job.pk, AGAIN, error)
            ExportJob.everything.filter(pk=job.pk).update(beat_at=now)
            continue
        yield job


def prune(*, now):
    """Forgets tasks that were done long ago, or begun by who was killed then; and what these left in files."""
    done = Q(finished_at__lt=now - DONE_KEPT) | Q(finished_at=None, started_at__lt=now - DONE_KEPT)
    old = DBTaskResult.objects.filter(done)
    # Asked first: each pass would else wait for the writers' lock for nothing.
    pruned = old.delete()[0] if old.exists() else 0
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if datetime.fromtimestamp(left.stat().st_mtime, UTC) < now - LEFT_KEPT:
                left.unlink()
    return pruned
