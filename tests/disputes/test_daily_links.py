"""On the platform's site what is counted of orders and refunds leads to these orders and refunds."""

from datetime import timedelta

import pytest

from tests.case_stories import open_case, ruled
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.stories import sweep_at
from tests.tickets.test_figures_page import DESK, URL, shown, wrong

HOUR = timedelta(hours=1)
THIS_YEAR = {"since": "2026-01-01", "until": "2026-03-06", "step": "month"}


@pytest.fixture
def settled(cast, at):
    """Of both shops' orders some have a case, of these one counts; refunds with a case and without."""
    ruled(cast)
    open_case(cast)
    open_case(cast, order=OrderFactory(shop=cast.other_shop, paid_at=TUESDAY_10))
    AfterSaleFactory(order=OrderFactory(shop=cast.shop, paid_at=TUESDAY_10))
    at(TUESDAY_10 + HOUR)
    sweep_at(TUESDAY_10 + HOUR)
    return cast


@pytest.mark.parametrize("query", [{}, {"shop": "S001"}, {"shop": "S002"}])
def test_every_number_leads_to_its_orders_and_refunds(settled, client, query):
    client.force_login(settled.olive)
    told = shown(client.get(DESK, {**THIS_YEAR, **query}))
    lists = {(path, name) for path in ("order/", "aftersale/") for name in ("counting", "disputed", "paid_from")
             if any(path in to and f"{name}=" in to for _number, to in told)}  # fmt: skip
    counts = set() if query.get("shop") == "S002" else {("order/", "counting")}
    assert lists == {("order/", "paid_from"), ("aftersale/", "disputed")} | counts
    assert wrong(client, told) == []


def test_a_shop_has_no_such_lists(settled, client):
    client.force_login(settled.alice)
    assert not any("/admin/" in to for _number, to in shown(client.get(URL, THIS_YEAR)))


@pytest.mark.parametrize("asked", ["counting=yes", "paid_from=2026-03-03", "paid_to=2026-03-02"])
def test_what_a_link_filters_can_be_taken_back(settled, client, asked):
    client.force_login(settled.olive)
    page = client.get(f"/admin/shop_cs/order/?{asked}")
    assert page.status_code == 200 and 0 < page.context["cl"].result_count < 4
    assert page.context["cl"].has_filters


@pytest.mark.parametrize("asked", ["paid_from=x", "paid_to=1999-12-31"])
def test_what_is_no_day_filters_nothing_in_silence(settled, client, asked):
    client.force_login(settled.olive)
    assert client.get(f"/admin/shop_cs/order/?{asked}").status_code == 302
