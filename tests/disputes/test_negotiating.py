"""The merchant offers, the consumer answers, or time does."""

import pytest

from disputes import actions
from disputes.models import Offer
from shop_cs.models import ConsumerMessage, Notice
from shop_cs.moves import Refused
from tests.case_stories import CLAIM_FEN, DAY, HOUR, SECOND, fresh, open_case, proof
from tests.people import TUESDAY_10
from tests.stories import sweep_at

LATER = TUESDAY_10 + HOUR


def offered(cast, *, case=None, now=LATER, remedy="amount", amount_fen=5_000, **more):
    """Alice offers something; resends have no amount."""
    amount = amount_fen if remedy == "amount" else None
    case = case or open_case(cast)
    return actions.offer(case, remedy=remedy, amount_fen=amount, by=cast.as_alice, now=now, **more)


def test_an_offer_stands_for_a_day_and_the_consumer_gets_a_link(cast):
    offer = offered(cast, text="退一半")
    case = fresh(offer.case)
    assert (case.state, case.offer_until) == ("negotiating", LATER + DAY)
    told = ConsumerMessage.history.get(kind="offer")
    assert (told.move, told.actor_name, told.rulebook_name) == ("offer", "爱丽丝", "current")
    assert told.history_date == LATER


@pytest.mark.parametrize("fen", [0, -5, 19_901, None])
def test_an_offer_is_above_nothing_and_at_most_what_the_order_cost(cast, fen):
    with pytest.raises(Refused) as error:
        offered(cast, amount_fen=fen)
    assert (error.value.refusal.code, error.value.refusal.status) == ("amount", 400)
    assert Offer.everything.count() == 0


@pytest.mark.parametrize("fen", [1, 19_900])
def test_both_ends_of_that_can_be_offered(cast, fen):
    assert offered(cast, amount_fen=fen).amount_fen == fen


def test_a_resend_has_no_amount(cast):
    assert offered(cast, remedy="resend").amount_fen is None
    with pytest.raises(Refused) as error:
        actions.offer(open_case(cast), remedy="resend", amount_fen=5, by=cast.as_alice, now=LATER)
    assert error.value.refusal.status == 400


def test_accepted_the_amount_is_due_within_the_time_to_pay_and_nobody_is_blamed(cast):
    case = actions.accept(offered(cast), now=LATER + HOUR)
    assert (case.state, case.outcome, case.award_fen) == ("paying", "settled", 5_000)
    assert case.pay_due == LATER + HOUR + 2 * DAY
    assert (case.blame, case.is_counting) == ("", False)
    assert Notice.everything.filter(kind="case_settled").exists()


def test_declined_it_goes_on_where_it_was(cast):
    offer = offered(cast)
    case = actions.decline(offer, comment="要全额退款", now=LATER + HOUR)
    assert (case.state, case.offer_until) == ("collecting", None)
    offer.refresh_from_db()
    assert (offer.accepted, offer.comment) == (False, "要全额退款")


def test_declined_after_both_were_heard_it_goes_to_the_reviewer(cast):
    case = offered(cast).case
    case = actions.state_case(case, text="已出价", by=cast.as_alice, now=LATER)
    case = actions.consumer_states(case, text="不接受", now=LATER)
    assert case.state == "negotiating"
    assert actions.decline(case.offers.get(), now=LATER + HOUR).state == "arbitrating"


@pytest.mark.parametrize("answer", [actions.accept, actions.decline])
def test_an_offer_is_answered_once(cast, answer):
    offer = offered(cast)
    answer(offer, now=LATER)
    with pytest.raises(Refused) as error:
        actions.accept(offer, now=LATER)
    assert error.value.refusal.code == "answered"


def test_an_old_offer_is_not_answered_through_a_new_one(cast):
    first = offered(cast)
    case = actions.decline(first, now=LATER)
    second = offered(cast, case=case, now=LATER + HOUR, amount_fen=6_000)
    with pytest.raises(Refused):
        actions.accept(first, now=LATER + HOUR)
    assert actions.accept(second, now=LATER + HOUR).award_fen == 6_000


def test_the_rulebook_says_how_many_offers_a_case_has(cast):
    case = open_case(cast)
    for _n in range(case.rulebook.offers_max):
        case = actions.decline(offered(cast, case=case), now=LATER)
    with pytest.raises(Refused) as error:
        offered(cast, case=case)
    assert error.value.refusal.code == "offered_out"


def test_silence_lets_an_offer_lapse_at_its_instant_and_not_before(cast):
    offer = offered(cast)
    sweep_at(offer.expires_at)
    assert fresh(offer.case).state == "negotiating"
    sweep_at(offer.expires_at + HOUR)
    offer.refresh_from_db()
    assert (fresh(offer.case).state, offer.lapsed_at) == ("collecting", offer.expires_at)
    with pytest.raises(Refused):
        actions.accept(offer, now=offer.expires_at + HOUR)


def test_when_the_time_for_evidence_ran_out_meanwhile_the_same_pass_hands_it_on(cast):
    case = open_case(cast)
    offer = offered(cast, case=case, now=case.deadline)
    sweep_at(offer.expires_at + SECOND)
    assert fresh(case).state == "arbitrating"


def test_an_offer_late_is_refused(cast):
    case = open_case(cast)
    with pytest.raises(Refused) as error:
        offered(cast, case=case, now=case.deadline + SECOND)
    assert error.value.refusal.code == "late"


def test_a_withdrawn_claim_closes_the_case_and_its_offer(cast):
    offer = offered(cast)
    case = actions.withdraw(offer.case, comment="已和好", now=LATER + HOUR)
    offer.refresh_from_db()
    assert (case.state, case.outcome, offer.lapsed_at) == ("closed", "withdrawn", LATER + HOUR)
    with pytest.raises(Refused):
        actions.withdraw(case, now=LATER + HOUR)


def test_goods_that_were_promised_and_not_sent_go_back_to_the_reviewer(cast):
    case = actions.accept(offered(cast, remedy="resend"), now=LATER)
    sweep_at(case.pay_due)
    assert fresh(case).state == "paying"
    sweep_at(case.pay_due + SECOND)
    again = fresh(case)
    assert (again.state, again.outcome, again.arbitrating_since) == ("arbitrating", "", case.pay_due)


def test_goods_that_were_sent_and_proved_close_it(cast):
    case = actions.accept(offered(cast, remedy="resend"), now=LATER)
    case = actions.pay(case, note="顺丰 SF123", evidence=[(proof(case), "运单")], by=cast.as_bob, now=LATER + DAY)
    assert (case.state, case.paid_by, case.award_fen) == ("closed", cast.bob, None)
    assert case.claim_fen == CLAIM_FEN


@pytest.mark.parametrize("by_whom", ["clock", "consumer"])
def test_an_offer_that_lapses_says_by_whom_and_under_which_rulebook(cast, by_whom):
    offer = offered(cast)
    if by_whom == "clock":
        sweep_at(offer.expires_at + SECOND)
    else:
        actions.withdraw(offer.case, now=LATER + HOUR)
    row = Offer.history.latest("history_id")
    assert (row.move, row.actor_role, row.rulebook_name) == ("offer_lapsed", by_whom, "current")
