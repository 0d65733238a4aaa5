"""Robot answers, response rates, exams."""

from datetime import date, timedelta

from tests.people import TUESDAY_10
from tickets.models import Exam, ExamTry, ResponseDay, RobotAnswer

from .ways import again, broken

BREACHES = {
    "robot_question_once_a_source": again(RobotAnswer),
    "robot_source_known": broken(RobotAnswer, source="rumour"),
    "response_day_once": again(ResponseDay),
    "response_within_all": broken(ResponseDay, effective=101),
    "exam_once_a_week": again(Exam),
    "exam_points_within_100": broken(ExamTry, points=101),
}
NOBODYS = {"tickets.RobotAnswer": {"changed"}, "tickets.Exam": {"passed", "due", "restricted", "warned"}}
UNTRACKED = {}


def make(cast):
    """Beside what is there already, so that a second row like the first is one too many."""
    RobotAnswer.everything.create(
        shop=cast.shop, source="custom", question="几天发货", answer="48 小时内发货", changed_at=TUESDAY_10
    )
    ResponseDay.everything.create(shop=cast.shop, day=date(2026, 3, 2), conversations=100, effective=98)
    exam = Exam.everything.create(
        shop=cast.shop,
        member=cast.bob_member,
        week=date(2026, 2, 23),
        warned_at=TUESDAY_10,
        causes={"rejected": ["SR1"]},
        due_at=TUESDAY_10 + timedelta(days=7),
    )
    ExamTry.everything.create(shop=cast.shop, exam=exam, points=90, sat_by=cast.bob, sat_at=TUESDAY_10)
