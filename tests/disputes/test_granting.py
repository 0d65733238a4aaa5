"""An appeal is decided: what a granted one changes, all at once or nothing; who may not; and settling waits for it."""

import pytest

from disputes import actions
from disputes.actions import appealing
from disputes.models import Appeal, CaseState, Compensation
from shop_cs import ledger, notices
from shop_cs.models import Notice, Transfer
from shop_cs.moves import Refused
from tests.appeal_stories import AFTER, LATER, grant, grant_part, punished, submit
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


def refused(act, *args, **said):
    with pytest.raises(Refused) as error:
        act(*args, **said)
    return error.value.refusal.code, error.value.refusal.status


def held(compensation):
    return ledger.account("held", shop=compensation.shop, subject=compensation.no, by=None, now=AFTER).balance_fen


# A ruling that is not paid yet
@pytest.mark.parametrize("state", [CaseState.PAYING, CaseState.CONFIRMING])
def test_in_full_nothing_has_to_be_paid_any_more(cast, state):
    case = reach(cast, state)
    appeal = grant(submit(case, cast), cast)
    record = fresh(case)
    assert (appeal.state, appeal.refund_fen, appeal.decided_by) == ("granted", case.award_fen, cast.ray)
    assert (record.state, record.cleared_at, record.closed_at) == ("closed", AFTER, AFTER)
    assert not record.is_counting
    sweep_at(AFTER + 30 * DAY)
    assert not Transfer.everything.exists()
    assert ledger.check() == []


@pytest.mark.parametrize("state", [CaseState.PAYING, CaseState.CONFIRMING])
def test_in_part_less_has_to_be_paid(cast, state):
    case = reach(cast, state)
    appeal = grant_part(submit(case, cast), cast, 4_000, now=LATER + HOUR)
    record = fresh(case)
    assert (appeal.state, appeal.refund_fen) == ("part", 4_000)
    assert (record.state, record.award_fen) == (state, case.award_fen - 4_000)
    assert (record.cleared_at, record.is_counting) == (LATER + HOUR, False)


def test_what_is_paid_in_advance_afterwards_is_the_lesser_amount(cast):
    fund(cast.shop, deposit=100_000)
    case = ruled(cast)
    grant_part(submit(case, cast), cast, 4_000, now=LATER)
    sweep_at(case.pay_due + SECOND)
    assert Compensation.everything.get(case=case).amount_fen == CLAIM_FEN - 4_000
    assert ledger.balances(cast.shop).deposit == 100_000 - CLAIM_FEN + 4_000
    assert ledger.check() == []


# A ruling for which the platform paid in advance
@pytest.mark.parametrize("against", ["case", "compensation"])
def test_in_full_all_comes_back(cast, against):
    compensation = compensated(cast)
    subject = compensation.case if against == "case" else compensation
    appeal = grant(submit(subject, cast), cast)
    assert (appeal.refund_fen, fresh(compensation).refunded_fen) == (CLAIM_FEN, CLAIM_FEN)
    assert (ledger.balances(cast.shop).deposit, held(compensation)) == (100_000, 0)
    entry = Transfer.everything.get(cause="refund")
    assert (entry.amount_fen, entry.reference, entry.path) == (CLAIM_FEN, appeal.no, appeal.path)
    assert fresh(compensation.case).cleared_at == AFTER
    assert ledger.check() == []


@pytest.mark.parametrize("against", ["case", "compensation"])
def test_in_part_that_much_comes_back(cast, against):
    compensation = compensated(cast)
    subject = compensation.case if against == "case" else compensation
    appeal = grant_part(submit(subject, cast), cast, 4_000)
    assert (appeal.state, appeal.refund_fen, fresh(compensation).refunded_fen) == ("part", 4_000, 4_000)
    assert (ledger.balances(cast.shop).deposit, held(compensation)) == (100_000 - CLAIM_FEN + 4_000, CLAIM_FEN - 4_000)
    assert not fresh(compensation.case).is_counting
    assert ledger.check() == []


@pytest.mark.parametrize("fen", [0, -1, CLAIM_FEN, CLAIM_FEN + 1, None])
def test_a_part_is_above_nothing_and_below_all(cast, fen):
    appeal = submit(compensated(cast), cast)
    assert refused(grant_part, appeal, cast, fen) == ("amount", 400)
    assert (fresh(appeal).state, Transfer.everything.filter(cause="refund").count()) == ("open", 0)


@pytest.mark.parametrize("fen", [1, CLAIM_FEN - 1])
def test_the_least_and_the_most_of_a_part(cast, fen):
    assert grant_part(submit(compensated(cast), cast), cast, fen).refund_fen == fen


