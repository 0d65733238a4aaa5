"""Asking for an export that the worker makes, cutting what is too much, cancelling, fetching: each is on record."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ..access import may
from ..models import ExportJob, User
from ..moves import Refusal, Refused, no_permission
from ..words import instant
from . import gate, keeping, spans, tasks
from .kinds import KINDS, params_of, query_of, rights_of

log = logging.getLogger(__name__)
State = ExportJob.State
OPEN = (State.WAITING, State.RUNNING)
# More than this is made beside the web. Assumed: about a second's work.
AT_ONCE = 2_000
# Of one person, under way at a time: five years by months. Assumed.
MOST_OPEN = 60
# What failed or was cancelled can be asked for again for so long, its last instant included. Assumed.
REMEMBERED = timedelta(days=1)


def count(kind, *, shop, params, by, now):
    """(the queryset, how many rows it has). Raises `Refused` (400) for params that are not understood."""
    understood, records = kind.find(shop, params, by=by, now=now)
    if not understood:
        raise Refused(gate.not_understood())
    return records, records.order_by().count()


def ask(kind, *, shop, params, fmt, language, by, now):
    """One job for all of it. Raises `Refused`: not understood or too many rows (400), too soon (429), too many jobs."""
    _records, rows = count(kind, shop=shop, params=params, by=by, now=now)
    most = gate.most(now)
    if rows > most:
        raise Refused(gate.too_many(rows, most))
    (job,) = _write(kind, [(params, rows)], shop=shop, fmt=fmt, language=language, by=by, now=now)
    return job


def ask_split(kind, *, shop, params, fmt, language, by, now):
    """A job for each span, oldest first; they pass the gate as one. Raises `Refused`, too where a day does not fit."""
    records, _rows = count(kind, shop=shop, params=params, by=by, now=now)
    cut = spans.cut(spans.by_day(records, kind.when), gate.most(now))
    if not cut or not all(span.fits for span in cut):
        text = _("A single day has more rows than an export holds. Narrow the filter.")
        raise Refused(Refusal("too_many", text, 400))
    wanted = [(kind.narrowed(params, span.first, span.last), span.rows) for span in cut]
    return _write(kind, wanted, shop=shop, fmt=fmt, language=language, by=by, now=now)


def _write(kind, wanted, *, shop, fmt, language, by, now):
    with transaction.atomic():
        if shop is not None:
            gate.pass_one(shop, now=now)
        # The asker's row is the queue: of two at the same moment the second counts the first's.
        User.objects.select_for_update(no_key=True).get(pk=by.user_id)
        under_way = ExportJob.everything.filter(asked_by=by.user_id, status__in=OPEN).count()
        if under_way + len(wanted) > MOST_OPEN:
            text = _("At most %(most)s exports of yours can be under way at a time: %(open)s are, %(more)s are wanted.")
            told = {"most": MOST_OPEN, "open": under_way, "more": len(wanted)}
            raise Refused(Refusal("too_many_jobs", text % told, 409))
        jobs = []
        for params, rows in wanted:
            query = query_of(params)
            said = {"fmt": fmt, "query": f"{kind.name}?{query}", "rows": rows}
            log = gate.record(shop, **said, by=by, now=now, move="ask_export")
            job = ExportJob.everything.create(
                shop=shop,
                asked_by_id=by.user_id,
                role=by.role,
                language=language,
                kind=kind.name,
                format=fmt,
                params=query,
                asked_at=now,
                rows=rows,
                log=log,
            )
            tasks.enqueue(job)
            jobs.append(job)
        return jobs


def ask_again(job, *, by, now):
    """What failed or was cancelled once more, as a new job, by the same rules."""
    if job.status not in (State.FAILED, State.CANCELLED):
        text = _("Only an export that failed or was cancelled can be made again.")
        raise Refused(Refusal("not_over", text, 409))
    if is_forgotten(job, now=now):
        text = _("The filter of this export is not kept any more. Ask for it again from the list.")
        raise Refused(Refusal("forgotten", text, 410))
    params = params_of(job.params)
    said = {"fmt": job.format, "language": job.language, "by": by, "now": now}
    return ask(KINDS[job.kind], shop=job.shop, params=params, **said)


def is_forgotten(job, *, now):
    """Whether it ended so long ago that it cannot be asked for again, whether or not a worker has noticed."""
    return job.ended_at is not None and now > job.ended_at + REMEMBERED


def cancel(job, *, by, now):
    """What waits is cancelled at once; of what runs the worker is told, who stops within a batch. Again: no harm."""
    with transaction.atomic():
        waiting = ExportJob.everything.filter(pk=job.pk, status=State.WAITING)
        if waiting.update(status=State.CANCELLED, cancel_asked_at=now, ended_at=now):
            gate.tell(job, rows=0, by=by, move="cancel_export", now=now)
            return
        running = ExportJob.everything.filter(pk=job.pk, status=State.RUNNING)
        if running.update(cancel_asked_at=now):
            gate.tell(job, rows=0, by=by, move="cancel_export", now=now)
            return
    job.refresh_from_db()
    if job.status != State.CANCELLED:
        text = _("This export has ended: there is nothing to cancel any more.")
        raise Refused(Refusal("over", text, 409))


def fetch(job, *, by, now):
    """The file of a job, open. Raises `Refused`: not made (409), its time is over or the file is gone (410), the
    storage does not answer (503), it shows more than they may see now (403)."""
    if job.status in OPEN or job.status in (State.FAILED, State.CANCELLED):
        raise Refused(Refusal("not_ready", _("This export has no file to fetch."), 409))
    # At its last instant it can still be fetched, whether or not a worker has noticed.
    if job.status == State.EXPIRED or now > job.expires_at:
        text = _("This export could be fetched until %(at)s. Its file is deleted; ask for it again.")
        raise Refused(Refusal("expired", text % {"at": instant(job.expires_at)}, 410))
    for act in rights_of(job):
        if not may(by, act, job.shop_id):
            raise Refused(Refusal("permission", no_permission(by, act), 403))
    try:
        content = keeping.opened(job.file)
    except FileNotFoundError:
        raise Refused(Refusal("gone", _("The file of this export is not there any more."), 410)) from None
    except OSError:
        log.exception("export %s: the storage does not answer", job.pk)
        text = _("The file cannot be fetched now: the storage does not answer. It is not lost; try again soon.")
        raise Refused(Refusal("storage_away", text, 503)) from None
    with transaction.atomic():
        ExportJob.everything.filter(pk=job.pk).update(fetched_at=now)
        gate.tell(job, rows=job.log.rows, by=by, move="fetch_export", now=now)
    return content
