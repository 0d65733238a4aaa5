"""`manage.py serve`: web server and worker in one foreground command that ends both together."""

import contextlib
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shop_cs.demo.people import LOGINS, PASSWORD

THREADS = 4
STARTING_SECONDS = 60
# What a request under way gets to finish; the worker ends between two batches, sooner.
ENDING_SECONDS = 10
WEB, WORKERS = "web", "workers"
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LINUX_PR_SET_PDEATHSIG = 1
# A child that was killed is started again, up to so often in a row; who has lived so long begins anew.
MOST_ENDINGS, LONG_LIFE_SECONDS = 6, 60
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Serves both sites and runs the worker until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help=f"processes of {THREADS} threads (default: 2)")
        parser.add_argument(
            "--only", choices=[WEB, WORKERS], help="these alone, where others run on other machines (default: both)"
        )

    def handle(self, *, host, port, workers, only=None, **options):
        # Every way to end is one: an exception in this thread. SIGINT too, which a shell's background job ignores.
        for number in ENDINGS:
            signal.signal(number, signal.default_int_handler)
        children = {}
        try:
            if only != WORKERS:
                _refuse_taken(host, port)
            # WhiteNoise warns of a missing folder; it stays empty where the apps' own folders are served.
            settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
            commands = _commands(host, port, workers, only)
            starts = {name: partial(_start, command, host, port) for name, command in commands.items()}
            for name, start in starts.items():
                children[name] = start()
            if only != WORKERS:
                _wait_until_open(host, port, children)
            self.stdout.write(_welcome(host, port, only))
            self.stdout.flush()
            again = {name: Again() for name in children}
            while True:
                _revive(children, again, starts, now=time.monotonic())
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nEnding …")
        finally:
            _end(children.values())


def _commands(host, port, workers, only=None):
    gunicorn = [sys.executable, "-m", "gunicorn", "shop_cs.wsgi:application", f"--bind={_address(host, port)}"]
    gunicorn += ["--worker-class=gthread", f"--workers={workers}", f"--threads={THREADS}", "--log-level=warning"]
    gunicorn += [f"--graceful-timeout={ENDING_SECONDS - 2}", "--no-control-socket", "--preload"]
    ours = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    web = {"the web server": gunicorn}
    beside = {"the worker": [*ours, "sweep", "--loop"], "the worker of exports": [*ours, "jobs", "--loop"]}
    return {WEB: web, WORKERS: beside}.get(only, {**web, **beside})


def _address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _refuse_taken(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the web server does: connections that are only fading away do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Cannot listen on {_address(host, port)}: {error}. "
                "Is another server running there? Choose another port: --port 8001, or make run PORT=8001."
            ) from error


def _start(command, host, port):
    """Starts a child in a session of its own: Ctrl-C reaches this process only, which ends its children in order."""
    env = {**os.environ, "PUBLIC_URL": os.environ.get("PUBLIC_URL", f"http://{_address(host, port)}")}
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=settings.BASE_DIR,
        env=env,
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )


_LIBC = ctypes.CDLL(None)


def _die_with_parent():
    """A child whose parent is killed outright gets SIGTERM, so that nobody stays behind on the port."""
    _LIBC.prctl(LINUX_PR_SET_PDEATHSIG, signal.SIGTERM)


def _all_alive(children):
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"{name[0].upper()}{name[1:]} has ended with {child.returncode}: everything ends.")


class Again:
    """When a child that has ended is started again: at once, then later and later, and in the end not at all.

    Moments are seconds of one clock, whichever.
    """

    def __init__(self):
        self._endings, self._at, self._since = 0, None, 0.0

    def lives(self, now):
        """It runs. Who has run for long enough begins anew when he ends."""
        if now - self._since >= LONG_LIFE_SECONDS:
            self._endings = 0

    def given_up(self):
        return self._at is None and self._endings >= MOST_ENDINGS

    def wanted(self, now):
        """It has ended. Whether to start it now."""
        if self._at is None:
            self._at = now + 2**self._endings - 1
            self._endings += 1
        return now >= self._at

    def started(self, now):
        self._at, self._since = None, now


def _revive(children, again, commands, *, now):
    """Starts what has ended, by `commands`: {name: function that starts it}. CommandError for what always ends."""
    for name, child in children.items():
        if child.poll() is None:
            again[name].lives(now)
        elif again[name].given_up():
            _all_alive({name: child})
        elif again[name].wanted(now):
            log.error("%s has ended with %s: it is started again", name, child.returncode)
            # What it has left behind would keep the port.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            children[name] = commands[name]()
            again[name].started(now)


def _wait_until_open(host, port, children):
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked for by --host
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        _all_alive(children)
        with contextlib.suppress(OSError), socket.create_connection((reach, port), timeout=1):
            return
        time.sleep(0.05)
    raise CommandError(f"The web server did not open its port within {STARTING_SECONDS} seconds.")


def _welcome(host, port, only=None):
    if only == WORKERS:
        return "The workers work. Ctrl-C ends them."
    base = f"http://{_address(host, port)}"
    lines = [f"Workbench  {base}/", f"Platform   {base}/admin/", f"Health     {base}/healthz"]
    if settings.DEMO:
        lines += ["", f"Demo people, all with the password {PASSWORD}:"]
        lines += [f"  {login.username:<8} {login.what}" for login in LOGINS]
    if not settings.REQUIRE_OTP:
        lines += ["", "REQUIRE_OTP is off: the platform's people log in without a one-time password."]
    return "\n".join([*lines, "", "Ctrl-C ends it."])


def _end(children):
    """Asks all to end, waits, and kills what does not. A second Ctrl-C does not break this off."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    children = list(children)
    for child in children:
        child.terminate()
    until = time.monotonic() + ENDING_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
