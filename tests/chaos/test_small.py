"""A little of the chaos in each run of the tests; `python -m tests.chaos` plays all of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.crowd import ON_POSTGRESQL

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def chaos(tmp_path):
    """Plays on this test's own database; (exit code, what was found)."""
    if connection.vendor == "sqlite":
        file = tmp_path / "chaos.sqlite3"
        file.write_bytes(connection.connection.serialize())
        url = f"sqlite:///{file}"
    else:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))

    def play(*words):
        argv = [sys.executable, "-m", "tests.chaos", f"--database={url}", f"--json={tmp_path}/found.json", *words]
        argv += ["--players=20", "--web-players=0"]
        ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=180)
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.returncode, json.loads((tmp_path / "found.json").read_text()), ended.stdout

    return play


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_nothing_is_lost_double_or_early_while_workers_are_killed_and_connections_cut(chaos):
    code, found, told = chaos("--transitions=200", "--kills=3", "--knocks=1")
    assert not any(found["found"].values()), told
    assert code == 0
    assert found["killed"] == 3
    assert found["knocked"] == (1 if ON_POSTGRESQL else 0)
    assert found["acks"] >= 200


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_the_same_on_code_that_thinks_of_nobody_else_is_found_out(chaos):
    code, found, _told = chaos("--transitions=60", "--kills=1", "--knocks=0", "--rivals=1", "--naive")
    assert code == 1
    assert found["found"]["lost"]
    assert found["found"]["trail"]
