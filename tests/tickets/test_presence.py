"""Who else is on a request's page: told by the server's time, gone by itself."""

from datetime import timedelta

import pytest

from tests import stories
from tests.crowd import all_at_once, real_rows
from tests.people import TUESDAY_10, make_cast
from tickets import actions
from tickets.hands import presence
from tickets.models import Presence

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


@pytest.fixture
def record(cast):
    return stories.send(cast)


def url(record, part="presence/"):
    return f"/s/S001/requests/{record.no}/{part}"


def here(record, person, *, now=TUESDAY_10, is_typing=False):
    return presence.seen(record, user_id=person.pk, is_typing=is_typing, now=now)


def heard(record, person, now):
    return [str(one) for one in presence.others(record, user_id=person.pk, now=now)]


def test_two_on_one_request_see_each_other_and_nobody_himself(cast, record):
    assert here(record, cast.bob) == []
    assert [str(one) for one in here(record, cast.alice)] == ["鲍勃 is looking at this since 10:00"]
    assert heard(record, cast.bob, TUESDAY_10) == ["爱丽丝 is looking at this since 10:00"]
    assert heard(stories.send(cast), cast.alice, TUESDAY_10) == []


def test_since_when_is_told_of_what_he_does_now(cast, record):
    here(record, cast.bob)
    here(record, cast.bob, now=TUESDAY_10 + 40 * SECOND)
    assert heard(record, cast.alice, TUESDAY_10 + 40 * SECOND) == ["鲍勃 is looking at this since 10:00"]
    here(record, cast.bob, now=TUESDAY_10 + MINUTE, is_typing=True)
    here(record, cast.bob, now=TUESDAY_10 + MINUTE + 12 * SECOND, is_typing=True)
    assert heard(record, cast.alice, TUESDAY_10 + 2 * MINUTE - 10 * SECOND) == ["鲍勃 is typing an answer since 10:01"]


def test_who_is_not_heard_any_more_has_gone_and_comes_anew(cast, record):
    here(record, cast.bob)
    assert heard(record, cast.alice, TUESDAY_10 + presence.GONE)
    assert not heard(record, cast.alice, TUESDAY_10 + presence.GONE + SECOND)
    here(record, cast.bob, now=TUESDAY_10 + 5 * MINUTE)
    assert heard(record, cast.alice, TUESDAY_10 + 5 * MINUTE) == ["鲍勃 is looking at this since 10:05"]
    presence.left(record, user_id=cast.bob.pk)
    assert not heard(record, cast.alice, TUESDAY_10 + 5 * MINUTE)


def test_the_worker_clears_away_who_has_gone_long_ago(cast, record):
    here(record, cast.bob)
    assert stories.sweep_at(TUESDAY_10 + presence.FORGOTTEN)["presence"] == 0
    assert stories.sweep_at(TUESDAY_10 + presence.FORGOTTEN + SECOND)["presence"] == 1
    assert not Presence.everything.exists()


def test_the_page_says_that_it_is_open_and_hears_of_others_and_of_what_has_changed(cast, desk, at, record):
    here(record, cast.bob, is_typing=True)
    said = {"doing": "looking", "expect": "pending:1"}
    assert desk.post(url(record), said).json() == {
        "others": ["鲍勃 is typing an answer since 10:00"],
        "changed": "",
    }
    stories.reply_unsolved(record, cast, now=TUESDAY_10 + MINUTE)
    at(TUESDAY_10 + 2 * MINUTE)
    told = desk.post(url(record), said).json()
    assert told["others"] == []
    assert told["changed"].startswith("Already replied: 鲍勃 answered this round at 2026-03-03 10:01")
    assert desk.post(url(record), {**said, "doing": "left"}).json() == {}
    assert not Presence.everything.filter(user=cast.alice).exists()


def test_a_page_of_an_earlier_round_is_told_that_it_is_old(cast, desk, record):
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    actions.reject(record, reason="请补充", by=cast.as_rita, now=TUESDAY_10)
    assert "out of date" in desk.post(url(record), {"doing": "looking", "expect": "pending:1"}).json()["changed"]
    assert desk.post(url(record), {"doing": "looking", "expect": "pending:2"}).json()["changed"] == ""


@pytest.mark.parametrize("doing", ["", "dancing"])
def test_who_does_not_say_what_he_does_is_not_there(cast, desk, record, doing):
    assert desk.post(url(record), {"doing": doing}).status_code == 400
    assert not Presence.everything.exists()


def test_a_look_takes_few_statements(cast, desk, record, django_assert_max_num_queries):
    for person in (cast.bob, cast.charlie, cast.ray):
        here(record, person)
    with django_assert_max_num_queries(10):
        desk.post(url(record), {"doing": "looking", "expect": "pending:1"})


def test_without_scripts_the_page_of_notes_names_who_is_there_and_a_get_is_no_presence(cast, desk, record):
    here(record, cast.bob)
    assert "鲍勃 is looking at this since 10:00" in desk.get(url(record, "aside/")).content.decode()
    assert not Presence.everything.filter(user=cast.alice).exists()


class TestOnPostgreSQL:
    pytestmark = real_rows

    def test_one_person_on_two_machines_is_there_once(self, transactional_db):
        people = make_cast()
        record = stories.send(people)
        results = all_at_once(*[lambda: here(record, people.bob)] * 6)
        assert results == [[]] * 6
        assert Presence.everything.count() == 1
