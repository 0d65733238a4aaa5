"""Who need not have paid has not failed to pay in time: the violation falls with the ruling behind it."""

import pytest

from disputes.actions import punishing
from disputes.models import Violation
from shop_cs import ledger
from shop_cs.ladders import Breach
from shop_cs.models import Rulebook
from tests.appeal_stories import grant, grant_part, submit
from tests.case_stories import DAY, HOUR, compensated, fresh
from tests.stories import sweep_at

DEDUCT = {"steps": [{"at": 1, "actions": [{"measure": "deduct", "fen": 5_000}]}]}


@pytest.fixture
def made(cast):
    """Paid in advance; the sweep has proposed a violation, which the rulebook punishes with a deduction."""
    rulebook = Rulebook.objects.get(name="current")
    Rulebook.objects.filter(pk=rulebook.pk).update(ladders={**rulebook.ladders, "unpaid_ruling": DEDUCT})
    made = compensated(cast)
    sweep_at(made.paid_at + HOUR)
    return made


def found():
    return Violation.everything.get(kind=Breach.UNPAID_RULING)


def test_what_was_only_proposed_is_dismissed_with_the_appeals_number(cast, made):
    appeal = grant(submit(made, cast, now=made.paid_at + DAY), cast, now=made.paid_at + 2 * DAY)
    assert (found().state, found().decision) == ("dismissed", appeal.no)


@pytest.mark.parametrize("against", ["the compensation", "the ruling"])
def test_what_was_upheld_is_revoked_and_its_deduction_comes_back_too(cast, made, against):
    before = ledger.balances(cast.shop)
    punishing.uphold(found(), by=cast.as_ray, now=made.paid_at + 2 * HOUR)
    assert ledger.balances(cast.shop).held == before.held + 5_000
    subject = made if against == "the compensation" else fresh(made.case)
    grant(submit(subject, cast, now=made.paid_at + DAY), cast, now=made.paid_at + 2 * DAY)
    assert found().state == "revoked"
    assert (ledger.balances(cast.shop).held, ledger.balances(cast.shop).deposit) == (0, 100_000)
    assert ledger.check() == []


def test_granted_in_part_something_was_to_be_paid_and_was_not(cast, made):
    punishing.uphold(found(), by=cast.as_ray, now=made.paid_at + 2 * HOUR)
    grant_part(submit(made, cast, now=made.paid_at + DAY), cast, 1_000, now=made.paid_at + 2 * DAY)
    assert found().state == "upheld"
    assert ledger.check() == []
