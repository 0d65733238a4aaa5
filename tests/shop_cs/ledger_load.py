"""Fifty who move money at once, in processes that are killed in the middle, on a database of their own.

Run as a program by test_ledger_races with DATABASE_URL set; prints what is found afterwards as one line of JSON. All
processes are forks of one that has no connection itself: five workers of ten threads each, and a reader that looks at
the balances all the while. A killed worker's part is taken up by another, which does its last acts again.
"""

import json
import os
import random
import selectors
import signal
import sys
import threading
from collections import defaultdict
from itertools import islice

WORKERS, THREADS, SHOPS, SUBJECTS, BATCH, KILLS = 5, 10, 8, 200, 5, 10
AGAIN = 50


def plan(many):
    """So many acts [verb, subject, fen, number] by chance, the same each time; every tenth is one done before.

    What lies together in a batch is of one shop, in every tenth batch of several.
    """
    chance, acts, of_shop = random.Random(7), [], defaultdict(list)
    for number in range(many):
        if number % BATCH == 0 or number // BATCH % 10 == 0:
            shop = chance.randrange(SHOPS)
        verb = chance.choices(["hold", "refund", "receive", "settle", "again"], [45, 33, 10, 2, 10])[0]
        if verb == "again" and of_shop[shop]:
            acts.append(chance.choice(of_shop[shop][-50:]))
            continue
        verb = "hold" if verb == "again" else verb
        subject = chance.randrange(shop, SUBJECTS, SHOPS)
        acts.append([verb, subject, chance.randint(1, 5_000), f"{verb}-{number}"])
        of_shop[shop].append(acts[-1])
    return acts


def prepare():
    """Eight shops with some money each. Returns who acts."""
    from shop_cs import ledger
    from tests.factories import ShopFactory
    from tests.people import TUESDAY_10, make_cast

    cast = make_cast()
    said = {"by": cast.as_rita, "now": TUESDAY_10}
    shops = [ShopFactory(no=f"M{number}") for number in range(SHOPS)]
    for shop in shops:
        for kind in ("deposit", "other"):
            ledger.receive(shop=shop, account_kind=kind, amount_fen=100_000, reference=kind, at=TUESDAY_10, **said)
    return shops, said


class Books:
    """Acts on the real ledger, some together in one transaction."""

    def __init__(self, shops, said):
        self.shops, self.said = shops, said

    def shop(self, act):
        return self.shops[act[1] % SHOPS]

    def batch(self, acts):
        """[[key, answer], …] of those that were not refused; all of them or, when killed, none."""
        from django.db import transaction

        from shop_cs import ledger

        shops = {self.shop(act) for act in acts}
        with transaction.atomic():
            if len(shops) > 1:
                ledger.lock_shops(shops, **self.said)
            return [answer for act in acts if (answer := self.answer(act))]

    def answer(self, act):
        from shop_cs.moves import Refused

        try:
            found = self.one(*act, shop=self.shop(act))
        except Refused as refused:
            assert refused.refusal.code == "not_covered", refused.refusal
            return None
        return found and [act[3], getattr(found, "pk", found)]

    def one(self, verb, subject, fen, number, *, shop):
        from shop_cs import ledger

        at, said = self.said["now"], {**self.said, "shop": shop}
        if verb == "receive":
            return ledger.receive(account_kind="deposit", amount_fen=fen, reference=number, at=at, **said)
        said["subject"] = f"AC{subject}"
        if verb == "hold":
            return ledger.hold(amount_fen=fen, key=number, **said)
        if verb == "refund":
            return ledger.refund(amount_fen=fen, appeal_no=number, **said)
        return ledger.settle(key=number, **said)


class Naive(Books):
    """The control: balances are read, reckoned in Python and written, on the same tables without their guards."""

    def batch(self, acts):
        return [answer for act in acts if (answer := self.answer(act))]

    def one(self, verb, subject, fen, number, *, shop):
        from shop_cs.models import Account, Transfer

        to_held = verb == "hold"
        held, _ = Account.everything.get_or_create(kind="held", shop=shop, subject=f"AC{subject}")
        deposit = Account.everything.get(kind="deposit", shop=shop)
        debit, credit = (deposit, held) if to_held else (held, deposit)
        if debit.balance_fen < fen or Transfer.everything.filter(key=number).exists():
            return None
        entry = Transfer(
            debit=debit, credit=credit, amount_fen=fen, key=number, cause="taken" if to_held else "refund",
            reference=number, at=self.said["now"],
        )  # fmt: skip
        Transfer.everything.bulk_create([entry])
        Account.everything.filter(pk=debit.pk).update(balance_fen=debit.balance_fen - fen)
        Account.everything.filter(pk=credit.pk).update(balance_fen=credit.balance_fen + fen)
        return entry


