"""Ladders are data: read with reasons for what makes no sense, written as a text and understood again."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shop_cs import ladder_text, ladders
from shop_cs.ladders import BadLadder, Breach, Measure
from shop_cs.models import Rulebook

WARNING = {"measure": "warning"}


def ladder(*steps, **more):
    return {"abuse": {"steps": list(steps), **more}}


def step(at, *actions):
    return {"at": at, "actions": list(actions or (WARNING,))}


def test_the_ladder_that_the_sources_name_is_the_one_that_ships():
    videos = ladders.read(ladders.shipped())[Breach.COPIED_VIDEO]
    assert [one.at for one in videos.steps] == [1, 10, 30]
    assert (videos.by_account, videos.window_days) == (True, None)
    suspended = videos.steps[1].actions[2]
    assert [suspended.lasts(nth) and suspended.lasts(nth).days for nth in (1, 2, 3, 4, 9)] == [7, 30, 90, None, None]


def test_every_kind_has_a_ladder_in_the_versions_that_ship(cast):
    assert set(Rulebook.objects.get(name="current").penalty_ladders()) == set(Breach)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"theft": {"steps": [step(1)]}},
        ladder(),
        {"abuse": {"steps": "1"}},
        ladder(step(0)),
        ladder(step(True)),
        ladder(step("1")),
        ladder(step(2), step(2)),
        ladder(step(3), step(1)),
        ladder({"at": 1, "actions": []}),
        ladder(step(1, {"measure": "jail"})),
        ladder(step(1, {"measure": "points"})),
        ladder(step(1, {"measure": "warning", "points": 2})),
        ladder(step(1, {"measure": "deduct", "fen": 0})),
        ladder(step(1, {"measure": "warning", "fen": 5})),
        ladder(step(1, {"measure": "restrict"})),
        ladder(step(1, {"measure": "suspend", "days": 0})),
        ladder(step(1, {"measure": "suspend", "days": [7, 1.5]})),
        ladder(step(1), window_days=0),
        ladder(step(1), window_days="90"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(data):
    with pytest.raises(BadLadder) as error:
        ladders.read(data)
    assert str(error.value)


def test_below_the_first_step_nothing_follows_and_above_the_last_nothing_is_next():
    one = ladders.read(ladder(step(3), step(5)))[Breach.ABUSE]
    assert one.step_at(2) is None and ladders.actions_of(None) == ()
    assert (one.step_at(3).at, one.step_at(4).at, one.step_at(99).at) == (3, 3, 5)
    assert (one.step_after(0).at, one.step_after(3).at, one.step_after(5)) == (3, 5, None)


DAYS = st.one_of(st.none(), st.integers(1, 400), st.lists(st.one_of(st.none(), st.integers(1, 400)), min_size=2))
ACTIONS = st.one_of(
    st.fixed_dictionaries({"measure": st.sampled_from(["warning", "take_down"])}),
    st.fixed_dictionaries({"measure": st.sampled_from(["suspend", "exposure", "close"]), "days": DAYS}),
    st.fixed_dictionaries(
        {"measure": st.just("restrict"), "permission": st.sampled_from(["publish", "appeal"]), "days": DAYS}
    ),
    st.fixed_dictionaries({"measure": st.just("points"), "points": st.integers(1, 12), "days": DAYS}),
    st.fixed_dictionaries({"measure": st.just("deduct"), "fen": st.integers(1, 10**7)}),
)
STEPS = st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True).flatmap(
    lambda ats: st.tuples(*(st.builds(lambda a, at=at: step(at, *a), st.lists(ACTIONS, min_size=1, max_size=3))
                            for at in sorted(ats)))
)  # fmt: skip


@given(
    data=st.dictionaries(
        st.sampled_from(Breach.values),
        st.fixed_dictionaries(
            {"steps": STEPS.map(list), "window_days": st.none() | st.integers(1, 400), "by_account": st.booleans()}
        ),
    )
)
def test_whatever_is_written_is_understood_again(data):
    assert ladders.read(ladder_text.understood(ladder_text.written(data))) == ladders.read(data)


@given(text=st.text(alphabet="[]abuse 123:;/.forever\nwarning_points；：", max_size=60))
def test_whatever_is_typed_is_understood_or_refused_in_words(text):
    try:
        ladders.read(ladder_text.understood(text))
    except BadLadder as error:
        assert str(error)


def test_signs_of_a_chinese_keyboard_are_understood_too():
    said = ladder_text.understood("[abuse] within 90 days\n1：warning；points 2 for 30")
    assert [one["measure"] for one in said["abuse"]["steps"][0]["actions"]] == ["warning", "points"]


def test_every_measure_has_its_words():
    with translation.override("en"):
        said = {
            measure: ladder_text.what_words(measure, permission="publish", points=2, fen=50_000) for measure in Measure
        }
    assert said[Measure.RESTRICT] == "May not publish on its channels"
    assert said[Measure.POINTS] == "2 credit points taken"
    assert said[Measure.DEDUCT] == "¥500.00 deducted from the deposit"
    assert all(said.values())
