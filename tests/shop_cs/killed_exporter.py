"""Workers of exports that are killed in the middle, and many at once, on a database of their own.

Run as a program by test_export_jobs_workers with DATABASE_URL set and a folder for the files; prints what is found as
one line of JSON. The children are forks, killed by SIGKILL when they say that they have come to where the blow is to
fall: nobody sleeps.
"""

import json
import os
import signal
import sys
from datetime import timedelta

from tests.tickets.killed_sweeper import forked

ROWS, JOBS, WORKERS = 25, 12, 4
PLACES = ("between two batches", "before the file is kept", "after the file is kept")


def prepare():
    from tests import stories
    from tests.people import make_cast

    cast = make_cast()
    for _n in range(ROWS):
        stories.send(cast)
    return cast


def instant(minutes=0):
    from tests.people import TUESDAY_10

    return TUESDAY_10 + timedelta(minutes=minutes)


def work_until(place, say, at):
    """One pass of a worker that stops for ever at `place`, after saying so."""
    from shop_cs.exporting import keeping, running
    from tests.export_stories import work

    def stop():
        say()
        signal.pause()

    true_put, true_beat = keeping.put, running._beat

    def put(path, job):
        if place == "before the file is kept":
            stop()
        kept = true_put(path, job)
        if place == "after the file is kept":
            stop()
        return kept

    def beat(other, job, done, now):
        true_beat(other, job, done, now)
        if done >= 10 and place == "between two batches":
            stop()

    keeping.put, running._beat, running.BATCH = put, beat, 5
    work(at)


def killed(place, at):
    """A worker begins at `at` and is killed at `place`; whether it came there."""
    pid, said = forked(lambda say: work_until(place, say, at))
    came = bool(said.readline())
    if came:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    said.close()
    return came


def files():
    from django.core.files.storage import storages

    return sorted(storages["exports"].listdir("exports")[1])


def facts(job):
    from tests.export_stories import content, fresh

    job = fresh(job)
    told = list(job.log.history.order_by("history_id").values_list("move", flat=True))
    lines = []
    if job.status == "ready":
        from tests.people import platform

        lines = content(job, by=platform(job.asked_by, "auditor"), now=instant(60)).splitlines()
    return {
        "status": job.status,
        "trouble": job.trouble,
        "tries": job.tries,
        "told": told,
        "lines": len(lines),
        "numbers": len({line.split(",")[2] for line in lines}),
        "files": files(),
    }


def kill():
    """Killed at each place in turn; only after long silence another begins anew, and ends it."""
    from shop_cs.exporting.tending import SILENT
    from tests.export_stories import asked, fresh, work

    cast = prepare()
    job = asked(cast, kind="desk-requests", by=cast.as_olive)
    came, at = [], instant()
    for place in PLACES:
        came.append(killed(place, at))
        beaten = fresh(job).beat_at
        early = work(beaten + SILENT)
        at = beaten + SILENT + timedelta(microseconds=1)
        came.append((early["reaped"], fresh(job).status))
    work(at)
    return {"came": came, **facts(job), "pk": job.pk}


def kill_always():
    """Killed again and again: set back three times, then failed."""
    from shop_cs.exporting.tending import SILENT
    from tests.export_stories import asked, fresh, work

    cast = prepare()
    job = asked(cast, kind="desk-requests", by=cast.as_olive)
    stood, at = [], instant()
    for _n in range(4):
        killed(PLACES[0], at)
        stood.append(fresh(job).status)
        at = fresh(job).beat_at + SILENT + timedelta(microseconds=1)
    last = work(at)
    return {"stood": stood, "last": last["done"], **facts(job)}


def many():
    """Several workers at once, several jobs: each is made by one of them, once."""
    from shop_cs.models import ExportJob
    from tests.export_stories import asked, work

    cast = prepare()
    jobs = [asked(cast, kind="desk-requests", by=cast.as_olive) for _n in range(JOBS)]

    def worker(say):
        say()
        work(instant(1))

    children = [forked(worker) for _n in range(WORKERS)]
    for pid, said in children:
        said.readline()
        os.waitpid(pid, 0)
        said.close()
    told = [facts(job) for job in jobs]
    return {
        "ready": ExportJob.everything.filter(status="ready", tries=1).count(),
        "told": [one["told"].count("make_export") for one in told],
        "lines": [one["lines"] for one in told],
        "files": len(files()),
    }


def cancel():
    """Cancelled while the database is read ahead: the worker ends its snapshot, says so at once, and goes on."""
    import threading

    from shop_cs.exporting import reading, running
    from tests.export_stories import asked, fresh, work

    cast = prepare()
    true = running._beat
    reading.CHUNK = running.BATCH = 5
    found = []
    for fmt in ("csv", "xlsx"):
        job = asked(cast, kind="desk-requests", by=cast.as_olive, fmt=fmt)

        def beat(other, its, done, now):
            if done == 5:
                # Somebody else asks for it, on a connection of his own.
                with other.cursor() as cursor:
                    cursor.execute("UPDATE shop_cs_exportjob SET cancel_asked_at = beat_at WHERE id = %s", [its.pk])
            true(other, its, done, now)

        running._beat = beat
        work(instant(1))
        found.append(fresh(job).status)
    running._beat = true
    job = asked(cast, kind="desk-requests", by=cast.as_olive)
    work(instant(2))
    return {"cancelled": found, "threads": threading.active_count(), **facts(job)}


def main():
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": sys.argv[2]}}
    settings.STORAGES = {**settings.STORAGES, "exports": kept}
    django.setup()
    found = {"kill": kill, "kill_always": kill_always, "many": many, "cancel": cancel}[sys.argv[1]]()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
