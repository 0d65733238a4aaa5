"""One part of the bench in a process of its own: `python -m tests.bench.work PART`, the database is DATABASE_URL's.

What it found is its last line of output, as JSON; what it says meanwhile goes to standard error.
"""

import argparse
import json
import os
import resource
import sys
import time
from datetime import UTC, datetime


def say(words):
    sys.stderr.write(f"{words}\n")


def build(said):
    """Fills an empty database; says what stands there."""
    from django.core.management import call_command
    from django.db import connection

    from shop_cs.models import Shop
    from tickets.figures import keeping
    from tickets.models import DailyFigure, SearchText, ServiceRequest

    from .build import build as fill
    from .words import fill_words

    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    if not ServiceRequest.everything.exists():
        fill(said.requests, shops=said.shops, base=datetime.now(UTC).replace(second=0, microsecond=0), say=say)
        say(f"built in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    if not SearchText.everything.exists():
        fill_words()
        say(f"words to search built in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    if not DailyFigure.everything.exists():
        keeping.recount()
        say(f"figures of the days counted in {time.perf_counter() - begun:.0f} s")
    return [_vendor(connection), ServiceRequest.everything.count(), Shop.objects.count()]


def _vendor(connection):
    """The database and its version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return f"{connection.display_name} {cursor.fetchone()[0].split()[0]}"


def pages(said):
    from .pages import pages as wanted

    return _measured(wanted(), said)


def reply(said):
    from .pages import replies

    return _measured([replies(said.rounds)], said)


def _measured(wanted, said):
    from .logins import cookie_of
    from .measure import Browser, measure
    from .serving import served

    with served(said.port):
        return [measure(page, Browser(said.port, cookie_of(page.who)), rounds=said.rounds).plain() for page in wanted]


def export(said):
    """Seconds and megabytes of one export, by the product or bare."""
    from . import exports

    return [{"product": exports.product, "bare": exports.bare}[said.by](said.fmt), _megabytes()]


def sweep(said):
    from .loads import swept

    rate = swept()
    return [_row("sweep of 100,000 due", rate, fewest=2_000, most_memory=300)]


def load(said):
    from .loads import imported

    rate = imported()
    return [_row("import of 100,000 requests", rate, fewest=3_000)]


def _row(name, rate, **limits):
    from .rows import Row

    return Row(name, rate, unit="a second", memory=_megabytes(), **limits).plain()


def _megabytes():
    """The most that this process has had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


PARTS = {part.__name__: part for part in (build, pages, reply, export, sweep, load)}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench.work", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    for name in ("requests", "shops", "rounds", "port"):
        parser.add_argument(f"--{name}", type=int, default=0)
    for name in ("fmt", "by"):
        parser.add_argument(f"--{name}", default="")
    said = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    sys.stdout.write(json.dumps(PARTS[said.part](said)))


if __name__ == "__main__":
    main()
