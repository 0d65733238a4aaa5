"""What waits for the platform: one statement for all badges, which count no further than they can show."""

from types import SimpleNamespace

import pytest

from shop_cs.admin import waiting
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send
from tickets.models import InReview, ServiceRequest


@pytest.fixture
def page(cast):
    """Rita's web request, while three requests are in review."""
    for _ in range(3):
        reply_unsolved(send(cast), cast, now=TUESDAY_10)
    return SimpleNamespace(user=cast.rita)


def test_all_badges_of_a_page_are_counted_in_one_statement(page, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown = {name: waiting.badge(page, name) for name in waiting.WAITING}
    assert shown.pop("in_review") == "3"
    assert set(shown.values()) == {None}


@pytest.mark.parametrize(("most", "told"), [(3, "3"), (2, "2+")])
def test_a_badge_counts_no_further_than_it_shows(page, monkeypatch, most, told):
    monkeypatch.setattr(waiting, "MOST", most)
    assert waiting.badge(page, "in_review") == told


def test_sizes_are_exact_up_to_the_most_that_is_asked_for(page):
    rows = ServiceRequest.everything
    assert waiting.sizes({"in review": rows.reviewing(), "pending": rows.pending()}) == {"in review": 3, "pending": 0}
    assert waiting.sizes({"all": rows.all(), "keys": InReview.everything.distinct()}, 2) == {"all": 2, "keys": 2}


def test_the_first_page_tells_all_that_wait(page, at, client, monkeypatch):
    monkeypatch.setattr(waiting, "MOST", 2)
    client.force_login(page.user)
    figures = client.get("/admin/").context["figures"]
    assert 3 in [number for _title, number, _tone, _link in figures]
