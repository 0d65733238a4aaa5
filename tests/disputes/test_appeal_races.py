"""Many at once about one appeal or the money of one payment: one outcome, nothing twice, nobody waits in a ring."""

import pytest

from disputes.actions import appealing, filing, punishing
from disputes.models import Appeal
from shop_cs import ledger
from shop_cs.models import Transfer
from tests.appeal_stories import AFTER, LATER, grant, punished, submit
from tests.case_stories import CLAIM_FEN, DAY, SECOND, compensated, fresh, ruled
from tests.crowd import all_at_once, real_rows
from tests.people import make_cast
from tests.stories import sweep_at

pytestmark = real_rows


@pytest.fixture
def people(transactional_db):
    return make_cast()


def test_of_two_appeals_at_once_one_is_made(people):
    for _ in range(5):
        case = ruled(people)
        results = all_at_once(*[lambda case=case: submit(case, people).no] * 3)
        assert results.count("twice") == 2
        assert Appeal.everything.filter(case=case).count() == 1


def test_of_two_decisions_at_once_one_stands_and_the_money_moves_once(people):
    for _ in range(5):
        compensation = compensated(people)
        appeal = submit(compensation, people)
        results = all_at_once(
            lambda appeal=appeal: grant(appeal, people).state,
            lambda appeal=appeal: appealing.deny(appeal, reason="证据不足", by=people.as_ray, now=AFTER).state,
            lambda appeal=appeal: grant(appeal, people).state,
        )
        assert results.count("decided") == 2
        assert fresh(compensation).refunded_fen == (CLAIM_FEN if fresh(appeal).state == "granted" else 0)
    assert ledger.check() == []


def test_two_appeals_about_one_payment_give_back_together_what_was_taken(people):
    for _ in range(5):
        compensation = compensated(people)
        first, second = submit(compensation.case, people), submit(compensation, people)
        states = all_at_once(*[lambda one=one: grant(one, people).state for one in (first, second)])
        assert states == ["granted", "granted"]
        assert fresh(first).refund_fen + fresh(second).refund_fen == CLAIM_FEN
    assert ledger.check() == []


def test_the_last_instant_of_an_appeal_and_the_settling_leave_one_of_them(people):
    for _ in range(5):
        compensation = compensated(people)
        until = compensation.appeal_until
        made, *_swept = all_at_once(
            lambda c=compensation, at=until: submit(c, people, now=at).state,
            lambda at=until: sweep_at(at + SECOND)["settle"],
        )
        settled = fresh(compensation).settled_at is not None
        assert (made, settled) in {("open", False), ("settled", True)}
    assert ledger.check() == []


def test_an_appeal_and_a_filing_undo_a_violation_once(people):
    approved = filed(people)
    for turn in range(5):
        violation = punished(people, reference=f"P{turn}")
        appeal = submit(violation, people)
        results = all_at_once(
            lambda appeal=appeal: grant(appeal, people).state,
            lambda v=violation, f=approved: punishing.excuse(v, filing=f, by=people.as_ray, now=AFTER).state,
        )
        assert len({"granted", "excused"} & set(results)) == 1
        assert Transfer.everything.filter(cause="refund", debit__subject=violation.no).count() == 1


def filed(people):
    """An approved filing of the shop."""
    said = {"kind": "extreme_weather", "text": "台风", "regions": [{"province": "浙江", "city": ""}]}
    one = filing.submit(shop=people.shop, starts_at=LATER, ends_at=LATER + DAY, by=people.as_alice, now=LATER, **said)
    return filing.approve(one, by=people.as_ray, now=LATER)
