"""The consumer confirms, where the rulebook of 2022-12 has that stage. [2] §二.5.4"""

from datetime import timedelta

import pytest
from django.utils import translation

from shop_cs.models import ConsumerMessage, Rulebook
from shop_cs.moves import Refused
from tests import stories
from tests.people import TUESDAY_10, shanghai
from tickets import actions, messages
from tickets.models import Survey

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
ELEVEN = TUESDAY_10 + HOUR
TWO_DAYS = timedelta(hours=48)


@pytest.fixture(autouse=True)
def _with_the_stage(cast):
    stories.confirming_rules()


def code(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusal.code


def answer(request, *, satisfied=True, now, **more):
    return actions.answer_survey(stories.survey_of(request), satisfied=satisfied, now=now, **more)


def remind(request, cast, *, now):
    return actions.remind(request, by=cast.as_bob, now=now)


@pytest.mark.parametrize(
    ("replied", "goes_out"),
    [
        ("2026-03-03 21:59:59", "2026-03-03 21:59:59"),
        ("2026-03-03 22:00:00", "2026-03-04 08:00"),
        ("2026-03-04 00:00:00", "2026-03-04 08:00"),
        ("2026-03-04 07:59:59", "2026-03-04 08:00"),
        ("2026-03-04 08:00:00", "2026-03-04 08:00:00"),
    ],
)
def test_a_survey_between_22_00_and_08_00_waits_for_08_00(cast, replied, goes_out):
    request = stories.reply_solved(stories.send(cast), cast, now=shanghai(replied))
    survey = stories.survey_of(request)
    assert survey.send_at == shanghai(goes_out)
    stories.sweep_at(shanghai(goes_out) - MICROSECOND)
    assert stories.survey_of(request).sent_at is None
    stories.sweep_at(shanghai(goes_out))
    assert stories.survey_of(request).sent_at == shanghai(goes_out)
    assert ConsumerMessage.everything.get().kind == "survey"


def test_a_worker_that_was_away_all_evening_sends_no_survey_at_night(cast):
    asked = stories.reply_solved(stories.send(cast), cast, now=shanghai("2026-03-03 20:00"))
    stories.sweep_at(shanghai("2026-03-03 22:00"))
    assert stories.fresh(asked).confirm_until is None
    stories.sweep_at(shanghai("2026-03-04 08:00"))
    assert stories.fresh(asked).confirm_until == shanghai("2026-03-06 08:00")


def test_before_the_survey_is_sent_there_is_nothing_to_answer_or_to_remind_of(cast):
    night = shanghai("2026-03-03 22:30")
    request = stories.reply_solved(stories.send(cast), cast, now=night)
    assert code(answer, request, now=night) == "survey_unsent"
    assert code(remind, request, cast, now=night) == "survey_unsent"


def test_the_48_hours_run_from_the_sending(cast):
    request = stories.reply_solved(stories.send(cast), cast, now=shanghai("2026-03-03 22:30"))
    stories.sweep_at(shanghai("2026-03-04 08:10"))
    assert stories.fresh(request).confirm_until == shanghai("2026-03-06 08:10")
    assert stories.survey_of(request).expires_at == shanghai("2026-03-06 08:10")


@pytest.mark.parametrize(("satisfied", "state"), [(True, "closed"), (False, "reviewing")])
def test_an_answer_at_the_very_end_of_the_48_hours_counts(cast, satisfied, state):
    request = stories.confirming(cast)
    answered = answer(request, satisfied=satisfied, comment="谢谢", now=ELEVEN + TWO_DAYS)
    assert answered.state == state
    survey = stories.survey_of(request)
    assert (survey.satisfied, survey.comment, survey.answered_at) == (satisfied, "谢谢", ELEVEN + TWO_DAYS)


def test_a_microsecond_later_it_does_not_though_no_worker_has_run(cast):
    request = stories.confirming(cast)
    assert code(answer, request, now=ELEVEN + TWO_DAYS + MICROSECOND) == "survey_expired"
    assert stories.survey_of(request).answered_at is None


def test_without_an_answer_the_platform_has_it_after_the_48_hours_and_not_before(cast):
    request = stories.confirming(cast)
    assert stories.sweep_at(ELEVEN + TWO_DAYS)["unconfirmed"] == 0
    assert stories.sweep_at(ELEVEN + TWO_DAYS + timedelta(hours=5))["unconfirmed"] == 1
    now_is = stories.fresh(request)
    assert (now_is.state, now_is.reviewing_since) == ("reviewing", ELEVEN + TWO_DAYS)
    assert code(answer, request, now=ELEVEN + TWO_DAYS) == "answered"


def test_satisfied_closes_and_dissatisfied_starts_the_platforms_clock(cast):
    assert answer(stories.confirming(cast), now=ELEVEN + HOUR).closed_at == ELEVEN + HOUR
    unhappy = answer(stories.confirming(cast), satisfied=False, now=ELEVEN + HOUR)
    assert unhappy.reviewing_since == ELEVEN + HOUR
    # Seven working days after Tuesday, 3 March: Wednesday to Friday and Monday to Thursday.
    assert unhappy.review_due == shanghai("2026-03-13 00:00")


@pytest.mark.parametrize("first", [True, False])
def test_a_consumer_answers_once(cast, first):
    request = stories.confirming(cast)
    answer(request, satisfied=first, now=ELEVEN + HOUR)
    assert code(answer, request, satisfied=not first, now=ELEVEN + HOUR) == "answered"
    assert stories.survey_of(request).satisfied is first


def test_two_reminders_and_no_third(cast):
    request = stories.confirming(cast)
    remind(request, cast, now=ELEVEN)
    assert remind(request, cast, now=ELEVEN + 2 * HOUR).reminders == 2
    assert code(remind, request, cast, now=ELEVEN + 4 * HOUR) == "reminded_out"
    assert ConsumerMessage.everything.filter(kind="reminder").count() == 2


def test_reminders_are_more_than_an_hour_apart(cast):
    request = stories.confirming(cast)
    remind(request, cast, now=ELEVEN)
    assert code(remind, request, cast, now=ELEVEN + HOUR - MICROSECOND) == "too_soon"
    assert code(remind, request, cast, now=ELEVEN + HOUR) == "too_soon"
    assert remind(request, cast, now=ELEVEN + HOUR + MICROSECOND).reminders == 2


@pytest.mark.parametrize("quiet", ["2026-03-03 22:00:00", "2026-03-03 23:30", "2026-03-04 07:59:59"])
def test_between_22_00_and_08_00_nobody_is_reminded(cast, quiet):
    request = stories.confirming(cast)
    assert code(remind, request, cast, now=shanghai(quiet)) == "quiet"


@pytest.mark.parametrize("awake", ["2026-03-03 21:59:59", "2026-03-04 08:00:00"])
def test_at_08_00_and_before_22_00_they_are(cast, awake):
    assert remind(stories.confirming(cast), cast, now=shanghai(awake)).last_reminded_at == shanghai(awake)


def test_a_reminder_carries_the_same_link_and_moves_no_end(cast):
    request = stories.confirming(cast)
    until = request.confirm_until
    remind(request, cast, now=ELEVEN + HOUR)
    first, second = ConsumerMessage.everything.order_by("pk")
    token = first.link.rstrip("/").rpartition("/")[2]
    assert first.link == second.link
    assert messages.survey_id(token) == stories.survey_of(request).pk
    assert messages.survey_id(token[:-1]) is None
    assert stories.fresh(request).confirm_until == until


def second_round(cast):
    request = stories.confirming(cast)
    answer(request, satisfied=False, now=ELEVEN)
    actions.reject(request, reason="用户不满意", by=cast.as_rita, now=ELEVEN)
    stories.reply_solved(request, cast, now=ELEVEN + HOUR)
    stories.sweep_at(ELEVEN + HOUR)
    return stories.fresh(request)


def test_the_second_round_has_a_survey_and_48_hours_of_its_own(cast):
    request = second_round(cast)
    assert list(request.surveys.values_list("round", flat=True)) == [1, 2]
    assert request.confirm_until == ELEVEN + HOUR + TWO_DAYS
    assert answer(request, now=ELEVEN + 2 * HOUR).state == "closed"


def test_the_first_rounds_link_does_not_answer_the_second(cast):
    request = second_round(cast)
    old = Survey.everything.get(request=request, round=1)
    assert code(actions.answer_survey, old, satisfied=True, now=ELEVEN + 2 * HOUR) == "answered"
    assert stories.fresh(request).state == "confirming"


def test_without_the_stage_there_is_no_survey(cast):
    request = stories.send(cast)
    request.rulebook.confirming_stage = False
    request.rulebook.save()
    assert stories.reply_solved(request, cast, now=ELEVEN).state == "reviewing"
    assert not Survey.everything.exists()


def test_the_hours_without_letters_are_told_as_the_rulebook_has_them(cast):
    request = stories.confirming(cast)
    Rulebook.objects.filter(pk=request.rulebook_id).update(survey_closes=20 * 60)
    with pytest.raises(Refused) as refused, translation.override("en"):
        remind(stories.fresh(request), cast, now=shanghai("2026-03-03 20:30"))
    assert "between 08:00 and 20:00" in str(refused.value.refusal.text)


def test_an_answered_round_that_the_consumer_confirms_does_not_wait_for_the_platform(cast):
    request = stories.confirming(cast)
    with pytest.raises(Refused) as refused:
        stories.reply_solved(request, cast, now=shanghai("2026-03-03 12:00"))
    with translation.override("en"):
        words = "Already replied: 鲍勃 answered this round at 2026-03-03 11:00."
        assert str(refused.value.refusal.text) == words
