"""Weekly exams: who is warned and why, passing in time and late, what is restricted from when and until when. [3]"""

from datetime import date

import pytest

from shop_cs.models import Heartbeat, Member, Notice, acting
from shop_cs.moves import Refused, no_permission
from tests.exam_stories import DAY, DUE, HOUR, SECOND, WARNED, WEDNESDAY, bob_at, only_questions, rejected, sit, warned
from tests.people import shanghai
from tests.stories import confirming, confirming_rules, reply_unsolved, send, survey_of, sweep_at
from tickets import actions
from tickets.actions import exams as acts
from tickets.models import Assignment, Exam, ExamQuestion, ExamTry, ServiceRequest
from tickets.quality import negative, weekly

WEEK = date(2026, 3, 2)


@pytest.fixture
def bank(cast):
    return only_questions({0}, {1}, {0, 2})


# Who is warned
def test_who_was_sent_back_is_warned_on_tuesday_at_nine(cast, bank):
    request = rejected(cast)
    for early in (WARNED - 10 * HOUR, WARNED - 9 * HOUR, WARNED - SECOND):
        sweep_at(early)
    assert not Exam.everything.exists()
    assert sweep_at(WARNED)["exams"] == 1
    exam = Exam.everything.get()
    assert (exam.member, exam.week) == (cast.bob_member, WEEK)
    assert exam.causes["rejected"] == [request.no]
    assert (exam.warned_at, exam.due_at) == (WARNED, DUE)


@pytest.mark.parametrize(
    ("at", "week"),
    [
        ("2026-03-02 00:00:00", date(2026, 3, 2)),
        ("2026-03-08 23:59:59", date(2026, 3, 2)),
        ("2026-03-09 00:00:00", date(2026, 3, 9)),
        ("2026-03-01 23:59:59", date(2026, 2, 23)),
    ],
)
def test_a_natural_week_is_monday_to_sunday(cast, at, week):
    rejected(cast, at=shanghai(at))
    for monday in (date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9)):
        assert bool(negative.served(monday)) is (monday == week)


def test_a_dissatisfied_consumer_is_a_cause(cast, bank):
    confirming_rules()
    request = confirming(cast, now=WEDNESDAY)
    actions.answer_survey(survey_of(request), satisfied=False, now=WEDNESDAY + HOUR)
    assert negative.served(WEEK) == {cast.bob_member: {"dissatisfied": [request.no]}}


def test_a_satisfied_consumer_and_an_approved_answer_are_none(cast):
    confirming_rules()
    actions.answer_survey(survey_of(confirming(cast, now=WEDNESDAY)), satisfied=True, now=WEDNESDAY + HOUR)
    approved = reply_unsolved(send(cast, now=WEDNESDAY), cast, now=WEDNESDAY + HOUR)
    actions.approve(approved, by=cast.as_rita, now=WEDNESDAY + 2 * HOUR)
    assert negative.served(WEEK) == {}


def overdue(cast, *, assigned=None):
    request = send(cast, now=WEDNESDAY, kind="urgent", category="risky_product")
    if assigned:
        assign(request, assigned, at=WEDNESDAY)
    sweep_at(request.deadline + 3 * HOUR)
    return ServiceRequest.everything.get(pk=request.pk)


def assign(request, member, *, at):
    with acting(at=at):
        Assignment.everything.update_or_create(
            request=request, defaults={"shop": request.shop, "member": member, "assigned_at": at}
        )


def test_an_overdue_request_is_a_cause_for_whose_it_was_when_it_went_overdue(cast):
    request = overdue(cast, assigned=cast.bob_member)
    assign(request, cast.alice_member, at=request.deadline + 4 * HOUR)
    assert negative.served(WEEK) == {cast.bob_member: {"overdue": [request.no]}}


def test_what_was_nobodys_is_held_against_who_answered_it_last(cast):
    request = rejected(cast)
    sweep_at(WEDNESDAY + 3 * DAY)
    assert negative.served(WEEK) == {cast.bob_member: {"rejected": [request.no], "overdue": [request.no]}}


def test_what_was_nobodys_and_never_answered_is_held_against_nobody(cast):
    overdue(cast)
    assert negative.served(WEEK) == {}


def test_an_overdue_round_counts_in_its_week_though_the_request_was_overdue_before(cast):
    request = overdue(cast)
    again = actions.reject(request, reason="请尽快处理", by=cast.as_rita, now=WEDNESDAY + 6 * DAY)
    assign(again, cast.bob_member, at=WEDNESDAY + 6 * DAY)
    sweep_at(again.deadline + SECOND)
    assert negative.served(date(2026, 3, 9)) == {cast.bob_member: {"overdue": [request.no]}}


def test_who_was_deactivated_is_not_warned(cast, bank):
    rejected(cast)
    Member.everything.filter(pk=cast.bob_member.pk).update(is_active=False)
    sweep_at(WARNED)
    assert not Exam.everything.exists()


def test_the_notice_names_the_member(cast, bank):
    warned(cast)
    notice = Notice.everything.get(kind="exam_warned")
    assert notice.shop == cast.shop and notice.path == "/s/S001/exams/"
    assert notice.params == {"member": "鲍勃", "week": "2026-03-02", "until": "2026-03-17 09:00"}


# Once a week, whatever runs
def test_a_second_pass_warns_nobody_twice(cast, bank):
    warned(cast)
    assert sweep_at(WARNED + HOUR)["exams"] == 0
    Heartbeat.objects.filter(name=weekly.MARK).update(at=WARNED - 7 * DAY)
    assert sweep_at(WARNED + HOUR)["exams"] == 1
    assert Exam.everything.count() == Exam.history.count() == 1


