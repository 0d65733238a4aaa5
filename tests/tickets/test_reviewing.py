"""The reviewer decides: approve, or reject with a reason and a fresh limit; the platform's own seven days. [4] §五"""

from datetime import timedelta

import pytest

from shop_cs.moves import Refused, stamp
from tests import stories
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.models import Review

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
NOON = TUESDAY_10 + 2 * HOUR


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusal


@pytest.fixture
def answered(cast):
    return stories.reach(cast, "reviewing")


def test_approved_it_is_closed_and_the_review_is_kept(cast, answered):
    closed = actions.approve(answered, by=cast.as_rita, now=NOON, reason="处理得当")
    assert (closed.state, closed.closed_at, closed.round) == ("closed", NOON, 1)
    review = Review.objects.of(cast.shop).get()
    assert (review.approved, review.reason, review.reviewed_by, review.reviewed_at) == (
        True,
        "处理得当",
        cast.rita,
        NOON,
    )


def test_rejected_it_opens_the_next_round_with_a_fresh_limit_of_the_same_length(cast, answered):
    back = actions.reject(answered, reason="请提供通话录音", by=cast.as_rita, now=NOON)
    assert (back.state, back.round, back.round_opened_at) == ("pending", 2, NOON)
    assert back.deadline == shanghai("2026-03-05 12:00")
    assert back.sent_at == answered.sent_at
    assert back.closed_at is None


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_rejection_says_why(cast, answered, reason):
    missing = refusal(actions.reject, answered, reason=reason, by=cast.as_rita, now=NOON)
    assert (missing.code, missing.status) == ("reason", 400)
    assert stories.fresh(answered).state == "reviewing"


@pytest.mark.parametrize(
    ("rejected", "opens"),
    [
        ("2026-03-03 20:59:59", "2026-03-03 20:59:59"),
        ("2026-03-03 21:00:00", "2026-03-04 09:00"),
        ("2026-03-03 22:00:00", "2026-03-04 09:00"),
        ("2026-03-04 08:59:59", "2026-03-04 09:00"),
    ],
)
def test_rejected_outside_the_hours_the_new_time_runs_from_the_opening(cast, answered, rejected, opens):
    back = actions.reject(answered, reason="重新处理", by=cast.as_rita, now=shanghai(rejected))
    assert back.round_opened_at == shanghai(opens)
    if opens.endswith("09:00"):
        assert back.deadline == shanghai("2026-03-05 21:00")


@pytest.mark.parametrize("first", ["approve", "reject"])
@pytest.mark.parametrize("second", ["approve", "reject"])
def test_of_two_reviewers_the_second_hears_that_it_is_decided(cast, answered, first, second):
    page = stamp(answered)
    decide = {"reason": "理由", "now": NOON, "expect": page}
    getattr(actions, first)(answered, by=cast.as_rita, **decide)
    late = refusal(getattr(actions, second), answered, by=cast.as_ray, **decide)
    assert (late.code, late.status) == ("decided", 409)
    assert Review.everything.get().reviewed_by == cast.rita


def test_a_decision_from_a_page_of_an_earlier_round_is_refused_as_stale(cast, answered):
    page = stamp(answered)
    actions.reject(answered, reason="再核实", by=cast.as_rita, now=NOON)
    stories.reply_unsolved(answered, cast, now=NOON)
    assert refusal(actions.approve, answered, by=cast.as_ray, now=NOON, expect=page).code == "stale"
    assert actions.approve(answered, by=cast.as_ray, now=NOON).state == "closed"


@pytest.mark.parametrize("who", ["as_pia", "as_olive", "as_bob", "as_charlie"])
def test_only_a_reviewer_decides(cast, answered, who):
    act = {"by": getattr(cast, who), "now": NOON, "reason": "理由"}
    for verb in (actions.approve, actions.reject):
        assert (refusal(verb, answered, **act).code, refusal(verb, answered, **act).status) == ("role", 403)
    assert not Review.everything.exists()


def test_the_second_round_can_be_answered_rejected_and_overdue_again(cast, answered):
    actions.reject(answered, reason="一", by=cast.as_rita, now=NOON)
    stories.reply_unsolved(answered, cast, now=NOON + HOUR)
    third = actions.reject(answered, reason="二", by=cast.as_ray, now=NOON + 2 * HOUR)
    stories.sweep_at(third.deadline + MICROSECOND)
    now_is = stories.fresh(answered)
    assert (now_is.round, now_is.overdue_at, now_is.last_overdue_round) == (3, third.deadline, 3)
    assert list(answered.reviews.values_list("round", "reason")) == [(1, "一"), (2, "二")]


@pytest.mark.parametrize(
    ("since", "due"),
    [
        # Before National Day 2024: Sunday 29 September and Saturday 12 October are worked, 1 to 7 October are not.
        ("2024-09-27 10:00", "2024-10-13 00:00"),
        ("2024-09-30 20:00", "2024-10-16 00:00"),
        ("2024-10-11 10:00", "2024-10-22 00:00"),
        # Five plain working days and two more behind a weekend.
        ("2024-11-04 10:00", "2024-11-14 00:00"),
        ("2024-11-03 23:59", "2024-11-13 00:00"),
    ],
)
def test_the_platform_has_seven_working_days_by_the_official_calendar(cast, since, due):
    request = stories.send(cast, now=shanghai(since) - 10 * HOUR, kind="agreed", agreed=100 * HOUR)
    stories.sweep_at(shanghai(since))
    reviewed = stories.reply_unsolved(request, cast, now=shanghai(since))
    assert (reviewed.reviewing_since, reviewed.review_due) == (shanghai(since), shanghai(due))


def test_at_the_end_of_the_seventh_day_the_platform_is_not_late_and_then_it_is_once(cast, answered):
    due = stories.fresh(answered).review_due
    assert stories.sweep_at(due)["platform_late"] == 0
    assert stories.fresh(answered).platform_late_at is None
    assert stories.sweep_at(due + timedelta(days=3))["platform_late"] == 1
    assert stories.sweep_at(due + timedelta(days=4))["platform_late"] == 0
    late = stories.fresh(answered)
    assert (late.state, late.platform_late_at) == ("reviewing", due)


def test_a_new_round_gives_the_platform_its_days_anew(cast, answered):
    due = stories.fresh(answered).review_due
    stories.sweep_at(due + HOUR)
    actions.reject(answered, reason="迟到的驳回", by=cast.as_rita, now=due + 12 * HOUR)
    again = stories.reply_unsolved(answered, cast, now=due + 13 * HOUR)
    assert again.platform_late_at is None
    assert again.review_due > due + timedelta(days=7)
