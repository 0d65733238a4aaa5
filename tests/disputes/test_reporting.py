"""Reporting a malicious user, and what a reviewer makes of it."""

from datetime import timedelta

import pytest

from disputes import actions, persons
from disputes.actions import reporting
from disputes.models import Exhibit, Report, ReportOrder
from shop_cs.models import Notice, Rulebook
from shop_cs.moves import Refused, stamp
from tests.case_stories import fresh
from tests.factories import ConsumerFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10

HOUR = timedelta(hours=1)


@pytest.fixture
def person(db):
    return ConsumerFactory(name="赵六", phone="13800001234")


@pytest.fixture
def order(cast, person):
    return OrderFactory(shop=cast.shop, consumer=person)


def submit(cast, *orders, **more):
    said = {"shop": cast.shop, "by": cast.as_alice, "kind": "refund_fraud", "text": "多次调包退货", "now": TUESDAY_10}
    return reporting.submit(orders=orders, **{**said, **more})


def refusal(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.refusal


def investigated(cast, order):
    return reporting.take_up(submit(cast, order), by=cast.as_rita, now=TUESDAY_10 + HOUR)


def upheld(cast, order):
    said = {"reason": "三次退货均为空盒", "by": cast.as_rita, "now": TUESDAY_10 + 2 * HOUR}
    return reporting.uphold(investigated(cast, order), **said)


# Submitting
def test_alice_reports_the_user_of_two_orders_with_evidence_of_both(cast, order, person):
    # Another address, the same telephone: the same person.
    again = OrderFactory(shop=cast.shop, consumer=ConsumerFactory(name="赵六", phone="138-0000-1234", address="别处"))
    pieces = [EvidenceFactory(order=order), EvidenceFactory(order=again)]
    record = submit(cast, order, again, evidence=[(piece, "空盒照片") for piece in pieces])
    assert (record.state, record.consumer_key, record.made_by) == ("submitted", person.key, cast.alice)
    assert {one.order for one in ReportOrder.everything.filter(report=record)} == {order, again}
    assert {one.evidence for one in Exhibit.everything.filter(report=record)} == set(pieces)


def test_the_trail_names_who_reported_and_under_which_rules(cast, order):
    row = submit(cast, order).history.get()
    assert (row.move, row.actor_name, row.actor_role) == ("report", "爱丽丝", "merchant")
    assert row.rulebook_name == "current"
    assert ReportOrder.history.get().move == "report"


def test_the_same_order_twice_is_named_once(cast, order):
    assert submit(cast, order, order).report_orders.count() == 1


def test_as_many_orders_as_the_rulebook_says_and_not_one_more(cast, order, person):
    Rulebook.objects.filter(name="current").update(filing_orders_max=2)
    second, third = (OrderFactory(shop=cast.shop, consumer=person) for _n in range(2))
    too_many = refusal(submit, cast, order, second, third)
    assert (too_many.code, too_many.status) == ("orders", 400)
    assert submit(cast, order, second).report_orders.count() == 2


def test_a_report_of_no_order_is_refused(cast):
    assert refusal(submit, cast).status == 400


def test_an_order_of_another_shop_is_not_found_and_nothing_is_told_of_it(cast, order, person):
    foreign = OrderFactory(shop=cast.other_shop, no="CHARLIES1", consumer=person)
    strange = refusal(submit, cast, order, foreign)
    assert strange.status == 404 and "CHARLIES1" not in str(strange.text)
    unknown = refusal(reporting.orders_called, cast.shop, ["CHARLIES1"])
    nowhere = refusal(reporting.orders_called, cast.shop, ["NOWHERE"])
    assert unknown.status == nowhere.status == 404
    assert str(unknown.text).replace("CHARLIES1", "NOWHERE") == str(nowhere.text)
    assert not Report.everything.exists()


def test_orders_of_two_people_are_refused_and_the_other_one_is_named(cast, order):
    other = OrderFactory(shop=cast.shop, no="OTHERS1")
    several = refusal(submit, cast, order, other)
    assert (several.code, several.status) == ("several", 400) and "OTHERS1" in str(several.text)


@pytest.mark.parametrize(
    "consumer",
    [
        None,
        {"name": "赵六", "phone": "138****1234"},
        {"name": "赵六", "phone": "", "address": ""},
        {"name": "赵*", "phone": "", "address": "杭州"},
    ],
)
def test_who_cannot_be_told_from_others_is_not_reported(cast, consumer):
    order = OrderFactory(shop=cast.shop, no="NOBODYS1", consumer=consumer and ConsumerFactory(**consumer))
    unknown = refusal(submit, cast, order)
    assert (unknown.code, unknown.status) == ("unknown", 400) and "NOBODYS1" in str(unknown.text)


def test_who_is_known_by_name_and_address_can_be_reported(cast):
    consumer = ConsumerFactory(name="赵六", phone="", address="杭州市西湖区1号")
    assert submit(cast, OrderFactory(shop=cast.shop, consumer=consumer)).state == "submitted"


@pytest.mark.parametrize(("said", "code"), [({"text": "  "}, "text"), ({"kind": "boring"}, "kind")])
def test_what_happened_and_what_for_must_be_said(cast, order, said, code):
    silent = refusal(submit, cast, order, **said)
    assert (silent.code, silent.status) == (code, 400)


def test_evidence_of_another_order_is_refused_and_nothing_is_left(cast, order):
    strange = refusal(submit, cast, order, evidence=[(EvidenceFactory(order=OrderFactory(shop=cast.shop)), "")])
    assert strange.status == 404
    assert not Report.everything.exists() and not ReportOrder.everything.exists()


def test_bob_whose_post_may_not_report_is_refused_by_its_name(cast, order):
    denied = refusal(submit, cast, order, by=cast.as_bob)
    assert denied.status == 403 and "售后客服" in str(denied.text)
    assert refusal(submit, cast, order, by=cast.as_charlie).status == 404
    assert refusal(submit, cast, order, by=cast.as_rita).status == 403


def test_a_second_report_of_the_same_user_is_refused_while_the_first_waits(cast, order, person):
    first, another = submit(cast, order), OrderFactory(shop=cast.shop, consumer=person)
    second = refusal(submit, cast, another)
    assert second.status == 409 and first.no in str(second.text)
    first = reporting.take_up(first, by=cast.as_rita, now=TUESDAY_10)
    assert refusal(submit, cast, another).status == 409
    reporting.dismiss(first, reason="证据不足", by=cast.as_rita, now=TUESDAY_10)
    assert submit(cast, another).state == "submitted"


def test_another_shop_may_report_the_same_user_at_the_same_time(cast, order, person):
    submit(cast, order)
    theirs = OrderFactory(shop=cast.other_shop, consumer=person)
    assert submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie).state == "submitted"


