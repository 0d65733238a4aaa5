"""A restore drill: a backup while people write, and the restore of it into another place. A database of its own.

Run as a program by test_backups with DATABASE_URL and VAR_DIR set; prints what is found as one line of JSON. The
writers are forks that say each note when it is committed; the backup begins when enough was said.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
from contextlib import closing

WRITERS, ENOUGH = 3, 40


def write(world, place, say):
    """Contact attempts, and a new piece of evidence beside every tenth, until killed."""
    from io import BytesIO

    from shop_cs.evidence import vault
    from tests.factories import PNG
    from tests.people import TUESDAY_10
    from tickets import actions

    cast, request, rules = world
    said = {"by": cast.as_bob, "now": TUESDAY_10}
    for number in range(100_000):
        note = f"{place}-{number}"
        if number % 10 == 0:
            file = BytesIO(PNG + note.encode())
            vault.store(file=file, name="proof.png", side="merchant", rules=rules, order=request.order, **said)
        actions.log_contact(request, channel="phone", result="no_answer", contacted_at=TUESDAY_10, note=note, **said)
        say(note)


def forked(work):
    """Runs `work(say)` in a child; returns its pid and the pipe on which it says lines."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    try:
        work(lambda line: os.write(writer, line.encode() + b"\n"))
    finally:
        os._exit(0)


class Crowd:
    """The writers, and what they have said so far."""

    def __init__(self, world):
        self._text, self._pids, self._pipes = {}, [], selectors.DefaultSelector()
        for place in range(WRITERS):
            pid, pipe = forked(lambda say, place=place: write(world, place, say))
            self._pids.append(pid)
            self._pipes.register(pipe, selectors.EVENT_READ)
            self._text[pipe] = b""

    def said(self, *, timeout):
        for key, _events in self._pipes.select(timeout):
            self._text[key.fd] += os.read(key.fd, 1 << 16)
        # What follows the last line's end is still being said.
        return {note for text in self._text.values() for note in text.decode().split("\n")[:-1]}

    def end(self):
        for pid in self._pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def prepare():
    from tests import stories
    from tests.people import make_cast

    cast = make_cast()
    request = stories.send(cast)
    return cast, request, request.rulebook.rules()


def notes_in(url):
    """The notes and pieces of evidence in a database, asked past the product."""
    sql = "SELECT note FROM tickets_contactattempt", "SELECT DISTINCT sha256 FROM shop_cs_evidence"
    if url.startswith("sqlite"):
        import sqlite3

        opened = sqlite3.connect(url.removeprefix("sqlite:///"))
    else:
        import psycopg

        opened = psycopg.connect(url)
    with closing(opened) as database:
        return tuple({row[0] for row in database.execute(one).fetchall()} for one in sql)


def manage(*words, **env):
    argv = [sys.executable, "manage.py", *words]
    return subprocess.run(argv, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)


def drill(archive, other_var, other_url):
    from django.core.management import call_command
    from django.db import connections

    world = prepare()
    connections.close_all()
    crowd = Crowd(world)
    while len(before := crowd.said(timeout=1)) < ENOUGH:
        pass
    call_command("backup", archive, stdout=sys.stderr)
    after = crowd.said(timeout=0)
    crowd.end()
    restored = manage("restore", archive, VAR_DIR=other_var, DATABASE_URL=other_url)
    notes, pieces = notes_in(other_url)
    files = {name for _folder, _folders, names in os.walk(f"{other_var}/evidence") for name in names}
    return {
        "restored": restored.returncode,
        "told": restored.stdout + restored.stderr,
        "before": len(before),
        "lost": sorted(before - notes),
        "during": len(after - before),
        "pieces": len(pieces),
        "pieces_without_file": sorted(pieces - files),
        "again": manage("restore", archive, VAR_DIR=other_var, DATABASE_URL=other_url).stderr,
    }


def main():
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    json.dump(drill(*sys.argv[1:]), sys.stdout)


if __name__ == "__main__":
    main()
