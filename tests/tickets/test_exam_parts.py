"""The pure parts of exams: which week, which questions, how many points."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import shanghai
from tickets.quality import exams

TUESDAY_9 = shanghai("2026-03-03 09:00")


@pytest.mark.parametrize(
    ("at", "warned"),
    [
        ("2026-03-02 23:59:59", "2026-02-24 09:00"),
        ("2026-03-03 00:00:00", "2026-02-24 09:00"),
        ("2026-03-03 08:59:59", "2026-02-24 09:00"),
        ("2026-03-03 09:00:00", "2026-03-03 09:00"),
        ("2026-03-09 23:59:59", "2026-03-03 09:00"),
        ("2026-03-10 09:00:00", "2026-03-10 09:00"),
    ],
)
def test_warnings_are_given_on_tuesday_from_nine_in_shanghai(at, warned):
    assert exams.last_warning(shanghai(at)) == shanghai(warned)


@pytest.mark.parametrize(
    ("tuesday", "monday"),
    [("2026-03-03 09:00", date(2026, 2, 23)), ("2026-01-06 09:00", date(2025, 12, 29))],
)
def test_they_are_for_the_natural_week_before_also_over_the_end_of_the_year(tuesday, monday):
    assert exams.week_before(shanghai(tuesday)) == monday


def test_a_week_is_monday_to_sunday_in_shanghai():
    begins, ends = exams.bounds(date(2025, 12, 29))
    assert (begins, ends) == (shanghai("2025-12-29 00:00"), shanghai("2026-01-05 00:00"))


def test_the_same_try_asks_the_same_and_another_may_ask_something_else():
    keys = list(range(1, 41))
    assert exams.drawn(7, 1, keys) == exams.drawn(7, 1, reversed(keys))
    assert len({tuple(exams.drawn(7, sitting, keys)) for sitting in range(1, 6)}) == 5
    assert exams.drawn(7, 1, keys) != exams.drawn(8, 1, keys)


@pytest.mark.parametrize(("bank", "asked"), [(0, 0), (1, 1), (9, 9), (10, 10), (11, 10), (40, 10)])
def test_ten_questions_are_drawn_fewer_where_there_are_fewer(bank, asked):
    drawn = exams.drawn(7, 1, range(bank))
    assert len(set(drawn)) == len(drawn) == asked


OPTIONS = [{"text": "甲", "right": True}, {"text": "乙", "right": False}, {"text": "丙", "right": True}]


@pytest.mark.parametrize(
    ("chosen", "right"),
    [([0, 2], True), ([2, 0], True), ([0], False), ([0, 1, 2], False), ([], False), ([0, 2, 9], True)],
)
def test_all_right_options_and_no_other_make_a_right_answer(chosen, right):
    assert exams.marked([(1, OPTIONS)], {1: chosen})[0].right is right


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_hundred_points_are_all_right_and_nothing_else_is(rights):
    marks = [exams.Marked(place, (), right) for place, right in enumerate(rights)]
    assert (exams.points(marks) == exams.PASSED) == all(rights)
    assert 0 <= exams.points(marks) <= 100


def test_no_question_makes_no_point():
    assert exams.points([]) == 0


def test_a_stamp_tells_another_try_another_question_and_other_words_apart():
    papers = [(1, "题", OPTIONS)]
    stamps = {
        exams.stamp_of(1, papers),
        exams.stamp_of(2, papers),
        exams.stamp_of(1, [(2, "题", OPTIONS)]),
        exams.stamp_of(1, [(1, "改", OPTIONS)]),
        exams.stamp_of(1, [(1, "题", OPTIONS[:2])]),
    }
    assert len(stamps) == 5
