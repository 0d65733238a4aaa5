"""A world that many tests look at, made once a module: what a test writes into it is undone after the test."""

from contextlib import ExitStack, contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from tests.people import make_cast


def made_once(make):
    """A fixture with what `make(cast)` gives. Rows are as they were for each test, objects in memory are not: it is for
    tests that read rows, and ask for `db` besides. Not for tests that commit."""

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker, tmp_path_factory):
        with django_db_blocker.unblock(), ExitStack() as doing:
            doing.enter_context(transaction.atomic())
            with at_home(tmp_path_factory.mktemp("kept")):
                found = make(make_cast())
            whole = doing.pop_all()
        yield found
        with django_db_blocker.unblock(), whole:
            transaction.set_rollback(True)

    return made


@contextmanager
def at_home(folder):
    """What the fixtures of each test say of settings and language, for what is made outside a test."""
    storages = {**settings.STORAGES}
    for name in ("evidence", "exports"):
        storages[name] = {**storages[name], "OPTIONS": {"location": folder / name}}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=hashers, REQUIRE_OTP=False), translation.override("en"):
        yield
