"""Two web servers and two workers of each kind, as on machines of their own: they share a PostgreSQL and a bucket."""

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import urlopen

import boto3
import psycopg
from django.conf import settings
from django.db import connection
from moto.server import ThreadedMotoServer

from .proxy import Proxy

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "shared"
WEBS, WORKERS = ("web-1", "web-2"), ("worker-1", "worker-2")
# Only against a test that never ends: how fast the machine is, is no matter here.
PATIENCE = 120
# All ask the database for the time. This one tells the story's: theirs is looked for before the server's own.
CLOCK = """
    CREATE SCHEMA story;
    CREATE TABLE story.clock AS SELECT %s::timestamptz AS at;
    CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM story.clock';
    CREATE FUNCTION story.say() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('story', to_jsonb(NEW)::text); RETURN NULL; END $$;
    CREATE TRIGGER story AFTER INSERT OR UPDATE ON shop_cs_heartbeat FOR EACH ROW EXECUTE FUNCTION story.say();
    CREATE TRIGGER story AFTER UPDATE OF status ON shop_cs_exportjob FOR EACH ROW EXECUTE FUNCTION story.say();
"""
NO_CLOCK = "DROP SCHEMA IF EXISTS story CASCADE; DROP FUNCTION IF EXISTS public.clock_timestamp()"
STORY_FIRST = "-csearch_path=public,pg_catalog"


class Stand:
    """`with Stand(folder, now) as stand`: `stand.proxy` is what people open."""

    def __init__(self, folder, now):
        self.folder, self._now, self._stack, self._running = folder, now, ExitStack(), {}

    def __enter__(self):
        with self._stack:
            self._database = self._stack.enter_context(psycopg.connect(_url(), autocommit=True))
            self._database.execute(NO_CLOCK)
            self._stack.callback(self._database.execute, NO_CLOCK)
            psycopg.ClientCursor(self._database).execute(CLOCK, [self._now])
            self._database.execute("LISTEN story")
            self._storage = self._stack.enter_context(_storage())
            self._stack.callback(self._end)
            doors = [self._stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _web in WEBS]
            self.proxy = self._stack.enter_context(Proxy([door.getsockname()[1] for door in doors]))
            for name, door in zip(WEBS, doors, strict=True):
                self._serve(name, door)
            for name in WORKERS:
                self._start(f"{name}-sweep", sys.executable, ROOT / "manage.py", "sweep", "--loop", "--every=0.5")
                self._start(f"{name}-jobs", sys.executable, ROOT / "manage.py", "jobs", "--loop", "--every=0.5")
            self.sweep_at(self._now)
            for door in doors:
                with urlopen("http://{}:{}/healthz".format(*door.getsockname()), timeout=PATIENCE) as answer:
                    assert answer.status == 200
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *error):
        self._stack.close()

    def at(self, instant):
        """Sets what the database's clock says to all of them."""
        self._database.execute("UPDATE story.clock SET at = %s", [instant])

    def sweep_at(self, instant):
        """Lets time pass, and both workers look at what it has decided: ends when each has made a whole pass then."""
        self.at(instant)
        beats = Counter()
        for worker, row in self._told():
            # Two may be of the pass that had begun before: a long one, and long it seems, says so on its way too.
            if row.get("name") == "sweep" and datetime.fromisoformat(row["at"]) == instant:
                beats[worker] += 1
            if sum(many >= 3 for many in beats.values()) == len(WORKERS):
                return

    def export_is_ready(self):
        """Ends when a worker has made the file that was asked for."""
        next(row for _worker, row in self._told() if row.get("status") == "ready")

    def _told(self):
        """(which connection to the database, the row as it is now) of what workers write, as it comes."""
        for told in self._database.notifies(timeout=PATIENCE):
            yield told.pid, json.loads(told.payload)
        raise AssertionError(f"the workers did nothing for {PATIENCE} seconds: {self.logs()}")

    def asked_of(self, application):
        """What those who call themselves so have asked the database last: the first words of it."""
        sql = "SELECT query FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
        return [query for (query,) in self._database.execute(sql, [application])]

    def alive(self):
        return [name for name, process in self._running.items() if process.poll() is None]

    def logs(self):
        """What they wrote on standard error: of servers and workers that are well, nothing."""
        return "".join(log.read_text() for log in sorted(self.folder.glob("*.log")))

    def files(self):
        """What any of them keeps for itself."""
        return [path for name in self._running for path in (self.folder / name).rglob("*") if path.is_file()]

    def _serve(self, name, door):
        # The door is open before the server is there: who knocks early waits.
        words = ["gunicorn", "shop_cs.wsgi:application", f"--bind=fd://{door.fileno()}", "--worker-class=gthread"]
        words += ["--threads=4", "--log-level=warning", "--no-control-socket"]
        self._start(name, sys.executable, "-m", *words, pass_fds=[door.fileno()])

    def _start(self, name, *words, **how):
        own = self.folder / name
        own.mkdir()
        env = {**os.environ, **self._environment(name), "VAR_DIR": f"{own}/var", "TMPDIR": str(own), "HOME": str(own)}
        with open(self.folder / f"{name}.log", "w") as log:
            self._running[name] = subprocess.Popen(words, cwd=own, env=env, stdout=log, stderr=log, **how)

    def _environment(self, name):
        """What an operator says to each of several machines. The keys are this process's: it prepares the story."""
        return {
            "DATABASE_URL": _url(application_name=name, options=STORY_FIRST),
            "REPLICA_URL": _url(application_name="replica"),
            "STORAGE_URL": self._storage,
            **{key: getattr(settings, key) for key in ("SECRET_KEY", "CONSUMER_KEY", "TRAIL_KEY")},
            "PUBLIC_URL": self.proxy.url,
            "TRUSTED_PROXIES": "1",
            "REQUIRE_OTP": "0",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "tests.scale.settings",
            "PYTHONPATH": str(ROOT),
        }

    def _end(self):
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(PATIENCE)


def _url(**said):
    """The address of the test's own database."""
    told = {"path": f"/{connection.settings_dict['NAME']}", "query": urlencode(said)}
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(**told))


@contextmanager
def _storage():
    """The STORAGE_URL of an empty bucket of an S3 server of this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        said = {"aws_access_key_id": "KEY", "aws_secret_access_key": "SECRET", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=f"http://{host}:{port}", **said).create_bucket(Bucket=BUCKET)
        yield f"s3://KEY:SECRET@{host}:{port}/{BUCKET}?ssl=0"
    finally:
        server.stop()
