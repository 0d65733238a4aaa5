"""The pages of an order's case file: for the merchant and in the platform's desk, and the ways that lead there."""

import pytest
from django.urls import reverse

from disputes.models import Compensation
from tests.case_stories import fund, open_case, unpaid
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import send

URL = "/s/S001/orders/6021777/file/"
ORDER = "/s/S001/orders/6021777/"


@pytest.fixture
def alice(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop, no="6021777")


@pytest.fixture
def made(cast, order):
    """A compensation on the order, with a request before its case."""
    fund(cast.shop, deposit=100_000)
    case = unpaid(cast, order=order, request=send(cast, order=order))
    return Compensation.everything.select_related("case").get(case=case)


def desk(order):
    return reverse("platform:order-file", args=[order.pk])


def test_the_merchant_reads_the_days_of_the_order(alice, made):
    answer = alice.get(URL)
    assert answer.status_code == 200
    days = [f"{day}" for day, _entries in answer.context["days"]]
    assert days == ["2026-01-05", "2026-03-03", "2026-03-05"]
    for words in ("Case file of order 6021777", "¥99.00", made.no, made.case.no, "Not paid in time"):
        assert words in answer.text


def test_a_day_is_a_day_in_shanghai(alice, cast, order):
    send(cast, order=order, now=shanghai("2026-03-03 20:59"))
    order.signed_at = shanghai("2026-03-04 00:00")
    order.save()
    assert [f"{day}" for day, _entries in alice.get(URL).context["days"]][-2:] == ["2026-03-03", "2026-03-04"]


def test_a_kind_of_entry_is_chosen_in_the_address(alice, made):
    answer = alice.get(URL, {"kind": "money"})
    entries = [entry for _day, some in answer.context["days"] for entry in some]
    assert [(entry.kind, entry.fen) for entry in entries] == [("money", 9_900)]
    counts = {tab.query: tab.count for tab in answer.context["tabs"]}
    assert counts["kind=money"] == 1 and counts["kind=request"] == 2 and "kind=filing" not in counts
    assert counts["kind=all"] == sum(counts.values()) / 2


def test_a_kind_that_nothing_is_of_is_empty_and_an_unknown_one_is_refused(alice, order):
    assert "Nothing of this kind has happened." in alice.get(URL, {"kind": "case"}).text
    answer = alice.get(URL, {"kind": "gossip"})
    assert answer.status_code == 400
    assert "There is no such tab." in answer.text


def test_the_consumer_is_masked(alice, order, made, cast):
    for who, address in (("alice", URL), ("olive", desk(order))):
        alice.force_login(getattr(cast, who))
        page = alice.get(address).text
        assert "王**" in page and "王小明" not in page and order.consumer.phone not in page


def test_a_request_whose_opening_has_come_is_there_without_a_worker(alice, cast, order, at):
    record = send(cast, order=order, now=shanghai("2026-03-02 22:00"))
    at(TUESDAY_10)
    assert record.no in alice.get(URL).text


def test_what_is_none_of_the_shops_is_not_found(alice, cast, made):
    OrderFactory(shop=cast.other_shop, no="6021779")
    assert alice.get("/s/S001/orders/6021779/file/").status_code == 404
    alice.force_login(cast.charlie)
    assert alice.get(URL).status_code == 404
    assert alice.get("/s/S002/orders/6021777/file/").status_code == 404


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_the_platform_reads_everything_with_names(alice, cast, order, made, who):
    alice.force_login(getattr(cast, who))
    page = alice.get(desk(order)).text
    for words in (str(cast.rita), str(cast.pia), "Paid to the consumer", cast.shop.name, made.no):
        assert words in page
    assert reverse("platform:disputes_case_change", args=[made.case.pk]) in page


def test_merchants_have_no_business_at_the_desk(alice, order):
    assert alice.get(desk(order)).status_code == 403


def test_the_desk_says_what_is_not_there(alice, cast, order):
    alice.force_login(cast.olive)
    assert alice.get(reverse("platform:order-file", args=[0])).status_code == 404
    assert alice.get(desk(order), {"kind": "gossip"}).status_code == 400
    assert alice.post(desk(order)).status_code == 405


def test_the_orders_page_lists_its_disputes_and_leads_to_the_file(alice, made):
    page = alice.get(ORDER).text
    for words in (URL, made.no, made.case.path, "Cases 1", "Appeals 0", "Penalties 0"):
        assert words in page


def test_the_orders_page_says_that_there_are_none(alice, order):
    page = alice.get(ORDER).text
    assert URL in page and "Cases 0" in page


def test_the_orders_page_in_the_desk_leads_to_its_file(alice, cast, order, made):
    alice.force_login(cast.rita)
    page = alice.get(reverse("platform:shop_cs_order_change", args=[order.pk])).text
    assert desk(order) in page and made.case.no in page


def test_the_orders_page_keeps_its_budget(alice, cast, order, made, django_assert_max_num_queries):
    for _n in range(3):
        open_case(cast, order=order)
    with django_assert_max_num_queries(12):
        alice.get(ORDER)


@pytest.mark.parametrize("who", ["alice", "olive"])
def test_the_file_keeps_its_budget(alice, cast, order, made, who, django_assert_max_num_queries):
    for _n in range(3):
        open_case(cast, order=order, request=send(cast, order=order))
    alice.force_login(getattr(cast, who))
    with django_assert_max_num_queries(33):
        alice.get(URL if who == "alice" else desk(order))
