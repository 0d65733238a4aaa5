import pytest

from tests.people import TUESDAY_10, make_cast


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """Evidence of a test lies in the test's own folder."""
    storages = {**settings.STORAGES}
    storages["evidence"] = {**storages["evidence"], "OPTIONS": {"location": tmp_path / "evidence"}}
    settings.STORAGES = storages


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """A password is hashed slowly on purpose; seven people a story would take most of the suite's time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
