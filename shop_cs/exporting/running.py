"""Making the file of a job: as of one moment, row by row, with signs of life; who has lost the job leaves nothing."""

import logging
import tempfile
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .. import moment, notices, sheets
from ..access import may
from ..actors import CLOCK
from ..masking import mask_query
from ..models import ExportJob
from ..seals.rows import one_moment
from . import gate, keeping
from .kinds import KINDS, noted, params_of
from .whose import who

log = logging.getLogger(__name__)
State = ExportJob.State
# Rows between two signs of life, after each of which it can be cancelled.
BATCH = 1_000
# Of temporary files: a worker that is killed leaves one behind.
PREFIX = "shop_cs-export-"
# The pulse of who makes exports, and how often it beats: well inside what is taken for dead.
HEARTBEAT, BEAT_EVERY = "jobs", timedelta(seconds=30)
# A file can be fetched for so long, its last instant included. Assumed.
KEPT = timedelta(hours=24)
# Of the worker that does a task, functions: what time it is, and whether it is asked to end.
NOW, ENDING = ContextVar("now", default=moment.now), ContextVar("ending", default=lambda: False)
# Why a job failed, in words.
TROUBLES = {
    "forbidden": _("Who asked for it may not export this any more."),
    "filter": _("The filter is not understood any more: go back to the list and ask again."),
    "too_many": _("More rows match now than an export holds. Narrow the filter and ask again."),
    "killed": _("The worker was killed while making it, again and again."),
    "broken": _("Something went wrong while making it. Try again; if it fails again, tell who runs this."),
}


class Failed(Exception):  # noqa: N818 - reads as what happened
    """The file cannot be made; its argument is a key of TROUBLES."""


class Cancelled(Exception):  # noqa: N818
    """Who asked does not want it any more."""


class Lost(Exception):  # noqa: N818
    """The job is another worker's by now."""


class Ended(Exception):  # noqa: N818
    """The worker was asked to end."""


def run(pk, *, now):
    """Makes the file of a job that waits; returns how the job stands then, "" for one that does not wait.

    `now` is a function. Raises what a database raises that is away: the job is set back by the reaper then.
    """
    job = _claim(pk, now=now())
    if job is None:
        return ""
    with translation.override(job.language):
        try:
            return _made(job, now)
        except Cancelled:
            return _over(job, State.CANCELLED, now=now())
        except Failed as error:
            return _over(job, State.FAILED, now=now(), trouble=str(error))
        except Lost:
            return ""
        except Ended:
            return _set_back(job)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("export %s failed", job.pk)
            return _over(job, State.FAILED, now=now(), trouble="broken")


def _claim(pk, *, now):
    """The job, taken by this worker alone; None where it does not wait."""
    waiting = ExportJob.everything.filter(pk=pk, status=State.WAITING)
    taken = {"status": State.RUNNING, "started_at": now, "beat_at": now, "rows_done": 0, "tries": F("tries") + 1}
    if not waiting.update(**taken):
        return None
    return ExportJob.everything.select_related("shop", "asked_by", "log").get(pk=pk)


def mine(job):
    """The job as long as it is this try's: who was given up for dead and comes back finds nothing."""
    return ExportJob.everything.filter(pk=job.pk, status=State.RUNNING, tries=job.tries)


def _made(job, now):
    with tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=f".{job.format}") as made:
        with _beside() as other, one_moment():
            # The first question of the snapshot: what is read from here on is as of then.
            job.as_of = now()
            header, rows = _table(job)
            counted = Counted(rows, lambda done: _beat(other, job, done, now()))
            counted.write(job.format, made.name, header)
        name, size = keeping.put(made.name, job)
    try:
        return _ready(job, name=name, size=size, rows=counted.done, now=now())
    except (OperationalError, InterfaceError):
        # Nobody knows whether it was written: if not, the reaper deletes the file.
        raise
    except BaseException:
        keeping.drop(name)
        raise


def _table(job):
    """(header, rows) of what was asked for, as whoever asked may see it now. Raises Failed."""
    by, kind = who(job, now=job.as_of), KINDS.get(job.kind)
    if by is None:
        raise Failed("forbidden")
    understood, records = kind.find(job.shop, params_of(job.params), by=by, now=job.as_of)
    if not understood:
        raise Failed("filter")
    job.rows, most = records.order_by().count(), gate.most(job.as_of)
    if job.rows > most:
        raise Failed("too_many")
    job.rights = [act for act in kind.optional if may(by, act, job.shop_id)]
    return kind.table(records, most, by=by)


