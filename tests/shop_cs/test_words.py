"""Money and durations in words."""

from datetime import timedelta

import pytest
from django.utils import translation

from shop_cs.words import duration, yuan


@pytest.mark.parametrize(
    ("fen", "words"),
    [(0, "¥0.00"), (5, "¥0.05"), (19_900, "¥199.00"), (100_000, "¥1,000.00"), (-5, "-¥0.05"), (None, "")],
)
def test_fen_are_shown_as_yuan(fen, words):
    assert yuan(fen) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 min"),
        (timedelta(milliseconds=1), "less than 1 min"),
        (timedelta(seconds=59), "less than 1 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=11, minutes=20), "11 h 20 min"),
        (timedelta(hours=720), "720 h"),
        (None, ""),
    ],
)
def test_a_duration_is_told_in_hours_and_minutes(length, words):
    with translation.override("en"):
        assert duration(length) == words
