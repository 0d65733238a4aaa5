"""Many at once on one case, and on the money of many: one outcome, nothing twice, nobody waits in a ring."""

from collections import Counter

import pytest

from disputes import actions
from disputes.models import Case, Compensation, Offer
from shop_cs import ledger, sweep
from shop_cs.models import Notice
from tests import case_stories
from tests.case_stories import CLAIM_FEN, HOUR, SECOND, fresh, fund, proof
from tests.crowd import all_at_once, real_rows
from tests.factories import OrderFactory, ShopFactory
from tests.people import TUESDAY_10, make_cast

LATER = TUESDAY_10 + 3 * HOUR
pytestmark = real_rows


@pytest.fixture
def people(transactional_db):
    return make_cast()


def rule(case, by, **said):
    return actions.rule(case, reason="理由", by=by, now=LATER, **said).outcome


def test_of_two_reviewers_at_once_one_rules(people):
    for _ in range(5):
        case = case_stories.arbitrating(people)
        results = all_at_once(
            lambda case=case: rule(case, people.as_rita, outcome="consumer", blame="merchant", award_fen=1),
            lambda case=case: rule(case, people.as_ray, outcome="merchant", blame="consumer"),
        )
        assert "decided" in results
        assert fresh(case).outcome in results


def test_the_last_two_words_at_once_bring_the_case_to_the_reviewer_once(people):
    for _ in range(5):
        case = case_stories.open_case(people)
        all_at_once(
            lambda case=case: actions.state_case(case, text="完好", by=people.as_alice, now=LATER).state,
            lambda case=case: actions.consumer_states(case, text="破损", now=LATER).state,
        )
        assert fresh(case).state == "arbitrating"
        assert Counter(case.history.values_list("move", flat=True))["both_heard"] == 1


def test_an_offer_is_accepted_or_declined_and_not_both(people):
    for _ in range(5):
        case = case_stories.open_case(people)
        offer = actions.offer(case, remedy="amount", amount_fen=5, by=people.as_alice, now=LATER)
        results = all_at_once(
            lambda offer=offer: actions.accept(offer, now=LATER).state,
            lambda offer=offer: actions.decline(offer, now=LATER).state,
        )
        assert "answered" in results
        assert fresh(case).state == ("paying" if Offer.everything.get(pk=offer.pk).accepted else "collecting")


def test_a_payment_at_the_last_instant_and_two_sweepers_make_one_outcome(people):
    fund(people.shop, deposit=10**6)
    for _ in range(5):
        case = case_stories.ruled(people)
        late, piece = case.pay_due + SECOND, proof(case)
        *_counts, paid = all_at_once(
            lambda late=late: case_stories.sweep_at(late)["unpaid"],
            lambda late=late: case_stories.sweep_at(late)["unpaid"],
            lambda case=case, piece=piece: (
                actions.pay(case, note="", evidence=[(piece, "")], by=people.as_bob, now=case.pay_due).state
            ),
        )
        assert (paid == "closed") != Compensation.everything.filter(case=case).exists()
        assert fresh(case).state == "closed"
    assert ledger.check() == []


def test_the_second_reviewer_twice_at_once_pays_once(people):
    fund(people.shop, deposit=10**7)
    order = OrderFactory(shop=people.shop, amount_fen=500_000)
    case = case_stories.unpaid(people, order=order, award_fen=400_000)
    results = all_at_once(*[lambda: actions.confirm(case, by=people.as_ray, now=case.pay_due + HOUR).state] * 2)
    assert sorted(results) == ["closed", "state"]
    assert ledger.balances(people.shop).held == 400_000


def test_sweepers_who_share_the_unpaid_cases_of_many_shops_pay_each_once(people):
    shops = [people.shop, *(ShopFactory(no=f"M{n}") for n in range(3))]
    for shop in shops:
        fund(shop, deposit=10_000)
    cases = [_ruled_of(shop, people) for _ in range(5) for shop in shops]
    late = max(case.pay_due for case in cases) + SECOND
    counts = all_at_once(*[lambda: sweep.one_pass(now=lambda: late, batch=3)["unpaid"]] * 4)
    assert sum(counts) == len(cases) == Compensation.everything.count()
    assert not Case.everything.exclude(state="closed").exists()
    assert ledger.check() == []
    owed = 5 * CLAIM_FEN - 10_000
    assert [ledger.balances(shop).owed for shop in shops] == [owed] * 4
    assert Notice.everything.filter(kind="case_compensated").count() == len(cases)


def _ruled_of(shop, people):
    """A case of that shop, decided for the consumer after nobody had spoken."""
    case = case_stories.open_case(people, order=OrderFactory(shop=shop))
    case_stories.sweep_at(case.deadline + SECOND)
    said = {"outcome": "consumer", "blame": "merchant", "award_fen": CLAIM_FEN, "reason": "商家未举证"}
    return actions.rule(fresh(case), by=people.as_rita, now=case.deadline + HOUR, **said)