def test_a_worker_that_rested_for_weeks_catches_up_week_by_week(cast, bank):
    sweep_at(WARNED - 7 * DAY)
    rejected(cast)
    late = WARNED + 15 * DAY
    assert [sweep_at(late)["exams"] for _pass in range(2)] == [1, 0]
    exam = Exam.everything.get()
    assert (exam.week, exam.warned_at, exam.due_at) == (WEEK, late, late + 7 * DAY), "nobody is restricted unwarned"


# Passing and being late
@pytest.mark.parametrize(("at", "may"), [(WARNED, True), (DUE, True), (DUE + SECOND, False), (DUE + 99 * DAY, False)])
def test_restricted_from_just_after_the_due_instant_without_a_worker(cast, bank, at, may):
    warned(cast)
    assert bob_at(cast, at).may("answer_requests") is may
    assert bob_at(cast, at).may("remind_consumers")


def test_the_worker_records_since_when_and_tells(cast, bank):
    exam = warned(cast)
    assert sweep_at(DUE)["exams_missed"] == 0
    assert sweep_at(DUE + HOUR)["exams_missed"] == 1
    assert sweep_at(DUE + HOUR)["exams_missed"] == 0
    exam.refresh_from_db()
    assert exam.restricted_at == DUE
    assert Notice.everything.get(kind="exam_restricted").params["member"] == "鲍勃"
    assert list(exam.history.values_list("move", flat=True)) == ["restrict_member", "warn_member"]


def test_passing_at_the_due_instant_is_in_time(cast, bank):
    exam = warned(cast)
    assert sit(exam, cast, now=DUE).points == 100
    assert bob_at(cast, DUE + SECOND).may("answer_requests")
    assert sweep_at(DUE + SECOND)["exams_missed"] == 0


def test_passing_late_lifts_the_restriction_at_once(cast, bank):
    exam = warned(cast)
    sweep_at(DUE + HOUR)
    with pytest.raises(Refused) as refused:
        actions.reply(
            send(cast, now=DUE + HOUR),
            solved=False,
            reason="other",
            text="处理中",
            by=bob_at(cast, DUE + HOUR),
            now=DUE + HOUR,
        )
    assert refused.value.refusal.status == 403
    sit(exam, cast, now=DUE + 2 * HOUR, by=bob_at(cast, DUE + 2 * HOUR))
    assert bob_at(cast, DUE + 2 * HOUR).may("answer_requests")
    assert Member.everything.get(pk=cast.bob_member.pk).bars == {}


def test_the_refusal_names_the_exam_and_where_it_is(cast, bank):
    warned(cast)
    words = no_permission(bob_at(cast, DUE + SECOND), "answer_requests")
    assert words.startswith("Your exam was not passed in time") and "/s/S001/exams/" in words
    assert "service requests" in words


def test_of_two_exams_each_is_to_be_passed(cast, bank):
    first = warned(cast)
    rejected(cast, at=WEDNESDAY + 7 * DAY)
    sweep_at(WARNED + 7 * DAY)
    second = Exam.everything.exclude(pk=first.pk).get()
    sit(first, cast, now=DUE)
    assert bob_at(cast, DUE + SECOND).may("answer_requests")
    assert not bob_at(cast, second.due_at + SECOND).may("answer_requests")
    sit(second, cast, now=second.due_at + DAY)
    assert bob_at(cast, second.due_at + DAY).may("answer_requests")


def test_any_number_of_tries(cast, bank):
    exam = warned(cast)
    for number in range(5):
        assert sit(exam, cast, now=WARNED + number * HOUR, right=False).points == 66
    assert sit(exam, cast, now=WARNED + 6 * HOUR).points == 100
    assert ExamTry.everything.filter(exam=exam).count() == 6
    exam.refresh_from_db()
    assert exam.passed_at == WARNED + 6 * HOUR


def test_a_passed_exam_is_not_sat_again(cast, bank):
    exam = warned(cast)
    sit(exam, cast, now=WARNED)
    with pytest.raises(Refused) as refused:
        sit(exam, cast, now=WARNED + HOUR)
    assert refused.value.refusal.code == "passed"


@pytest.mark.parametrize("who", ["as_alice", "as_charlie"])
def test_nobody_sits_anothers_exam(cast, bank, who):
    with pytest.raises(Refused) as refused:
        sit(warned(cast), cast, now=WARNED, by=getattr(cast, who))
    assert refused.value.refusal.status == 404
    assert not ExamTry.everything.exists()


def test_a_paper_handed_in_twice_counts_once(cast, bank):
    exam = warned(cast)
    expect = acts.stamp(*acts.paper(exam))
    acts.sit(exam, chosen={}, by=cast.as_bob, now=WARNED, expect=expect)
    with pytest.raises(Refused) as refused:
        acts.sit(exam, chosen={}, by=cast.as_bob, now=WARNED, expect=expect)
    assert refused.value.refusal.code == "stale"


def test_with_an_empty_bank_nobody_is_restricted(cast):
    ExamQuestion.objects.update(is_active=False)
    exam = warned(cast)
    assert exam.due_at is None
    assert bob_at(cast, WARNED + 99 * DAY).may("answer_requests")
    assert sweep_at(WARNED + 6 * DAY)["exams_missed"] == 0
    with pytest.raises(Refused) as refused:
        acts.sit(exam, chosen={}, by=cast.as_bob, now=WARNED, expect="")
    assert refused.value.refusal.code == "no_questions"
    assert Notice.everything.filter(kind="exam_warned_freely").exists()
