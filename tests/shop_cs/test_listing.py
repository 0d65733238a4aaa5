"""The platform's lists: counted up to a limit, with few statements on any page. Twin: test_listing_rows.py."""

import pytest

from shop_cs.admin import listing
from shop_cs.sites import platform
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send
from tickets.models import ServiceRequest

URL = "/admin/tickets/servicerequest/"


@pytest.fixture
def five(cast, at, client):
    """Five requests in review, in Rita's browser."""
    for _ in range(5):
        reply_unsolved(send(cast), cast, now=TUESDAY_10)
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def small(monkeypatch):
    """Two rows a page, and no more than four are counted."""
    monkeypatch.setattr(listing, "MOST_COUNTED", 4)
    for model in platform._registry:
        monkeypatch.setattr(platform.get_model_admin(model), "list_per_page", 2)


def numbers(answer):
    return [record.no for record in answer.context["cl"].result_list]


def test_a_list_that_is_longer_than_what_is_counted_says_so(five, small):
    answer = five.get(URL)
    assert "more than 4" in " ".join(answer.content.decode().split())
    assert answer.context["cl"].paginator.num_pages == 2


def test_a_list_that_is_counted_to_its_end_says_how_long_it_is(five, small, monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 5)
    answer = five.get(URL)
    assert "more than" not in answer.content.decode()
    assert answer.context["cl"].result_count == 5


@pytest.mark.parametrize("order", ["", "o=-1", "o=4.1"])
def test_pages_follow_each_other_and_there_is_none_behind_the_last(five, small, order):
    first, second = five.get(f"{URL}?{order}"), five.get(f"{URL}?{order}&p=2")
    assert numbers(first) + numbers(second) == [record.no for record in first.context["cl"].queryset[:4]]
    assert five.get(f"{URL}?{order}&p=3").headers["Location"] == f"{URL}?e=1"


@pytest.mark.parametrize(("page", "most"), [(1, 8), (2, 9)])
@pytest.mark.parametrize("name", ["servicerequest", "inreview"])
def test_a_page_of_a_list_takes_few_statements(five, small, name, page, most, django_assert_max_num_queries):
    five.get(f"/admin/tickets/{name}/")
    with django_assert_max_num_queries(most):
        assert five.get(f"/admin/tickets/{name}/?p={page}").status_code == 200


def test_a_row_leads_back_to_the_list_as_it_was_filtered(five):
    link = "/change/?_changelist_filters=category%3Dproduct"
    assert link in five.get(f"{URL}?category=product").content.decode()


def test_what_is_typed_by_people_is_text_in_every_cell(five, cast):
    cast.shop.name = "<b>&amp;</b>"
    cast.shop.save()
    text = five.get(URL).content.decode()
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in text
    assert "<b>&amp;</b>" not in text


def test_the_page_of_a_request_takes_few_statements(five, cast, django_assert_max_num_queries):
    records = ServiceRequest.everything.order_by("-pk")
    answered, waiting = records[0], send(cast)
    five.get(f"{URL}{answered.pk}/change/")
    with django_assert_max_num_queries(19):
        five.get(f"{URL}{answered.pk}/change/")
    with django_assert_max_num_queries(16):
        five.get(f"{URL}{waiting.pk}/change/")
