"""The pages of exams: whose they are, a paper as it is handed in, and what the desk reads."""

import pytest
from django.urls import reverse

from tests.exam_stories import DUE, HOUR, SECOND, WARNED, only_questions, rejected, warned
from tests.stories import sweep_at
from tickets.models import Exam, ExamQuestion, ExamTry
from tickets.quality.exams import right_of

LIST = "/s/S001/exams/"


@pytest.fixture
def exam(cast):
    only_questions({0}, {0, 2})
    return warned(cast)


@pytest.fixture
def browse(cast, at, client):
    """`browse(user, path)` in English, at the time of the warnings."""
    at(WARNED)

    def ask(user, path=LIST, data=None):
        client.force_login(user)
        return client.get(path) if data is None else client.post(path, data)

    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return ask


def page_of(exam):
    return f"{LIST}{exam.pk}/"


def words(answer):
    return " ".join(answer.content.decode().split())


def paper(page, *, right=True):
    """What Bob types into the paper that the page shows."""
    data = {"expect": page.context["stamp"]}
    for question in page.context["form"].questions:
        data[f"q{question.pk}"] = [str(place) for place in sorted(right_of(question.options))] if right else ["1"]
    return data


def test_the_owner_sees_all_exams_a_member_his_own(cast, browse, exam):
    assert "鲍勃" in words(browse(cast.alice))
    assert "Answers that the platform sent back: <span" in words(browse(cast.bob))
    cast.alice_member.is_owner, cast.alice_member.post = False, cast.interns
    cast.alice_member.save()
    assert "Nobody was warned" in words(browse(cast.alice))
    assert browse(cast.alice, page_of(exam)).status_code == 404


def test_a_strangers_exam_is_not_there(cast, browse, exam):
    assert browse(cast.charlie, page_of(exam)).status_code == 404
    assert browse(cast.charlie, page_of(exam).replace("S001", "S002")).status_code == 404


def test_the_owner_reads_the_exam_and_cannot_sit_it(cast, browse, exam):
    page = browse(cast.alice, page_of(exam))
    assert page.status_code == 200 and "Hand in" not in words(page)
    assert browse(cast.alice, page_of(exam), paper(page)).status_code == 404
    assert not ExamTry.everything.exists()


def test_a_right_paper_passes(cast, browse, exam):
    page = browse(cast.bob, page_of(exam))
    assert "(several are right)" in words(page) and "(one is right)" in words(page)
    assert browse(cast.bob, page_of(exam), paper(page)).status_code == 302
    after = browse(cast.bob, page_of(exam))
    assert "100 points: passed." in words(after) and "Hand in" not in words(after)


def test_a_wrong_paper_is_explained_and_tried_again(cast, browse, exam):
    page = browse(cast.bob, page_of(exam))
    browse(cast.bob, page_of(exam), paper(page, right=False))
    after = browse(cast.bob, page_of(exam))
    told = words(after)
    assert "0 points. Read what was wrong and try again." in told
    assert "因为1" in told and "因为2" in told and "your choice" in told and "Next try" in told
    assert browse(cast.bob, page_of(exam), paper(after)).status_code == 302
    assert Exam.everything.get().passed_at == WARNED


def test_a_paper_with_an_open_question_keeps_what_was_typed(cast, browse, exam):
    page = browse(cast.bob, page_of(exam))
    data = paper(page)
    left_out = data.popitem()[0]
    again = browse(cast.bob, page_of(exam), data)
    assert again.status_code == 400
    assert "Answer this question." in words(again) and "checked" in words(again)
    assert list(again.context["form"].errors) == [left_out]
    assert not ExamTry.everything.exists()


def test_a_paper_whose_questions_have_changed_is_refused_with_a_new_one(cast, browse, exam):
    data = paper(browse(cast.bob, page_of(exam)))
    first = ExamQuestion.objects.filter(is_active=True).first()
    first.is_active = False
    first.save()
    again = browse(cast.bob, page_of(exam), data)
    assert again.status_code == 409 and "changed meanwhile" in words(again)
    assert browse(cast.bob, page_of(exam), paper(again)).status_code == 302


def test_a_restricted_member_reads_why_on_every_page_and_can_sit_it(cast, browse, at, exam):
    at(DUE + SECOND)
    told = words(browse(cast.bob, "/s/S001/requests/"))
    assert "Your exam was not passed in time" in told and f'href="{LIST}"' in told
    assert browse(cast.bob, page_of(exam), paper(browse(cast.bob, page_of(exam)))).status_code == 302
    assert "Your exam was not passed in time" not in words(browse(cast.bob, "/s/S001/requests/"))


