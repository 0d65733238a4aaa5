"""Paid and proved, or paid in advance: from the deposit, then other funds; what neither covers is owed."""

import pytest

from disputes import actions
from disputes.models import Compensation
from shop_cs import ledger
from shop_cs.models import Notice, Transfer
from shop_cs.moves import Refused
from tests.case_stories import (
    CLAIM_FEN,
    DAY,
    HOUR,
    SECOND,
    compensated,
    fresh,
    fund,
    open_case,
    proof,
    reach,
    ruled,
    unpaid,
)
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import sweep_at

LATER = TUESDAY_10 + 4 * HOUR


def pay(case, cast, **said):
    return actions.pay(case, **{"note": "支付宝转账", "by": cast.as_bob, "now": LATER, **said})


def large(cast, **more):
    """A case above the second reviewer's amount that nobody paid."""
    return unpaid(cast, order=OrderFactory(shop=cast.shop, amount_fen=500_000), award_fen=400_000, **more)


def test_paid_with_proof_the_case_is_closed_and_no_money_moves_here(cast):
    case = ruled(cast)
    case = pay(case, cast, evidence=[(proof(case), "转账截图")])
    assert (case.state, case.paid_at, case.paid_by) == ("closed", LATER, cast.bob)
    sweep_at(case.pay_due + DAY)
    assert Transfer.everything.count() == Compensation.everything.count() == 0


def test_without_proof_it_is_not_paid(cast):
    case = ruled(cast)
    with pytest.raises(Refused) as error:
        pay(case, cast)
    assert (error.value.refusal.code, error.value.refusal.status) == ("proof", 400)
    assert fresh(case).state == "paying"


def test_what_was_shown_before_can_prove_the_payment_too(cast):
    case = open_case(cast)
    piece = proof(case)
    actions.show(case, evidence=piece, by=cast.as_alice, now=TUESDAY_10)
    sweep_at(case.deadline + SECOND)
    said = {"outcome": "consumer", "blame": "merchant", "award_fen": 1, "reason": "破损"}
    case = actions.rule(fresh(case), by=cast.as_rita, now=case.deadline + HOUR, **said)
    now = case.deadline + 2 * HOUR
    assert pay(case, cast, evidence=[(piece, "")], now=now).exhibits.get().is_payment


def test_at_the_last_instant_it_can_be_paid_and_then_no_more(cast):
    case = ruled(cast)
    with pytest.raises(Refused) as error:
        pay(case, cast, evidence=[(proof(case), "")], now=case.pay_due + SECOND)
    assert error.value.refusal.code == "late"
    assert pay(case, cast, evidence=[(proof(case), "")], now=case.pay_due).state == "closed"


def test_a_refused_proof_gives_the_time_to_pay_anew_and_the_old_piece_proves_nothing_more(cast):
    case = ruled(cast)
    piece = proof(case)
    case = pay(case, cast, evidence=[(piece, "")])
    case = actions.refuse_payment(case, reason="截图是别的订单", by=cast.as_ray, now=LATER + HOUR)
    assert (case.state, case.paid_at, case.pay_due) == ("paying", None, LATER + HOUR + 2 * DAY)
    for again in ([], [(piece, "")]):
        with pytest.raises(Refused) as error:
            pay(case, cast, evidence=again, now=LATER + 2 * HOUR)
        assert error.value.refusal.code == "proof"
    assert pay(case, cast, evidence=[(proof(case), "")], now=LATER + 2 * HOUR).state == "closed"


def test_only_a_payment_of_the_merchants_can_be_refused(cast):
    for case in (reach(cast, "closed"), fresh(compensated(cast).case)):
        with pytest.raises(Refused) as error:
            actions.refuse_payment(case, reason="?", by=cast.as_ray, now=LATER + 30 * DAY)
        assert error.value.refusal.code == "not_paid"


