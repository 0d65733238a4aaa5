"""A copy of a database for what writes: the one that is kept is the same the next time."""

import contextlib
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def copied(url):
    """The address of a copy, which is gone afterwards. Nobody may be connected to the database itself meanwhile."""
    parts = urlsplit(url)
    make = _file if parts.scheme == "sqlite" else _server
    with make(parts) as name:
        # A host that is not said stays unsaid: `urlunsplit` leaves its two strokes out.
        yield f"{parts.scheme}://{parts.netloc}/{name}{'?' if parts.query else ''}{parts.query}"


@contextmanager
def _server(parts):
    name, copy = parts.path[1:], f"{parts.path[1:]}_copy"
    query = f"?{parts.query}" if parts.query else ""
    # No statement on a database from within itself.
    with psycopg.connect(f"{parts.scheme}://{parts.netloc}/postgres{query}", autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy))
        connection.execute(drop)
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(make.format(sql.Identifier(copy), sql.Identifier(name)))
        try:
            yield copy
        finally:
            connection.execute(drop)


@contextmanager
def _file(parts):
    path = Path(parts.path[1:])
    copy = path.with_name(f"{path.name}-copy")
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    try:
        yield str(copy)
    finally:
        for left in path.parent.glob(f"{copy.name}*"):
            left.unlink()