def test_two_appeals_about_one_payment_never_give_back_more_than_was_taken(cast):
    compensation = compensated(cast)
    about_the_ruling, about_the_money = submit(compensation.case, cast), submit(compensation, cast)
    grant_part(about_the_ruling, cast, 4_000)
    assert refused(grant_part, about_the_money, cast, CLAIM_FEN - 4_000) == ("amount", 400)
    assert grant(about_the_money, cast).refund_fen == CLAIM_FEN - 4_000
    assert (fresh(compensation).refunded_fen, ledger.balances(cast.shop).deposit) == (CLAIM_FEN, 100_000)
    assert ledger.check() == []


def test_all_of_what_is_left_may_be_nothing(cast):
    compensation = compensated(cast)
    first, second = submit(compensation, cast), submit(compensation.case, cast)
    grant(first, cast)
    assert grant(second, cast).refund_fen == 0
    assert Transfer.everything.filter(cause="refund").count() == 1
    assert ledger.check() == []


def test_what_was_owed_is_repaid_by_what_comes_back(cast):
    compensation = compensated(cast, deposit=4_000)
    assert ledger.balances(cast.shop).owed == CLAIM_FEN - 4_000
    grant(submit(compensation, cast), cast)
    assert (ledger.balances(cast.shop).owed, ledger.balances(cast.shop).deposit) == (0, 4_000)


def test_a_settlement_by_agreement_that_was_not_paid_gives_its_money_back_too(cast):
    fund(cast.shop, deposit=100_000)
    offer = actions.offer(
        open_case(cast), remedy="amount", amount_fen=5_000, text="退一半", by=cast.as_alice, now=TUESDAY_10
    )
    case = actions.accept(offer, now=TUESDAY_10 + HOUR)
    sweep_at(case.pay_due + SECOND)
    compensation = Compensation.everything.get(case=case)
    assert refused(submit, fresh(case), cast) == ("nothing", 409)
    assert grant(submit(compensation, cast), cast).refund_fen == 5_000
    assert fresh(case).cleared_at is None


# A ruling that the merchant paid himself
def test_what_the_merchant_paid_himself_does_not_come_back_from_the_platform(cast):
    case = ruled(cast)
    case = actions.pay(case, note="已转账", evidence=[(proof(case), "")], by=cast.as_alice, now=LATER)
    appeal = submit(case, cast)
    assert refused(grant_part, appeal, cast, 1) == ("part", 400)
    assert grant(appeal, cast).refund_fen == 0
    assert fresh(case).cleared_at == AFTER
    assert not Transfer.everything.exists()


# A violation
def test_a_revoked_violation_is_undone_with_all_that_followed(cast):
    violation = punished(cast)
    assert ledger.balances(cast.shop).deposit == 100_000
    appeal = grant(submit(violation, cast), cast)
    assert (fresh(violation).state, appeal.refund_fen) == ("revoked", 100_000)
    assert all(one.undone_at == AFTER for one in violation.penalties.all())
    assert ledger.balances(cast.shop).deposit == 200_000
    assert ledger.check() == []


def test_a_violation_is_revoked_in_full_or_not_at_all(cast):
    violation = punished(cast)
    assert refused(grant_part, submit(violation, cast), cast, 5_000) == ("part", 400)
    assert fresh(violation).state == "upheld"


# Deciding
def test_denied_all_stays_as_it_is(cast):
    compensation = compensated(cast)
    appeal = appealing.deny(submit(compensation, cast), reason="证据不足", by=cast.as_ray, now=AFTER)
    assert (appeal.state, appeal.decision, appeal.decided_by, appeal.refund_fen) == ("denied", "证据不足", cast.ray, 0)
    assert fresh(compensation.case).is_counting
    assert fresh(compensation).refunded_fen == 0


@pytest.mark.parametrize("act", [appealing.grant, appealing.deny])
def test_a_decision_has_a_reason(cast, act):
    appeal = submit(ruled(cast), cast)
    assert refused(act, appeal, reason=" ", by=cast.as_ray, now=AFTER) == ("reason", 400)
    assert fresh(appeal).state == "open"


def test_who_ruled_never_decides(cast):
    appeal = submit(ruled(cast), cast)
    assert refused(grant, appeal, cast, by=cast.as_rita) == ("own_ruling", 403)
    assert refused(appealing.deny, appeal, reason="?", by=cast.as_rita, now=AFTER) == ("own_ruling", 403)
    assert grant(appeal, cast, by=cast.as_ray).state == "granted"


def test_nor_who_upheld_the_violation(cast):
    assert refused(grant, submit(punished(cast), cast), cast, by=cast.as_rita) == ("own_ruling", 403)


def test_nor_who_let_the_money_move(cast):
    fund(cast.shop, deposit=1_000_000)
    case = unpaid(cast, order=OrderFactory(shop=cast.shop, amount_fen=500_000), award_fen=400_000)
    actions.confirm(case, by=cast.as_ray, now=AFTER)
    appeal = submit(Compensation.everything.get(case=case), cast, now=AFTER)
    assert refused(grant, appeal, cast, by=cast.as_ray) == ("own_ruling", 403)
    assert refused(grant, appeal, cast, by=cast.as_rita) == ("own_ruling", 403)


