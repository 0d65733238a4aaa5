"""Both sides are heard: statements, evidence, and what time does to who says nothing."""

from datetime import timedelta

import pytest

from disputes import actions
from disputes.models import Exhibit
from shop_cs.models import Notice
from shop_cs.moves import Refused, stamp
from tests.case_stories import DAY, HOUR, SECOND, arbitrating, fresh, open_case, proof
from tests.factories import EvidenceFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import sweep_at

LATER = TUESDAY_10 + HOUR


def state(case, cast, **more):
    return actions.state_case(case, **{"text": "商品完好", "by": cast.as_alice, "now": LATER, **more})


def test_one_side_alone_does_not_move_the_case_and_both_do_at_once(cast):
    case = state(open_case(cast), cast)
    assert case.state == "collecting"
    case = actions.consumer_states(case, text="破损", now=LATER + HOUR)
    assert (case.state, case.arbitrating_since) == ("arbitrating", LATER + HOUR)
    assert (case.merchant_late_at, case.consumer_late_at) == (None, None)


def test_a_statement_can_be_replaced_until_both_were_heard(cast):
    case = state(open_case(cast), cast)
    case = state(case, cast, text="已与消费者沟通", now=LATER + HOUR)
    assert case.merchant_statement == "已与消费者沟通"
    actions.consumer_states(case, text="破损", now=LATER + 2 * HOUR)
    with pytest.raises(Refused) as error:
        state(case, cast, now=LATER + 3 * HOUR)
    assert error.value.refusal.code == "heard"


def test_a_statement_comes_with_evidence_or_not_at_all(cast):
    case = open_case(cast)
    good, strange = proof(case), EvidenceFactory()
    with pytest.raises(Refused) as error:
        state(case, cast, evidence=[(good, "开箱视频"), (strange, "")])
    assert error.value.refusal.status == 404
    assert (fresh(case).merchant_stated_at, Exhibit.everything.count()) == (None, 0)
    state(case, cast, evidence=[(good, "开箱视频")])
    assert Exhibit.everything.get().proves == "开箱视频"


def test_a_piece_shown_twice_is_shown_once_and_can_be_taken_back(cast):
    case = open_case(cast)
    piece = proof(case)
    shown = actions.show(case, evidence=piece, by=cast.as_alice, now=LATER)
    assert actions.show(case, evidence=piece, by=cast.as_alice, now=LATER) == shown
    actions.take_back(shown, by=cast.as_alice, now=LATER)
    assert Exhibit.everything.count() == 0
    with pytest.raises(Refused) as error:
        actions.take_back(shown, by=cast.as_alice, now=LATER)
    assert error.value.refusal.code == "gone"


def test_the_consumers_pieces_are_not_the_merchants_to_take_back(cast):
    case = open_case(cast)
    actions.consumer_states(case, text="破损", evidence=[(proof(case, side="consumer"), "照片")], now=LATER)
    with pytest.raises(Refused) as error:
        actions.take_back(Exhibit.everything.get(), by=cast.as_alice, now=LATER)
    assert error.value.refusal.code == "frozen"


def test_a_case_carries_as_many_pieces_as_the_rulebook_says(cast):
    case = open_case(cast)
    for _n in range(case.rulebook.evidence_max):
        actions.show(case, evidence=proof(case), by=cast.as_alice, now=LATER)
    with pytest.raises(Refused) as error:
        actions.show(case, evidence=proof(case), by=cast.as_alice, now=LATER)
    assert (error.value.refusal.code, error.value.refusal.status) == ("too_many", 400)


def test_who_said_nothing_in_time_is_late_for_ever_and_the_platform_arbitrates_from_that_instant(cast):
    case = state(open_case(cast), cast)
    sweep_at(case.deadline)
    assert fresh(case).state == "collecting"
    sweep_at(case.deadline + DAY)
    case = fresh(case)
    assert (case.state, case.arbitrating_since) == ("arbitrating", case.deadline)
    assert (case.merchant_late_at, case.consumer_late_at) == (None, case.deadline)
    assert Notice.everything.filter(kind="case_arbitrating").count() == 1


def test_a_late_word_is_refused_even_when_no_worker_runs(cast):
    case = open_case(cast)
    late = case.deadline + timedelta(microseconds=1)
    for act in (
        lambda: state(case, cast, now=late),
        lambda: actions.consumer_states(case, text="破损", now=late),
        lambda: actions.show(case, evidence=proof(case), by=cast.as_alice, now=late),
    ):
        with pytest.raises(Refused) as error:
            act()
        assert error.value.refusal.code == "late"
    assert state(case, cast, now=case.deadline).merchant_stated_at == case.deadline


def test_a_page_that_is_out_of_date_changes_nothing(cast):
    case = open_case(cast)
    actions.offer(case, remedy="resend", by=cast.as_alice, now=LATER)
    with pytest.raises(Refused) as error:
        state(case, cast, expect=stamp(case))
    assert error.value.refusal.code == "stale"


def test_asked_for_more_both_sides_have_a_fresh_limit_and_silence_of_before_stays_known(cast):
    case = open_case(cast)
    sweep_at(case.deadline + SECOND)
    case = actions.ask_more(fresh(case), reason="请补充出库视频", by=cast.as_rita, now=shanghai("2026-03-05 20:00"))
    assert (case.state, case.round, case.deadline) == ("collecting", 2, shanghai("2026-03-07 20:00"))
    assert case.merchant_late_at == shanghai("2026-03-05 10:00")
    case = state(case, cast, now=shanghai("2026-03-06 10:00"))
    assert case.merchant_stated_at == shanghai("2026-03-06 10:00")


def test_asking_for_more_needs_words(cast):
    with pytest.raises(Refused) as error:
        actions.ask_more(arbitrating(cast), reason=" ", by=cast.as_rita, now=LATER + DAY)
    assert error.value.refusal.status == 400


def test_twelve_working_hours_before_the_end_the_shop_is_told_once(cast):
    case = open_case(cast)
    sweep_at(case.due_soon_at)
    sweep_at(case.due_soon_at + HOUR)
    assert Notice.everything.filter(kind="case_due_soon").count() == 1
