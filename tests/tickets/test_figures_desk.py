"""Today's desk, and what the lists can be asked for: on both sides of each edge."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from shop_cs.models import Rulebook
from tests import stories
from tests.people import TUESDAY_10, shanghai
from tickets import actions, deadlines
from tickets.figures.asking import Asked
from tickets.figures.desk import desk
from tickets.figures.links import DeskLinks, ShopLinks
from tickets.filters import filtered

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TODAY = TUESDAY_10.date()


def seen(cast, now, shop=None):
    """{title: number} of the desk at an instant."""
    told = desk(Asked(TODAY, TODAY, shop=shop), ShopLinks(shop) if shop else DeskLinks(), now=now)
    return {str(item.title): item.number for item in (*told.items, *told.waits)}


def listed(cast, query, now):
    _chosen, rows = filtered(cast.shop, QueryDict(f"tab=all&{query}"), now)
    return rows.count()


def agreed(cast, hours, **more):
    return stories.send(cast, kind="agreed", agreed=timedelta(hours=hours), **more)


@pytest.mark.parametrize(
    ("hours", "at", "due"),
    [
        # It ends at the very closing; a quarter later it would be tomorrow's.
        (11, TUESDAY_10, 1),
        (11.25, TUESDAY_10, 0),
        # At its very instant it is still due, afterwards over.
        (2, TUESDAY_10 + 2 * HOUR, 1),
        (2, TUESDAY_10 + 2 * HOUR + SECOND, 0),
    ],
)
def test_due_today_is_what_ends_from_now_until_the_desk_closes(cast, hours, at, due):
    agreed(cast, hours)
    assert seen(cast, at)["Due before today's closing"] == due == listed(cast, "due=today", at)


@pytest.mark.parametrize(
    ("now", "closes"),
    [
        ("2026-03-03 08:00", "2026-03-03 21:00"),
        ("2026-03-03 20:59", "2026-03-03 21:00"),
        ("2026-03-03 21:00", None),
        ("2026-03-03 23:00", None),
    ],
)
def test_the_desk_closes_once_a_day(cast, now, closes):
    told = deadlines.closing(Rulebook.objects.get(name="current").rules(), shanghai(now))
    assert told == (closes and shanghai(closes))


def test_on_a_closed_day_nothing_is_due_before_a_closing(cast):
    rulebook = Rulebook.objects.get(name="current")
    rulebook.closed_days = ["2026-03-03"]
    assert deadlines.closing(rulebook.rules(), TUESDAY_10) is None


def test_after_the_closing_nothing_is_due_today(cast):
    agreed(cast, 12)
    assert seen(cast, shanghai("2026-03-03 21:30"))["Due before today's closing"] == 0
    assert listed(cast, "due=today", shanghai("2026-03-03 21:30")) == 0


WAITS = ("Less than 1 day", "1 to 3 days", "3 to 7 days", "7 days or more")


@pytest.mark.parametrize(
    ("waited", "place"),
    [
        (0 * DAY, 0),
        (DAY - SECOND, 0),
        (DAY, 1),
        (3 * DAY - SECOND, 1),
        (3 * DAY, 2),
        (7 * DAY - SECOND, 2),
        (7 * DAY, 3),
    ],
)
def test_how_long_the_platform_has_had_it(cast, waited, place):
    stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    told = seen(cast, TUESDAY_10 + waited)
    assert [told[title] for title in WAITS] == [int(n == place) for n in range(4)]
    codes = ("0-1", "1-3", "3-7", "7%2B")
    assert [listed(cast, f"in_review={code}", TUESDAY_10 + waited) for code in codes] == [
        int(n == place) for n in range(4)
    ]


def test_what_is_closed_is_no_matter_of_the_desk(cast):
    urged = stories.send(cast)
    actions.urge(urged, by=cast.as_pia, now=TUESDAY_10)
    assert seen(cast, TUESDAY_10)["Urged, not closed yet"] == 1 == listed(cast, "open=yes&urged=yes", TUESDAY_10)
    actions.approve(stories.reply_unsolved(urged, cast, now=TUESDAY_10), by=cast.as_rita, now=TUESDAY_10)
    assert not any(seen(cast, TUESDAY_10).values())
    assert listed(cast, "open=yes", TUESDAY_10) == 0 and listed(cast, "open=no", TUESDAY_10) == 1


def test_a_shop_sees_its_own_and_the_platform_all(cast):
    stories.send(cast)
    assert [seen(cast, TUESDAY_10, shop)["Pending"] for shop in (cast.shop, cast.other_shop, None)] == [1, 0, 1]


def test_what_waits_for_the_opening_is_not_seen(cast):
    stories.send(cast, now=shanghai("2026-03-02 22:00"))
    assert not any(seen(cast, shanghai("2026-03-02 22:00")).values())


@pytest.mark.parametrize(
    ("query", "there"),
    [("answer=none", 1), ("answer=any", 2), ("answer=solved", 1)],
)
def test_requests_by_their_answer(cast, query, there):
    stories.send(cast)
    stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    stories.reply_solved(stories.send(cast), cast, now=TUESDAY_10)
    assert listed(cast, query, TUESDAY_10) == there


@pytest.mark.parametrize(
    ("query", "there"),
    [("consumer=asked", 3), ("consumer=answered", 2), ("consumer=satisfied", 1), ("consumer=dissatisfied", 1)],
)
def test_requests_by_what_their_consumer_said(cast, query, there):
    stories.confirming_rules()
    stories.confirming(cast)
    stories.send(cast)
    for satisfied in (True, False):
        survey = stories.survey_of(stories.confirming(cast))
        actions.answer_survey(survey, satisfied=satisfied, now=TUESDAY_10 + 2 * HOUR)
    assert listed(cast, query, TUESDAY_10 + 2 * HOUR) == there


# The platform's lists, as links ask them
@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("created_from=2026-03-03&created_to=2026-03-03", 1),
        ("created_from=2026-03-04", 0),
        ("created_to=2026-03-02", 1),
        ("shop=S001", 2),
        ("shop=S00", 0),
        ("sent=yes", 1),
        ("round=2%2B", 0),
    ],
)
def test_the_platforms_list_takes_what_the_figures_ask(cast, at, client, query, there):
    client.force_login(cast.olive)
    stories.send(cast)
    stories.send(cast, now=shanghai("2026-03-02 23:59"))
    assert client.get(f"/admin/tickets/servicerequest/?{query}").context["cl"].result_count == there


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "1999-12-31", "2100-01-01", "2026-03-03T10"])
def test_what_is_no_day_is_not_listed_by(cast, at, client, day):
    client.force_login(cast.olive)
    answer = client.get(f"/admin/tickets/servicerequest/?created_from={day}")
    assert answer.status_code == 302 and "e=1" in answer["Location"]
