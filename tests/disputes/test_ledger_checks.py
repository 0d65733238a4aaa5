"""What `check_ledger` asks of appeals: each refund has a granted one, each granted one its refund."""

import pytest

from disputes import ledger_checks
from disputes.models import Appeal
from shop_cs import ledger
from shop_cs.actors import SYSTEM
from shop_cs.models import acting
from tests.appeal_stories import AFTER, grant, grant_part, punished, submit
from tests.case_stories import compensated, fresh, ruled


def write(record, **changes):
    """As a hand in the database would."""
    with acting(SYSTEM, move="change", at=AFTER):
        for name, value in changes.items():
            setattr(record, name, value)
        record.save()


def refund(compensation, *, fen, appeal_no):
    ledger.refund(
        shop=compensation.shop, subject=compensation.no, amount_fen=fen, appeal_no=appeal_no, by=SYSTEM, now=AFTER
    )


def test_the_books_hold_whatever_was_decided(cast):
    compensation = compensated(cast)
    grant_part(submit(compensation, cast), cast, 4_000)
    grant(submit(punished(cast, reference="P"), cast), cast)
    grant_part(submit(ruled(cast), cast), cast, 1, now=AFTER)
    grant(submit(ruled(cast), cast), cast)
    submit(ruled(cast), cast)
    assert ledger.check() == []


@pytest.mark.parametrize("no", ["AP0", "open"])
def test_a_refund_without_a_granted_appeal_is_found(cast, no):
    compensation = compensated(cast)
    no = submit(compensation, cast).no if no == "open" else no
    refund(compensation, fen=4_000, appeal_no=no)
    assert any("transfer" in problem and no in problem for problem in ledger.check())


def test_a_granted_appeal_whose_refund_is_missing_or_different_is_found(cast):
    appeal = grant_part(submit(compensated(cast), cast), cast, 4_000)
    write(fresh(appeal), refund_fen=5_000)
    assert ledger.check() == [f"appeal {appeal.no}: 5000 fen granted, 4000 fen refunded"]


def test_an_amount_that_needed_not_be_paid_and_came_back_all_the_same_is_found(cast):
    lessened = grant_part(submit(ruled(cast), cast), cast, 4_000)
    assert ledger.check() == []
    refund(compensated(cast), fen=4_000, appeal_no=lessened.no)
    assert f"appeal {lessened.no}: 4000 fen granted, 4000 fen refunded" in ledger.check()


def test_a_compensation_that_says_something_else_is_found(cast):
    compensation = compensated(cast)
    grant_part(submit(compensation, cast), cast, 4_000)
    write(fresh(compensation), refunded_fen=3_999)
    assert ledger.check() == [f"compensation {compensation.no}: refunded 3999 fen, its transfers 4000"]


def test_each_question_is_one_statement(cast, django_assert_num_queries):
    grant_part(submit(compensated(cast), cast), cast, 4_000)
    assert Appeal.everything.won().count() == 1
    for question in ledger_checks.CHECKS:
        with django_assert_num_queries(1):
            assert question() == []
