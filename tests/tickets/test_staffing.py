"""Who is needed for a sale and who waits too long: the two formulas of the source, and the queue hour by hour."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_cs.clock import Calendar, Window
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets.planning import shapes, showing
from tickets.planning.staffing import BadPlan, Sale, Shift, forecast

DESK = Calendar((Window(540, 1260),))
HOUR = timedelta(hours=1)
TWO_DAYS = 24 * HOUR
EVENLY = (834,) * 4 + (833,) * 8


def one_hour(*hours):
    """Shares of the hours: everything in these, evenly."""
    return tuple(10_000 // len(hours) if hour in hours else 0 for hour in range(9, 21))


def sale(**changed):
    """2,000 orders of which 12 % come back, 240 refunds, half on each of two days; 80 an agent and day."""
    said = {
        "first_day": date(2026, 11, 11),
        "orders": 2000,
        "refund_rate": 1200,
        "shares": (5000, 5000),
        "hours": EVENLY,
        "per_agent_day": 80,
    }
    return Sale(**{**said, **changed})


def shift(people, starts=9, ends=21, days=(0,)):
    return Shift(starts, ends, people, frozenset(days))


def goes(plan, limit=TWO_DAYS, calendar=DESK):
    return forecast(plan, calendar=calendar, limit=limit)


def test_refunds_and_people_of_a_day_are_the_sources_two_formulas():
    plan = sale(shares=(7500, 2500))
    assert [plan.refunds_of(day) for day in (0, 1)] == [180, 60]
    assert [plan.people_for(day) for day in (0, 1)] == [3, 1]


@pytest.mark.parametrize(("per_agent_day", "people"), [(119, 2), (120, 1), (121, 1)])
def test_part_of_an_agent_is_one_agent(per_agent_day, people):
    assert sale(per_agent_day=per_agent_day).people_for(0) == people


def test_a_billion_orders_are_reckoned_to_the_last_refund():
    plan = sale(orders=1_000_000_007, refund_rate=1, shares=(3333, 6667))
    assert plan.refunds_of(0) + plan.refunds_of(1) == Fraction(1_000_000_007, 10_000)
    assert goes(plan).refunds == plan.refunds()


def test_the_queue_is_as_reckoned_by_hand():
    plan = sale(
        orders=24, refund_rate=10_000, shares=(10_000,), hours=one_hour(9, 10), per_agent_day=48, shifts=(shift(1),)
    )
    told = goes(plan, limit=2 * HOUR)
    assert [hour.handled for hour in told.hours[:8]] == [4, 4, 4, 4, 4, 4, 0, 0]
    assert [hour.waiting for hour in told.hours[:7]] == [8, 16, 12, 8, 4, 0, 0]
    assert (told.late, told.handled, told.waiting) == (16, 24, 0)


@pytest.mark.parametrize(("limit", "late"), [(2 * HOUR, 1), (3 * HOUR, 0)])
def test_an_answer_at_the_very_end_of_the_limit_is_in_time(limit, late):
    """Three refunds at 9, one an hour: the last is answered at 12."""
    plan = sale(orders=3, refund_rate=10_000, shares=(10_000,), hours=one_hour(9), per_agent_day=12, shifts=(shift(1),))
    assert goes(plan, limit=limit).late == late


@pytest.mark.parametrize(("limit", "late"), [(12 * HOUR, 10), (13 * HOUR, 0)])
def test_what_nobody_handles_is_late_once_its_limit_is_over(limit, late):
    """Ten refunds at 9 of the only day; the plan ends at 21:00."""
    plan = sale(orders=10, refund_rate=10_000, shares=(10_000,), hours=one_hour(9))
    told = goes(plan, limit=limit)
    assert (told.late, told.waiting, told.handled) == (late, 10, 0)


def test_what_is_left_at_closing_is_handled_in_the_morning_on_the_rulebooks_clock():
    """20 at 20:00, limit 2 h: 10 of the next day's first hour are in time, the 5 after 10:00 are not."""
    plan = sale(
        orders=20, refund_rate=10_000, shares=(10_000, 0), hours=one_hour(20), per_agent_day=60,
        shifts=(shift(1, days=(0, 1)),),
    )  # fmt: skip
    told = goes(plan, limit=2 * HOUR)
    assert [told.days[0].waiting, told.days[1].hours[0].waiting] == [15, 10]
    assert (told.days[0].late, told.days[1].late) == (10, 0)
    closed = Calendar((Window(540, 1260),), closed_days=frozenset({date(2026, 11, 12)}))
    assert goes(plan, limit=2 * HOUR, calendar=closed).late == 0


def test_it_is_late_on_the_day_on_which_it_came():
    plan = sale(orders=1000, shares=(10_000, 0, 0, 0), shifts=(shift(1, days=(3,)),))
    told = goes(plan, limit=TWO_DAYS)
    assert [day.late for day in told.days] == [120, 0, 0, 0]


@pytest.mark.parametrize(("people", "short"), [(1, 1), (2, 0)])
def test_a_day_is_short_of_whole_people(people, short):
    day = goes(sale(shifts=(shift(people),))).days[0]
    assert (day.needed, day.staffed, day.short) == (2, people, short)


def test_a_short_shift_is_part_of_a_day():
    day = goes(sale(shifts=(shift(2, 9, 15), shift(1, 15, 21)))).days[0]
    assert (day.staffed, day.short) == (Fraction(3, 2), 0)
    assert [hour.on_shift for hour in day.hours] == [2] * 6 + [1] * 6


