"""What the worker proposes as violations, what a filing excuses, and that the books hold whatever is undone."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disputes import consequences
from disputes.actions import punishing
from disputes.models import Penalty, Violation, ViolationState
from shop_cs import ledger, sweep
from shop_cs.models import Notice, Rulebook, Shop
from shop_cs.moves import Refused
from tests.case_stories import DAY, SECOND, compensated, fund
from tests.disputes.test_coverage import filed
from tests.disputes.test_punishing import found, fresh, refused, upheld
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send, sweep_at
from tickets import actions as ticket_actions

NOW = TUESDAY_10


def overdue(cast, *, swept_at=None, **more):
    """A request that nobody answered, and a worker that came by a second later or when it is said."""
    request = send(cast, **more)
    sweep_at(swept_at or request.deadline + SECOND)
    return request


def test_an_overdue_request_is_proposed_in_the_same_pass_and_nobody_is_punished(cast):
    request = overdue(cast)
    violation = Violation.everything.get()
    assert (violation.request, violation.request_round, violation.state) == (request, 1, ViolationState.PROPOSED)
    assert (violation.kind, violation.source, violation.found_by) == ("negative_handling", "request", None)
    assert request.no in violation.detail
    assert violation.history.get().actor_role == "clock"
    assert not Penalty.everything.exists()
    assert not Notice.everything.filter(kind__startswith="violation").exists()


def test_a_request_answered_at_the_very_deadline_is_no_violation(cast):
    request = send(cast)
    reply_unsolved(request, cast, now=request.deadline)
    sweep_at(request.deadline + DAY)
    assert not Violation.everything.exists()


def test_it_is_proposed_once_whatever_became_of_it(cast):
    request = overdue(cast)
    punishing.dismiss(Violation.everything.get(), reason="误报", by=cast.as_rita, now=request.deadline + DAY)
    assert sweep_at(request.deadline + DAY)["overdue_violations"] == 0
    assert Violation.everything.count() == 1


def test_the_next_round_that_is_overdue_is_another_one(cast):
    request = overdue(cast)
    again = ticket_actions.reject(request, reason="请处理", by=cast.as_rita, now=request.deadline + DAY)
    sweep_at(again.deadline + SECOND)
    assert list(Violation.everything.order_by("pk").values_list("request_round", flat=True)) == [1, 2]


@pytest.mark.parametrize(("late", "proposed"), [(timedelta(0), 1), (SECOND, 0)])
def test_what_was_overdue_longer_ago_than_the_rulebook_looks_back_is_left(cast, late, proposed):
    deadline = NOW + 2 * DAY
    overdue(cast, swept_at=deadline + 30 * DAY + late)
    assert Violation.everything.count() == proposed


def test_a_rulebook_that_looks_back_no_day_proposes_nothing(cast):
    Rulebook.objects.filter(name="current").update(overdue_days=0)
    overdue(cast)
    assert not Violation.everything.exists()


def test_what_an_approved_filing_explains_is_excused_at_once_and_told(cast):
    order = OrderFactory(shop=cast.shop)
    filing = filed(cast, orders=[order])
    overdue(cast, order=order)
    violation = Violation.everything.get()
    assert (violation.state, violation.filing) == (ViolationState.EXCUSED, filing)
    assert [row.move for row in violation.history.order_by("history_id")] == ["propose", "excuse"]
    assert Notice.everything.get(kind="violation_excused").path == violation.path


def test_a_filing_of_another_time_or_one_not_approved_explains_nothing(cast):
    order = OrderFactory(shop=cast.shop)
    filed(cast, orders=[order], state="rejected")
    filed(cast, orders=[order], starts_at=NOW - 2 * DAY, ends_at=NOW - SECOND)
    overdue(cast, order=order)
    assert Violation.everything.get().state == ViolationState.PROPOSED


def test_a_ruling_that_the_platform_had_to_pay_is_proposed_once(cast):
    case = compensated(cast).case
    violation = Violation.everything.get()
    assert (violation.case, violation.kind, violation.state) == (case, "unpaid_ruling", ViolationState.PROPOSED)
    assert "¥99.00" in violation.detail
    assert sweep_at(case.pay_due + DAY)["unpaid_violations"] == 0


def test_many_overdue_requests_are_proposed_in_few_statements(cast, django_assert_max_num_queries, monkeypatch):
    others = {"exams", "exams_missed", "give_out"}
    monkeypatch.setattr(sweep, "JOBS", [job for job in sweep.JOBS if not job.tidies and job.name not in others])
    shop_orders = [OrderFactory(shop=cast.shop) for _n in range(12)]
    for order in shop_orders:
        send(cast, order=order)
    with django_assert_max_num_queries(75):
        sweep_at(NOW + 3 * DAY)
    assert Violation.everything.proposed().count() == 12


def test_an_excuse_undoes_what_was_upheld_and_the_books_hold(cast):
    fund(cast.shop, deposit=50_000)
    violation = upheld(cast, kind="abuse")
    filing = filed(cast)
    punishing.excuse(violation, filing=filing, by=cast.as_ray, now=NOW + DAY)
    violation = fresh(violation)
    assert (violation.state, violation.filing, violation.decided_by) == (ViolationState.EXCUSED, filing, cast.rita)
    assert ledger.balances(cast.shop) == ledger.Balances(deposit=50_000)
    assert ledger.check() == []


def test_what_was_settled_for_good_does_not_come_back_by_an_excuse(cast):
    fund(cast.shop, deposit=100_000)
    violation = upheld(cast, kind="abuse")
    sweep_at(NOW + 16 * DAY)
    punishing.excuse(violation, filing=filed(cast), by=cast.as_ray, now=NOW + 17 * DAY)
    assert ledger.balances(cast.shop).deposit == 0
    assert consequences.points_taken(cast.shop, now=NOW + 17 * DAY) == 0
    assert Penalty.everything.get(measure="deduct").refunded_fen == 0
    assert ledger.check() == []


def test_only_an_approved_filing_of_the_shop_excuses(cast):
    violation = found(cast)
    waiting = filed(cast, state="submitted")
    assert refused(punishing.excuse, violation, filing=waiting, by=cast.as_ray, now=NOW) == ("not_approved", 409)
    other = filed(cast, shop=cast.other_shop)
    assert refused(punishing.excuse, violation, filing=other, by=cast.as_ray, now=NOW) == ("stranger", 404)
    assert fresh(violation).state == ViolationState.PROPOSED


def test_the_check_of_the_ledger_names_a_penalty_that_says_something_else(cast):
    fund(cast.shop, deposit=100_000)
    violation = upheld(cast, kind="abuse")
    assert ledger.check() == []
    Penalty.everything.filter(measure="deduct").update(refunded_fen=7)
    assert [violation.no in problem for problem in ledger.check()] == [True]


def test_the_check_of_the_ledger_names_a_refund_that_nothing_undid(cast):
    fund(cast.shop, deposit=100_000)
    violation = upheld(cast, kind="abuse")
    ledger.refund(shop=cast.shop, subject=violation.no, amount_fen=100, appeal_no="AP-NONE", by=cast.as_rita, now=NOW)
    assert any("AP-NONE" in problem for problem in ledger.check())


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["abuse", "negative_handling", "copied_video", "undo"]),
        st.integers(1, 12),
        st.sampled_from("AB"),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_upheld_and_undone_bars_and_points_are_those_of_the_penalties_in_force(cast, acts):
    shop, now, standing = Shop.objects.create(no=f"H{Shop.objects.count()}", name="试", created_at=NOW), NOW, []
    cast.shop = shop
    for kind, quantity, account, days in acts:
        now += days * DAY
        if kind != "undo":
            before = ledger.balances(shop), consequences.points_taken(shop, now=now), bars(shop, now)
            standing.append((upheld(cast, kind=kind, quantity=quantity, account=account, now=now), before, now))
        elif standing:
            violation, before, at = standing.pop()
            punishing.undo(violation, by=cast.as_ray, now=now, appeal_no=f"AP{violation.no}")
            if at == now:
                assert (ledger.balances(shop), consequences.points_taken(shop, now=now), bars(shop, now)) == before
        _is_sound(shop, now)


def bars(shop, now):
    return Shop.objects.get(pk=shop.pk).bars_at(now)


def _is_sound(shop, now):
    rows = list(Penalty.everything.filter(shop=shop, undone_at=None))
    binding = {p.permission or punishing.BINDING[p.measure] for p in rows if p.measure in punishing.BINDING}
    assert bars(shop, now).keys() <= binding
    assert all(until is None or until > now for until in bars(shop, now).values())
    in_force = [p for p in rows if p.measure in punishing.BINDING and p.is_in_force(now)]
    assert bars(shop, now).keys() == {p.permission or punishing.BINDING[p.measure] for p in in_force}
    assert consequences.points_taken(shop, now=now) == sum(p.points for p in rows if p.is_in_force(now))


def test_two_judgements_in_a_row_count_each_other(cast):
    both = [found(cast), found(cast), found(cast)]
    steps = [punishing.uphold(one, by=cast.as_rita, now=NOW).step for one in both]
    assert steps == [1, 1, 3]
    with pytest.raises(Refused):
        punishing.uphold(both[0], by=cast.as_ray, now=NOW)
