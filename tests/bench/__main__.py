"""`python -m tests.bench`: builds the data if it is not there yet, measures, prints the table. Fails for nothing slow.

The database is that of DATABASE_URL, which is made for this and kept: the next run finds its rows.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--shops", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=40, help="answers of each page (default: 40)")
    parser.add_argument("--port", type=int, default=8970)
    return parser.parse_args()


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main():
    said = arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from tickets.models import ServiceRequest

    call_command("migrate", verbosity=0)
    if not ServiceRequest.everything.exists():
        from .build import build

        begun = time.perf_counter()
        build(said.requests, shops=said.shops, base=datetime.now(UTC).replace(second=0, microsecond=0), say=say)
        say(f"built in {time.perf_counter() - begun:.0f} s")
    with served(said.port):
        report(list(measured(said)))


class served:  # noqa: N801 - reads as what it is: with served(port)
    """Gunicorn with two workers."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        argv = [sys.executable, "-m", "gunicorn", "shop_cs.wsgi:application", f"--bind=127.0.0.1:{self.port}"]
        self.server = subprocess.Popen([*argv, "--workers=2", "--log-level=warning", "--preload"], cwd=ROOT)
        time.sleep(5)

    def __exit__(self, *_error):
        self.server.terminate()
        self.server.wait()


def measured(said):
    from .logins import cookie_of
    from .measure import Browser, measure
    from .pages import pages

    for page in pages():
        yield measure(page, Browser(said.port, cookie_of(page.who)), rounds=said.rounds)


def report(found):
    from django.db import connection

    from tickets.models import ServiceRequest

    count = ServiceRequest.everything.count()
    say(f"{connection.vendor}, {count:,} requests, {os.cpu_count()} cores, Python {platform.python_version()}")
    say(f"{'page':<34}{'ms':>9}{'floor':>9}{'ratio':>8}{'most':>7}{'statements':>12}{'bytes':>10}")
    for one in found:
        say(
            f"{one.page.name:<34}{one.milliseconds:>9.1f}{one.floor:>9.1f}{one.ratio:>8.1f}{one.page.most:>7}"
            f"{one.statements:>12}{one.bytes:>10,}{'' if one.holds else '   ←'}"
        )


if __name__ == "__main__":
    main()
