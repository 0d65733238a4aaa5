"""A violation is proposed, judged, and brings what the ladder says; undone, it leaves no trace but the trail."""

from datetime import timedelta

import pytest

from disputes import consequences
from disputes.actions import punishing
from disputes.models import Penalty, ViolationState
from shop_cs import ledger
from shop_cs.access import merchant_actor
from shop_cs.actors import CLOCK
from shop_cs.models import Notice, Rulebook, Shop, Transfer
from shop_cs.moves import Refused
from tests import case_stories, stories
from tests.case_stories import DAY, HOUR, SECOND, fund
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import sweep_at

NOW = TUESDAY_10


def found(cast, *, kind="negative_handling", now=NOW, by=None, **more):
    """Rita has found a breach of Alice's shop."""
    said = {"source": "reviewer", "detail": "言语辱骂消费者", **more}
    return punishing.propose(shop=cast.shop, kind=kind, by=by or cast.as_rita, now=now, **said)


def upheld(cast, *, now=NOW, **more):
    return punishing.uphold(found(cast, now=now, **more), by=cast.as_rita, now=now)


def fresh(record):
    return type(record).everything.select_related("shop", "rulebook").get(pk=record.pk)


def shop_of(cast):
    return Shop.objects.get(pk=cast.shop.pk)


def copied(cast, quantity, *, account="A", now=NOW):
    return upheld(cast, kind="copied_video", quantity=quantity, account=account, now=now)


def refused(act, *args, **said):
    with pytest.raises(Refused) as refusal:
        act(*args, **said)
    return refusal.value.refusal.code, refusal.value.refusal.status


def test_what_is_proposed_punishes_nobody(cast):
    violation = found(cast, kind="abuse")
    assert violation.state == ViolationState.PROPOSED
    assert not Penalty.everything.exists()
    assert not Notice.everything.exists()
    assert violation.history.get().move == "propose"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"detail": "  "}, ("detail", 400)),
        ({"quantity": 0}, ("quantity", 400)),
        ({"kind": "copied_video"}, ("account", 400)),
        ({"kind": "copied_video", "account": "  "}, ("account", 400)),
    ],
)
def test_a_violation_says_what_was_found(cast, said, answer):
    assert refused(found, cast, **said) == answer


@pytest.mark.parametrize("who", ["as_alice", "as_pia", "as_olive"])
def test_only_reviewers_and_the_clock_find_violations(cast, who):
    assert refused(found, cast, by=getattr(cast, who)) == ("role", 403)


def test_another_shops_records_are_not_told_of(cast):
    order = OrderFactory(shop=cast.other_shop)
    assert refused(found, cast, order=order) == ("stranger", 404)


def test_one_round_of_a_request_is_one_violation_of_a_kind(cast):
    request = stories.send(cast)
    first = found(cast, source="request", request=request)
    assert (first.request_round, first.order) == (1, request.order)
    assert refused(found, cast, source="request", request=request) == ("twice", 409)
    found(cast, source="request", request=request, request_round=2)
    found(cast, source="request", request=request, kind="passing_the_buck")


def test_a_case_brings_one_violation_of_a_kind(cast):
    case = case_stories.open_case(cast)
    assert found(cast, source="case", case=case, kind="forged_evidence").order == case.order
    assert refused(found, cast, source="case", case=case, kind="forged_evidence") == ("twice", 409)


def test_upheld_it_applies_the_step_and_the_shop_is_told(cast):
    violation = upheld(cast)
    assert (violation.state, violation.step, violation.decided_by) == (ViolationState.UPHELD, 1, cast.rita)
    assert violation.appeal_until == NOW + 15 * DAY
    penalty = Penalty.everything.get()
    assert (penalty.measure, penalty.until_at) == ("warning", None)
    assert penalty.history.get().move == "penalize"
    assert Notice.everything.get().kind == "violation_upheld"