def test_an_hour_is_short_where_a_day_is_not():
    day = goes(sale(hours=one_hour(9), shifts=(shift(2),))).days[0]
    assert (day.short, day.hours_short, day.hours[0].needed, day.hours[0].short) == (0, 1, 18, 16)


BAD = {
    "orders": {"orders": -1},
    "refund_rate": {"refund_rate": 10_001},
    "per_agent_day": {"per_agent_day": 0},
    "shares": {"shares": (5000, 4999)},
    "hours": {"hours": (10_000,) + (1,) + (0,) * 10},
}


@pytest.mark.parametrize("part", BAD)
def test_a_plan_that_does_not_add_up_says_which_part(part):
    with pytest.raises(BadPlan) as error:
        sale(**BAD[part])
    assert error.value.part == part


def test_shares_that_miss_a_hundred_say_what_they_are():
    with pytest.raises(BadPlan, match=r"99\.99 %"):
        sale(shares=(5000, 4999))
    with pytest.raises(BadPlan, match=r"100\.5 %"):
        sale(shares=(5000, 5050))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (shift(1, 8, 12), "outside"),
        (shift(1, 12, 22), "outside"),
        (shift(1, 12, 12), "before it begins"),
        (shift(1, 13, 12), "before it begins"),
        (shift(0), "one person"),
        (shift(1, days=(2,)), "does not have"),
        (shift(1, days=()), "does not have"),
    ],
)
def test_a_shift_that_does_not_fit_says_why(wrong, words):
    sale(shifts=(shift(1, 9, 21, (0, 1)),))
    with pytest.raises(BadPlan, match=words):
        sale(shifts=(wrong,))


@st.composite
def sales(draw):
    days = draw(st.integers(1, 4))
    weights = st.integers(1, 9)
    one = st.tuples(
        st.integers(9, 20), st.integers(1, 12), st.integers(1, 4), st.sets(st.integers(0, days - 1), min_size=1)
    )
    shifts = [Shift(a, min(21, a + n), people, frozenset(on)) for a, n, people, on in draw(st.lists(one, max_size=4))]
    return sale(
        orders=draw(st.integers(0, 3000)),
        refund_rate=draw(st.integers(0, 10_000)),
        shares=shapes.spread(draw(st.lists(weights, min_size=days, max_size=days))),
        hours=shapes.spread(draw(st.lists(weights, min_size=12, max_size=12))),
        per_agent_day=draw(st.integers(1, 300)),
        shifts=tuple(shifts),
    )


LIMITS = st.integers(1, 36).map(lambda hours: hours * HOUR)


@given(sales(), LIMITS)
def test_what_comes_is_handled_or_waits(plan, limit):
    told = goes(plan, limit=limit)
    assert told.handled + told.waiting == told.refunds == plan.refunds()
    assert 0 <= told.late <= told.refunds


@given(sales(), LIMITS, st.integers(9, 20))
def test_more_people_never_miss_more(plan, limit, starts):
    more = replace(plan, shifts=(*plan.shifts, shift(1, starts, 21)))
    before, after = goes(plan, limit=limit), goes(more, limit=limit)
    assert all(one.late <= other.late for one, other in zip(after.days, before.days, strict=True))


@given(sales(), LIMITS)
def test_a_longer_limit_never_misses_more(plan, limit):
    assert goes(plan, limit=limit + HOUR).late <= goes(plan, limit=limit).late


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
def test_a_shape_adds_up_to_a_hundred_per_cent(weights):
    shares = shapes.spread(weights)
    assert sum(shares) == 10_000
    assert all(abs(share - 10_000 * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))


@pytest.mark.parametrize("days", [1, 7, 21])
def test_the_usual_shapes_are_plans(days):
    sale(shares=shapes.usual_days(days), hours=shapes.usual_hours())
    assert sale(shares=shapes.evenly(days)).shares[0] >= 10_000 // days


def refunded(cast, *moments, **more):
    order = OrderFactory(shop=cast.shop, paid_at=shanghai("2026-02-01 12:00"))
    for at in moments:
        AfterSaleFactory(order=order, applied_at=shanghai(at), **more)


@pytest.mark.parametrize(("before", "known"), [(8, False), (9, True)])
def test_the_own_past_speaks_from_ten_refunds_on(cast, before, known):
    refunded(cast, *["2026-02-01 10:00"] * before, "2026-02-03 03:00")
    past = shapes.own_past(cast.shop, now=TUESDAY_10)
    assert (shapes.own_days(past, 3) is not None) == (shapes.own_hours(past) is not None) == known
    if known:
        assert shapes.own_days(past, 3) == (9000, 0, 1000)
        assert shapes.own_hours(past) == (1000, 9000, *[0] * 10)


def test_the_own_past_is_the_shops_own_refunds_of_a_year(cast):
    refunded(cast, *["2026-02-01 10:00"] * 10, kind="exchange")
    refunded(cast, *["2025-02-01 10:00"] * 10)
    order = OrderFactory(shop=cast.other_shop)
    AfterSaleFactory.create_batch(10, order=order, applied_at=shanghai("2026-02-02 10:00"))
    assert shapes.own_past(cast.shop, now=TUESDAY_10) == []


def test_refunds_are_shown_to_a_tenth_and_the_late_as_whole_ones():
    assert [str(showing.number(Fraction(n, 3))) for n in (1, 2, 3)] == ["0.3", "0.7", "1"]
    assert [showing.whole(Fraction(n, 3)) for n in (0, 1, 3, 4)] == [0, 1, 1, 2]
