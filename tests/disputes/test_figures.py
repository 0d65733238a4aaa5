"""The merchant liability rate: what counts, in which month, and what one case does to it."""

from datetime import date

import pytest

from disputes import actions, figures
from disputes.awards import Rate
from tests.case_stories import HOUR, fresh, open_case, ruled
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
MARCH_5 = shanghai("2026-03-05 12:00")


def order(cast, paid_at=MARCH_5, **more):
    return OrderFactory(shop=cast.shop, paid_at=paid_at, **more)


def lost(cast, **more):
    """A case that Rita ruled for the consumer; its order was paid in March unless said."""
    return fresh(ruled(cast, order=more.pop("order", None) or order(cast), **more))


def clear(case, cast):
    """Taken out of the rate by an appeal that Ray granted."""
    appeal = actions.appealing.submit(
        subject=case, ground="misjudged", text="照片不清", by=cast.as_alice, now=TUESDAY_10 + 4 * HOUR
    )
    actions.appealing.grant(appeal, reason="证据被误读", by=cast.as_ray, now=TUESDAY_10 + 5 * HOUR)
    return fresh(case)


def rate(cast, month=MARCH):
    return figures.rate_of(cast.shop.pk, month)


# What counts
@pytest.mark.parametrize(
    ("said", "counting"),
    [
        ({}, 1),
        ({"outcome": "shared"}, 1),
        ({"blame": "both"}, 1),
        ({"outcome": "merchant"}, 0),
        ({"blame": "consumer"}, 0),
        ({"blame": "platform"}, 0),
        ({"blame": "influencer"}, 0),
        ({"counts": False, "scene": "courier"}, 0),
    ],
)
def test_a_case_counts_when_it_was_lost_by_own_blame_in_no_excepted_scene(cast, said, counting):
    case = lost(cast, **said)
    assert rate(cast) == Rate(counting, 1)
    assert case.is_counting == bool(counting)


def test_a_case_that_is_not_decided_does_not_count(cast):
    open_case(cast, order=order(cast))
    assert rate(cast) == Rate(0, 1)


def test_a_granted_appeal_takes_it_out(cast):
    case = lost(cast)
    assert rate(cast) == Rate(1, 1)
    clear(case, cast)
    assert rate(cast) == Rate(0, 1)


def test_an_order_counts_once_however_many_cases_it_has(cast):
    twice = order(cast)
    for _case in range(2):
        lost(cast, order=twice)
    order(cast)
    assert rate(cast) == Rate(1, 2)


def test_another_shops_orders_and_cases_are_not_counted(cast):
    lost(cast)
    OrderFactory(shop=cast.other_shop, paid_at=MARCH_5)
    assert figures.rate_of(cast.other_shop.pk, MARCH) == Rate(0, 1)
    assert rate(cast) == Rate(1, 1)


def test_a_month_without_orders_has_no_rate(cast):
    assert rate(cast) == Rate(0, 0)
    assert rate(cast).percent == "—"


# The month
@pytest.mark.parametrize(
    ("paid_at", "month"),
    [
        ("2026-03-01 00:00", MARCH),
        ("2026-02-28 23:59:59.999999", date(2026, 2, 1)),
        ("2026-03-31 23:59:59.999999", MARCH),
        ("2026-04-01 00:00", APRIL),
    ],
)
def test_a_months_edges_are_midnights_in_shanghai(cast, paid_at, month):
    case = lost(cast, order=order(cast, shanghai(paid_at)))
    for asked in (date(2026, 2, 1), MARCH, APRIL):
        assert rate(cast, asked) == (Rate(1, 1) if asked == month else Rate(0, 0))
        assert list(figures.cases_of(cast.shop.pk, asked)) == ([case] if asked == month else [])
    assert figures.rates_of(cast.shop.pk, APRIL, 3)[month] == Rate(1, 1)


def test_the_month_is_that_of_the_order_and_not_of_the_ruling(cast):
    case = lost(cast, order=order(cast, shanghai("2026-01-31 12:00")))
    assert figures.month_of_case(case) == date(2026, 1, 1)
    assert rate(cast) == Rate(0, 0)


