"""The database into one file and back, by its own means: SQLite's online backup, PostgreSQL's pg_dump and psql."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from ..seals import rows

DUMPS = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
# How long a restore waits for others who use the tables that it replaces.
LOCK_SECONDS = 10


class BackupError(Exception):
    """Why a backup or a restore did not happen, in words for the operator."""


@contextmanager
def snapshot(folder):
    """(dump file in `folder`, function sql → rows), both as of one moment. Nobody waits. Raises BackupError."""
    dump = Path(folder) / DUMPS[connection.vendor]
    if connection.vendor == "sqlite":
        with closing(_opened()) as source, closing(sqlite3.connect(dump)) as target:
            source.backup(target)
            # One file: no journal beside it.
            target.execute("PRAGMA journal_mode = DELETE")
            yield dump, lambda sql: target.execute(sql).fetchall()
        return
    with rows.one_moment():
        moment_id = _asked("SELECT pg_export_snapshot()")
        words = ["--no-owner", "--no-privileges", f"--snapshot={moment_id}", f"--file={dump}", f"--dbname={_address()}"]
        _run("pg_dump", "-Fc", *words)
        yield dump, _fetched


def tables():
    """Names of the tables that are there."""
    return connection.introspection.table_names()


def load(dump):
    """Puts the dump in the place of all that is there: whole or not at all. Raises BackupError."""
    connection.close()
    if connection.vendor == "sqlite":
        _load_sqlite(dump)
    else:
        _load_postgresql(dump)


def check(dump):
    """Whether the dump can be read at all. Raises BackupError."""
    if connection.vendor == "postgresql":
        _run("pg_restore", "--list", dump)
        return
    with closing(sqlite3.connect(dump)) as file:
        try:
            found = file.execute("PRAGMA integrity_check(3)").fetchall()
        except sqlite3.DatabaseError as error:
            raise BackupError(f"The database in the archive cannot be read: {error}.") from error
    if found != [("ok",)]:
        raise BackupError(f"The database in the archive is damaged: {found[0][0]}.")


def _opened():
    name = str(connection.settings_dict["NAME"])
    return sqlite3.connect(name, uri=name.startswith("file:"), timeout=LOCK_SECONDS)


def _load_sqlite(dump):
    """The backup the other way round: SQLite itself locks, writes and, when broken off, takes back."""
    try:
        with closing(sqlite3.connect(dump)) as source, closing(_opened()) as target:
            source.backup(target)
    except sqlite3.OperationalError as error:
        raise BackupError(f"The database cannot be replaced: {error}. End the web server and the worker.") from error


def _load_postgresql(dump):
    script = Path(dump).with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", dump)
    schema = connection.ops.quote_name(_asked("SELECT current_schema()"))
    connection.close()
    try:
        _run(
            "psql",
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--dbname={_address()}"),
            f"--command=SET lock_timeout = '{LOCK_SECONDS}s'",
            f"--command=DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}",
            f"--file={script}",
        )
    finally:
        script.unlink(missing_ok=True)


def _fetched(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _asked(sql):
    return _fetched(sql)[0][0]


def _address():
    """Where the database is, as libpq reads it; the password goes another way, not for everybody to see."""
    from psycopg import conninfo, pq

    said = connection.get_connection_params()
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"password"}
    return conninfo.make_conninfo(**{name: value for name, value in said.items() if name in known})


def _run(program, *words):
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is not on the PATH: install PostgreSQL's client programs.")
    password = connection.settings_dict.get("PASSWORD")
    env = {**os.environ, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": password} if password else {})}
    ended = subprocess.run(  # noqa: S603 - our own words
        [path, *map(str, words)], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )
    if ended.returncode:
        raise BackupError(f"{program} failed: {ended.stderr.strip() or ended.returncode}")
