"""A copy of the database that follows it: the figures of past days are read there, and nothing else."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from tests.conftest import ROOT
from tests.factories import ShopFactory
from tickets.figures import asking, reading
from tickets.figures.desk import _open

USUAL = asking.usual(date(2026, 3, 3))


@pytest.mark.parametrize("name", ["default", "replica"])
def test_past_days_are_asked_of_the_copy_and_todays_desk_of_the_database(db, settings, name):
    settings.FIGURES_DATABASE = name
    for asked in (USUAL, asking.of_shop(USUAL, ShopFactory())):
        assert reading._rows(asked).db == name
        assert _open(asked).db == "default"


@pytest.mark.parametrize(("url", "engine"), [("sqlite:///copy", "shop_cs.sqlite"), ("postgres://h/copy", "postgresql")])
def test_replica_url_is_set_up_as_the_database_is(tmp_path, url, engine):
    code = """import json; from shop_cs import settings as s
found = s.DATABASES[s.FIGURES_DATABASE]; print(json.dumps([s.FIGURES_DATABASE, found["ENGINE"], found["NAME"]]))"""
    env = {**os.environ, "VAR_DIR": str(tmp_path), "REPLICA_URL": url}
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found[0], found[1].endswith(engine), found[2]) == ("replica", True, "copy")