# Withdrawing and adding
def test_a_report_is_withdrawn_until_it_is_taken_up(cast, order):
    assert reporting.withdraw(submit(cast, order), by=cast.as_alice, now=TUESDAY_10).state == "withdrawn"
    taken = investigated(cast, order)
    assert refusal(reporting.withdraw, taken, by=cast.as_alice, now=TUESDAY_10).status == 409
    assert fresh(taken).state == "investigating"


def test_a_page_from_before_withdraws_nothing(cast, order):
    record = submit(cast, order)
    stale = refusal(reporting.withdraw, record, by=cast.as_alice, now=TUESDAY_10, expect="submitted:2")
    assert (stale.code, stale.status) == ("stale", 409)


def test_evidence_is_added_until_the_decision_and_not_after(cast, order):
    record = investigated(cast, order)
    late, piece = EvidenceFactory(order=order), EvidenceFactory(order=order)
    actions.show(record, evidence=piece, by=cast.as_alice, now=TUESDAY_10 + HOUR)
    reporting.dismiss(record, reason="证据不足", by=cast.as_rita, now=TUESDAY_10 + 2 * HOUR)
    assert refusal(actions.show, record, evidence=late, by=cast.as_alice, now=TUESDAY_10 + 3 * HOUR).status == 409
    assert [one.evidence for one in Exhibit.everything.filter(report=record)] == [piece]


