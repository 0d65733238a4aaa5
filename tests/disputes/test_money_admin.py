"""The shops' money in the platform's desk: every shop's balances, and each statement as the merchant reads it."""

import pytest
from django.urls import reverse

from tests.case_stories import compensated, fund
from tests.factories import ShopFactory

LIST = "/admin/money/"
URL = "/admin/money/S001/"


@pytest.fixture
def olive(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.olive)
    return client


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_the_platforms_people_read_a_shops_statement(olive, cast, who):
    made = compensated(cast, deposit=3_000)
    olive.force_login(getattr(cast, who))
    answer = olive.get(URL)
    assert [(line.cause, line.change_fen, line.balance_after_fen) for line, _to in answer.context["rows"]] == [
        ("taken", -3_000, 0),
        ("top_up", 3_000, 3_000),
    ]
    assert "Owed: ¥69.00 will be taken first from the next top-up." in answer.text
    assert reverse("platform:disputes_compensation_change", args=[made.pk]) in answer.text
    assert "/s/S001/" not in answer.text


def test_its_tabs_and_filters_are_the_merchants(olive, cast):
    compensated(cast, deposit=3_000)
    assert [tab.count for tab in olive.get(URL, {"cause": "taken"}).context["tabs"]] == [1, 0, 1]
    answer = olive.get(URL, {"moved_from": "someday"})
    assert answer.status_code == 400 and "These filters cannot be understood" in answer.text


def test_who_owes_stands_first_in_the_list(olive, cast):
    fund(cast.other_shop, deposit=50_000)
    compensated(cast, deposit=3_000)
    rows = [(shop.no, balances.owed, balances.deposit) for shop, balances in olive.get(LIST).context["rows"]]
    assert rows == [("S001", 6_900, 0), ("S002", 0, 50_000)]
    assert URL in olive.get(LIST).text


def test_a_shop_is_found_by_a_part_of_its_number_or_name(olive, cast):
    for asked in ("002", "蓝海"):
        assert [shop.no for shop, _balances in olive.get(LIST, {"q": asked}).context["rows"]] == ["S002"]
    assert "No shop is found." in olive.get(LIST, {"q": "nobody"}).text


def test_many_shops_stand_on_several_pages(olive, cast, monkeypatch):
    monkeypatch.setattr("disputes.admin.money.PAGE_SIZE", 2)
    ShopFactory(no="S003")
    assert len(olive.get(LIST, {"page": 2}).context["rows"]) == 1
    assert olive.get(LIST, {"page": 3}).status_code == 404


def test_merchants_have_no_business_there_and_unknown_shops_are_not_found(olive, cast):
    assert olive.get("/admin/money/S999/").status_code == 404
    assert olive.post(URL).status_code == 405
    olive.force_login(cast.alice)
    for path in (LIST, URL):
        assert olive.get(path).status_code == 403


def test_the_shops_own_page_in_the_desk_leads_there(olive, cast):
    assert URL in olive.get(reverse("platform:shop_cs_shop_change", args=[cast.shop.pk])).text


def test_reading_costs_the_same_however_much_there_is(olive, cast, django_assert_max_num_queries):
    compensated(cast, deposit=3_000)
    for n in range(5):
        fund(cast.shop, deposit=100, reference=f"N{n}")
    with django_assert_max_num_queries(14):
        olive.get(URL)
