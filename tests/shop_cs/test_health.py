"""/healthz: green while the database answers and a worker made a pass lately."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from shop_cs import sweep
from tests.people import TUESDAY_10

URL = reverse("healthz")


@pytest.fixture
def beaten(db, at):
    """A worker's pass, on Tuesday at 10:00; it is still that time."""
    sweep.beat(at=TUESDAY_10)


def test_it_is_green_right_after_a_pass(client, beaten):
    response = client.get(URL)
    assert response.status_code == 200
    assert response.json() == {"ok": True, "worker_age_seconds": 0.0, "database": True}


@pytest.mark.parametrize(("seconds", "status"), [(120, 200), (120.001, 503)])
def test_it_turns_red_when_the_last_pass_is_longer_ago_than_the_limit(client, beaten, at, seconds, status):
    at(TUESDAY_10 + timedelta(seconds=seconds))
    response = client.get(URL)
    assert response.status_code == status
    assert response.json()["worker_age_seconds"] == seconds


def test_it_is_red_when_no_worker_ever_ran(client, db):
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json() == {"ok": False, "worker_age_seconds": None, "database": True}


def test_it_is_red_when_the_database_does_not_answer(client, beaten, monkeypatch):
    def silent():
        raise OperationalError

    monkeypatch.setattr("shop_cs.moment.now", silent)
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json() == {"ok": False, "worker_age_seconds": None, "database": False}


def test_it_answers_head_and_nothing_that_writes(client, beaten):
    assert client.head(URL).status_code == 200
    assert client.post(URL).status_code == 405


def test_it_asks_for_the_pulse_only_and_keeps_no_session(client, beaten, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(URL)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
