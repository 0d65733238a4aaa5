"""`manage.py jobs`: makes the exports that were asked for, once or for as long as it is let."""

import logging
import os
import socket

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from shop_cs import moment
from shop_cs.exporting import working

from .sweep import Stop

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Makes the exports that were asked for, beside the sweep, which never waits for them."

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--once", action="store_true", help="all that waits, then end; prints what was done")
        how.add_argument("--loop", action="store_true", help="for ever, until SIGTERM or Ctrl-C")
        parser.add_argument("--every", type=float, default=2, help="seconds between two looks (default: 2)")

    def handle(self, *, once, every, **options):
        worker = f"{socket.gethostname()[:40]}:{os.getpid()}"
        if once:
            return self._once(worker)
        if every <= 0:
            raise CommandError("--every needs more than 0 seconds.")
        stop = Stop()
        stop.listen()
        return loop(stop, every=every, worker=worker)

    def _once(self, worker):
        try:
            counts = working.one_pass(now=moment.now, worker=worker)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"The database does not answer: {error}") from error
        return " ".join(f"{name}={count}" for name, count in counts.items())


def loop(stop, *, every, worker):
    """Looks for work, `every` seconds apart, until `stop` is asked for. A database that fails is tried again."""
    while not stop.asked:
        try:
            close_old_connections()
            working.one_pass(now=moment.now, worker=worker, ending=lambda: stop.asked)
        except (OperationalError, InterfaceError):
            log.exception("jobs: the database does not answer, trying again in %g s", every)
        except Exception:
            log.exception("jobs: a pass failed, trying again in %g s", every)
        stop.wait(every)