def test_each_upheld_one_applies_the_step_that_the_count_has_reached(cast):
    steps = [upheld(cast, now=NOW + n * HOUR).step for n in range(4)]
    assert steps == [1, 1, 3, 3]
    assert consequences.points_taken(cast.shop, now=NOW + 5 * HOUR) == 4


@pytest.mark.parametrize(("later", "step"), [(90 * DAY - SECOND, 3), (90 * DAY, 1)])
def test_what_is_older_than_the_window_counts_no_more(cast, later, step):
    upheld(cast)
    upheld(cast)
    assert upheld(cast, now=NOW + later).step == step


def test_the_step_that_was_shown_is_the_step_that_is_applied(cast):
    shown = found(cast)
    step = punishing.consequence(shown, now=NOW).threshold
    for _n in range(2):
        upheld(cast)
    answer = refused(punishing.uphold, shown, by=cast.as_rita, now=NOW, expect_step=step)
    assert answer == ("step", 409)
    assert fresh(shown).state == ViolationState.PROPOSED
    assert punishing.uphold(shown, by=cast.as_rita, now=NOW, expect_step=3).step == 3


def test_the_version_under_which_it_was_found_judges_it(cast):
    violation = found(cast)
    Rulebook.objects.filter(name="current").update(name="old")
    Rulebook.objects.create(
        name="hard", effective_from=NOW + SECOND, windows=["09:00-21:00"], ladders={}, credit_points=1
    )
    assert punishing.consequence(violation, now=NOW + DAY).threshold == 1
    assert punishing.next_step_for(cast.shop, "negative_handling", now=NOW + DAY).threshold == 0


def test_an_upheld_violation_is_decided_once(cast):
    violation = found(cast)
    punishing.uphold(violation, by=cast.as_rita, now=NOW)
    assert refused(punishing.uphold, violation, by=cast.as_ray, now=NOW) == ("decided", 409)
    assert refused(punishing.dismiss, violation, reason="误报", by=cast.as_ray, now=NOW) == ("decided", 409)
    assert Penalty.everything.count() == 1


def test_a_page_that_is_out_of_date_upholds_nothing(cast):
    answer = refused(punishing.uphold, found(cast), by=cast.as_rita, now=NOW, expect="proposed:2")
    assert answer == ("stale", 409)
    assert not Penalty.everything.exists()


def test_a_dismissal_has_a_reason_and_is_not_told(cast):
    violation = found(cast)
    assert refused(punishing.dismiss, violation, reason=" ", by=cast.as_rita, now=NOW) == ("reason", 400)
    assert punishing.dismiss(violation, reason="误报", by=cast.as_rita, now=NOW).state == ViolationState.DISMISSED
    assert not Notice.everything.exists()
    assert upheld(cast).step == 1


def test_a_deduction_is_a_transfer_from_the_deposit(cast):
    fund(cast.shop, deposit=60_000)
    violation = upheld(cast, kind="abuse")
    assert ledger.balances(cast.shop) == ledger.Balances(deposit=0, owed=40_000, held=100_000)
    assert {one.reference for one in Transfer.everything.filter(cause="taken")} == {violation.no}
    assert Penalty.everything.get(measure="deduct").amount_fen == 100_000


def test_an_appeal_undoes_all_that_followed(cast):
    fund(cast.shop, deposit=150_000)
    violation = upheld(cast, kind="abuse")
    punishing.undo(violation, by=cast.as_ray, now=NOW + HOUR, appeal_no="AP1")
    assert fresh(violation).state == ViolationState.REVOKED
    assert ledger.balances(cast.shop) == ledger.Balances(deposit=150_000)
    assert consequences.points_taken(cast.shop, now=NOW + HOUR) == 0
    assert Penalty.everything.get(measure="deduct").refunded_fen == 100_000
    assert upheld(cast, kind="abuse", now=NOW + 2 * HOUR).step == 1


