"""What time does to the merchant's round: the notice before the end, overdue; and how the end is told."""

from datetime import timedelta

import pytest

from shop_cs.clock import Why
from tests import stories
from tests.people import TUESDAY_10, shanghai
from tickets import actions, deadlines
from tickets.models import ServiceRequest

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


def agreed(cast, hours, **more):
    return stories.send(cast, kind="agreed", agreed=hours * HOUR, **more)


def test_at_the_deadline_it_is_not_overdue_and_a_microsecond_later_it_is(cast):
    request = stories.send(cast)
    assert stories.sweep_at(request.deadline)["overdue"] == 0
    assert stories.sweep_at(request.deadline + MICROSECOND)["overdue"] == 1
    assert stories.fresh(request).state == "reviewing"


@pytest.mark.parametrize("late", [MICROSECOND, HOUR, timedelta(days=30)])
def test_overdue_since_is_the_deadline_not_the_moment_a_worker_noticed(cast, late):
    request = stories.send(cast)
    stories.sweep_at(request.deadline + late)
    now_is = stories.fresh(request)
    assert now_is.overdue_at == now_is.reviewing_since == request.deadline
    assert now_is.overdue_this_round


def test_overdue_is_kept_for_ever_and_names_the_first_missed_deadline(cast):
    request = stories.send(cast)
    first = request.deadline
    stories.sweep_at(first + HOUR)
    again = actions.reject(request, reason="仍须处理", by=cast.as_rita, now=first + HOUR)
    assert (again.overdue_at, again.overdue_this_round) == (first, False)
    stories.sweep_at(again.deadline + HOUR)
    twice = stories.fresh(request)
    assert (twice.overdue_at, twice.last_overdue_round) == (first, 2)
    closed = actions.approve(request, by=cast.as_rita, now=again.deadline + HOUR)
    assert closed.overdue_at == first
    assert ServiceRequest.objects.of(cast.shop).get(overdue_at__isnull=False) == closed


@pytest.mark.parametrize("minutes", [120, 719, 720])
def test_up_to_twelve_hours_there_is_no_notice_before_the_end(cast, minutes):
    request = stories.send(cast, kind="agreed", agreed=timedelta(minutes=minutes))
    assert request.due_soon_at is None
    assert stories.sweep_at(request.deadline)["due_soon"] == 0


def test_above_twelve_hours_the_notice_comes_when_twelve_are_left_and_not_before(cast):
    # [2] §二.6: 24 h from Tuesday 10:00 end on Thursday 10:00; twelve are left on Wednesday at 10:00.
    request = stories.send(cast)
    left_twelve = shanghai("2026-03-04 10:00")
    assert request.due_soon_at == left_twelve
    assert stories.sweep_at(left_twelve - MICROSECOND)["due_soon"] == 0
    assert stories.sweep_at(left_twelve)["due_soon"] == 1


def test_just_above_twelve_hours_it_comes_after_that_minute(cast):
    request = stories.send(cast, kind="agreed", agreed=timedelta(minutes=721))
    assert request.due_soon_at == TUESDAY_10 + timedelta(minutes=1)


def test_the_notice_comes_once_a_round_and_again_in_the_next(cast):
    request = stories.send(cast)
    assert stories.sweep_at(request.due_soon_at)["due_soon"] == 1
    assert stories.sweep_at(request.due_soon_at + HOUR)["due_soon"] == 0
    stories.reply_unsolved(request, cast, now=request.deadline)
    again = actions.reject(request, reason="补充", by=cast.as_rita, now=request.deadline)
    assert again.due_soon_told_at is None
    assert stories.sweep_at(again.due_soon_at)["due_soon"] == 1


def test_an_answered_request_is_neither_overdue_nor_due_soon(cast):
    request = stories.send(cast)
    stories.reply_unsolved(request, cast, now=TUESDAY_10)
    counts = stories.sweep_at(request.deadline + timedelta(days=1))
    assert counts["overdue"] == counts["due_soon"] == 0
    assert stories.fresh(request).overdue_at is None


def test_the_explanation_adds_up_to_the_limit_and_ends_at_the_deadline(cast):
    # [2] §一.1: received 20:00, limit 12 h: 1 h that evening, 11 h from 09:00 on.
    request = agreed(cast, 12, now=shanghai("2026-03-03 20:00"))
    told = deadlines.explain(request.rulebook.rules(), request.round_opened_at, request.limit)
    assert told.deadline == request.deadline
    assert told.rulebook == "current"
    assert [(piece.length, piece.why) for piece in told.stretches] == [
        (HOUR, Why.OPEN),
        (12 * HOUR, Why.NIGHT),
        (11 * HOUR, Why.OPEN),
    ]


def countdown(request, now):
    rules = request.rulebook.rules()
    return deadlines.countdown(rules, now=now, deadline=request.deadline, limit=request.limit)


def test_the_countdown_stands_still_outside_the_hours_and_says_until_when(cast):
    request = agreed(cast, 12, now=shanghai("2026-03-03 20:00"))
    assert countdown(request, shanghai("2026-03-03 20:59:59")).opens_at is None
    for stopped in ("2026-03-03 21:00:00", "2026-03-04 08:59:59"):
        still = countdown(request, shanghai(stopped))
        assert (still.left, still.opens_at) == (11 * HOUR, shanghai("2026-03-04 09:00"))
    assert countdown(request, shanghai("2026-03-04 09:00")).opens_at is None


@pytest.mark.parametrize(
    ("minutes", "tone"),
    [(0, "calm"), (299, "calm"), (300, "amber"), (539, "amber"), (540, "red"), (600, "red"), (900, "red")],
)
def test_the_countdown_turns_amber_at_half_and_red_at_nine_tenths(cast, minutes, tone):
    request = agreed(cast, 10, now=shanghai("2026-03-03 09:00"))
    told = countdown(request, request.round_opened_at + timedelta(minutes=minutes))
    assert told.tone == tone


def test_the_words_for_what_is_due_stand_on_the_right_side_of_their_instants(cast):
    stories.confirming_rules()
    found = ServiceRequest.objects.of(cast.shop)
    reviewed = stories.reach(cast, "reviewing")
    confirming = stories.confirming(cast)
    pending = stories.send(cast)
    scheduled = stories.reach(cast, "scheduled")
    exclusive = [("past_deadline", pending.deadline), ("unconfirmed", confirming.confirm_until)]
    exclusive += [("platform_late", reviewed.review_due)]
    for word, instant in exclusive:
        assert not getattr(found, word)(instant).exists(), word
        assert getattr(found, word)(instant + MICROSECOND).count() == 1, word
    for word, instant in [("to_send", scheduled.send_at), ("due_soon", pending.due_soon_at)]:
        assert not getattr(found, word)(instant - MICROSECOND).exists(), word
        assert getattr(found, word)(instant).count() == 1, word
