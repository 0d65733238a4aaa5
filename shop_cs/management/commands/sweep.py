"""`manage.py sweep`: records what time has decided, once or for as long as it is let."""

import logging
import os
import select
import signal
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from shop_cs import guards, moment, sweep
from shop_cs.seals import anchors, sealing

log = logging.getLogger(__name__)
# Well inside the limit after which a worker is taken for dead.
BEAT_EVERY = timedelta(seconds=30)


class Stopped(Exception):  # noqa: N818 - reads as what happened
    """Asked to end: raised between two batches, when everything done is also committed."""


class Stop:
    """The wish to end, from SIGTERM or SIGINT.

    A pipe and no Event: an Event set in a signal handler may wait for the very lock that the interrupted wait holds.
    """

    def __init__(self):
        self.asked = False
        self._reader, self._writer = os.pipe()

    def listen(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.ask)

    def ask(self, *_signal):
        if not self.asked:
            self.asked = True
            os.write(self._writer, b".")

    def wait(self, seconds):
        """Waits so long, or until asked to end."""
        select.select([self._reader], [], [], seconds)


class Command(BaseCommand):
    help = "Records what time has decided: sends at the opening, marks overdue, tells before a deadline."

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--once", action="store_true", help="one pass, then end; prints what was moved")
        how.add_argument("--loop", action="store_true", help="pass after pass until SIGTERM or Ctrl-C")
        parser.add_argument("--every", type=float, default=5, help="seconds between two passes (default: 5)")

    def handle(self, *, once, every, **options):
        if once:
            return self._once()
        if every <= 0:
            raise CommandError("--every needs more than 0 seconds.")
        stop = Stop()
        stop.listen()
        guards.say_missing()
        return loop(stop, every=every)

    def _once(self):
        try:
            counts = sweep.one_pass()
        except (OperationalError, InterfaceError) as error:
            raise CommandError(f"The database does not answer: {error}") from error
        return " ".join(f"{name}={count}" for name, count in counts.items())


def loop(stop, *, every):
    """Passes, `every` seconds apart, until `stop` is asked for. A database that fails is tried again and again."""
    while not stop.asked:
        try:
            close_old_connections()
            sweep.one_pass(progress=_Pulse(stop))
            _keep_trail(now=moment.now())
        except Stopped:
            return
        except (OperationalError, InterfaceError):
            log.exception("sweep: the database does not answer, trying again in %g s", every)
        stop.wait(every)


def _keep_trail(*, now):
    """Seals what is new, each minute, and tells the anchor, each day. The work itself does not wait for it."""
    try:
        sealing.seal_each_minute(now=now)
        anchors.keep_daily(now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("sweep: the trail could not be sealed or its anchor not be kept, the next pass tries again")


class _Pulse:
    """Called after each batch: beats in a long pass too, and ends it when asked to."""

    def __init__(self, stop):
        self._stop = stop
        self._last = moment.now()

    def __call__(self, job, moved):
        if self._stop.asked:
            raise Stopped
        at = moment.now()
        if at - self._last >= BEAT_EVERY:
            sweep.beat(at=at)
            self._last = at
