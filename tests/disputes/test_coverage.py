"""What a filing covers, now and later, and which filings cover an order: both ask the same."""

from datetime import timedelta

import pytest

from disputes import coverage
from disputes.models import Filing, FilingOrder
from shop_cs.models import Rulebook
from tests.case_stories import open_case
from tests.factories import ConsumerFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import send
from tickets.models import ServiceRequest

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
THURSDAY_10 = shanghai("2026-03-05 10:00")
ZHEJIANG = [{"province": "浙江", "city": ""}]


def filed(cast, *, state="approved", orders=(), starts_at=TUESDAY_10, ends_at=TUESDAY_10 + DAY, shop=None, **more):
    """A filing as it stands, without the acts that led there."""
    decision = {"decided_at": TUESDAY_10, "decided_by": cast.rita, "decision": "属实"}
    filing = Filing.everything.create(
        no=f"FI{Filing.everything.count()}",
        shop=shop or cast.shop,
        rulebook=Rulebook.objects.in_force(TUESDAY_10),
        kind="extreme_weather",
        text="台风，快递停运",
        starts_at=starts_at,
        ends_at=ends_at,
        made_at=TUESDAY_10,
        made_by=cast.alice,
        state=state,
        **({} if state in {"submitted", "withdrawn"} else decision),
        **more,
    )
    for order in orders:
        FilingOrder.everything.create(shop=filing.shop, filing=filing, order=order)
    return filing


def covers(filing, order, at=TUESDAY_10):
    return filing in coverage.filings_covering(order, at)


def order_to(cast, address="浙江省杭州市余杭区", **more):
    return OrderFactory(shop=cast.shop, consumer=ConsumerFactory(address=address), **more)


# By which way
def test_a_filing_covers_the_orders_it_names_and_no_others(cast):
    named, other = order_to(cast), order_to(cast)
    filing = filed(cast, orders=[named])
    assert covers(filing, named) and not covers(filing, other)


def test_a_filing_covers_the_regions_it_names(cast):
    filing = filed(cast, regions=ZHEJIANG)
    assert covers(filing, order_to(cast)) and not covers(filing, order_to(cast, "江苏省南京市"))


def test_an_order_without_a_consumer_goes_nowhere(cast):
    assert not covers(filed(cast, regions=ZHEJIANG), OrderFactory(shop=cast.shop, consumer=None))


@pytest.mark.parametrize(
    ("courier", "covered"),
    [("SF Express", True), ("sf express", True), ("SFEXPRESS ", True), ("SF", False), ("", False)],
)
def test_a_couriers_name_counts_without_case_and_blanks(cast, courier, covered):
    filing, order = filed(cast, courier="SF express"), order_to(cast, courier=courier)
    send(cast, order=order)
    assert covers(filing, order) is covered
    assert coverage.covered_requests(filing).exists() is covered


def test_signs_in_a_couriers_name_mean_themselves(cast):
    order = order_to(cast, courier="中通(杭州).*")
    send(cast, order=order)
    right, wrong = filed(cast, courier="中通(杭州).*"), filed(cast, courier="中通.*")
    assert covers(right, order) and not covers(wrong, order)
    assert coverage.covered_requests(right).exists() and not coverage.covered_requests(wrong).exists()


def test_the_why_is_in_words(cast):
    order = order_to(cast, courier="中通")
    for filing in ({"orders": [order]}, {"regions": ZHEJIANG}, {"courier": "中通"}):
        filed(cast, **filing)
    whys = [filing.why for filing in coverage.filings_covering(order, TUESDAY_10)]
    assert whys == ["it is one of the orders named", "it goes to 浙江", "it goes by 中通"]


# When, and whose
@pytest.mark.parametrize(
    ("at", "covered"),
    [
        (TUESDAY_10 - SECOND, False),
        (TUESDAY_10, True),
        (TUESDAY_10 + DAY, True),
        (TUESDAY_10 + DAY + SECOND, False),
    ],
)
def test_both_ends_belong_to_the_span(cast, at, covered):
    order = order_to(cast)
    assert covers(filed(cast, orders=[order]), order, at) is covered


@pytest.mark.parametrize(
    ("state", "covered"),
    [("submitted", False), ("approved", True), ("rejected", False), ("expired", True), ("withdrawn", False)],
)
def test_only_what_was_approved_covers_also_when_it_is_over(cast, state, covered):
    order = order_to(cast)
    assert covers(filed(cast, state=state, orders=[order]), order) is covered


def test_a_filing_of_another_shop_covers_nothing_here(cast):
    filing = filed(cast, shop=cast.other_shop, regions=ZHEJIANG)
    request = send(cast, order=order_to(cast))
    assert not covers(filing, request.order)
    assert not coverage.covered_requests(filing).exists()


# Requests and cases
@pytest.mark.parametrize(
    ("starts_at", "ends_at", "covered"),
    [
        (TUESDAY_10 - DAY, TUESDAY_10 - SECOND, False),
        (TUESDAY_10 - DAY, TUESDAY_10, True),
        (THURSDAY_10, THURSDAY_10 + DAY, True),
        (THURSDAY_10 + SECOND, THURSDAY_10 + DAY, False),
    ],
)
@pytest.mark.parametrize("begin", [send, open_case])
def test_what_is_covered_is_covered_from_its_beginning_to_its_deadline(cast, begin, starts_at, ends_at, covered):
    record = begin(cast, order=order_to(cast))
    assert record.deadline == THURSDAY_10
    filing = filed(cast, regions=ZHEJIANG, starts_at=starts_at, ends_at=ends_at)
    found = coverage.covered_requests(filing) if begin is send else coverage.covered_cases(filing)
    assert (list(found) == [record]) is covered
    assert (coverage.covering(record) == [filing]) is covered


def test_what_is_opened_later_is_covered_too(cast):
    filing = filed(cast, regions=ZHEJIANG)
    assert not coverage.covered_requests(filing).exists()
    request = send(cast, order=order_to(cast), now=TUESDAY_10 + timedelta(hours=5))
    assert list(coverage.covered_requests(filing)) == [request]


def test_a_request_that_waits_for_the_opening_is_not_told(cast):
    filing = filed(cast, regions=ZHEJIANG, starts_at=TUESDAY_10 - DAY)
    send(cast, order=order_to(cast), now=shanghai("2026-03-02 22:00"))
    assert not coverage.covered_requests(filing).exists()


def test_many_requests_are_asked_for_in_two_statements_with_the_same_answer(cast, django_assert_num_queries):
    named = order_to(cast, "江苏省南京市")
    filed(cast, regions=ZHEJIANG), filed(cast, orders=[named]), filed(cast, courier="中通")
    for order in (named, order_to(cast), order_to(cast, courier="中通"), order_to(cast, "四川省成都市")):
        send(cast, order=order)
    rows = list(ServiceRequest.everything.select_related("order__consumer"))
    with django_assert_num_queries(2):
        many = coverage.covering_many(rows)
    assert many == {row.pk: found for row in rows if (found := coverage.covering(row))}
    assert sorted(len(found) for found in many.values()) == [1, 1, 2]


def test_one_record_costs_one_statement_however_often_it_is_asked(cast, django_assert_num_queries):
    filed(cast, regions=ZHEJIANG)
    send(cast, order=order_to(cast))
    record = ServiceRequest.everything.select_related("order__consumer").get()
    with django_assert_num_queries(1):
        assert coverage.covering(record) == coverage.covering(record) != []
