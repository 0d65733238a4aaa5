"""`python -m tests.bench [REQUESTS=URL …]`: fills the databases that are empty, measures, prints one table as markdown.

Without a database it is that of DATABASE_URL. Each is made for this and kept: the next run finds its rows, for what
writes does so in a copy. Fails for nothing slow.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from .copies import copied
from .report import table
from .rows import Row

ROOT = Path(__file__).resolve().parents[2]
# Each export is made so often, in turn with the bare one.
EXPORTS = 3
# (format, how many times the bare writer's time it may take)
FORMATS = (("csv", 1.5), ("xlsx", 0.35))
PARTS = ("pages", "export", "reply", "load", "sweep")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("databases", nargs="*", metavar="REQUESTS=URL", help="how many requests to build, and where")
    parser.add_argument("--requests", type=int, default=1_000_000, help="for the database of DATABASE_URL")
    parser.add_argument("--shops", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=40, help="answers of each page (default: 40)")
    parser.add_argument("--port", type=int, default=8970)
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    parser.add_argument("--json", type=Path, help="keep what was found in this file")
    return parser.parse_args()


def main():
    said = arguments()
    databases = [one.split("=", 1) for one in said.databases] or [(said.requests, os.environ["DATABASE_URL"])]
    columns = [_column(int(requests), url, said) for requests, url in databases]
    if said.json:
        kept = [[*facts, [row.plain() for row in rows]] for *facts, rows in columns]
        said.json.write_text(json.dumps(kept, indent=1, ensure_ascii=False))
    sys.stdout.write("\n".join(table(_facts(), columns)) + "\n")


def _facts():
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"Django {version('django')}, psycopg {version('psycopg')}."
    )


def _column(requests, url, said):
    """(the database and its version, requests, shops, rows of the table)."""
    measured = {"rounds": said.rounds, "port": said.port}
    facts = _child("build", url, requests=requests, shops=said.shops)
    rows = []
    if "pages" in said.parts:
        rows += _rows(_child("pages", url, **measured))
    if "export" in said.parts:
        rows += [_export(url, fmt, most) for fmt, most in FORMATS]
    if writing := [part for part in PARTS[2:] if part in said.parts]:
        with copied(url) as copy:
            for part in writing:
                rows += _rows(_child(part, copy, **(measured if part == "reply" else {})))
    return *facts, rows


def _export(url, fmt, most):
    found = {"bare": [], "product": []}
    for _round in range(EXPORTS):
        for by, rounds in found.items():
            rounds.append(_child("export", url, fmt=fmt, by=by))
    seconds = {by: statistics.median(took for took, _memory in found[by]) for by in found}
    memory = max(memory for _took, memory in found["product"])
    name = f"export of 50,000 rows, {fmt.upper()}"
    return Row(name, seconds["product"], "s", beside=seconds["bare"], most=most, memory=memory, most_memory=300)


def _rows(found):
    return [Row(**one) for one in found]


def _child(part, url, **said):
    """What a part found, in a process of its own."""
    sys.stderr.write(f"{url}: {part}\n")
    told = [word for name, value in said.items() for word in (f"--{name}", str(value))]
    argv = [sys.executable, "-m", "tests.bench.work", part, *told]
    done = subprocess.run(argv, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
