"""The rulebook: the version in force at a moment, its limits, and what cannot be saved."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from shop_cs.clock import BadCalendar, ClosedForEver, Window
from shop_cs.models import Rulebook
from shop_cs.rules import URGENT_CATEGORIES, BadLimit, Category, Kind, is_working_day
from tests.people import shanghai

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def current(db):
    return Rulebook.objects.get(name="current")


def test_two_versions_ship_and_the_one_without_the_confirming_stage_is_in_force(current):
    old = Rulebook.objects.get(name="2022-12")
    assert (old.confirming_stage, current.confirming_stage) == (True, False)
    assert Rulebook.objects.in_force(shanghai("2026-03-03 10:00")) == current
    assert Rulebook.objects.in_force(shanghai("2022-12-15 10:00")) == old


def test_a_version_is_in_force_from_its_instant_on_and_not_before(current):
    assert Rulebook.objects.in_force(current.effective_from) == current
    assert Rulebook.objects.in_force(current.effective_from - MICROSECOND).name == "2022-12"
    first = Rulebook.objects.get(name="2022-12").effective_from
    assert Rulebook.objects.in_force(first - MICROSECOND) is None


@pytest.mark.parametrize("category", Category.values)
def test_urgent_types_have_two_hours_and_the_others_twenty_four(current, category):
    # [2] §一.2
    kind, limit = (Kind.URGENT, 2 * HOUR) if category in URGENT_CATEGORIES else (Kind.GENERAL, 24 * HOUR)
    assert current.rules().limit_of(kind, category) == limit
    with pytest.raises(BadLimit):
        current.rules().limit_of(Kind.GENERAL if kind == Kind.URGENT else Kind.URGENT, category)


def test_the_urgent_types_are_the_three_of_the_rules():
    assert {"risky_product", "high_risk_complaint", "personal_injury"} == URGENT_CATEGORIES
    assert len(Category.values) == 12


def test_an_agreed_limit_may_be_set_for_any_type(current):
    rules = current.rules()
    assert {rules.limit_of(Kind.AGREED, category, 5 * HOUR) for category in Category.values} == {5 * HOUR}


def test_the_values_of_the_sources_are_in_the_version_that_ships(current):
    rules = current.rules()
    assert rules.calendar.windows == (Window(9 * 60, 21 * 60),)
    assert (rules.agreed_min, rules.due_soon_left, rules.due_soon_above) == (2 * HOUR, 12 * HOUR, 12 * HOUR)
    assert (rules.confirm_limit, rules.reminders_max, rules.reminder_gap) == (48 * HOUR, 2, HOUR)
    assert (rules.survey_opens, rules.survey_closes) == (8 * 60, 22 * 60)
    assert (rules.review_days, rules.export_rows, rules.export_gap) == (7, 50_000, timedelta(minutes=1))


def test_a_calendar_without_an_open_minute_cannot_be_saved(current):
    for closed in ({"windows": []}, {"closed_weekdays": list(range(7))}):
        version = Rulebook(name="never", windows=["09:00-21:00"], categories=current.categories)
        for name, value in closed.items():
            setattr(version, name, value)
        with pytest.raises(ClosedForEver):
            version.calendar()
        with pytest.raises(ValidationError):
            version.clean()


@pytest.mark.parametrize(
    "wrong",
    [
        {"windows": ["9 to 5"]},
        {"windows": ["21:00-09:00"]},
        {"windows": ["09:00-12:00", "11:00-18:00"]},
        {"windows": [540]},
        {"closed_weekdays": [7]},
        {"closed_weekdays": ["Sunday"]},
        {"closed_days": ["2026-02-30"]},
        {"closed_days": ["2026-10-01"], "makeup_days": ["2026-10-01"]},
    ],
)
def test_working_hours_that_do_not_fit_are_refused_with_words(current, wrong):
    version = Rulebook(name="odd", categories=current.categories, **{"windows": ["09:00-21:00"], **wrong})
    with pytest.raises(BadCalendar):
        version.calendar()
    with pytest.raises(ValidationError):
        version.clean()


def test_two_windows_midnight_and_make_up_days_are_expressible(current):
    version = Rulebook(
        name="fine",
        windows=["09:00-12:00", "14:00-24:00"],
        closed_weekdays=[5, 6],
        makeup_days=["2024-10-12"],
        categories=current.categories,
    )
    version.clean()
    assert version.calendar().windows == (Window(540, 720), Window(840, 1440))
    assert version.calendar().makeup_days == {date(2024, 10, 12)}


@pytest.mark.parametrize(("missing", "extra"), [("price", None), (None, "weather")])
def test_each_type_needs_its_kind_and_limit_and_no_other_has_one(current, missing, extra):
    current.categories.pop(missing, None)
    if extra:
        current.categories[extra] = {"kind": "general", "minutes": 60}
    with pytest.raises(ValidationError):
        current.clean()


def test_working_days_follow_the_official_calendar_with_its_make_up_days():
    assert not is_working_day(date(2024, 10, 1))
    assert not is_working_day(date(2024, 10, 5))
    assert is_working_day(date(2024, 9, 29))
    assert is_working_day(date(2024, 10, 12))
    assert is_working_day(date(2024, 10, 8))
    assert not is_working_day(date(2024, 10, 13))


@pytest.mark.parametrize(
    "entry",
    [None, {}, {"kind": "general"}, {"kind": "agreed", "minutes": 60}, {"kind": "slow", "minutes": 60}]
    + [{"kind": "general", "minutes": wrong} for wrong in (0, -1, 1.5, "60", True, 60 * 24 * 366 + 1)],
)
def test_a_types_kind_and_minutes_are_those_of_a_limit(current, entry):
    current.categories["price"] = entry
    with pytest.raises(ValidationError, match="Each type needs"):
        current.clean()


@pytest.mark.parametrize(
    "wrong",
    [{"survey_opens": 600, "survey_closes": 600}, {"agreed_min_minutes": 121, "agreed_max_minutes": 120}],
)
def test_bounds_in_the_wrong_order_are_refused_in_words(current, wrong):
    for name, value in wrong.items():
        setattr(current, name, value)
    with pytest.raises(ValidationError) as refused:
        current.clean()
    assert set(refused.value.message_dict) <= set(wrong)
