"""What follows from a violation: the count, the step, the measures with their dates, in words. [1]"""

from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from disputes import consequences
from disputes.consequences import Against, follows
from shop_cs import ladders
from shop_cs.ladders import Breach
from shop_cs.ledger import Balances
from tests.people import TUESDAY_10

NOW = TUESDAY_10
SHIPPED = ladders.read(ladders.shipped())
VIDEOS, SERVICE = SHIPPED[Breach.COPIED_VIDEO], SHIPPED[Breach.NEGATIVE_HANDLING]
DAY = timedelta(days=1)


def videos(before, *, quantity=1, others=(), **more):
    stands = Against(counts={("copied_video", "A"): before}, suspended={"copied_video": set(others)}, **more)
    return follows(VIDEOS, stands, kind="copied_video", account="A", quantity=quantity, now=NOW)


def measures(found):
    return [(one.action.measure, one.until_at and (one.until_at - NOW).days) for one in found.measures]


@pytest.mark.parametrize(
    ("before", "step"), [(0, 1), (8, 1), (9, 10), (10, 10), (28, 10), (29, 30), (30, 30), (500, 30)]
)
def test_the_ladder_of_copied_videos_has_its_edges_at_ten_and_thirty(before, step):
    assert videos(before).threshold == step


@pytest.mark.parametrize(
    ("others", "days"), [((), 7), (("B",), 30), (("B", "C"), 90), (("B", "C", "D"), None), (("B", "C", "D", "E"), None)]
)
def test_how_long_depends_on_the_how_manieth_account_of_the_owner_it_is(others, days):
    assert measures(videos(9, others=others)) == [("take_down", None), ("restrict", days), ("suspend", days)]


def test_an_account_that_was_suspended_before_is_no_other_account():
    assert measures(videos(12, others=("A",)))[2] == ("suspend", 7)


def test_from_thirty_on_it_is_for_ever_at_once():
    assert measures(videos(0, quantity=30)) == [("take_down", None), ("suspend", None)]


def test_another_account_is_counted_by_itself():
    stands = Against(counts={("copied_video", "B"): 29})
    assert follows(VIDEOS, stands, kind="copied_video", account="A", now=NOW).threshold == 1


def test_a_ladder_that_does_not_ask_for_the_account_counts_them_together():
    stands = Against(counts={("negative_handling", "A"): 1, ("negative_handling", "B"): 1, ("abuse", ""): 5})
    found = follows(SERVICE, stands, kind="negative_handling", now=NOW)
    assert (found.before, found.after, found.threshold) == (2, 3, 3)


def test_points_never_fall_below_zero_and_money_is_split_as_the_ledger_does():
    stands = Against(
        counts={("negative_handling", ""): 4}, credit=12, points=10, money=Balances(deposit=30_000, other=15_000)
    )
    found = follows(SERVICE, stands, kind="negative_handling", now=NOW)
    assert (found.points_before, found.points_after) == (2, 0)
    assert found.deducted == (30_000, 15_000, 5_000)
    assert (found.deposit_after, found.other_after, found.owed_after) == (0, 0, 5_000)


def test_a_kind_without_a_ladder_brings_nothing():
    found = follows(None, Against(credit=12), kind="abuse", now=NOW)
    assert (found.threshold, found.measures, found.next_step, found.points_after) == (0, (), None, 12)


def test_it_is_told_in_words_with_what_the_step_above_brings():
    with translation.override("en"):
        found = videos(9)
        assert [one.text for one in found.measures] == [
            "Items taken down",
            "May not publish on its channels (until 2026-03-10 10:00)",
            "Suspension (until 2026-03-10 10:00)",
        ]
        assert found.measures[2].lasting == "Suspension, for 7 days"
        assert found.next_in_words == "from 30 on: Items taken down, Suspension"
        assert videos(30).measures[1].text == "Suspension (for ever)"
        assert videos(30).next_in_words == ""


def test_each_measure_says_what_it_does_to_the_shops_work():
    with translation.override("en"):
        suspended = videos(9).measures[2]
        assert "report malicious users" in suspended.effect
        assert videos(9).measures[0].effect == "Done on the shop platform itself."
        assert consequences.effect_words("warning") == ""


@given(before=st.integers(0, 60), quantity=st.integers(1, 40), others=st.sets(st.sampled_from("ABCDEF")))
def test_more_complaints_never_bring_a_lower_step(before, quantity, others):
    found = videos(before, quantity=quantity, others=others)
    assert found.after == before + quantity
    assert found.threshold >= videos(before, others=others).threshold
    assert found.threshold <= found.after
    assert found.next_step is None or found.next_step.at > found.after


@given(counts=st.lists(st.integers(1, 9), max_size=8), points=st.integers(0, 40))
def test_what_is_deducted_is_all_of_it_and_takes_no_more_than_there_is(counts, points):
    stands = Against(
        counts={("negative_handling", str(n)): count for n, count in enumerate(counts)},
        credit=12,
        points=points,
        money=Balances(deposit=20_000, other=100),
    )
    found = follows(SERVICE, stands, kind="negative_handling", now=NOW)
    assert found.deduct_fen == sum(action.fen for action in ladders.actions_of(found.step))
    assert min(found.deposit_after, found.other_after, found.owed_after) >= 0
    assert 0 <= found.points_after <= found.points_before <= 12
