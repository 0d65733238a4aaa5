"""Drafts of an answer: nothing typed is lost, on any machine, until it is sent."""

from datetime import timedelta
from threading import Thread
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction

from shop_cs.moves import Refused
from tests import stories
from tests.crowd import all_at_once, real_rows
from tests.factories import MemberFactory
from tests.people import TUESDAY_10, make_cast, user
from tickets import actions
from tickets.hands import drafting
from tickets.models import Draft

MINUTE = timedelta(minutes=1)
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def record(cast):
    return stories.send(cast)


def url(record, part=""):
    return f"/s/S001/requests/{record.no}/{part}"


def text_of(answer):
    return answer.content.decode()


def save(record, person, text, *, base="", round=1, now=TUESDAY_10):
    fields = {"text": text} if text else {}
    return drafting.save(record, fields=fields, base=base, round=round, user_id=person.pk, now=now)


def offered(record, person, base=""):
    found = drafting.offers(stories.fresh(record), user_id=person.pk, base=base)
    return [(one.fields.get("text"), one.is_older, one.is_over) for one in found]


def typed(text, **more):
    return {"solved": "no", "text": text, "draft_round": "1", **more}


def test_a_draft_is_ones_own(cast, record):
    save(record, cast.bob, "正在核实")
    assert offered(record, cast.bob) == [("正在核实", False, False)]
    assert offered(record, cast.alice) == []


def test_saving_goes_on_with_the_same_draft(cast, record):
    first = save(record, cast.bob, "正在")
    second = save(record, cast.bob, "正在核实", base=first, now=TUESDAY_10 + MINUTE)
    assert offered(record, cast.bob) == [("正在核实", False, False)]
    assert offered(record, cast.bob, base=second) == []


def test_what_a_page_knows_nothing_of_is_put_aside_and_offered_too(cast, record):
    there = save(record, cast.bob, "在办公室写的")
    here = save(record, cast.bob, "在家写的", now=TUESDAY_10 + MINUTE)
    assert offered(record, cast.bob) == [("在家写的", False, False), ("在办公室写的", True, False)]
    save(record, cast.bob, "在家写完的", base=here, now=TUESDAY_10 + 2 * MINUTE)
    assert offered(record, cast.bob) == [("在家写完的", False, False), ("在办公室写的", True, False)]
    drafting.discard(record, user_id=cast.bob.pk, token=there)
    assert offered(record, cast.bob) == [("在家写完的", False, False)]


def test_of_two_the_newest_thrown_away_leaves_the_other(cast, record):
    save(record, cast.bob, "旧")
    newest = save(record, cast.bob, "新", now=TUESDAY_10 + MINUTE)
    drafting.discard(record, user_id=cast.bob.pk, token="nothing")
    drafting.discard(record, user_id=cast.bob.pk, token=newest)
    assert offered(record, cast.bob) == [("旧", False, False)]
    drafting.discard(record, user_id=cast.bob.pk, token=drafting.token_of(TUESDAY_10))
    drafting.discard(record, user_id=cast.bob.pk, token=newest)
    assert not Draft.everything.exists()


def test_an_emptied_form_leaves_no_draft_but_what_was_put_aside(cast, record):
    first = save(record, cast.bob, "旧")
    save(record, cast.bob, "", now=TUESDAY_10 + MINUTE)
    assert offered(record, cast.bob) == [("旧", True, False)]
    drafting.discard(record, user_id=cast.bob.pk, token=first)
    assert offered(record, cast.bob) == []
    again = save(record, cast.bob, "又写", now=TUESDAY_10 + 2 * MINUTE)
    assert save(record, cast.bob, "", base=again, now=TUESDAY_10 + 3 * MINUTE) == ""
    assert not Draft.everything.exists()


def test_who_sends_has_no_draft_any_more_and_a_late_saving_makes_none(cast, record):
    save(record, cast.bob, "电话三次")
    save(record, cast.alice, "我来回复")
    stories.reply_unsolved(record, cast, now=TUESDAY_10 + MINUTE)
    assert offered(record, cast.bob) == []
    with pytest.raises(Refused) as refused:
        save(record, cast.bob, "电话三次无人接听")
    assert (refused.value.refusal.code, refused.value.refusal.status) == ("sent", 409)


def test_what_another_was_typing_when_the_round_ended_can_still_be_copied(cast, record):
    save(record, cast.alice, "我来")
    stories.reply_unsolved(record, cast, now=TUESDAY_10 + MINUTE)
    save(record, cast.alice, "我来回复", base=drafting.token_of(TUESDAY_10), now=TUESDAY_10 + 2 * MINUTE)
    assert offered(record, cast.alice) == [("我来回复", False, True)]
    token = drafting.token_of(TUESDAY_10 + 2 * MINUTE)
    assert drafting.chosen(stories.fresh(record), user_id=cast.alice.pk, token=token) == {}


def test_a_page_of_an_earlier_round_does_not_write_over_a_draft_of_this_one(cast, record):
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    actions.reject(record, reason="请补充", by=cast.as_rita, now=TUESDAY_10)
    save(record, cast.alice, "第二轮", round=2)
    with pytest.raises(Refused) as refused:
        save(record, cast.alice, "第一轮", round=1)
    assert refused.value.refusal.code == "stale"
    assert offered(record, cast.alice) == [("第二轮", False, False)]


