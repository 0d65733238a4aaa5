"""The robot's answers: kept with their sources, found again, corrected; the trail keeps what was said before. [1]"""

import pytest

from shop_cs.moves import Refused
from tests.people import TUESDAY_10
from tickets.actions import robot
from tickets.models import RobotAnswer

LIST = "/s/S001/robot/"
SAID = {
    "source": "custom",
    "question": "什么时候发货",
    "answer": "亲，48 小时内为您发货",
    "where": "问答管理",
    "is_active": True,
}
TYPED = {**SAID, "is_active": "on"}


@pytest.fixture
def browse(cast, at, client):
    """`browse(user, path)` in English; with data it posts."""

    def ask(user, path=LIST, data=None, **query):
        client.force_login(user)
        return client.get(path, query) if data is None else client.post(path, data)

    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return ask


@pytest.fixture
def shipping(cast):
    return robot.add(shop=cast.shop, by=cast.as_alice, now=TUESDAY_10, **SAID)


def words(answer):
    return " ".join(answer.content.decode().split())


def path_of(record):
    return f"{LIST}{record.pk}/"


def test_an_answer_is_kept_with_its_source_and_its_way(cast, browse):
    assert browse(cast.alice, f"{LIST}new/", TYPED).status_code == 302
    told = words(browse(cast.alice))
    assert all(
        text in told for text in ("什么时候发货", "亲，48 小时内为您发货", "Own question and answer", "问答管理")
    )


def test_a_wrong_answer_leads_to_its_source_and_is_corrected_there(cast, browse, shipping):
    page = browse(cast.alice, asked="亲，48小时内为您发货")
    (one, form), *_rest = page.context["candidates"]
    assert one.record == shipping and "100% alike" in words(page)
    data = {**TYPED, "answer": "亲，24 小时内为您发货", "expect": form.initial["expect"]}
    assert browse(cast.alice, path_of(shipping), data).status_code == 302
    told = words(browse(cast.alice, path_of(shipping)))
    assert "<del>亲，48 小时内为您发货</del> → 亲，24 小时内为您发货" in told
    assert [row.answer[2:4] for row in shipping.history.all()] == ["24", "48"]


def test_nothing_similar_says_so(cast, browse, shipping):
    assert "None of the answers in use is similar." in words(browse(cast.alice, asked="宠物可以洗澡吗"))


def test_what_is_out_of_use_is_no_candidate(cast, browse, shipping):
    robot.change(shipping, by=cast.as_alice, now=TUESDAY_10, is_active=False)
    page = browse(cast.alice, asked=SAID["answer"])
    assert page.context["candidates"] == [] and "Out of use" in words(page)


def test_another_shops_answers_are_neither_found_nor_opened(cast, browse):
    theirs = robot.add(shop=cast.other_shop, by=cast.as_charlie, now=TUESDAY_10, **SAID)
    assert browse(cast.alice, asked=SAID["answer"]).context["candidates"] == []
    assert browse(cast.alice, path_of(theirs)).status_code == 404
    assert browse(cast.alice, path_of(theirs), TYPED).status_code == 404


def test_a_post_without_the_permission_looks_and_is_told_why_not_more(cast, browse, shipping):
    told = words(browse(cast.bob, asked=SAID["answer"]))
    assert "This post (售后客服) may not keep the robot" in told and "Correct the answer" not in told
    answer = browse(cast.bob, path_of(shipping), {**TYPED, "answer": "改"})
    assert answer.status_code == 403 and "售后客服" in words(answer)
    assert RobotAnswer.everything.get().answer == SAID["answer"]


@pytest.mark.parametrize(("length", "status"), [(2000, 302), (2001, 400), (0, 400)])
def test_bad_input_keeps_what_was_typed(cast, browse, length, status):
    answer = browse(cast.alice, f"{LIST}new/", {**TYPED, "answer": "长" * length})
    assert answer.status_code == status
    assert status == 302 or "什么时候发货" in words(answer)


@pytest.mark.parametrize(("length", "status"), [(300, 200), (301, 400), (0, 400)])
def test_what_is_looked_for_has_bounds(cast, browse, length, status):
    assert browse(cast.alice, asked="长" * length).status_code == status


def test_of_two_who_change_at_once_the_second_is_told(cast, browse, shipping):
    old = robot.stamp(shipping)
    robot.change(shipping, by=cast.as_alice, now=TUESDAY_10.replace(hour=11), answer="甲")
    answer = browse(cast.alice, path_of(shipping), {**TYPED, "answer": "乙", "expect": old})
    assert answer.status_code == 409 and "changed this answer meanwhile" in words(answer) and "乙" in words(answer)
    assert RobotAnswer.everything.get().answer == "甲"


def test_a_question_comes_once_a_source(cast, browse, shipping):
    answer = browse(cast.alice, f"{LIST}new/", TYPED)
    assert answer.status_code == 409 and "This source has this question already" in words(answer)
    assert browse(cast.alice, f"{LIST}new/", {**TYPED, "source": "keyword"}).status_code == 302


def test_saving_nothing_new_leaves_no_trace(cast, shipping):
    robot.change(shipping, by=cast.as_alice, now=TUESDAY_10.replace(hour=11), **SAID)
    assert shipping.history.count() == 1


def test_a_stranger_changes_nothing(cast, shipping):
    with pytest.raises(Refused) as refused:
        robot.change(shipping, by=cast.as_charlie, now=TUESDAY_10, answer="改")
    assert refused.value.refusal.status == 403


def test_the_platform_reads_them(cast, browse, shipping):
    assert "什么时候发货" in words(browse(cast.olive, "/admin/tickets/robotanswer/"))
    assert "问答管理" in words(browse(cast.olive, f"/admin/tickets/robotanswer/{shipping.pk}/change/"))
