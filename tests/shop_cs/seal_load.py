"""Writers, sealers and readers at once, killed in the middle: the trail must hold at every look, with no false alarm.

Run as a program by test_seal_races with DATABASE_URL set, or by hand for more runs:

    DATABASE_URL=… python -m tests.shop_cs.seal_load RUNS ACTS KILLS

Prints what is found as one line of JSON. Writers keep transactions open for a while after drawing their ids and roll
some back, so that smaller ids are committed after greater ones; sealers seal almost without a pause; a reader verifies.
"""

import json
import os
import random
import signal
import sys
import time

WRITERS, SEALERS = 4, 2


def forked(work):
    """Runs `work()` in a child, which ends with status 1 when it raises; returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def write(place, acts):
    """So many transactions: an order changed or made, some of them slow, some of them undone."""
    from django.db import transaction

    from shop_cs.models import Order, Shop, acting
    from tests.people import TUESDAY_10

    chance = random.Random(os.getpid())
    shop = Shop.objects.get(no=f"W{place}")
    for number in range(acts):
        with acting(move="import", at=TUESDAY_10), transaction.atomic():
            order = Order(shop=shop, no=f"{os.getpid()}-{number}", product="x", amount_fen=number)
            order.save()
            if chance.random() < 0.3:
                time.sleep(chance.random() / 50)
            order.product = "y"
            order.save()
            if chance.random() < 0.2:
                transaction.set_rollback(True)


def seal():
    """Seals until it is killed."""
    from django.db import OperationalError

    from shop_cs.seals import sealing, settled
    from tests.people import TUESDAY_10

    settled.PATIENCE = 0.5
    while True:
        try:
            sealing.seal_new(now=TUESDAY_10)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        time.sleep(0.02)


class Run:
    """One run: who is alive, whom to kill next, and what the reader found."""

    def __init__(self, acts, kills):
        self.acts, self.kills, self.chance = acts, kills, random.Random(acts)
        self.looks, self.alarms, self.killed, self.broken = 0, [], 0, 0

    def __call__(self):
        from shop_cs.seals import verifying

        writers = {forked(lambda place=place: write(place, self.acts)): place for place in range(WRITERS)}
        sealers = {forked(seal) for _ in range(SEALERS)}
        while writers:
            self.look(verifying)
            if self.killed < self.kills:
                self.kill(writers, sealers)
            for pid in [pid for pid in writers if os.waitpid(pid, os.WNOHANG)[0]]:
                del writers[pid]
        for pid in sealers:
            self.end(pid)
        self.look(verifying)

    def look(self, verifying):
        from django.db import connection

        found, self.extent = verifying.verify()
        connection.close()
        self.looks += 1
        self.alarms += [finding.text for finding in found][:3]

    def kill(self, writers, sealers):
        """Kills one and puts another in his place."""
        pid = self.chance.choice([*writers, *sealers])
        self.end(pid)
        self.killed += 1
        if pid in sealers:
            sealers.remove(pid)
            sealers.add(forked(seal))
        else:
            place = writers.pop(pid)
            writers[forked(lambda: write(place, self.acts))] = place

    def end(self, pid):
        os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        # One who ended before the blow, and not well, has something to tell.
        self.broken += os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0


def main():
    import django

    django.setup()
    from django.db import connections

    from shop_cs.models import Shop
    from shop_cs.seals import sealing, verifying
    from tests.people import TUESDAY_10

    runs, acts, kills = map(int, sys.argv[1:])
    for place in range(WRITERS):
        Shop.objects.get_or_create(no=f"W{place}", defaults={"name": "x", "created_at": TUESDAY_10})
    connections.close_all()
    told = []
    for number in range(runs):
        run = Run(acts + number, kills)
        run()
        told.append({name: vars(run)[name] for name in ("looks", "alarms", "killed", "broken")})
    sealing.seal_new(now=TUESDAY_10)
    run.look(verifying)
    extent = {"seals": run.extent.seals, "sealed": run.extent.sealed, "unsealed": run.extent.unsealed}
    json.dump({"runs": told, "at_the_end": run.alarms, **extent}, sys.stdout)


if __name__ == "__main__":
    main()