@pytest.mark.parametrize(
    ("deposit", "other", "parts"),
    [
        (CLAIM_FEN, 0, (CLAIM_FEN, 0, 0)),
        (CLAIM_FEN - 1, 5_000, (CLAIM_FEN - 1, 1, 0)),
        (4_000, 5_900, (4_000, 5_900, 0)),
        (4_000, 5_899, (4_000, 5_899, 1)),
        (0, 0, (0, 0, CLAIM_FEN)),
    ],
)
def test_the_deposit_comes_first_then_other_funds_and_the_rest_is_owed(cast, deposit, other, parts):
    made = compensated(cast, deposit=deposit, other=other)
    assert (made.from_deposit_fen, made.from_other_fen, made.owed_fen) == parts
    assert made.case.state == "closed"
    left = ledger.balances(cast.shop)
    assert (left.held, left.owed) == (CLAIM_FEN, parts[2])
    assert ledger.check() == []


def test_nothing_moves_before_the_limit_and_once_after_it_however_often_the_worker_comes(cast):
    fund(cast.shop, deposit=50_000)
    case = ruled(cast)
    sweep_at(case.pay_due)
    assert Compensation.everything.count() == 0
    for minute in range(3):
        sweep_at(case.pay_due + SECOND + minute * HOUR)
    assert Compensation.everything.count() == 1
    assert ledger.balances(cast.shop).deposit == 50_000 - CLAIM_FEN


def test_what_is_owed_is_taken_first_from_the_next_top_up(cast):
    made = compensated(cast, deposit=0)
    fund(cast.shop, deposit=6_000, now=made.paid_at + HOUR, reference="second")
    assert (ledger.balances(cast.shop).owed, ledger.balances(cast.shop).deposit) == (3_900, 0)
    fund(cast.shop, deposit=6_000, now=made.paid_at + DAY, reference="third")
    assert (ledger.balances(cast.shop).owed, ledger.balances(cast.shop).deposit) == (0, 2_100)


def test_above_the_rulebooks_amount_no_money_moves_before_a_second_reviewers_word(cast):
    fund(cast.shop, deposit=1_000_000)
    case = large(cast)
    assert (case.state, Compensation.everything.count()) == ("confirming", 0)
    with pytest.raises(Refused) as error:
        actions.confirm(case, by=cast.as_rita, now=LATER + 3 * DAY)
    assert error.value.refusal.code == "own_ruling"
    case = actions.confirm(case, by=cast.as_ray, now=LATER + 3 * DAY)
    assert (case.state, case.compensation.confirmed_by, case.compensation.amount_fen) == ("closed", cast.ray, 400_000)


def test_the_second_of_two_confirmations_moves_nothing(cast):
    case = large(cast)
    actions.confirm(case, by=cast.as_ray, now=LATER + 3 * DAY)
    with pytest.raises(Refused):
        actions.confirm(case, by=cast.as_ray, now=LATER + 3 * DAY)
    assert Compensation.everything.count() == 1


def test_sent_back_the_case_is_undecided_again_and_nothing_was_paid(cast):
    case = actions.send_back(large(cast), reason="金额过高", by=cast.as_ray, now=LATER + 3 * DAY)
    assert (case.state, case.outcome, case.award_fen, case.ruled_by) == ("arbitrating", "", None, None)
    assert Transfer.everything.count() == 0


def test_a_broken_ledger_leaves_the_case_as_it_was(cast, monkeypatch):
    case = ruled(cast)

    def broken(**said):
        raise RuntimeError("no")

    monkeypatch.setattr("shop_cs.ledger.pay_consumer", broken)
    sweep_at(case.pay_due + SECOND)
    assert (fresh(case).state, Transfer.everything.count()) == ("paying", 0)
    monkeypatch.undo()
    sweep_at(case.pay_due + SECOND)
    assert (fresh(case).state, Compensation.everything.count()) == ("closed", 1)


def test_when_no_appeal_can_come_any_more_what_is_held_is_settled_once(cast):
    made = compensated(cast, deposit=50_000)
    sweep_at(made.appeal_until)
    assert ledger.balances(cast.shop).held == CLAIM_FEN
    for _n in range(2):
        sweep_at(made.appeal_until + SECOND)
    made.refresh_from_db()
    assert (ledger.balances(cast.shop).held, made.settled_at) == (0, made.appeal_until + SECOND)
    assert Transfer.everything.filter(cause="settled").count() == 1


def test_the_shop_is_told_what_happened_to_its_money(cast):
    compensated(cast)
    assert Notice.everything.filter(kind="case_compensated", shop=cast.shop).count() == 1