def test_at_the_due_instant_nothing_is_restricted_yet(cast, browse, at, exam):
    at(DUE)
    assert "Your exam was not passed in time" not in words(browse(cast.bob, "/s/S001/requests/"))


def test_a_sole_owner_who_is_restricted_can_sit_his_exam(cast, browse, at):
    only_questions({1})
    exam = Exam.everything.create(
        shop=cast.shop, member=cast.alice_member, week=WARNED.date(), warned_at=WARNED, due_at=DUE
    )
    cast.alice_member.bars = {"answer_requests": DUE.isoformat()}
    cast.alice_member.save()
    at(DUE + HOUR)
    page = browse(cast.alice, page_of(exam))
    assert "restricted" in words(page)
    browse(cast.alice, page_of(exam), paper(page))
    cast.alice_member.refresh_from_db()
    assert cast.alice_member.bars == {}


def test_an_empty_bank_says_that_nobody_is_restricted(cast, browse):
    ExamQuestion.objects.update(is_active=False)
    rejected(cast)
    sweep_at(WARNED)
    assert "The question bank is empty: nobody who is warned now is restricted." in words(browse(cast.bob))
    told = words(browse(cast.bob, page_of(Exam.everything.get())))
    assert "nothing is due, and nobody is restricted" in told


# The desk
@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_the_platform_reads_who_was_warned_and_changes_nothing(cast, browse, exam, who):
    page = browse(getattr(cast, who), reverse("platform:tickets_exam_changelist"))
    assert "鲍勃" in words(page)
    change = reverse("platform:tickets_exam_change", args=[exam.pk])
    assert "Answers that the platform sent back: 1" in words(browse(getattr(cast, who), change))
    assert browse(getattr(cast, who), change, {"passed_at_0": "2026-03-10"}).status_code == 403
    assert browse(getattr(cast, who), reverse("platform:tickets_exam_add")).status_code == 403


ADD = "/admin/tickets/examquestion/add/"
GOOD = {"text": "几天发货？", "options": "* 48 小时\n7 天", "explanation": "见规则", "is_active": "on"}


def test_a_reviewer_writes_a_question_with_stars_before_the_right_options(cast, browse):
    assert browse(cast.rita, ADD, GOOD).status_code == 302
    question = ExamQuestion.objects.latest("pk")
    assert question.options == [{"text": "48 小时", "right": True}, {"text": "7 天", "right": False}]
    assert question.history.get().actor_name == "丽塔"
    change = f"/admin/tickets/examquestion/{question.pk}/change/"
    assert "* 48 小时\n7 天" in browse(cast.rita, change).content.decode()
    read = words(browse(cast.olive, change))
    assert "48 小时" in read and "<textarea" not in read


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("* 只有一个", "two options at least"),
        ("甲\n乙", "No option is right yet"),
        ("* 甲\n*", "no text behind its *"),
        ("* 甲\n甲", "stands there twice"),
        ("* 甲\n" + "长" * 201, "at most 200 characters"),
        ("* 甲\n" + "\n".join(map(str, range(10))), "at most 10 options"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_in_words(cast, browse, options, why):
    before = ExamQuestion.objects.count()
    answer = browse(cast.rita, ADD, {**GOOD, "options": options})
    assert answer.status_code == 400 and why in words(answer)
    assert ExamQuestion.objects.count() == before


def test_the_limits_themselves_are_taken(cast, browse):
    options = "＊ " + "长" * 200 + "\n" + "\n".join(map(str, range(9)))
    assert browse(cast.rita, ADD, {**GOOD, "options": options}).status_code == 302


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_only_reviewers_write_questions(cast, browse, who):
    assert browse(getattr(cast, who), ADD, GOOD).status_code == 403


def test_the_last_question_stays_while_an_exam_is_to_be_passed(cast, browse):
    (only,) = only_questions({0})
    exam = warned(cast)
    change = f"/admin/tickets/examquestion/{only.pk}/change/"
    data = {"text": only.text, "options": "* 选项0\n选项1"}
    answer = browse(cast.rita, change, data)
    assert answer.status_code == 400 and "last question in use" in words(answer)
    Exam.everything.filter(pk=exam.pk).update(passed_at=WARNED)
    assert browse(cast.rita, change, data).status_code == 302
