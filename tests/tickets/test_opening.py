"""A request begins: inside the hours at once, else at the opening; its limit by the rulebook; its number; urges."""

import re
from datetime import UTC, timedelta

import pytest

from shop_cs.actors import Actor, Role
from shop_cs.models import Rulebook
from shop_cs.moves import Refused
from tests import stories
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.actions import opening
from tickets.models import ServiceRequest

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OPENING = shanghai("2026-03-03 09:00")


@pytest.mark.parametrize("created", ["2026-03-03 09:00:00", "2026-03-03 20:59:59", "2026-03-03 20:59:59.999999"])
def test_from_09_00_on_and_before_21_00_it_is_sent_at_once(cast, created):
    request = stories.send(cast, now=shanghai(created))
    assert (request.state, request.sent_at) == ("pending", shanghai(created))
    assert ServiceRequest.objects.of(cast.shop).visible_to_merchant().get() == request


@pytest.mark.parametrize(
    ("created", "opens"),
    [
        ("2026-03-03 08:59:59", "2026-03-03 09:00"),
        ("2026-03-03 21:00:00", "2026-03-04 09:00"),
        ("2026-03-03 23:59:59", "2026-03-04 09:00"),
        ("2026-03-03 00:00:00", "2026-03-03 09:00"),
    ],
)
def test_outside_the_hours_it_waits_for_the_opening_and_the_merchant_does_not_see_it(cast, created, opens):
    request = stories.send(cast, now=shanghai(created))
    assert (request.state, request.send_at) == ("scheduled", shanghai(opens))
    assert request.sent_at is request.deadline is None
    assert not ServiceRequest.objects.of(cast.shop).visible_to_merchant().exists()
    assert not cast.shop.notices.exists()


def test_it_is_sent_at_the_opening_and_not_a_microsecond_before(cast):
    request = stories.send(cast, now=shanghai("2026-03-02 22:00"))
    assert stories.sweep_at(OPENING - timedelta(microseconds=1))["send"] == 0
    assert stories.fresh(request).state == "scheduled"
    assert stories.sweep_at(OPENING)["send"] == 1
    assert stories.fresh(request).state == "pending"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=5), timedelta(hours=10), timedelta(hours=20)])
def test_its_time_runs_from_the_opening_however_late_the_worker_comes(cast, late):
    request = stories.send(cast, now=shanghai("2026-03-02 22:00"))
    stories.sweep_at(OPENING + late)
    request = stories.fresh(request)
    assert request.sent_at == request.round_opened_at == OPENING
    # [2] §一.2: 24 h of a clock that runs 12 h a day, so the evening of the second day.
    assert request.deadline == shanghai("2026-03-04 21:00")


def test_sent_so_late_that_its_time_is_over_it_is_overdue_in_the_same_pass(cast):
    request = stories.send(cast, now=shanghai("2026-03-02 22:00"), kind="urgent", category="risky_product")
    counts = stories.sweep_at(shanghai("2026-03-03 11:00:01"))
    assert (counts["send"], counts["overdue"]) == (1, 1)
    assert stories.fresh(request).overdue_at == shanghai("2026-03-03 11:00")


@pytest.mark.parametrize(
    ("kind", "category", "deadline"),
    [
        ("general", "product", "2026-03-05 10:00"),
        ("general", "courier", "2026-03-05 10:00"),
        ("urgent", "personal_injury", "2026-03-03 12:00"),
    ],
)
def test_a_general_one_has_24_hours_of_the_working_clock_and_an_urgent_one_has_two(cast, kind, category, deadline):
    assert stories.send(cast, kind=kind, category=category).deadline == shanghai(deadline)


def test_the_sources_own_example_received_at_20_00_with_12_hours_ends_at_20_00_the_next_day(cast):
    # [2] §一.1
    request = stories.send(cast, now=shanghai("2026-03-03 20:00"), kind="agreed", agreed=12 * HOUR)
    assert request.deadline == shanghai("2026-03-04 20:00")


@pytest.mark.parametrize("agreed", [120 * MINUTE, 720 * HOUR])
def test_an_agreed_limit_from_two_hours_to_the_longest_is_taken(cast, agreed):
    request = stories.send(cast, kind="agreed", agreed=agreed)
    assert request.limit == agreed


@pytest.mark.parametrize("agreed", [119 * MINUTE, 720 * HOUR + MINUTE, timedelta(0), -HOUR, None])
def test_an_agreed_limit_shorter_longer_or_missing_is_refused(cast, agreed):
    with pytest.raises(Refused) as refused:
        stories.send(cast, kind="agreed", agreed=agreed)
    assert (refused.value.refusal.code, refused.value.refusal.status) == ("limit", 400)
    assert not ServiceRequest.everything.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "urgent", "category": "product"},
        {"kind": "general", "category": "risky_product"},
        {"kind": "general", "category": "product", "agreed": 3 * HOUR},
        {"kind": "urgent", "category": "risky_product", "agreed": 3 * HOUR},
    ],
)
def test_a_kind_that_is_not_the_types_or_a_limit_where_none_is_agreed_is_refused(cast, wrong):
    with pytest.raises(Refused) as refused:
        stories.send(cast, **wrong)
    assert refused.value.refusal.code == "limit"


