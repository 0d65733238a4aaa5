import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import translation

from shop_cs import guards
from tests import databases, emptying, prepared
from tests.people import TUESDAY_10, make_cast

ROOT = Path(__file__).resolve().parents[1]

if connection.vendor == "sqlite":

    @pytest.fixture(scope="session")
    def django_db_modify_db_settings_xdist_suffix():
        """Each process has its own database in memory: it needs no name of its own."""


def pytest_addoption(parser):
    parser.addoption("--only-database", action="store_true", help="leave out tests that ask no database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    databases.leave_out_others(config, items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.left_out = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter, config):
    if getattr(config, "left_out", 0):
        terminalreporter.write_line(f"{config.left_out} tests ask no database and were left out.")


@pytest.fixture(autouse=True)
def _no_other_database(request, monkeypatch):
    databases.hold_to_it(request.node, monkeypatch)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """Evidence of a test lies in the test's own folder."""
    storages = {**settings.STORAGES}
    storages["evidence"] = {**storages["evidence"], "OPTIONS": {"location": tmp_path / "evidence"}}
    storages["exports"] = {**storages["exports"], "OPTIONS": {"location": tmp_path / "made"}}
    settings.STORAGES = storages


@pytest.fixture(autouse=True)
def _wide_doors(settings):
    """A story may last for days within one login, and asks for no one-time password: tests of logins say otherwise."""
    settings.REQUIRE_OTP = False
    settings.SESSION_LONGEST = settings.SESSION_IDLE = settings.SESSION_SEEN_EVERY = None


@pytest.fixture(autouse=True)
def _in_english():
    """What is said outside a web request is said in English, whichever test ran before and left its language."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """A password is hashed slowly on purpose; seven people a story would take most of the suite's time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings, django_db_keepdb, django_db_createdb, django_db_blocker, pytestconfig
):
    """The migrations run once for all processes and runs, until the code changes."""
    if django_db_createdb or not django_db_keepdb:
        with django_db_blocker.unblock():
            prepared.prepare(connection, pytestconfig.cache.mkdir("databases"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test that commits leaves behind what it found."""
    with django_db_blocker.unblock(), emptying.putting_back(connection):
        yield


@pytest.fixture
def cast(db):
    """Alice, Bob, Charlie, Pia, Rita, Ray and Olive."""
    return make_cast()


@pytest.fixture
def at(monkeypatch):
    """Sets what the database's clock says to web requests: `at(instant)`; starts on Tuesday at 10:00."""

    def say(instant):
        monkeypatch.setattr("shop_cs.moment.now", lambda: instant)

    say(TUESDAY_10)
    return say


@pytest.fixture
def program(tmp_path):
    """`program("tests.x", *words)` runs a module of ours on this test's own database, as its copy in a file or, on
    PostgreSQL, itself; gives the JSON that it prints. A test on PostgreSQL has to commit (transaction=True)."""
    if connection.vendor == "sqlite":
        file = tmp_path / "program.sqlite3"
        connection.ensure_connection()
        file.write_bytes(connection.connection.serialize())
        url = f"sqlite:///{file}"
    else:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))

    def run(module, *words):
        env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shop_cs.settings", "LOG_LEVEL": "ERROR"}
        argv = [sys.executable, "-m", module, *map(str, words)]
        # Only against a test that never ends: how fast the machine is, is no matter here.
        ended = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=1_500)
        assert ended.returncode == 0, ended.stderr
        assert "Traceback" not in ended.stderr, ended.stderr
        return json.loads(ended.stdout)

    yield run
    guards.install(connection)


def pytest_collection_finish():
    """What is imported and collected by now stays to the end: it is not looked through again for what may go."""
    gc.collect()
    gc.freeze()
