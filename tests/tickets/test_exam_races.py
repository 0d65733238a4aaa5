"""Many at once about exams: one warning a week, one try a paper, nothing lost."""

import pytest

from shop_cs.models import Member, Notice
from tests.crowd import all_at_once, real_rows
from tests.exam_stories import DUE, HOUR, WARNED, only_questions, rejected, warned
from tests.people import make_cast
from tests.stories import sweep_at
from tickets.actions import exams as acts
from tickets.models import Exam, ExamTry
from tickets.quality.exams import right_of

pytestmark = real_rows


@pytest.fixture
def people(transactional_db):
    cast = make_cast()
    only_questions({0}, {1})
    return cast


def test_two_workers_warn_once(people):
    rejected(people)
    all_at_once(*[lambda: sweep_at(WARNED)["exams"]] * 4)
    assert Exam.everything.count() == Exam.history.count() == 1
    assert Notice.everything.filter(kind="exam_warned").count() == 1


def test_two_workers_restrict_once(people):
    warned(people)
    counts = all_at_once(*[lambda: sweep_at(DUE + HOUR)["exams_missed"]] * 4)
    assert sum(counts) == 1
    assert Notice.everything.filter(kind="exam_restricted").count() == 1


def test_a_paper_handed_in_twice_at_once_counts_once(people):
    exam = warned(people)
    sitting, questions = acts.paper(exam)
    paper = {
        "chosen": {one.pk: sorted(right_of(one.options)) for one in questions},
        "expect": acts.stamp(sitting, questions),
    }
    results = all_at_once(*[lambda: acts.sit(exam, by=people.as_bob, now=WARNED, **paper).points] * 2)
    assert set(results) == {100, "passed"}
    assert ExamTry.everything.count() == 1
    assert Member.everything.get(pk=people.bob_member.pk).bars == {}
