"""The sweep: records what time has decided. Any number at once, killed at any point: nothing lost, twice or early."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction

from . import moment
from .models import Heartbeat

log = logging.getLogger(__name__)
BATCH = 500
# What only tidies goes on in the next pass after so long: others wait for what the clock decides.
TIDYING = timedelta(seconds=5)
HEARTBEAT = "sweep"
JOBS = []
# The database itself fails, not a row: nothing is to be tried row by row.
AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class Job:
    """`due(now)` is the queryset of rows whose time has come, `act(rows, now=)` moves them and returns those moved.

    A batch, which is one transaction, has `most` rows: fewer where each takes long and others wait for what it locks.
    What `tidies` up comes after all that somebody waits for, and for `TIDYING` at most in a pass.
    """

    name: str
    due: Callable
    act: Callable
    most: int = BATCH
    tidies: bool = False


def register(*jobs):
    """The apps' jobs, in the order in which they are done in a pass."""
    JOBS.extend(job for job in jobs if job not in JOBS)
    JOBS.sort(key=lambda job: job.tidies)


def one_pass(*, now=moment.now, batch=BATCH, progress=None, tidying=True):
    """Does all that is due; returns {job name: rows moved}. `now` is a function: each batch asks the time anew.
    Without `tidying` what only tidies up is left to another pass.

    Raises nothing for a row that cannot be moved: it is logged, the others go on, and the next pass tries it again.
    """
    jobs = [job for job in JOBS if tidying or not job.tidies]
    counts = {job.name: _run(job, now=now, batch=min(batch, job.most), progress=progress) for job in jobs}
    beat(at=now())
    return counts


def beat(*, at):
    """Says that a worker is alive."""
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": at})


def _run(job, *, now, batch, progress):
    moved, stuck, begun = 0, set(), None
    while True:
        at = now()
        begun = begun or at
        if job.tidies and at > begun + TIDYING:
            return moved
        try:
            taken, done = _batch(job, at, batch, stuck)
        except AWAY:
            raise
        except Exception:
            log.exception("sweep %s: a batch failed, trying its rows one by one", job.name)
            taken, done = _one_by_one(job, at, batch, stuck)
        moved += done
        if progress:
            progress(job.name, moved)
        if taken < batch:
            return moved


def _batch(job, at, batch, stuck, only=None):
    with transaction.atomic():
        due = job.due(at).exclude(pk__in=stuck)
        if only is not None:
            due = due.filter(pk=only)
        rows = list(due.select_for_update(skip_locked=True, of=("self",))[:batch])
        done = job.act(rows, now=at) if rows else []
        # Taken but not moved, they would come again and again within this pass.
        stuck.update({row.pk for row in rows} - {row.pk for row in done})
        return len(rows), len(done)


def _one_by_one(job, at, batch, stuck):
    done = 0
    pks = list(job.due(at).exclude(pk__in=stuck).values_list("pk", flat=True)[:batch])
    for pk in pks:
        try:
            done += _batch(job, at, 1, stuck, only=pk)[1]
        except AWAY:
            raise
        except Exception:
            log.exception("sweep %s: row %s failed", job.name, pk)
            stuck.add(pk)
    return len(pks), done
