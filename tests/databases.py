"""Which tests ask the database. One that asks for none says the same whichever database there is."""

import pytest
from django.test import SimpleTestCase
from django.utils.connection import ConnectionProxy

# What pytest-django opens the database by.
DOORS = {"db", "transactional_db", "live_server", "django_db_setup", "_django_db_helper"}
_said = ConnectionProxy.__getattr__


def asks(item):
    """Whether a test asks the database (by all its fixtures, its marks and its class), or stands in a module that takes
    the connection itself: it may ask which one there is."""
    if item.get_closest_marker("django_db") or DOORS.intersection(item.fixturenames):
        return True
    is_djangos = item.cls is not None and issubclass(item.cls, SimpleTestCase)
    return is_djangos or hasattr(item.module, "connection")


def leave_out_others(config, items):
    """With --only-database, as in the second run of .ci/run."""
    if config.getoption("--only-database"):
        others = [item for item in items if not asks(item)]
        items[:] = [item for item in items if asks(item)]
        config.hook.pytest_deselected(items=others)
        config.left_out = len(others)
        if hasattr(config, "workeroutput"):
            # One process of several: the one that speaks asks for it.
            config.workeroutput["left_out"] = len(others)


def hold_to_it(item, monkeypatch):
    """A test that is left out elsewhere may not learn which database there is, by whatever it calls."""
    if not asks(item):
        monkeypatch.setattr(ConnectionProxy, "__getattr__", _refuse)


def _refuse(proxy, name):
    if name == "vendor":
        pytest.fail("asks which database there is, and is run on one of them only: mark the test with django_db")
    return _said(proxy, name)