def test_an_undone_suspension_does_not_make_the_next_account_the_second(cast):
    first = copied(cast, 10)
    assert set(shop_of(cast).bars_at(NOW)) == {"publish", "suspended"}
    punishing.undo(first, by=cast.as_ray, now=NOW, appeal_no="AP1")
    assert shop_of(cast).bars == {}
    copied(cast, 10, account="B")
    assert shop_of(cast).bars_at(NOW)["suspended"] == NOW + 7 * DAY
    copied(cast, 10, account="C")
    assert shop_of(cast).bars_at(NOW)["suspended"] == NOW + 30 * DAY


def test_of_two_suspensions_the_longer_binds_and_the_shorter_stays_when_it_is_undone(cast):
    short, long = copied(cast, 10), copied(cast, 30, account="B")
    assert shop_of(cast).bars_at(NOW)["suspended"] is None
    punishing.undo(long, by=cast.as_ray, now=NOW, appeal_no="AP1")
    assert shop_of(cast).bars_at(NOW)["suspended"] == NOW + 7 * DAY
    punishing.undo(short, by=cast.as_ray, now=NOW, appeal_no="AP2")
    assert shop_of(cast).bars == {}


@pytest.mark.parametrize("worker_came_by", [True, False])
@pytest.mark.parametrize(("after", "binds"), [(-SECOND, True), (timedelta(0), False)])
def test_a_bar_whose_time_has_come_binds_no_more_whether_or_not_a_worker_ran(cast, after, binds, worker_came_by):
    copied(cast, 10)
    at = NOW + 7 * DAY + after
    if worker_came_by:
        sweep_at(at)
    cast.alice_member.refresh_from_db()
    alice = merchant_actor(type(cast.alice_member).everything.get(pk=cast.alice_member.pk), now=at)
    assert alice.may("export_requests") is not binds
    assert alice.may("answer_requests")
    assert bool(shop_of(cast).bars) is (binds or not worker_came_by)


def test_the_sweep_ends_what_is_over_at_its_own_instant_and_tells_once(cast):
    copied(cast, 10)
    sweep_at(NOW + 8 * DAY)
    over = Penalty.everything.exclude(until_at=None)
    assert {one.ended_at for one in over} == {NOW + 7 * DAY}
    assert {one.history.first().move for one in over} == {"penalty_over"}
    assert Notice.everything.filter(kind="penalty_over").count() == 1
    assert shop_of(cast).history.order_by("-history_id").first().move == "bar"
    assert sweep_at(NOW + 9 * DAY)["penalties"] == 0


@pytest.mark.parametrize(("after", "held"), [(15 * DAY, 100_000), (15 * DAY + SECOND, 0)])
def test_a_deduction_becomes_final_when_no_appeal_can_come_any_more(cast, after, held):
    fund(cast.shop, deposit=100_000)
    upheld(cast, kind="abuse")
    sweep_at(NOW + after)
    assert ledger.balances(cast.shop).held == held


def test_nobody_undoes_what_does_not_stand(cast):
    answer = refused(punishing.undo, found(cast), by=cast.as_ray, now=NOW, appeal_no="AP1")
    assert answer == ("state", 409)


def test_the_next_step_is_known_to_the_merchant_before_it_comes(cast):
    for _n in range(2):
        upheld(cast)
    coming = punishing.next_step_for(cast.shop, "negative_handling", now=NOW)
    assert (coming.before, coming.threshold, coming.points_after) == (2, 3, 10)
    assert punishing.next_step_for(cast.other_shop, "negative_handling", now=NOW).threshold == 1


def test_all_warnings_cost_the_same_however_many_kinds_and_accounts(cast, django_assert_num_queries):
    copied(cast, 3)
    copied(cast, 9, account="B")
    rulebook = Rulebook.objects.get(name="current")
    with django_assert_num_queries(1):
        told = consequences.warnings_for(cast.shop, rulebook, now=NOW)
    videos = {one.account: one.threshold for one in told if one.kind == "copied_video"}
    assert videos == {"A": 1, "B": 10, "": 1}


def test_the_clock_may_not_uphold(cast):
    assert refused(punishing.uphold, found(cast), by=CLOCK, now=NOW) == ("role", 403)
