"""The ruling: for whom, how much, who is to blame, and whether it counts."""

import pytest

from disputes import actions
from disputes.models import Case
from shop_cs.actors import Actor, Role
from shop_cs.models import Notice
from shop_cs.moves import Refused
from tests.case_stories import CLAIM_FEN, DAY, HOUR, arbitrating, fresh, ruled
from tests.people import TUESDAY_10

LATER = TUESDAY_10 + 3 * HOUR


def rule(case, cast, **said):
    whole = {"outcome": "consumer", "blame": "merchant", "reason": "破损", "award_fen": CLAIM_FEN, "by": cast.as_rita}
    return actions.rule(case, **{**whole, "now": LATER, **said})


def refusal(case, cast, **said):
    with pytest.raises(Refused) as error:
        rule(case, cast, **said)
    assert fresh(case).state == "arbitrating"
    return error.value.refusal


@pytest.mark.parametrize("outcome", ["consumer", "shared"])
def test_ruled_against_the_merchant_the_amount_is_due_in_48_hours(cast, outcome):
    case = ruled(cast, outcome=outcome, award_fen=6_000, blame="both")
    assert (case.state, case.outcome, case.award_fen, case.pay_due) == ("paying", outcome, 6_000, LATER + 2 * DAY)
    assert (case.ruled_by, case.is_counting) == (cast.rita, True)
    assert Notice.everything.filter(kind=f"case_ruled_{outcome}").exists()


def test_ruled_for_the_merchant_it_is_closed_and_nothing_is_due(cast):
    case = ruled(cast, outcome="merchant")
    assert (case.state, case.award_fen, case.pay_due, case.closed_at) == ("closed", None, None, LATER)
    assert list(Case.everything.won_by_merchant()) == [case]


@pytest.mark.parametrize("fen", [None, 0, -1, 19_901])
def test_an_award_is_above_nothing_and_at_most_what_the_order_cost(cast, fen):
    assert refusal(arbitrating(cast), cast, award_fen=fen).code == "amount"


@pytest.mark.parametrize("fen", [1, 19_900])
def test_both_ends_of_that_can_be_awarded(cast, fen):
    assert rule(arbitrating(cast), cast, award_fen=fen).award_fen == fen


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"reason": "  "}, "reason"),
        ({"blame": ""}, "blame"),
        ({"outcome": "merchant", "award_fen": 5, "blame": "consumer"}, "amount"),
        ({"outcome": "merchant", "award_fen": None, "blame": "both"}, "blame"),
        ({"counts": False}, "scene"),
        ({"scene": "courier"}, "scene"),
    ],
)
def test_a_ruling_that_contradicts_itself_or_says_too_little_is_refused(cast, said, code):
    told = refusal(arbitrating(cast), cast, **said)
    assert (told.code, told.status) == (code, 400)


@pytest.mark.parametrize(
    ("said", "is_counting"),
    [
        ({"blame": "merchant"}, True),
        ({"blame": "both"}, True),
        ({"blame": "consumer"}, False),
        ({"blame": "platform"}, False),
        ({"blame": "influencer"}, False),
        ({"counts": False, "scene": "service"}, False),
    ],
)
def test_what_counts_in_the_liability_rate_is_the_merchants_blame_outside_the_excepted_scenes(cast, said, is_counting):
    case = rule(arbitrating(cast), cast, **said)
    assert case.is_counting == is_counting
    assert Case.everything.counting().exists() == is_counting


def test_pia_who_is_also_a_reviewer_does_not_rule_on_the_case_she_opened(cast):
    both = Actor(Role.REVIEWER, user_id=cast.pia.pk, name="皮娅")
    told = refusal(arbitrating(cast), cast, by=both)
    assert (told.code, told.status) == ("own_case", 403)


def test_the_second_of_two_rulings_hears_that_it_is_decided(cast):
    case = arbitrating(cast)
    rule(case, cast)
    with pytest.raises(Refused) as error:
        rule(case, cast, by=cast.as_ray, outcome="merchant", award_fen=None, blame="consumer")
    assert error.value.refusal.code == "decided"
    assert fresh(case).outcome == "consumer"


def test_the_open_apis_codes_are_told(cast):
    case = arbitrating(cast)
    assert (case.open_api_status, case.open_api_blame) == (1, None)
    case = rule(case, cast, blame="influencer")
    assert (case.open_api_status, case.open_api_blame) == (255, 5)
