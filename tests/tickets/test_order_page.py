"""An order's page: the order, its after-sales and every request of it."""

import pytest

from shop_cs import panels
from tests import stories
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop, no="6021777")


URL = "/s/S001/orders/6021777/"


def test_the_order_is_told_with_its_consumer_masked(desk, order):
    text = desk.get(URL).content.decode()
    for told in ("6021777", "洗发水", "¥199.00", "王**", order.consumer.masked_phone, order.consumer.masked_address):
        assert told in text
    assert order.consumer.phone not in text and "文一西路" not in text


def test_an_order_whose_consumer_is_not_known_is_shown(cast, desk):
    OrderFactory(shop=cast.shop, no="6021778", consumer=None)
    assert desk.get("/s/S001/orders/6021778/").status_code == 200


def test_every_request_of_the_order_is_listed_but_not_what_is_still_scheduled(cast, desk, order):
    answered, waiting = stories.send(cast, order=order), stories.send(cast, order=order)
    stories.reply_unsolved(answered, cast, now=TUESDAY_10)
    stories.send(cast, order=order, now=shanghai("2026-03-03 22:00"))
    stories.send(cast)
    assert [record for record, _standing in desk.get(URL).context["rows"]] == [waiting, answered]


def test_a_request_whose_opening_has_come_is_there_without_a_worker(cast, desk, order, at):
    record = stories.send(cast, order=order, now=shanghai("2026-03-02 22:00"))
    assert [row for row, _standing in desk.get(URL).context["rows"]] == [record]


def test_after_sales_are_listed(desk, order):
    after_sale = AfterSaleFactory(order=order, reason="商品有破损")
    text = desk.get(URL).content.decode()
    assert after_sale.no in text and "¥99.00" in text and "商品有破损" in text


def test_other_apps_show_their_panels_here(desk, order, monkeypatch):
    monkeypatch.setattr(panels, "_PANELS", {})
    panels.register("order", lambda record, actor, now: ("tickets/_playbooks.html", {}))
    assert len(desk.get(URL).context["panels"]) == 1


def test_an_order_that_is_none_of_the_shops_is_not_found(cast, desk):
    OrderFactory(shop=cast.other_shop, no="6021779")
    assert desk.get("/s/S001/orders/6021779/").status_code == 404
    assert desk.get("/s/S001/orders/0/").status_code == 404


def test_a_stranger_finds_nothing(cast, desk, order):
    desk.force_login(cast.charlie)
    assert desk.get(URL).status_code == 404


def test_many_requests_cost_no_more_statements(cast, desk, order, django_assert_max_num_queries):
    for _n in range(5):
        stories.send(cast, order=order)
        AfterSaleFactory(order=order)
    with django_assert_max_num_queries(12):
        desk.get(URL)
