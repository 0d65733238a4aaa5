"""`python -m tests.chaos`: fifty who work at once while workers are killed and the database is knocked over.

Exit 1 when anything acknowledged is lost, done twice, done early, or when anybody was told "database is locked".
`--naive` plays the same against code that thinks of nobody else: that must fail.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from .cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--database",
        default="both",
        help="sqlite, postgresql (a server of its own), both, or the URL of a migrated and otherwise empty database",
    )
    parser.add_argument("--transitions", type=int, default=10_000)
    parser.add_argument("--players", type=int, default=50, help="who work at once (default: 50)")
    parser.add_argument("--web-players", type=int, default=8, help="of these over HTTP (default: 8)")
    parser.add_argument("--kills", type=int, default=20, help="how often a worker is killed (default: 20)")
    parser.add_argument("--knocks", type=int, help="how often PostgreSQL is knocked over (default: 2)")
    parser.add_argument("--rivals", type=int, default=4, help="every so many requests is worked on by two (default: 4)")
    parser.add_argument("--naive", action="store_true", help="the control, which is to fail")
    parser.add_argument("--json", type=Path, help="write what was found to this file too")
    return parser.parse_args()


def main():
    said = arguments()
    if said.database == "both":
        argv = [sys.executable, "-m", "tests.chaos", *sys.argv[1:], "--database"]
        ended = [subprocess.run([*argv, name], cwd=ROOT).returncode for name in ("sqlite", "postgresql")]
        return max(ended)
    with ExitStack() as stack:
        url, knock = _database(said, stack)
        var = stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-"))
        os.environ.update(VAR_DIR=var, DATABASE_URL=url or f"sqlite:///{var}/chaos.sqlite3", DEMO="1")
        os.environ.update(DJANGO_SETTINGS_MODULE="shop_cs.settings", EVIDENCE_ROOT=f"{var}/evidence")
        # Hundreds of lines about a database that was knocked over on purpose say nothing.
        os.environ.setdefault("LOG_LEVEL", "CRITICAL")
        return run(said, knock, migrate="://" not in said.database)


def _database(said, stack):
    """(URL or "" for a new SQLite file, what knocks it over)."""
    if said.database == "sqlite":
        return "", None
    if said.database == "postgresql":
        cluster = stack.enter_context(Cluster())
        return f"{cluster.url}?application_name=chaos", cluster.restart
    if said.database.startswith("postgres"):
        return f"{said.database}?application_name=chaos", lambda: cut_off(said.database)
    return said.database, None


def cut_off(url):
    """All connections of the players are gone, as when the server is: for a server that others use too."""
    import psycopg

    sql = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'chaos' AND datname = current_database()"""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


def run(said, knock, *, migrate):
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from shop_cs import moment

    from . import crew, judge, world

    if migrate:
        call_command("migrate", verbosity=0)
    stories = world.stories(said.transitions)
    ready = world.prepare(now=moment.now())
    connections.close_all()
    knocks = (2 if said.knocks is None else said.knocks) if knock else 0
    plan = crew.Plan(said.players, said.kills, knocks, said.web_players, said.naive, said.rivals)
    heard = crew.Crew(ready, stories, plan, knock).run()
    found = judge.judge(heard, plan)
    title = f"{'naive, ' if said.naive else ''}{connections['default'].vendor}"
    sys.stdout.write(judge.table(title, heard, found, stories) + "\n")
    if said.json:
        counts = {"acks": len(heard.acks), "killed": heard.killed, "knocked": heard.knocked}
        said.json.write_text(json.dumps({**counts, "found": found}))
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
