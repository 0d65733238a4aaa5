"""Far down a list the next page begins after a mark: nothing twice, nothing left out, no way too long."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests import stories
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.tickets.test_list_page import URL, listed
from tickets import actions
from tickets.models import ServiceRequest
from tickets.views.lists import EPOCH, Mark

MINUTE = timedelta(minutes=1)


def closed(cast, *, now, **more):
    record = stories.reply_unsolved(stories.send(cast, now=now, **more), cast, now=now)
    return actions.approve(record, by=cast.as_rita, now=now + MINUTE)


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser."""
    client.force_login(cast.bob)
    return client


@pytest.fixture
def small_pages(monkeypatch):
    """Two rows a page; what comes after the fourth is far down."""
    monkeypatch.setattr("tickets.views.lists.PAGE_SIZE", 2)
    monkeypatch.setattr("tickets.views.lists.MOST_COUNTED", 4)


@pytest.fixture
def many(cast):
    """Three that wait and ten that are closed; of these always two were made at the same instant."""
    for _time in range(3):
        stories.send(cast)
    for n in range(10):
        closed(cast, now=TUESDAY_10 + n // 2 * MINUTE, category=("product", "price")[n % 2])
    return [record.no for record in ServiceRequest.objects.of(cast.shop).most_urgent_first()]


def leafed(desk, query, *, between=lambda page: None):
    """(the rows of all pages by following “next”, how many statements began at a mark)."""
    found, marks = [], 0
    while query:
        answer = desk.get(f"{URL}?{query}")
        assert answer.status_code == 200, query
        found += listed(answer)
        marks += "after=" in query
        query = answer.context["next_query"]
        between(answer)
    return found, marks


@pytest.mark.parametrize("kept", [True, False])
def test_by_next_one_comes_through_the_whole_list(cast, desk, small_pages, many, kept):
    # What is typed freely is composed anew each time.
    query = "tab=all" if kept else "tab=all&no=SR"
    assert leafed(desk, query) == (many, 5)


def test_a_filter_is_kept_while_leafing(cast, desk, small_pages, many):
    rows = ServiceRequest.objects.of(cast.shop).filter(state="closed", category="price").most_urgent_first()
    assert leafed(desk, "tab=closed&category=price") == ([record.no for record in rows], 1)


def test_what_comes_in_meanwhile_moves_no_row_to_the_next_page(cast, desk, small_pages, many):
    def one_more(answer):
        if answer.context["page"].number > 2:
            stories.send(cast)

    assert leafed(desk, "tab=all", between=one_more)[0] == many


def test_at_a_mark_no_more_is_counted_than_on_the_first_page(
    cast,
    desk,
    small_pages,
    many,
    django_assert_max_num_queries,
):
    query = desk.get(URL, {"tab": "all", "page": 4}).context["next_query"]
    with django_assert_max_num_queries(12):
        leafed_to = desk.get(f"{URL}?{query}")
    assert len(listed(leafed_to)) == 2


def test_back_again_goes_by_the_number(cast, desk, small_pages, many):
    fourth = desk.get(URL, {"tab": "all", "page": 4})
    fifth = desk.get(f"{URL}?{fourth.context['next_query']}")
    back = fifth.context["previous_query"]
    assert "after" not in back
    assert listed(desk.get(f"{URL}?{back}")) == listed(fourth)


@pytest.mark.parametrize("after", ["x", "-1", "1-", "1-1-1", "١-١", "9" * 18 + "-1", "1-" + "9" * 19, ""])
def test_what_is_no_mark_is_passed_over(cast, desk, small_pages, many, after):
    page = desk.get(URL, {"tab": "all", "page": 4, "after": after})
    assert listed(page) == many[6:8]


def test_the_ends_of_time_are_marks_too(cast, desk, small_pages, many):
    latest = desk.get(URL, {"tab": "all", "page": 4, "after": "9" * 17 + "-" + "9" * 18})
    assert listed(latest) == [no for no in many if no not in many[:3]][:2]
    assert desk.get(URL, {"tab": "all", "page": 4, "after": "0-0"}).status_code == 404


def test_what_is_not_closed_is_not_leafed_by_marks(cast, desk, small_pages, many):
    mark = Mark(EPOCH, 1)
    for query in ({"page": 2}, {"tab": "pending", "page": 2}):
        assert listed(desk.get(URL, {**query, "after": mark})) == many[2:3]


def test_another_shops_mark_opens_nothing_of_it(cast, desk, small_pages, many):
    alien = stories.send(cast, now=TUESDAY_10 + MINUTE, order=OrderFactory(shop=cast.other_shop))
    answer = desk.get(URL, {"tab": "closed", "page": 3, "after": Mark.of(alien)})
    assert listed(answer) and set(listed(answer)) <= set(many)


def test_a_mark_is_no_filter(cast, desk, small_pages, many):
    query = desk.get(URL, {"tab": "all", "page": 4}).context["next_query"]
    page = desk.get(f"{URL}?{query}")
    assert all("after" not in tab.query for tab in page.context["tabs"])
    assert page.context["view_query"] == urlencode({"tab": "all"})
    assert not page.context["filter"].active