def test_far_too_much_is_refused_and_files_and_unknown_fields_are_no_part_of_it():
    said = {"text": "好\0", "piece_7": "on", "piece_7_proves": "", "file_1_proves": "x", "evil": "x"}
    assert drafting.typed(said) == {"text": "好", "piece_7": "on"}
    assert drafting.typed({"text": "长" * drafting.MOST})
    with pytest.raises(Refused) as refused:
        drafting.typed({"text": "长" * drafting.MOST, "proposal": "长"})
    assert refused.value.refusal.status == 400


def test_the_worker_clears_away_what_was_over_for_a_week_and_nothing_else(cast, record):
    save(record, cast.alice, "没有发出")
    assert stories.sweep_at(TUESDAY_10 + MINUTE)["drafts"] == 0
    stories.reply_unsolved(record, cast, now=TUESDAY_10 + MINUTE)
    waiting = stories.send(cast, kind="agreed", agreed=timedelta(days=30))
    save(waiting, cast.alice, "还在写")
    assert stories.sweep_at(TUESDAY_10 + drafting.KEPT)["drafts"] == 0
    assert stories.sweep_at(TUESDAY_10 + drafting.KEPT + MINUTE)["drafts"] == 1
    assert [draft.request for draft in Draft.everything.all()] == [waiting]


# Pages
def test_the_page_saves_and_the_next_one_goes_on(cast, desk, record):
    answer = desk.post(url(record, "draft/"), typed("正在核实物流"), headers=SCRIPT)
    assert answer.status_code == 200 and answer.json()["said"] == "Draft saved at 10:00:00."
    piece = text_of(desk.get(url(record, "aside/"), headers={"HX-Request": "true"}))
    assert "Draft of 2026-03-03 10:00" in piece and "正在核实物流" in piece
    page = desk.get(f"{url(record)}?{urlencode({'draft': answer.json()['base']})}")
    assert page.context["reply_form"]["text"].value() == "正在核实物流"
    assert page.context["draft_base"] == answer.json()["base"] and 'name="draft_base"' in text_of(page)
    piece = desk.get(url(record, "aside/"), {"draft": answer.json()["base"]}, headers={"HX-Request": "true"})
    assert "正在核实物流" not in text_of(piece)


def test_without_scripts_a_button_saves_and_leads_on(cast, desk, record):
    answer = desk.post(url(record, "draft/"), typed("正在核实物流"), follow=True)
    assert "The draft is saved." in text_of(answer)
    assert answer.context["reply_form"]["text"].value() == "正在核实物流"
    token = drafting.token_of(TUESDAY_10)
    answer = desk.post(url(record, "draft/discard/"), {"draft": token}, follow=True)
    assert "thrown away" in text_of(answer)
    assert not Draft.everything.exists()


def test_the_page_takes_one_statement_more_to_go_on_with_a_draft(cast, desk, record, django_assert_max_num_queries):
    token = save(record, cast.bob, "正在核实")
    with django_assert_max_num_queries(20 + 1):
        desk.get(f"{url(record)}?{urlencode({'draft': token})}")


@pytest.mark.parametrize("said", ["", "0", "2", "x", "-1", "²", "9" * 30])
def test_a_draft_of_no_round_is_not_taken(cast, desk, record, said):
    assert desk.post(url(record, "draft/"), typed("x", draft_round=said), headers=SCRIPT).status_code == 400
    assert not Draft.everything.exists()


def test_a_post_that_may_not_answer_saves_no_drafts(cast, desk, record):
    ivy = MemberFactory(shop=cast.shop, user=user("ivy", "merchant", "艾薇"), post=cast.interns).user
    desk.force_login(ivy)
    answer = desk.post(url(record, "draft/"), typed("x"), headers=SCRIPT)
    assert answer.status_code == 403 and "实习生" in text_of(answer)


def test_the_second_answer_is_refused_by_name_and_minute_and_its_text_and_draft_are_kept(cast, desk, record):
    said = {"solved": "no", "reason": "unreachable", "text": "打了三次电话", "expect": "pending:1"}
    desk.post(url(record, "draft/"), typed("打了三次"), headers=SCRIPT)
    actions.reply(record, solved=False, reason="other", text="已联系", by=cast.as_alice, now=TUESDAY_10 + 2 * MINUTE)
    answer = desk.post(url(record, "reply/"), said)
    assert answer.status_code == 409
    assert "Already replied: 爱丽丝 answered this round at 2026-03-03 10:02" in text_of(answer)
    assert "打了三次电话" in text_of(answer) and "data-dirty" in text_of(answer)
    assert offered(record, cast.bob) == [("打了三次", False, True)]
    told = desk.post(url(record, "draft/"), typed("打了三次电话"), headers=SCRIPT)
    assert told.status_code == 200


class TestOnPostgreSQL:
    pytestmark = real_rows

    def test_two_pages_that_save_at_once_lose_nothing(self, transactional_db):
        people = make_cast()
        for _n in range(3):
            record = stories.send(people)
            all_at_once(*[lambda text=text, record=record: save(record, people.bob, text) for text in ("一", "二")])
            assert {text for text, *_rest in offered(record, people.bob)} == {"一", "二"}

    def test_a_draft_saved_while_its_answer_is_sent_is_not_left_behind(self, transactional_db):
        people = make_cast()
        record, said = stories.send(people), []
        save(record, people.bob, "一")
        saving = Thread(target=lambda: said.extend(all_at_once(lambda: save(record, people.bob, "二"))))
        with transaction.atomic():
            stories.reply_unsolved(record, people, now=TUESDAY_10)
            saving.start()
            assert any(somebody_waits_for_us() for _n in range(100_000))
        saving.join(timeout=60)
        assert said == ["sent"]
        assert not Draft.everything.exists()


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))")
        return cursor.fetchone()[0]
