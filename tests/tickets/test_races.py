"""Many at once, and sweepers killed in the middle: one outcome, nothing lost, nothing twice."""

from collections import Counter

import pytest

from shop_cs import sweep
from shop_cs.models import Notice
from tests import stories
from tests.crowd import ON_POSTGRESQL, all_at_once, real_rows
from tests.people import TUESDAY_10, make_cast
from tickets import actions
from tickets.models import Reply, Review, ServiceRequest

SWEEPER = "tests.tickets.killed_sweeper"


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


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_a_sweeper_killed_ten_times_in_the_middle_loses_nothing_and_does_nothing_twice(program):
    found = program(SWEEPER, "sweeps")
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
    assert program(SWEEPER, "presses") == {"urges": 20, "trail": 20}