def forked(work):
    """Runs `work(say)` in a child; returns its pid and the pipe on which it says lines of JSON."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    try:
        # A line is shorter than what a pipe takes at once: threads do not write into each other's.
        work(lambda said: os.write(writer, json.dumps(said).encode() + b"\n"))
    finally:
        os._exit(0)


def work(books, todo, say):
    """Ten threads do the numbered acts in batches; each batch is said after its commit."""
    from django.db import IntegrityError, connection

    todo, door = iter(todo), threading.Lock()

    def answers(acts):
        try:
            return books.batch(acts)
        except IntegrityError:
            if not isinstance(books, Naive):
                raise
            return []

    def run():
        try:
            while True:
                with door:
                    batch = list(islice(todo, BATCH))
                if not batch:
                    return
                say([[number for number, _act in batch], answers([act for _number, act in batch])])
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look(say):
    """Reads sum and signs in one statement, over and over, until told to end."""
    from django.db.models import Max, Min, Q, Sum

    from shop_cs.models import Account

    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    say("ready")
    readings, wrong = 0, 0
    while not over.wait(0.02):
        found = Account.everything.aggregate(
            total=Sum("balance_fen"),
            low=Min("balance_fen", filter=Q(kind__in=Account.NOT_NEGATIVE)),
            high=Max("balance_fen", filter=Q(kind__in=Account.NOT_POSITIVE)),
        )
        readings += 1
        wrong += found["total"] != 0 or found["low"] < 0 or found["high"] > 0
    say([readings, wrong])


class Crew:
    """The workers, who of them is killed when, and what they said."""

    def __init__(self, books, acts, kills):
        self.books, self.answers, self.killed = books, defaultdict(set), 0
        self.todo = [
            {number: act for number, act in enumerate(acts) if number // BATCH % WORKERS == place}
            for place in range(WORKERS)
        ]
        # After so many batches of the worker in that place: spread over its part.
        each = len(acts) // WORKERS // BATCH
        blows = kills // WORKERS
        self.blows = [[each * (blow + 1) // (blows + 2) for blow in range(blows)] for _ in range(WORKERS)]
        self.batches, self.done = [0] * WORKERS, [[] for _ in range(WORKERS)]
        self.pipes = selectors.DefaultSelector()

    def start(self, place):
        """A worker for what is left there; what was done last is done again, as by one who does not know."""
        left = {number: act for number, act in self.todo[place].items() if number not in set(self.done[place][:-AGAIN])}
        pid, pipe = forked(lambda say: work(self.books, left.items(), say))
        self.pipes.register(pipe, selectors.EVENT_READ, (place, pid, [b""]))

    def run(self):
        for place in range(WORKERS):
            self.start(place)
        while self.pipes.get_map():
            for key, _events in self.pipes.select():
                self.hear(key.fd, *key.data)

    def hear(self, pipe, place, pid, rest):
        data = os.read(pipe, 65536)
        *lines, rest[0] = (rest[0] + data).split(b"\n")
        for line in lines:
            numbers, answers = json.loads(line)
            self.done[place] += numbers
            self.batches[place] += 1
            for number, answer in answers:
                self.answers[number].add(json.dumps(answer))
        if self.blows[place] and self.batches[place] >= self.blows[place][0] and data:
            os.kill(pid, signal.SIGKILL)
            self.blows[place].pop(0)
            self.killed += 1
        if not data:
            self.pipes.unregister(pipe)
            os.close(pipe)
            os.waitpid(pid, 0)
            if self.todo[place].keys() - set(self.done[place]):
                self.start(place)


def load(books_of, many, kills):
    from django.db import connections

    from shop_cs import guards, ledger
    from shop_cs.models import Transfer

    shops, said = prepare()
    if books_of is Naive:
        guards.drop(connections["default"])
    connections.close_all()
    reader, seen = forked(look)
    os.read(seen, 100)
    acts = plan(many)
    crew = Crew(books_of(shops, said), acts, kills)
    crew.run()
    os.kill(reader, signal.SIGTERM)
    readings, wrong = json.loads(os.read(seen, 100))
    os.waitpid(reader, 0)
    return {
        "killed": crew.killed,
        "done": sum(len(set(done)) for done in crew.done),
        "again": sum(len(done) - len(set(done)) for done in crew.done),
        "answers": len(crew.answers),
        "differing": [number for number, said in crew.answers.items() if len(said) != 1],
        "readings": readings,
        "wrong_readings": wrong,
        "problems": ledger.check(),
        "transfers": Transfer.everything.count(),
        "told": Transfer.history.count(),
    }


def main():
    import django

    django.setup()
    from shop_cs import ledger

    # Its appeals are numbers alone: what the apps ask beside would miss them.
    ledger.CHECKS.clear()
    kind, many, kills = sys.argv[1:]
    json.dump(load({"books": Books, "naive": Naive}[kind], int(many), int(kills)), sys.stdout)


if __name__ == "__main__":
    main()