@pytest.mark.parametrize("who", ["as_rita", "as_olive", "as_bob"])
def test_only_an_agent_sends(cast, who):
    with pytest.raises(Refused) as refused:
        actions.create(
            order=OrderFactory(shop=cast.shop),
            kind="general",
            category="price",
            detail="价格不符",
            by=getattr(cast, who),
            now=TUESDAY_10,
        )
    assert refused.value.refusal.status == 403
    assert not ServiceRequest.everything.exists()


def test_an_after_sale_of_another_order_is_not_taken_along(cast):
    with pytest.raises(Refused) as refused:
        stories.send(cast, after_sale=AfterSaleFactory(order__shop=cast.shop))
    assert refused.value.refusal.status == 404


def test_a_request_keeps_the_version_under_which_it_was_opened(cast):
    request = stories.send(cast)
    Rulebook.objects.create(
        name="stricter",
        effective_from=TUESDAY_10 + HOUR,
        windows=["09:00-21:00"],
        categories={code: {"kind": "general", "minutes": 60} for code in Rulebook.objects.first().categories},
    )
    later = stories.send(cast, now=TUESDAY_10 + HOUR)
    assert later.deadline == shanghai("2026-03-03 12:00")
    assert stories.fresh(request).rulebook.name == "current"
    assert stories.fresh(request).deadline == shanghai("2026-03-05 10:00")


def test_a_number_tells_the_day_in_shanghai_and_nothing_of_how_many_there_are():
    late = shanghai("2026-03-04 00:30").astimezone(UTC)
    numbers = {opening.new_no(late) for _ in range(50)}
    assert len(numbers) == 50
    assert all(re.fullmatch(r"SR260304\d{8}", no) for no in numbers)


def test_a_number_that_is_taken_is_drawn_again(cast, monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(opening.secrets, "randbelow", lambda most: next(drawn))
    assert stories.send(cast).no.endswith("00000007")
    assert stories.send(cast).no.endswith("00000008")


def test_before_sending_the_agent_is_warned_of_an_open_and_of_a_lately_closed_request(cast):
    order = OrderFactory(shop=cast.shop)
    assert actions.warnings_before(order=order, now=TUESDAY_10) == []
    request = stories.send(cast, order=order)
    assert [told.no for told in actions.warnings_before(order=order, now=TUESDAY_10)] == [request.no]
    stories.reply_unsolved(request, cast, now=TUESDAY_10)
    actions.approve(request, by=cast.as_rita, now=TUESDAY_10)
    month = timedelta(days=30)
    assert [told.no for told in actions.warnings_before(order=order, now=TUESDAY_10 + month)] == [request.no]
    after = TUESDAY_10 + month + timedelta(microseconds=1)
    assert actions.warnings_before(order=order, now=after) == []


def test_an_urge_is_counted_and_moves_no_deadline(cast):
    request = stories.send(cast)
    for hours in (1, 2):
        actions.urge(request, by=cast.as_pia, now=TUESDAY_10 + hours * HOUR)
    urged = stories.fresh(request)
    assert (urged.urges, urged.last_urged_at) == (2, TUESDAY_10 + 2 * HOUR)
    assert (urged.deadline, urged.state) == (request.deadline, "pending")


@pytest.mark.parametrize("state", ["scheduled", "closed"])
def test_what_is_not_sent_yet_or_closed_cannot_be_urged(cast, state):
    with pytest.raises(Refused) as refused:
        actions.urge(stories.reach(cast, state), by=cast.as_pia, now=TUESDAY_10 + 3 * HOUR)
    assert refused.value.refusal.code == "state"


def test_a_submission_of_another_order_text_or_sender_is_refused_and_not_answered_with_the_first(cast):
    first = stories.send(cast, submission="form-1")
    assert stories.send(cast, order=first.order, submission="form-1") == first
    others = [{"order": OrderFactory(shop=cast.other_shop)}, {"order": first.order, "category": "price"}]
    for other in others:
        with pytest.raises(Refused) as refused:
            stories.send(cast, submission="form-1", **other)
        assert (refused.value.refusal.code, refused.value.refusal.status) == ("submission", 409)
    asked = {"order": first.order, "kind": first.kind, "category": first.category, "detail": first.detail}
    for by, status in ((Actor(Role.API, name="crm"), 409), (cast.as_alice, 403), (cast.as_rita, 403)):
        with pytest.raises(Refused) as refused:
            actions.create(**asked, by=by, now=TUESDAY_10, submission="form-1")
        assert refused.value.refusal.status == status
    assert ServiceRequest.everything.count() == 1


def test_before_the_first_version_of_the_rulebook_nothing_is_sent_and_it_is_said_why(cast):
    with pytest.raises(Refused) as refused:
        stories.send(cast, now=shanghai("2020-03-03 10:00"))
    assert refused.value.refusal.code == "no_rulebook"
