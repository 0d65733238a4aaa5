"""A decision is thought over again: what an appeal decided stands, who ruled stays known, proofs and filings hold."""

import pytest

from disputes import actions
from disputes.actions import appealing, filing, punishing, serving
from disputes.models import CaseState, Violation
from disputes.standing import turn
from shop_cs import ledger
from shop_cs.moves import Refused
from tests import stories
from tests.appeal_stories import AFTER, LATER, grant, grant_part, punished, submit
from tests.case_stories import DAY, HOUR, SECOND, fresh, open_case, proof, reach, ruled
from tests.people import TUESDAY_10


def refused(act, *args, **said):
    with pytest.raises(Refused) as error:
        act(*args, **said)
    return error.value.refusal.code


def test_who_ruled_decides_no_appeal_against_it_though_it_was_sent_back(cast):
    case = reach(cast, CaseState.CONFIRMING)
    appeal, said = submit(case, cast), {"reason": "理由", "now": AFTER}
    case = actions.send_back(case, by=cast.as_ray, **said)
    assert refused(appealing.deny, appeal, by=cast.as_rita, **said) == "own_ruling"
    actions.rule(case, outcome="consumer", award_fen=300_000, blame="merchant", by=cast.as_ray, **said)
    assert refused(grant, appeal, cast, by=cast.as_rita) == "own_ruling"
    assert refused(grant, appeal, cast, by=cast.as_ray) == "own_ruling"


def test_a_ruling_that_was_replaced_before_the_appeal_binds_nobody(cast):
    case, said = reach(cast, CaseState.CONFIRMING), {"reason": "理由", "now": AFTER}
    case = actions.send_back(case, by=cast.as_ray, **said)
    case = actions.rule(case, outcome="consumer", award_fen=100, blame="merchant", by=cast.as_ray, **said)
    appeal = submit(case, cast, now=AFTER + HOUR)
    assert appealing.deny(appeal, reason="理由", by=cast.as_rita, now=AFTER + DAY).state == "denied"


def test_what_an_appeal_left_of_an_award_is_not_sent_back(cast):
    case = reach(cast, CaseState.CONFIRMING)
    grant_part(submit(case, cast), cast, 50_000)
    assert refused(actions.send_back, fresh(case), reason="理由", by=cast.as_ray, now=AFTER) == "cleared"
    assert actions.confirm(fresh(case), by=cast.as_ray, now=AFTER).compensation.amount_fen == 350_000


def test_a_payment_is_not_doubted_when_an_appeal_says_that_none_was_due(cast):
    case = ruled(cast)
    case = actions.pay(case, note="", evidence=[(proof(case), "")], by=cast.as_alice, now=LATER)
    grant(submit(case, cast), cast)
    assert refused(actions.refuse_payment, fresh(case), reason="理由", by=cast.as_ray, now=AFTER) == "cleared"


def test_a_payment_of_what_an_appeal_left_can_be_doubted(cast):
    case = ruled(cast)
    grant_part(submit(case, cast), cast, 4_000, now=LATER)
    case = actions.pay(fresh(case), note="", evidence=[(proof(case), "")], by=cast.as_alice, now=LATER + SECOND)
    assert actions.refuse_payment(case, reason="理由", by=cast.as_ray, now=AFTER).state == "paying"


def test_what_the_consumer_sent_proves_no_payment(cast):
    case = ruled(cast)
    theirs = proof(case, side="consumer")
    assert refused(actions.pay, case, note="", evidence=[(theirs, "")], by=cast.as_alice, now=LATER) == "proof"


def test_the_consumers_many_pieces_leave_the_merchant_room(cast):
    case = open_case(cast)
    many = [(proof(case, side="consumer"), "") for _ in range(case.rulebook.evidence_max)]
    one_more, now = [(proof(case, side="consumer"), "")], TUESDAY_10 + HOUR
    case = actions.consumer_states(case, text="破损", evidence=many, now=now)
    assert refused(actions.consumer_states, case, text="破损", evidence=one_more, now=now) == "too_many"
    case = actions.state_case(case, text="完好", evidence=[(proof(case), "")], by=cast.as_alice, now=now)
    assert case.state == "arbitrating"


def test_a_filing_does_not_explain_an_evasive_reply(cast):
    request = stories.send(cast)
    stories.reply_unsolved(request, cast, now=TUESDAY_10 + HOUR)
    said = {"kind": "negative_handling", "detail": "敷衍", "source": "request", "by": cast.as_rita, "now": LATER}
    evasive = punishing.propose(shop=cast.shop, request=stories.fresh(request), **said)
    said = {"kind": "extreme_weather", "text": "暴雨", "starts_at": TUESDAY_10, "ends_at": TUESDAY_10 + DAY}
    made = filing.submit(shop=cast.shop, orders=[request.order], by=cast.as_alice, now=LATER, **said)
    filing.approve(made, by=cast.as_ray, now=LATER)
    assert Violation.everything.get(pk=evasive.pk).state == "proposed"


def test_deductions_of_several_shops_are_settled_behind_all_their_gates(cast, monkeypatch):
    violation, done = punished(cast), []
    real = ledger.lock_shops
    monkeypatch.setattr(ledger, "lock_shops", lambda shops, **said: (done.append(list(shops)), real(shops, **said)))
    serving.settle_deductions([violation], now=violation.appeal_until + SECOND)
    assert done == [[cast.shop]]
    assert ledger.balances(cast.shop).held == 0


@pytest.mark.parametrize(("state", "field"), [("collecting", "deadline"), ("paying", "pay_due")])
def test_whose_turn_it_is_goes_by_time_though_no_worker_came(cast, state, field):
    case = reach(cast, state)
    until = getattr(case, field)
    assert turn(case, now=until) != turn(case, now=until + SECOND)
