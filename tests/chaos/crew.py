"""The conductor: starts players, workers and a watcher as forks of one without a connection, and strikes the blows."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

from .desks import Desk, NaiveDesk, WebDesk
from .players import Company
from .world import played_twice

PROCESSES, WORKERS, SWEEP_EVERY, WATCH_EVERY = 5, 2, 0.05, 0.05
# Seconds without any act after which nobody is waited for any more.
PATIENCE = 60


@dataclass
class Plan:
    """How hard it is to be: players (threads in all), kills of a worker, knocks at the database, players over HTTP."""

    players: int
    kills: int
    knocks: int
    web_players: int
    naive: bool
    rivals: int


@dataclass
class Heard:
    """What all of them said."""

    acks: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    broken: list = field(default_factory=list)
    early: list = field(default_factory=list)
    killed: int = 0
    knocked: int = 0
    seconds: float = 0.0


def work():
    """What `manage.py sweep --loop` does, sealing every second instead of every minute."""
    from datetime import timedelta

    from shop_cs.management.commands import sweep
    from shop_cs.seals import sealing

    sealing.EVERY = timedelta(seconds=1)
    stop = sweep.Stop()
    stop.listen()
    sweep.loop(stop, every=SWEEP_EVERY)


def watch(say):
    """Looks all the time whether something is marked as over that is not: first at the marks, then at the clock."""
    from django.db import InterfaceError, OperationalError, close_old_connections
    from django.db.models import Max

    from shop_cs import moment
    from tickets.models import ServiceRequest

    marked = {"overdue_at": {"overdue_at__isnull": False}, "due_soon_at": {"due_soon_told_at__isnull": False}}
    while True:
        try:
            close_old_connections()
            for name, which in marked.items():
                last = ServiceRequest.everything.filter(**which).aggregate(last=Max(name))["last"]
                if last and last > moment.now():
                    say("early", what=name, at=str(last))
        except (OperationalError, InterfaceError):
            pass
        time.sleep(WATCH_EVERY)


class Crew:
    def __init__(self, world, stories, plan, knock):
        self.world, self.stories, self.plan, self._knock = world, stories, plan, knock
        self.heard, self._workers = Heard(), []
        self._reader, self._writer = os.pipe()
        expected = sum(story.transitions for story in stories)
        self._kills_at = [expected * (n + 1) // (plan.kills + 2) for n in range(plan.kills)]
        self._knocks_at = [expected * (n + 1) // (plan.knocks + 1) for n in range(plan.knocks)]

    def run(self):
        begun = time.monotonic()
        server, port = self._serve() if self.plan.web_players else (None, 0)
        players = [
            self._fork(lambda one=one, threads=threads: one.play(threads)) for one, threads in self._companies(port)
        ]
        watcher = self._fork(lambda: watch(self._say))
        self._workers = [self._fork(work) for _ in range(WORKERS)]
        try:
            self._listen(set(players))
        finally:
            for pid in [*players, *self._workers, watcher]:
                _kill(pid)
            if server:
                server.terminate()
                server.wait()
        self.heard.seconds = time.monotonic() - begun
        return self.heard

    def _companies(self, port):
        """(company, how many players it has): stories are dealt out; some go to two companies."""
        desk = (NaiveDesk if self.plan.naive else Desk)(self.world)
        web = self.plan.web_players
        dealt = defaultdict(list)
        for story in self.stories:
            if web and story.kind in {"plain", "asked"} and story.number % 4 == 0:
                dealt[PROCESSES].append(story)
                continue
            dealt[story.number % PROCESSES].append(story)
            if played_twice(story, every=self.plan.rivals):
                dealt[(story.number + 1) % PROCESSES].append(story)
        each = max(1, (self.plan.players - web) // PROCESSES)
        for place in range(PROCESSES):
            yield Company(desk, dealt[place], self._say, place=place), each
        if web:
            yield Company(WebDesk(self.world, port), dealt[PROCESSES], self._say, place="web"), web

    def _serve(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [sys.executable, "-m", "gunicorn", "shop_cs.wsgi:application", f"--bind=127.0.0.1:{port}"]
        words += ["--worker-class=gthread", "--workers=2", "--threads=8", "--log-level=error", "--no-control-socket"]
        server = subprocess.Popen(words)
        for _try in range(1200):
            if server.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return server, port
            time.sleep(0.05)
        raise RuntimeError("the web server did not open its port")

    def _fork(self, task):
        pid = os.fork()
        if pid:
            return pid
        try:
            os.close(self._reader)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            task()
        except BaseException as error:
            self._say("broken", no="", act="process", why=repr(error)[:300])
        finally:
            os._exit(0)

    def _say(self, kind, **what):
        # One line is shorter than what a pipe takes at once: nobody writes into another's.
        os.write(self._writer, json.dumps([kind, what]).encode() + b"\n")

    def _listen(self, players):
        pipes, rest = selectors.DefaultSelector(), b""
        pipes.register(self._reader, selectors.EVENT_READ)
        done, since = 0, time.monotonic()
        while players:
            if len(self.heard.acks) > done:
                done, since = len(self.heard.acks), time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                self._hear("broken", {"why": f"nothing was done for {PATIENCE} seconds"})
                return
            if pipes.select(timeout=0.05):
                *lines, rest = (rest + os.read(self._reader, 1 << 16)).split(b"\n")
                for line in lines:
                    self._hear(*json.loads(line))
            else:
                players -= {pid for pid in players if os.waitpid(pid, os.WNOHANG)[0]}
            self._strike()

    def _hear(self, kind, what):
        getattr(self.heard, "acks" if kind == "ack" else kind).append(what)

    def _strike(self):
        so_far = len(self.heard.acks)
        if self._kills_at and so_far >= self._kills_at[0]:
            self._kills_at.pop(0)
            place = self.heard.killed % WORKERS
            _kill(self._workers[place])
            self._workers[place] = self._fork(work)
            self.heard.killed += 1
        if self._knocks_at and so_far >= self._knocks_at[0]:
            self._knocks_at.pop(0)
            self._knock()
            self.heard.knocked += 1


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass
