"""Beginnings of stories about exams: a Bob who served negatively in the week before the warnings' Tuesday."""

from datetime import timedelta

from shop_cs.access import merchant_actor
from shop_cs.models import Member
from tests.people import shanghai
from tests.stories import reply_unsolved, send, sweep_at
from tickets import actions
from tickets.actions import exams as acts
from tickets.models import Exam, ExamQuestion, ExamTry, ResponseDay, RobotAnswer
from tickets.quality.exams import right_of

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
# Wednesday of the week from Monday, 2026-03-02; it is warned of on Tuesday, 2026-03-10.
WEDNESDAY = shanghai("2026-03-04 10:00")
WARNED = shanghai("2026-03-10 09:00")
DUE = WARNED + timedelta(days=7)


def rejected(cast, *, at=WEDNESDAY):
    """Bob's answer, sent back at that instant; a worker has been there before."""
    sweep_at(WEDNESDAY - 3 * DAY)
    request = reply_unsolved(send(cast, now=WEDNESDAY - 2 * DAY), cast, now=WEDNESDAY - 2 * DAY + HOUR)
    return actions.reject(request, reason="请补充证据", by=cast.as_rita, now=at)


def only_questions(*right):
    """A bank of so many questions, each with its right options out of three."""
    ExamQuestion.objects.update(is_active=False)
    return [
        ExamQuestion.objects.create(
            text=f"第{number}题",
            options=[{"text": f"选项{place}", "right": place in places} for place in range(3)],
            explanation=f"因为{number}",
        )
        for number, places in enumerate(right, 1)
    ]


def warned(cast):
    """Bob's exam, given by a worker's pass on Tuesday at 09:00."""
    rejected(cast)
    sweep_at(WARNED)
    return Exam.everything.get(member=cast.bob_member)


def sit(exam, cast, *, now, right=True, by=None):
    """Bob's next try: all right, or the first question wrong."""
    sitting, questions = acts.paper(exam)
    chosen = {one.pk: sorted(right_of(one.options)) for one in questions}
    if not right:
        chosen[questions[0].pk] = []
    expect = acts.stamp(sitting, questions)
    return acts.sit(exam, chosen=chosen, by=by or cast.as_bob, now=now, expect=expect)


def furnish(own, *, now):
    """For a shop's records: an answer of its robot's, a day's response rate, an exam of its owner with a try."""
    shop, member = own.shop, own.member
    own.robot_answer = RobotAnswer.everything.create(
        shop=shop, source="custom", question="几天发货", answer="48 小时内发货", where="问答管理", changed_at=now
    )
    ResponseDay.everything.create(shop=shop, day=now.date() - DAY, conversations=100, effective=98)
    own.exam = Exam.everything.create(
        shop=shop,
        member=member,
        week=now.date() - timedelta(days=now.weekday() + 7),
        warned_at=now,
        causes={"rejected": [own.request.no]},
        due_at=now + 7 * DAY,
    )
    answers = [{"question": one.pk, "chosen": [0], "right": False} for one in ExamQuestion.objects.all()[:3]]
    ExamTry.everything.create(shop=shop, exam=own.exam, answers=answers, points=0, sat_by=member.user, sat_at=now)


def bob_at(cast, instant):
    """Bob as he acts at that instant."""
    member = Member.everything.select_related("shop", "post", "user").get(pk=cast.bob_member.pk)
    return merchant_actor(member, now=instant)
