"""Sweepers that are killed in the middle, and people who press at once, on a database of their own.

Run as a program by test_races with DATABASE_URL set; prints what is found afterwards as one line of JSON. The children
are forks, killed by SIGKILL when they say that they have come to where the blow is to fall: nobody sleeps.
"""

import json
import os
import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

MANY, BATCH, KILLS, PRESSES = 60, 4, 10, 20


def prepare():
    """So many urgent requests whose time is over."""
    from tests import stories
    from tests.people import make_cast

    cast = make_cast()
    for _ in range(MANY):
        stories.send(cast, kind="urgent", category="risky_product")
    return cast


def later():
    from tests.people import TUESDAY_10

    return TUESDAY_10 + timedelta(hours=3)


def forked(work):
    """Runs `work(say)` in a child; returns its pid and a file from which one reads what it says."""
    from django.db import connections

    connections.close_all()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, os.fdopen(reader)
    try:
        with os.fdopen(writer, "w") as pipe:
            work(lambda: print("here", file=pipe, flush=True))
    finally:
        os._exit(0)


def stop_at(place, say):
    """Makes the sweep of this process stop for ever in its second batch at `place`, after saying so."""
    from shop_cs import moves, notices

    module, name = {"before the trail": (moves, "record_many"), "before the notices": (notices, "tell_many")}[place]
    true, calls = getattr(module, name), []

    def stopping(*args, **kwargs):
        calls.append(name)
        if len(calls) == 2:
            say()
            signal.pause()
        return true(*args, **kwargs)

    setattr(module, name, stopping)


def sweep_until(place, say):
    from shop_cs import sweep

    def after_commit(job, moved):
        if place == "after the batch" and moved:
            say()
            signal.pause()

    if place != "after the batch":
        stop_at(place, say)
    sweep.one_pass(now=later, batch=BATCH, progress=after_commit)


PLACES = ("before the trail", "before the notices", "after the batch")


def kill_many():
    killed = 0
    for number in range(KILLS):
        pid, said = forked(lambda say, place=PLACES[number % 3]: sweep_until(place, say))
        if said.readline():
            os.kill(pid, signal.SIGKILL)
            killed += 1
        os.waitpid(pid, 0)
        said.close()
    return killed


def facts():
    """What the database says of each request and of what was told."""
    from shop_cs.models import Notice
    from tickets.models import ServiceRequest

    trail = Counter(ServiceRequest.history.filter(move="overdue").values_list("id", flat=True))
    rows = list(ServiceRequest.everything.all())
    told = {notice.kind: notice.params.get("count", 1) for notice in Notice.everything.filter(kind__contains="overdue")}
    singly = Notice.everything.filter(kind="request_overdue").count()
    return {
        "states": dict(Counter(row.state for row in rows)),
        "overdue_is_deadline": all(row.overdue_at == row.deadline for row in rows if row.state == "reviewing"),
        "trail": dict(Counter(trail.values())),
        "as_last_told": all(row.history.latest("history_id").state == row.state for row in rows),
        "told": told.get("request_overdue_many", 0) + singly,
    }


def sweeps():
    prepare()
    killed = kill_many()
    between = facts()
    from shop_cs import sweep

    last = sweep.one_pass(now=later, batch=BATCH)
    return {"killed": killed, "between": between, "last": last["overdue"], "after": facts()}


def presses():
    """Twenty at once urge the same request."""
    from django.db import connection

    from tests import stories
    from tests.people import TUESDAY_10, make_cast
    from tickets import actions

    cast = make_cast()
    request = stories.send(cast)

    def press(_number):
        try:
            actions.urge(request, by=cast.as_pia, now=TUESDAY_10)
        finally:
            connection.close()

    with ThreadPoolExecutor(PRESSES) as people:
        list(people.map(press, range(PRESSES)))
    return {"urges": stories.fresh(request).urges, "trail": request.history.filter(move="urge").count()}


def main():
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    found = {"sweeps": sweeps, "presses": presses}[sys.argv[1]]()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
