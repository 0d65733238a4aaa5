"""Daily figures: what is counted, kept by the worker, equal to a count from scratch whatever happened."""

from datetime import date, timedelta

import pytest

from shop_cs.models import AfterSale
from tests import stories
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.figures import keeping
from tickets.models import DailyFigure, FigureDay, ResponseDay

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TUESDAY = date(2026, 3, 3)


def kept(shop, day=TUESDAY, category="product"):
    """What is kept of a shop's day, without what is 0."""
    row = DailyFigure.everything.filter(shop=shop, day=day, category=category).values(*keeping.COLUMNS).first() or {}
    return {name: number for name, number in row.items() if number}


def holds():
    return keeping.check() == [] and not FigureDay.everything.exists()


# What is counted
def test_a_request_counts_on_the_day_it_was_created_once_a_worker_came_by(cast):
    stories.send(cast)
    assert kept(cast.shop) == {}
    stories.sweep_at(TUESDAY_10)
    assert kept(cast.shop) == kept(None) == {"created": 1}
    assert holds()


@pytest.mark.parametrize(("at", "day"), [("2026-03-03 20:59", TUESDAY), ("2026-03-04 09:00", date(2026, 3, 4))])
def test_days_are_those_of_shanghai(cast, at, day):
    stories.send(cast, now=shanghai(at))
    stories.sweep_at(shanghai(at))
    assert kept(cast.shop, day) == {"created": 1}


def test_what_waits_for_the_opening_does_not_count_until_it_is_sent_then_on_the_day_it_was_created(cast):
    night, opening = shanghai("2026-03-02 23:59"), shanghai("2026-03-03 09:00")
    stories.send(cast, now=night)
    stories.sweep_at(opening - MINUTE)
    assert not DailyFigure.everything.exclude(category="").exists()
    stories.sweep_at(opening)
    assert kept(cast.shop, date(2026, 3, 2)) == {"created": 1}


def test_the_time_to_reply_is_working_time_from_the_rounds_opening(cast):
    request = stories.send(cast, now=shanghai("2026-03-03 20:00"))
    answered = stories.reply_unsolved(request, cast, now=shanghai("2026-03-04 10:30"))
    rejected = actions.reject(answered, reason="请补充", by=cast.as_rita, now=shanghai("2026-03-04 22:00"))
    stories.reply_unsolved(rejected, cast, now=shanghai("2026-03-05 09:20"))
    stories.sweep_at(shanghai("2026-03-05 09:20"))
    told = kept(cast.shop)
    # 1 h in the evening and 1½ h in the morning; then 20 minutes from the opening after the rejection.
    assert (told["replies"], told["reply_minutes"]) == (2, 150 + 20)
    assert (told["replied"], told["rejected"]) == (1, 1)


def test_overdue_urged_and_closed_count_requests_and_urges_count_each(cast):
    first, second = stories.send(cast), stories.send(cast)
    for _n in range(3):
        actions.urge(first, by=cast.as_pia, now=TUESDAY_10)
    stories.sweep_at(second.deadline)
    assert kept(cast.shop) == {"created": 2, "urged": 1, "urges": 3}
    stories.sweep_at(second.deadline + MINUTE)
    actions.approve(stories.fresh(second), by=cast.as_rita, now=second.deadline + HOUR)
    stories.sweep_at(second.deadline + HOUR)
    assert kept(cast.shop) == {"created": 2, "overdue": 2, "urged": 1, "urges": 3, "closed": 1}


@pytest.mark.parametrize("satisfied", [True, False])
def test_satisfaction_is_of_those_who_answered(cast, satisfied):
    stories.confirming_rules()
    asked, _silent = stories.confirming(cast), stories.confirming(cast)
    actions.answer_survey(stories.survey_of(asked), satisfied=satisfied, now=TUESDAY_10 + 2 * HOUR)
    stories.sweep_at(TUESDAY_10 + 2 * HOUR)
    told = kept(cast.shop)
    assert (told["surveyed"], told["answered"], told.get("satisfied", 0)) == (2, 1, int(satisfied))
    assert (told["replied"], told["solved"]) == (2, 2)


def test_a_refund_is_done_when_that_is_first_known_here(cast):
    applied = TUESDAY_10 - 2 * HOUR
    refund = AfterSaleFactory(order=OrderFactory(shop=cast.shop), state="agreed", applied_at=applied)
    AfterSaleFactory(order=OrderFactory(shop=cast.shop), kind="exchange", applied_at=applied)
    stories.sweep_at(TUESDAY_10)
    assert kept(cast.shop, category="") == {"refunds": 1}
    refund.state = AfterSale.State.DONE
    refund._history_date = TUESDAY_10
    refund.save()
    stories.sweep_at(TUESDAY_10)
    assert kept(cast.shop, category="") == {"refunds": 1, "refunds_done": 1, "refund_minutes": 120}


def test_conversations_are_those_of_the_chat_platform(cast):
    day = ResponseDay.everything.create(shop=cast.shop, day=TUESDAY, conversations=20, effective=15)
    stories.sweep_at(TUESDAY_10)
    assert kept(cast.shop, category="") == kept(None, category="") == {"conversations": 20, "effective": 15}
    day.day, day.effective = date(2026, 3, 2), 16
    day.save()
    stories.sweep_at(TUESDAY_10)
    assert kept(cast.shop, category="") == {}
    assert kept(cast.shop, date(2026, 3, 2), "") == {"conversations": 20, "effective": 16}
    assert holds()
