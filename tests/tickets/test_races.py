"""Many at once, and sweepers killed in the middle: one outcome, nothing lost, nothing twice."""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from shop_cs import sweep
from shop_cs.models import Notice
from shop_cs.moves import Refused
from tests import stories
from tests.people import TUESDAY_10, make_cast
from tickets import actions
from tickets.models import Reply, Review, ServiceRequest

ROOT = Path(__file__).resolve().parents[2]
ON_POSTGRESQL = connection.vendor == "postgresql"
real_rows = [
    pytest.mark.skipif(
        not ON_POSTGRESQL,
        reason="row locks need PostgreSQL; on SQLite writers queue at the door",
    ),
    pytest.mark.django_db(transaction=True),
]


def all_at_once(*acts):
    """Runs each act in a thread with a connection of its own, released together; what each returned or raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait(timeout=20)
            results[place] = act()
        except Refused as refused:
            results[place] = refused.refusal.code
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def told(request):
    return Counter(request.history.values_list("move", flat=True))


@pytest.fixture
def people(transactional_db):
    return make_cast()


class TestOnPostgreSQL:
    pytestmark = real_rows

    def test_of_two_answers_at_once_one_is_taken(self, people):
        for _ in range(5):
            request = stories.send(people)
            first, second = all_at_once(
                lambda request=request: stories.reply_solved(request, people, now=TUESDAY_10).state,
                lambda request=request: stories.reply_unsolved(request, people, now=TUESDAY_10).state,
            )
            assert {first, second} == {"reviewing", "already_replied"}
            assert Reply.everything.filter(request=request).count() == 1
            assert request.history.count() == 2

    def test_of_two_reviewers_at_once_one_decides(self, people):
        for _ in range(5):
            request = stories.reach(people, "reviewing")
            results = all_at_once(
                lambda request=request: actions.approve(request, by=people.as_rita, now=TUESDAY_10).state,
                lambda request=request: actions.reject(request, reason="理由", by=people.as_ray, now=TUESDAY_10).state,
            )
            assert "decided" in results
            assert len({"closed", "pending"} & set(results)) == 1
            assert Review.everything.filter(request=request).count() == 1

    def test_two_sweepers_and_an_answer_at_the_last_instant_make_one_outcome(self, people):
        for _ in range(5):
            request = stories.send(people, kind="urgent", category="risky_product")
            late = request.deadline + TUESDAY_10.resolution
            *_counts, answer = all_at_once(
                lambda late=late: stories.sweep_at(late)["overdue"],
                lambda late=late: stories.sweep_at(late)["overdue"],
                lambda request=request: stories.reply_unsolved(request, people, now=request.deadline).state,
            )
            now_is = stories.fresh(request)
            assert now_is.state == "reviewing"
            assert told(request) == Counter(["create", "reply_unsolved" if answer == "reviewing" else "overdue"])
            assert (now_is.overdue_at is None) == (answer == "reviewing")
            assert answer in {"reviewing", "overdue"}

    def test_many_sweepers_share_the_work_and_do_none_of_it_twice(self, people):
        requests = [stories.send(people, kind="urgent", category="risky_product") for _ in range(40)]
        late = requests[0].deadline + TUESDAY_10.resolution
        counts = all_at_once(*[lambda: sweep.one_pass(now=lambda: late, batch=3)["overdue"]] * 4)
        assert sum(counts) == 40
        assert ServiceRequest.history.filter(move="overdue").count() == 40
        lines = Notice.everything.filter(kind__startswith="request_overdue").values_list("params", flat=True)
        assert sum(params.get("count", 1) for params in lines) == 40

    def test_everybody_who_urges_is_counted(self, people):
        request = stories.send(people)
        all_at_once(*[lambda: actions.urge(request, by=people.as_pia, now=TUESDAY_10)] * 20)
        assert stories.fresh(request).urges == told(request)["urge"] == 20


@pytest.fixture
def program(tmp_path):
    """Runs killed_sweeper on this test's own database: a file, or the test database of PostgreSQL."""
    if connection.vendor == "sqlite":
        file = tmp_path / "race.sqlite3"
        file.write_bytes(connection.connection.serialize())
        url = f"sqlite:///{file}"
    else:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))

    def run(what):
        env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "shop_cs.settings", "LOG_LEVEL": "ERROR"}
        argv = [sys.executable, "-m", "tests.tickets.killed_sweeper", what]
        ended = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    return run


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_a_sweeper_killed_ten_times_in_the_middle_loses_nothing_and_does_nothing_twice(program):
    found = program("sweeps")
    assert found["killed"] == 10
    between, after = found["between"], found["after"]
    moved = between["states"]["reviewing"]
    assert 0 < moved < 60
    assert between["trail"] == {"1": moved}
    assert between["told"] == moved
    assert between["as_last_told"]
    assert found["last"] == 60 - moved
    assert after["states"] == {"reviewing": 60}
    assert after["trail"] == {"1": 60}
    assert after["told"] == 60
    assert after["overdue_is_deadline"]
    assert after["as_last_told"]


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_of_twenty_who_urge_at_once_everybody_is_counted(program):
    assert program("presses") == {"urges": 20, "trail": 20}
