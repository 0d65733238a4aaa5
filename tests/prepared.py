"""The migrated database, made once: each process of the tests takes a copy, and so does the next run.

It is kept under a name made of all code that migrations and their signals may run: other code, another database.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db.backends.signals import connection_created

ROOT = Path(__file__).resolve().parents[1]
CODE = ("shop_cs", "tickets", "disputes")


def prepare(connection, folder):
    """Sees to it that the test database, when it is made, is a copy. `folder` is common to all processes and runs."""
    kept = {"sqlite": InFile, "postgresql": AsTemplate}[connection.vendor](connection, folder)
    with open(folder / f"{kept.begins}lock", "w") as door:
        # One process makes it while the others wait.
        fcntl.flock(door, fcntl.LOCK_EX)
        if not kept.exists():
            kept.make()
        kept.copy()


def fingerprint():
    found = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for file in [ROOT / "uv.lock", *sorted(file for name in CODE for file in (ROOT / name).rglob("*.py"))]:
        found.update(f"\0{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return found.hexdigest()[:16]


def migrate(url):
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shop_cs.settings"}
    argv = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    ended = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


class InFile:
    """SQLite: a file, which is poured into the test database as soon as that is opened for the first time."""

    begins = "prepared_"

    def __init__(self, connection, folder):
        self.folder, self.file = folder, folder / f"{self.begins}{fingerprint()}.sqlite3"
        self.name, self.rows = connection.creation._get_test_db_name(), sqlite3.connect(":memory:")

    def exists(self):
        return self.file.exists()

    def make(self):
        for old in self.folder.glob(f"{self.begins}*.sqlite3*"):
            old.unlink()
        making = self.file.with_suffix(".making.sqlite3")
        migrate(f"sqlite:///{making}")
        making.rename(self.file)

    def copy(self):
        with closing(sqlite3.connect(self.file)) as file:
            file.backup(self.rows)
        connection_created.connect(self.pour, weak=False)

    def pour(self, *, connection, **_more):
        if connection.settings_dict["NAME"] != self.name:
            return
        connection_created.disconnect(self.pour)
        if not connection.introspection.table_names():
            self.rows.backup(connection.connection)
        self.rows.close()


class AsTemplate:
    """PostgreSQL: a database beside, which CREATE DATABASE copies."""

    def __init__(self, connection, folder):
        self.connection = connection
        self.begins = f"prepared_{connection.settings_dict['NAME']}_"
        self.name = self.begins + fingerprint()

    def ask(self, words, *values):
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(words, values)
            return [name for (name,) in cursor.fetchall()] if cursor.description else []

    def exists(self):
        return self.name in self.ask("SELECT datname FROM pg_database")

    def make(self):
        for old in self.ask("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", self.begins):
            self.ask(f'DROP DATABASE "{old}" WITH (FORCE)')
        making = f"{self.begins}making"
        self.ask(f'CREATE DATABASE "{making}" TEMPLATE template0')
        migrate(urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{making}")))
        self.ask(f'ALTER DATABASE "{making}" RENAME TO "{self.name}"')

    def copy(self):
        self.connection.settings_dict["TEST"]["TEMPLATE"] = self.name
