"""Writers, sealers and kills at once: no false alarm; and a sealer that does not wait is found out."""

import threading

import pytest
from django.db import connection, transaction

from shop_cs.seals import sealing, settled, verifying
from tests.crowd import ON_POSTGRESQL
from tests.factories import ShopFactory
from tests.people import TUESDAY_10

LOAD = "tests.shop_cs.seal_load"


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_the_trail_holds_at_every_look(program):
    found = program(LOAD, 1, 25, 4)
    (run,) = found["runs"]
    assert (run["alarms"], run["broken"], found["at_the_end"]) == ([], 0, [])
    assert run["looks"] > 1 and found["seals"] > 1 and found["sealed"] > 100
    assert found["unsealed"] == 0


@pytest.fixture
def slow_writer(transactional_db):
    """A writer who has drawn an id and not committed yet; called, he commits."""
    # What the migrations wrote is sealed: it is no part of the race.
    sealing.seal_new(now=TUESDAY_10)
    begun, go_on = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            ShopFactory(no="slow")
            begun.set()
            go_on.wait()
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait()

    def commit():
        go_on.set()
        thread.join()

    yield commit
    commit()


only_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite one writes at a time: nobody to wait for")


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_may_still_get_a_smaller_id_is_not_sealed(slow_writer, monkeypatch):
    monkeypatch.setattr(settled, "PATIENCE", 0)
    ShopFactory(no="quick")
    assert sealing.seal_new(now=TUESDAY_10) is None
    slow_writer()
    assert sealing.seal_new(now=TUESDAY_10).parts.get().rows == 2
    assert verifying.verify()[0] == []


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_sealer_that_does_not_wait_is_found_out(slow_writer, monkeypatch):
    monkeypatch.setattr(sealing, "still_written", lambda tables: set())
    ShopFactory(no="quick")
    assert sealing.seal_new(now=TUESDAY_10).parts.get().rows == 1
    slow_writer()
    assert [finding.code for finding in verifying.verify()[0]] == ["rows"]
