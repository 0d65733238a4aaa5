"""What a shop is told of, once each, and in one line where there is much to tell. [2] §二.6"""

from datetime import timedelta

import pytest

from shop_cs import notices, sweep
from shop_cs.models import Notice, NoticeRead
from shop_cs.moves import Refused
from tests import stories
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
NOON = TUESDAY_10 + 2 * HOUR
NIGHT = shanghai("2026-03-02 22:00")
OPENING = shanghai("2026-03-03 09:00")


def kinds(shop):
    return list(Notice.objects.of(shop).order_by("pk").values_list("kind", flat=True))


def test_each_event_of_a_requests_life_is_told_once_to_its_shop_alone(cast):
    request = stories.send(cast)
    actions.urge(request, by=cast.as_pia, now=TUESDAY_10)
    stories.sweep_at(request.due_soon_at)
    stories.reply_unsolved(request, cast, now=request.deadline)
    back = actions.reject(request, reason="请补凭证", by=cast.as_rita, now=request.deadline)
    stories.sweep_at(back.deadline + MICROSECOND)
    actions.approve(request, by=cast.as_ray, now=back.deadline + HOUR)
    assert kinds(cast.shop) == [
        "request_new",
        "request_urged",
        "request_due_soon",
        "request_reviewing",
        "request_rejected",
        "request_overdue",
        "request_closed",
    ]
    assert kinds(cast.other_shop) == []


def test_the_confirming_stage_is_told_too(cast):
    stories.confirming_rules()
    unhappy, silent = stories.confirming(cast), stories.confirming(cast)
    happy = stories.confirming(cast)
    Notice.everything.all().delete()
    actions.answer_survey(stories.survey_of(happy), satisfied=True, now=NOON)
    actions.answer_survey(stories.survey_of(unhappy), satisfied=False, now=NOON)
    stories.sweep_at(silent.confirm_until + MICROSECOND)
    assert kinds(cast.shop) == ["request_closed", "request_reviewing", "request_reviewing"]


def test_a_solved_answer_under_the_stage_says_that_the_consumer_is_asked(cast):
    stories.confirming_rules()
    stories.reply_solved(stories.send(cast), cast, now=NOON)
    assert kinds(cast.shop) == ["request_new", "request_confirming"]


def test_a_notice_leads_to_its_request_and_is_read_in_the_readers_words(cast):
    request = stories.send(cast)
    actions.urge(request, by=cast.as_pia, now=TUESDAY_10)
    told = Notice.objects.of(cast.shop).get(kind="request_urged")
    assert told.path == f"/s/S001/requests/{request.no}/"
    assert request.no in notices.text(told)


def test_every_kind_that_can_be_told_has_its_words():
    said = {"no": "SR1", "count": 4, "reason": "凭证不清晰", "by": "爱丽丝", "name": "鲍勃"}
    mine = {kind for kind in notices.TEXTS if kind.startswith("request_")}
    assert len(mine) >= 12
    for kind in mine:
        shown = notices.text(Notice(kind=kind, params=said))
        assert ("4" if kind.endswith("_many") else "SR1") in shown


@pytest.mark.parametrize(("many", "told"), [(3, ["request_new"] * 3), (4, ["request_new_many"])])
def test_up_to_three_at_once_are_told_singly_and_more_in_one_line(cast, many, told):
    for _ in range(many):
        stories.send(cast, now=NIGHT)
    stories.sweep_at(OPENING)
    assert kinds(cast.shop) == told
    if many > 3:
        gathered = Notice.objects.of(cast.shop).get()
        assert (gathered.params, gathered.path) == ({"count": 4}, "/s/S001/requests/")


def test_what_comes_within_the_hour_is_added_to_the_line_and_later_gets_its_own(cast):
    items = [(cast.shop.pk, "/x/", {"no": "SR1"})] * 5
    tell = {"gathered_path": lambda shop_id: "/all/"}
    notices.tell_many("request_new", items, now=NOON, **tell)
    notices.tell_many("request_new", items[:1], now=NOON + HOUR - MICROSECOND, **tell)
    assert [notice.params["count"] for notice in Notice.objects.of(cast.shop)] == [6]
    notices.tell_many("request_new", items[:1], now=NOON + HOUR, **tell)
    assert kinds(cast.shop) == ["request_new_many", "request_new"]


def test_many_overdue_ones_in_several_batches_ring_once_a_shop(cast):
    for _ in range(12):
        stories.send(cast, kind="urgent", category="risky_product")
    other = OrderFactory(shop=cast.other_shop)
    stories.send(cast, order=other, kind="urgent", category="risky_product")
    Notice.everything.all().delete()
    sweep.one_pass(now=lambda: TUESDAY_10 + 3 * HOUR, batch=5)
    assert kinds(cast.shop) == ["request_overdue_many"]
    assert Notice.objects.of(cast.shop).get().params == {"count": 12}
    assert kinds(cast.other_shop) == ["request_overdue"]


def test_a_late_worker_does_not_say_soon_of_what_is_over(cast):
    request = stories.send(cast)
    stories.sweep_at(request.deadline + HOUR)
    assert kinds(cast.shop) == ["request_new", "request_overdue"]


def test_a_refused_act_tells_nobody(cast):
    request = stories.send(cast)
    Notice.everything.all().delete()
    with pytest.raises(Refused):
        stories.reply_unsolved(request, cast, now=request.deadline + MICROSECOND)
    assert kinds(cast.shop) == []


def test_read_by_one_is_unread_by_the_other_and_twice_does_no_harm(cast):
    stories.send(cast)
    mine = Notice.objects.of(cast.shop)
    for _ in range(2):
        notices.mark_read(mine, by=cast.bob)
    assert not mine.unread_by(cast.bob).exists()
    assert mine.unread_by(cast.alice).count() == 1
    assert NoticeRead.objects.count() == 1