@pytest.mark.parametrize(
    ("by", "month"), [(0, MARCH), (1, APRIL), (-2, date(2026, 1, 1)), (-3, date(2025, 12, 1)), (10, date(2027, 1, 1))]
)
def test_months_are_counted_over_the_turn_of_the_year(by, month):
    assert figures.later(MARCH, by) == month


def test_the_last_months_come_in_one_statement_the_latest_first(cast, django_assert_num_queries):
    lost(cast)
    order(cast, shanghai("2025-12-31 23:00"))
    with django_assert_num_queries(1):
        rates = figures.rates_of(cast.shop.pk, MARCH, 12)
    assert list(rates)[0] == MARCH and list(rates)[-1] == date(2025, 4, 1)
    assert (rates[MARCH], rates[date(2025, 12, 1)], rates[date(2026, 1, 1)]) == (Rate(1, 1), Rate(0, 1), Rate(0, 0))


def test_the_shops_of_a_month_come_in_one_statement(cast, django_assert_num_queries):
    lost(cast)
    OrderFactory(shop=cast.other_shop, paid_at=MARCH_5)
    with django_assert_num_queries(1):
        assert figures.rates_in(MARCH) == {cast.shop.pk: Rate(1, 1), cast.other_shop.pk: Rate(0, 1)}


# What one case does
def test_a_ruling_that_counts_would_add_its_order_and_one_that_does_not_changes_nothing(cast):
    case = open_case(cast, order=order(cast))
    order(cast)
    assert figures.effect(case, counts=True).before == Rate(0, 2)
    assert figures.effect(case, counts=True).after == Rate(1, 2)
    assert not figures.effect(case, counts=False).changes


def test_a_granted_appeal_would_take_its_order_out(cast):
    case = lost(cast)
    effect = figures.effect(case, counts=False)
    assert (effect.before, effect.after) == (Rate(1, 1), Rate(0, 1))
    assert not figures.effect(case, counts=True).changes


def test_what_was_foretold_is_what_comes(cast):
    case = lost(cast)
    foretold = figures.effect(case, counts=False)
    case = clear(case, cast)
    assert (rate(cast), foretold.before) == (foretold.after, Rate(1, 1))
    assert figures.effect_had(case) == foretold


def test_what_did_not_count_anyway_was_not_changed_by_its_appeal(cast):
    case = clear(lost(cast, counts=False, scene="courier"), cast)
    assert not figures.effect_had(case).changes


def test_where_another_case_of_the_order_counts_too_nothing_changes(cast):
    twice = order(cast)
    first, second = lost(cast, order=twice), lost(cast, order=twice)
    assert not figures.effect(first, counts=False).changes
    clear(second, cast)
    assert figures.effect(fresh(first), counts=False).changes


def test_an_order_that_was_never_paid_belongs_to_no_month(cast):
    case = lost(cast, order=order(cast, None))
    assert figures.month_of_case(case) is None
    assert not figures.effect(case, counts=False).changes
    assert rate(cast) == Rate(0, 0)


def test_each_case_of_a_month_is_listed_with_what_it_did(cast, django_assert_num_queries):
    counting, won = lost(cast), lost(cast, outcome="merchant")
    month = rate(cast)
    with django_assert_num_queries(1):
        listed = figures.lines(figures.cases_of(cast.shop.pk, MARCH), month)
    told = {line.case: (line.effect.before, line.effect.after) for line in listed}
    assert told == {counting: (Rate(0, 2), Rate(1, 2)), won: (Rate(1, 2), Rate(1, 2))}


def test_of_two_counting_cases_of_an_order_neither_changed_the_rate_alone(cast):
    twice = order(cast)
    for _case in range(2):
        lost(cast, order=twice)
    listed = figures.lines(figures.cases_of(cast.shop.pk, MARCH), rate(cast))
    assert [line.effect.changes for line in listed] == [False, False]