class Counted:
    """Rows that are counted while they pass; `beat` hears of each batch and ends it by an exception."""

    def __init__(self, rows, beat):
        self.done, self._rows, self._beat, self._error = 0, rows, beat, None

    def __iter__(self):
        try:
            self._beat(0)
            for row in self._rows:
                yield row
                self.done += 1
                if self.done % BATCH == 0:
                    self._beat(self.done)
        except Exception as error:
            self._error = error
            raise

    def write(self, fmt, path, header):
        """The sheet of them. What broke them off is raised as it was: who writes may clothe or swallow it."""
        try:
            sheets.write(fmt, path, header, self)
        finally:
            # Before the snapshot ends: who reads ahead ends with his cursor, or it would stay open within it.
            self._rows.close()
            if self._error:
                raise self._error


@contextmanager
def _beside():
    """A connection on which one can write while the other reads as of one moment; the same within a transaction."""
    if connection.in_atomic_block:
        yield connection
        return
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


def _beat(other, job, done, now):
    """A sign of life. Raises Ended, Lost, Cancelled."""
    if ENDING.get()():
        raise Ended
    at = other.ops.adapt_datetimefield_value(now)
    with other.cursor() as cursor:
        cursor.execute(
            """UPDATE shop_cs_exportjob SET beat_at = %s, rows_done = %s, rows = %s, as_of = %s
            WHERE id = %s AND tries = %s AND status = 'running'""",
            [at, done, job.rows, other.ops.adapt_datetimefield_value(job.as_of), job.pk, job.tries],
        )
        if not cursor.rowcount:
            raise Lost
        # A long job is no dead worker.
        pulse = "UPDATE shop_cs_heartbeat SET at = %s WHERE name = %s AND at <= %s"
        cursor.execute(pulse, [at, HEARTBEAT, other.ops.adapt_datetimefield_value(now - BEAT_EVERY)])
        cursor.execute("SELECT cancel_asked_at FROM shop_cs_exportjob WHERE id = %s", [job.pk])
        if cursor.fetchone()[0]:
            raise Cancelled


def _ready(job, *, name, size, rows, now):
    with transaction.atomic():
        ready = {"status": State.READY, "file": name, "size": size, "rows": rows, "rows_done": rows}
        # It needs its filter no more, which may hold a telephone number.
        params = noted(mask_query(job.params), job.rights)
        ready |= {"ended_at": now, "expires_at": now + KEPT, "params": params}
        if not mine(job).filter(cancel_asked_at=None).update(**ready, as_of=job.as_of):
            raise Cancelled if mine(job).exists() else Lost
        gate.tell(job, rows=rows, by=CLOCK, move="make_export", now=now)
        _notify(job, "export_ready", now=now, rows=rows)
    return State.READY


def _over(job, status, *, now, trouble=""):
    """Ends a job without a file."""
    with transaction.atomic():
        if not mine(job).update(status=status, ended_at=now, trouble=trouble, file=""):
            return ""
        if trouble:
            fail(job, now=now)
    return status


def fail(job, *, now):
    """What is told of a job that failed, in the transaction in which it does."""
    gate.tell(job, rows=0, by=CLOCK, move="fail_export", now=now)
    _notify(job, "export_failed", now=now)


def _set_back(job):
    """Lets another worker begin anew; this try does not count."""
    mine(job).update(status=State.WAITING, tries=F("tries") - 1, rows_done=0, beat_at=None)
    return State.WAITING


def _notify(job, kind, *, now, **params):
    """Merchants are told by a notice; the platform's people see it on their exports' page."""
    if job.shop_id is not None:
        path = reverse("exports", args=[job.shop.no])
        notices.tell(job.shop_id, kind, now=now, path=path, who=str(job.asked_by), **params)


notices.register(
    export_ready=_("The export that %(who)s asked for is ready: %(rows)s rows."),
    export_failed=_("The export that %(who)s asked for could not be made."),
)
