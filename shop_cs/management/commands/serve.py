"""`manage.py serve`: web server and worker in one foreground command that ends both together."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shop_cs.demo.people import LOGINS, PASSWORD

THREADS = 4
STARTING_SECONDS = 60
# What a request under way gets to finish; the worker ends between two batches, sooner.
ENDING_SECONDS = 10
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LINUX_PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Serves both sites and runs the worker until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help=f"processes of {THREADS} threads (default: 2)")

    def handle(self, *, host, port, workers, **options):
        # Every way to end is one: an exception in this thread. SIGINT too, which a shell's background job ignores.
        for number in ENDINGS:
            signal.signal(number, signal.default_int_handler)
        children = {}
        try:
            _refuse_taken(host, port)
            # WhiteNoise warns of a missing folder; it stays empty where the apps' own folders are served.
            settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
            for name, command in _commands(host, port, workers).items():
                children[name] = _start(command, host, port)
            _wait_until_open(host, port, children)
            self.stdout.write(_welcome(host, port))
            self.stdout.flush()
            while True:
                _all_alive(children)
                time.sleep(0.5)
        except KeyboardInterrupt:
            self.stdout.write("\nEnding …")
        finally:
            _end(children.values())


def _commands(host, port, workers):
    gunicorn = [sys.executable, "-m", "gunicorn", "shop_cs.wsgi:application", f"--bind={_address(host, port)}"]
    gunicorn += ["--worker-class=gthread", f"--workers={workers}", f"--threads={THREADS}", "--log-level=warning"]
    gunicorn += [f"--graceful-timeout={ENDING_SECONDS - 2}", "--no-control-socket", "--preload"]
    return {
        "the web server": gunicorn,
        "the worker": [sys.executable, str(settings.BASE_DIR / "manage.py"), "sweep", "--loop"],
    }


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


def _wait_until_open(host, port, children):
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked for by --host
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        _all_alive(children)
        with contextlib.suppress(OSError), socket.create_connection((reach, port), timeout=1):
            return
        time.sleep(0.05)
    raise CommandError(f"The web server did not open its port within {STARTING_SECONDS} seconds.")


def _welcome(host, port):
    base = f"http://{_address(host, port)}"
    lines = [f"Workbench  {base}/", f"Platform   {base}/admin/", f"Health     {base}/healthz"]
    if settings.DEMO:
        lines += ["", f"Demo people, all with the password {PASSWORD}:"]
        lines += [f"  {login.username:<8} {login.what}" for login in LOGINS]
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