def test_decided_by_another_meanwhile_it_is_not_decided_again(cast):
    compensation = compensated(cast)
    appeal = submit(compensation, cast)
    grant(appeal, cast)
    assert refused(grant, appeal, cast) == ("decided", 409)
    assert refused(grant_part, appeal, cast, 1) == ("decided", 409)
    assert fresh(compensation).refunded_fen == CLAIM_FEN


def test_an_old_page_is_refused(cast):
    assert refused(grant, submit(ruled(cast), cast), cast, expect="open:2") == ("stale", 409)


def test_an_amount_that_changed_since_it_was_shown_is_refused(cast):
    compensation = compensated(cast)
    first, second = submit(compensation.case, cast), submit(compensation, cast)
    grant_part(first, cast, 4_000)
    assert refused(grant, second, cast, refund_fen=CLAIM_FEN) == ("stale", 409)
    assert grant(second, cast, refund_fen=CLAIM_FEN - 4_000).state == "granted"


def test_a_ruling_that_was_sent_back_is_ruled_on_again_first(cast):
    case = reach(cast, CaseState.CONFIRMING)
    appeal = submit(case, cast)
    actions.send_back(case, reason="金额过高", by=cast.as_ray, now=AFTER)
    assert refused(grant, appeal, cast) == ("fallen", 409)
    assert appealing.deny(appeal, reason="已重新裁决", by=cast.as_ray, now=AFTER).state == "denied"


@pytest.mark.parametrize("what", ["case", "compensation"])
def test_when_the_last_step_fails_nothing_has_happened(cast, monkeypatch, what):
    compensation = compensated(cast)
    appeal = submit(compensation.case if what == "case" else compensation, cast)
    trail = [model.history.count() for model in (Appeal, Compensation, type(compensation.case))]

    def fails(**said):
        raise RuntimeError

    monkeypatch.setattr(ledger, "refund", fails)
    with pytest.raises(RuntimeError):
        grant(appeal, cast)
    assert (fresh(appeal).state, fresh(compensation).refunded_fen) == ("open", 0)
    assert fresh(compensation.case).cleared_at is None
    assert trail == [model.history.count() for model in (Appeal, Compensation, type(compensation.case))]
    assert not Notice.everything.filter(kind__startswith="appeal_").exists()


# The shop is told
@pytest.mark.parametrize(
    ("act", "kind", "words"),
    [
        (lambda appeal, cast: grant(appeal, cast), "appeal_granted_refund", "¥99.00"),
        (lambda appeal, cast: grant_part(appeal, cast, 4_000), "appeal_part_refund", "¥40.00"),
        (
            lambda appeal, cast: appealing.deny(appeal, reason="证据不足", by=cast.as_ray, now=AFTER),
            "appeal_denied",
            "证据不足",
        ),
    ],
)
def test_the_shop_is_told_of_the_decision(cast, act, kind, words):
    appeal = act(submit(compensated(cast), cast), cast)
    told = Notice.everything.get(kind=kind)
    assert told.path == appeal.path
    assert appeal.no in notices.text(told) and words in notices.text(told)


# Settling waits
def test_what_is_held_is_not_settled_while_an_appeal_is_open(cast):
    compensation = compensated(cast)
    appeal = submit(compensation, cast, now=compensation.appeal_until)
    much_later = compensation.appeal_until + 30 * DAY
    sweep_at(much_later)
    assert fresh(compensation).settled_at is None
    assert grant(appeal, cast, now=much_later).refund_fen == CLAIM_FEN
    sweep_at(much_later)
    assert fresh(compensation).settled_at == much_later
    assert ledger.balances(cast.shop).deposit == 100_000


def test_nor_while_one_against_its_ruling_is_open(cast):
    compensation = compensated(cast)
    appeal = submit(compensation.case, cast)
    much_later = compensation.appeal_until + SECOND
    sweep_at(much_later)
    assert fresh(compensation).settled_at is None
    appealing.deny(appeal, reason="证据不足", by=cast.as_ray, now=much_later)
    sweep_at(much_later)
    assert fresh(compensation).settled_at == much_later


def test_what_is_settled_cannot_come_back(cast):
    compensation = compensated(cast)
    sweep_at(compensation.appeal_until)
    assert fresh(compensation).settled_at is None
    sweep_at(compensation.appeal_until + SECOND)
    settled = fresh(compensation)
    assert settled.settled_at == compensation.appeal_until + SECOND
    assert refused(submit, settled, cast, now=settled.settled_at) == ("late", 409)
    assert appealing.stake(settled).fen == 0
