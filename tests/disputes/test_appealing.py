"""An appeal against a ruling, a compensation or a violation: who may make it, until when, about what."""

import pytest

from disputes import actions
from disputes.actions import appealing, punishing
from disputes.models import Appeal, CaseState
from shop_cs.ladders import Breach
from shop_cs.moves import Refused
from tests.appeal_stories import AFTER, LATER, grant, punished, submit
from tests.case_stories import DAY, SECOND, compensated, fresh, open_case, proof, reach, ruled
from tests.people import TUESDAY_10


def contested(cast, what):
    """(subject, the last instant of its window)."""
    if what == "case":
        case = ruled(cast)
        return case, case.ruled_at + 15 * DAY
    subject = compensated(cast) if what == "compensation" else punished(cast)
    return subject, subject.appeal_until


def refused(act, *args, **said):
    with pytest.raises(Refused) as error:
        act(*args, **said)
    return error.value.refusal.code, error.value.refusal.status


# Making it
@pytest.mark.parametrize("what", ["case", "compensation", "violation"])
def test_each_kind_of_decision_can_be_appealed_against(cast, what):
    subject, _until = contested(cast, what)
    appeal = submit(subject, cast)
    assert (appeal.state, appeal.subject, appeal.shop, appeal.made_by) == ("open", subject, cast.shop, cast.alice)
    assert appeal.order == subject.order
    assert appeal.history.get().move == "appeal"


@pytest.mark.parametrize("what", ["case", "compensation", "violation"])
def test_until_the_last_instant_of_its_window_and_then_no_more(cast, what):
    subject, until = contested(cast, what)
    assert refused(submit, subject, cast, now=until + SECOND) == ("late", 409)
    assert submit(subject, cast, now=until).made_at == until


def test_too_late_names_the_date(cast):
    subject, until = contested(cast, "case")
    with pytest.raises(Refused, match="2026-03-18 13:00"):
        submit(subject, cast, now=until + SECOND)


@pytest.mark.parametrize("what", ["case", "compensation", "violation"])
def test_there_is_one_appeal_in_all_and_the_second_is_told_the_first(cast, what):
    subject, _until = contested(cast, what)
    first = submit(subject, cast)
    with pytest.raises(Refused, match=first.no) as error:
        submit(subject, cast)
    assert (error.value.refusal.code, error.value.refusal.status) == ("twice", 409)
    appealing.deny(first, reason="证据不足", by=cast.as_ray, now=AFTER)
    assert refused(submit, subject, cast, now=AFTER) == ("twice", 409)
    assert Appeal.everything.count() == 1


@pytest.mark.parametrize("what", ["case", "compensation", "violation"])
def test_nobody_appeals_for_another_shop_or_without_the_permission(cast, what):
    subject, _until = contested(cast, what)
    assert refused(submit, subject, cast, by=cast.as_charlie) == ("stranger", 404)
    assert refused(submit, subject, cast, by=cast.as_bob) == ("permission", 403)
    assert refused(submit, subject, cast, by=cast.as_rita) == ("role", 403)
    assert not Appeal.everything.exists()


def test_it_says_why(cast):
    assert refused(submit, ruled(cast), cast, text="  ") == ("text", 400)
    assert not Appeal.everything.exists()


@pytest.mark.parametrize("state", [CaseState.COLLECTING, CaseState.NEGOTIATING, CaseState.ARBITRATING])
def test_before_a_ruling_there_is_nothing_to_appeal_against(cast, state):
    assert refused(submit, reach(cast, state), cast) == ("nothing", 409)


def test_nor_against_a_ruling_for_the_merchant(cast):
    assert refused(submit, ruled(cast, outcome="merchant"), cast) == ("nothing", 409)


def test_nor_against_a_violation_that_does_not_stand(cast):
    violation = punishing.propose(
        shop=cast.shop, kind=Breach.ABUSE, detail="辱骂", by=cast.as_rita, now=TUESDAY_10, source="reviewer"
    )
    assert refused(submit, violation, cast) == ("nothing", 409)
    violation = punishing.dismiss(violation, reason="不属实", by=cast.as_rita, now=TUESDAY_10)
    assert refused(submit, violation, cast) == ("nothing", 409)


def test_nor_against_what_came_back_already(cast):
    compensation = compensated(cast)
    grant(submit(compensation.case, cast), cast)
    assert refused(submit, fresh(compensation), cast, now=AFTER) == ("nothing", 409)


def test_evidence_comes_with_it_and_later_while_it_is_open(cast):
    case = ruled(cast)
    appeal = submit(case, cast, evidence=[(proof(case), "出库录像")])
    actions.show(appeal, evidence=proof(case), proves="称重记录", by=cast.as_alice, now=LATER)
    assert [one.proves for one in appeal.exhibits.all()] == ["出库录像", "称重记录"]
    appealing.deny(appeal, reason="证据不足", by=cast.as_ray, now=AFTER)
    assert refused(actions.show, appeal, evidence=proof(case), by=cast.as_alice, now=AFTER) == ("closed", 409)


def test_evidence_of_another_order_is_refused_and_then_there_is_no_appeal(cast):
    piece = proof(open_case(cast))
    assert refused(submit, ruled(cast), cast, evidence=[(piece, "")]) == ("stranger", 404)
    assert not Appeal.everything.exists()