# Deciding
def test_rita_takes_it_up_and_upholds_it_and_alice_is_told_of_both(cast, order):
    record = upheld(cast, order)
    assert (record.state, record.decided_by, record.taken_up_by) == ("upheld", cast.rita, cast.rita)
    told = Notice.everything.filter(shop=cast.shop).order_by("pk")
    assert [notice.kind for notice in told] == ["report_taken_up", "report_upheld"]
    assert told[1].params == {"no": record.no, "reason": "三次退货均为空盒"} and told[1].path == record.path


def test_a_report_that_nobody_looked_into_is_not_upheld_but_can_be_dismissed(cast, order):
    record, said = submit(cast, order), {"reason": "理由", "by": cast.as_rita, "now": TUESDAY_10}
    assert refusal(reporting.uphold, record, **said).status == 409
    assert reporting.dismiss(record, **said).state == "dismissed"


@pytest.mark.parametrize("act", [reporting.uphold, reporting.dismiss])
def test_a_decision_without_a_reason_is_refused(cast, order, act):
    record = investigated(cast, order)
    assert refusal(act, record, reason=" ", by=cast.as_rita, now=TUESDAY_10).status == 400
    assert fresh(record).state == "investigating"


def test_of_two_reviewers_the_second_is_told_that_it_is_decided(cast, order):
    record = investigated(cast, order)
    seen, said = stamp(record), {"reason": "理由", "now": TUESDAY_10}
    reporting.uphold(record, by=cast.as_rita, expect=seen, **said)
    late = refusal(reporting.dismiss, record, by=cast.as_ray, expect=seen, **said)
    assert (late.code, late.status) == ("decided", 409)
    assert fresh(record).decided_by == cast.rita


def test_reopened_it_is_undecided_in_a_new_round_and_the_trail_keeps_what_was_decided(cast, order):
    record = reporting.reopen(upheld(cast, order), reason="消费者申诉成立", by=cast.as_ray, now=TUESDAY_10 + 3 * HOUR)
    assert (record.state, record.round, record.decision) == ("investigating", 2, "")
    assert (record.decided_at, record.decided_by) == (None, None)
    past = [(row.move, row.history_change_reason) for row in record.history.all()[:2]]
    assert past == [("reopen_report", "消费者申诉成立"), ("uphold_report", "三次退货均为空盒")]
    assert Notice.everything.filter(kind="report_reopened").count() == 1


def test_reopening_wants_a_reason_and_no_newer_report_that_waits(cast, order):
    record = reporting.dismiss(submit(cast, order), reason="证据不足", by=cast.as_rita, now=TUESDAY_10)
    assert refusal(reporting.reopen, record, reason="", by=cast.as_ray, now=TUESDAY_10).status == 400
    newer = submit(cast, order)
    twice = refusal(reporting.reopen, record, reason="新证据", by=cast.as_ray, now=TUESDAY_10)
    assert twice.status == 409 and newer.no in str(twice.text)
    reporting.withdraw(newer, by=cast.as_alice, now=TUESDAY_10)
    assert reporting.reopen(record, reason="新证据", by=cast.as_ray, now=TUESDAY_10).taken_up_by == cast.ray


def test_what_was_shown_before_the_decision_cannot_be_taken_back_after_reopening(cast, order):
    record = investigated(cast, order)
    shown = actions.show(record, evidence=EvidenceFactory(order=order), by=cast.as_alice, now=TUESDAY_10)
    record = reporting.dismiss(record, reason="证据不足", by=cast.as_rita, now=TUESDAY_10)
    record = reporting.reopen(record, reason="新证据", by=cast.as_ray, now=TUESDAY_10)
    assert refusal(actions.take_back, shown, by=cast.as_alice, now=TUESDAY_10).code == "frozen"


def test_the_others_about_a_person_are_counted_across_shops(cast, order, person):
    mine = upheld(cast, order)
    theirs = OrderFactory(shop=cast.other_shop, consumer=person)
    other = submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie)
    assert persons.others_about(other) == (1, 1, 1)
    assert persons.others_about(mine) == (1, 1, 0)
