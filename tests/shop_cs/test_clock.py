"""The working clock against the source's example, its edges, its laws and a count made minute by minute."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop_cs import clock
from shop_cs.clock import SHANGHAI, BadCalendar, Calendar, ClosedForEver, Stretch, Why, Window

NEW_YORK = ZoneInfo("America/New_York")
DAILY = Calendar((Window(9 * 60, 21 * 60),))
TWO_WINDOWS = Calendar((Window(9 * 60, 12 * 60), Window(14 * 60, 18 * 60)))
NATIONAL_DAY = frozenset(date(2024, 10, day) for day in range(1, 8))
MAKE_UP = frozenset({date(2024, 9, 29), date(2024, 10, 12)})
OFFICE = Calendar(DAILY.windows, frozenset({5, 6}), NATIONAL_DAY, MAKE_UP)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
NOTHING = timedelta(0)


def at(moment, zone=SHANGHAI):
    return datetime.fromisoformat(moment).replace(tzinfo=zone)


def hours(count):
    return timedelta(hours=count)


def is_working_day(day):
    return day in MAKE_UP or (day.weekday() < 5 and day not in NATIONAL_DAY)


def test_twelve_hours_from_20_00_end_at_20_00_the_next_day():
    assert clock.deadline(DAILY, at("2022-12-30 20:00"), hours(12)) == at("2022-12-31 20:00")  # [2] §一.1


def test_twenty_four_hours_end_two_days_later():
    assert clock.deadline(DAILY, at("2022-12-30 10:00"), hours(24)) == at("2023-01-01 10:00")
    assert clock.deadline(DAILY, at("2022-12-30 20:00"), hours(24)) == at("2023-01-01 20:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2022-12-30 18:59:59", "2022-12-30 20:59:59"),
        ("2022-12-30 19:00:00", "2022-12-30 21:00:00"),
        ("2022-12-30 19:00:01", "2022-12-31 09:00:01"),
        ("2022-12-30 19:00:00.000001", "2022-12-31 09:00:00.000001"),
        ("2022-12-30 20:59:59", "2022-12-31 10:59:59"),
        ("2022-12-30 21:00:00", "2022-12-31 11:00:00"),
        ("2022-12-30 21:00:01", "2022-12-31 11:00:00"),
    ],
)
def test_only_an_end_later_than_21_00_carries_over(start, end):
    assert clock.deadline(DAILY, at(start), hours(2)) == at(end)


def test_a_whole_day_from_the_opening_ends_at_the_closing_of_the_same_day():
    assert clock.deadline(DAILY, at("2022-12-30 09:00"), hours(12)) == at("2022-12-30 21:00")
    assert clock.deadline(DAILY, at("2022-12-30 09:00"), hours(12) + SECOND) == at("2022-12-31 09:00:01")


def test_the_window_takes_in_09_00_and_leaves_out_21_00():
    for time in ("09:00:00", "20:59:59", "20:59:59.999999"):
        assert clock.is_open(DAILY, at(f"2022-12-30 {time}"))
    for time in ("08:59:59.999999", "21:00:00", "21:00:01"):
        assert not clock.is_open(DAILY, at(f"2022-12-30 {time}"))


def test_the_next_opening_is_now_when_open_and_else_the_morning():
    assert clock.next_opening(DAILY, at("2022-12-30 08:59:59")) == at("2022-12-30 09:00")
    for time in ("09:00:00", "20:59:59"):
        assert clock.next_opening(DAILY, at(f"2022-12-30 {time}")) == at(f"2022-12-30 {time}")
    for time in ("21:00:00", "21:00:01"):
        assert clock.next_opening(DAILY, at(f"2022-12-30 {time}")) == at("2022-12-31 09:00")


def test_working_time_stands_still_from_21_00_on_and_never_runs_backwards():
    start = at("2022-12-30 20:00")
    assert clock.elapsed(DAILY, start, at("2022-12-30 20:59:59")) == hours(1) - SECOND
    assert clock.elapsed(DAILY, start, at("2022-12-30 21:00:00")) == hours(1)
    assert clock.elapsed(DAILY, start, at("2022-12-30 21:00:01")) == hours(1)
    assert clock.elapsed(DAILY, start, start) == clock.elapsed(DAILY, start, start - hours(1)) == NOTHING


@pytest.mark.parametrize("time", ["12:00", "21:00", "23:00"])
def test_no_limit_ends_where_it_starts_even_at_night(time):
    assert clock.deadline(DAILY, at(f"2022-12-30 {time}"), NOTHING) == at(f"2022-12-30 {time}")
    assert clock.stretches(DAILY, at(f"2022-12-30 {time}"), NOTHING) == ()


def test_a_break_at_noon_does_not_count():
    assert clock.deadline(TWO_WINDOWS, at("2022-12-30 11:00"), hours(1)) == at("2022-12-30 12:00")
    assert clock.deadline(TWO_WINDOWS, at("2022-12-30 11:00"), hours(1) + SECOND) == at("2022-12-30 14:00:01")
    assert clock.deadline(TWO_WINDOWS, at("2022-12-30 11:00"), hours(6)) == at("2022-12-31 10:00")


def test_a_leap_day_is_a_day_like_any_other():
    assert clock.deadline(DAILY, at("2024-02-28 20:00"), hours(12)) == at("2024-02-29 20:00")
    assert clock.deadline(DAILY, at("2024-02-28 20:00"), hours(24)) == at("2024-03-01 20:00")
    assert clock.deadline(DAILY, at("2023-02-28 20:00"), hours(24)) == at("2023-03-02 20:00")


def test_the_clock_stops_over_national_day_and_the_weekend_but_not_on_make_up_days():
    assert clock.deadline(OFFICE, at("2024-09-28 12:00"), hours(12)) == at("2024-09-29 21:00")
    assert clock.deadline(OFFICE, at("2024-09-30 20:00"), hours(2)) == at("2024-10-08 10:00")
    assert clock.deadline(OFFICE, at("2024-10-11 20:00"), hours(2)) == at("2024-10-12 10:00")
    assert clock.deadline(OFFICE, at("2024-10-12 20:00"), hours(2)) == at("2024-10-14 10:00")
    assert clock.next_opening(OFFICE, at("2024-09-30 21:00")) == at("2024-10-08 09:00")


def test_a_closed_day_has_no_windows_and_a_make_up_day_has_them_all():
    assert OFFICE.windows_on(date(2024, 10, 1)) == OFFICE.windows_on(date(2024, 10, 13)) == ()
    assert OFFICE.windows_on(date(2024, 10, 12)) == OFFICE.windows


def test_a_limit_of_ten_thousand_hours_outlasts_a_closure_of_years():
    closed = frozenset(date(2024, 1, 1) + timedelta(days=n) for n in range(1000))
    calendar = Calendar(DAILY.windows, closed_days=closed)
    end = clock.deadline(calendar, at("2024-01-01"), hours(10_000))
    assert end == at("2026-09-27 13:00") + timedelta(days=833)
    assert clock.elapsed(calendar, at("2024-01-01"), end) == hours(10_000)


@pytest.mark.parametrize(("windows", "weekdays"), [((), ()), (DAILY.windows, range(7))])
def test_a_calendar_without_an_open_minute_is_refused(windows, weekdays):
    with pytest.raises(ClosedForEver):
        Calendar(windows, frozenset(weekdays), makeup_days=MAKE_UP)


def test_one_open_weekday_is_enough():
    sundays = Calendar(DAILY.windows, frozenset(range(6)))
    assert clock.deadline(sundays, at("2024-10-06 20:00"), hours(2)) == at("2024-10-13 10:00")


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (60, 60), (61, 60), (0, 1441)])
def test_a_window_lies_within_one_day_and_is_not_empty(opens, closes):
    with pytest.raises(BadCalendar):
        Window(opens, closes)


@pytest.mark.parametrize(
    "contradiction",
    [
        {"windows": (Window(0, 61), Window(60, 90))},
        {"windows": (Window(60, 90), Window(0, 30))},
        {"windows": DAILY.windows, "closed_weekdays": frozenset({6, 7})},
        {"windows": DAILY.windows, "closed_days": NATIONAL_DAY, "makeup_days": MAKE_UP | {date(2024, 10, 1)}},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(contradiction):
    with pytest.raises(BadCalendar):
        Calendar(**contradiction)


@pytest.mark.parametrize(
    "ask",
    [
        partial(clock.is_open, DAILY),
        partial(clock.next_opening, DAILY),
        partial(clock.deadline, DAILY, limit=hours(1)),
        partial(clock.stretches, DAILY, limit=hours(1)),
        partial(clock.elapsed, DAILY, at("2024-10-01")),
        partial(clock.elapsed, DAILY, end=at("2024-10-01")),
        partial(clock.add_working_days, is_working_day, days=1),
        partial(clock.working_days_between, is_working_day, at("2024-10-01")),
    ],
)
def test_a_naive_datetime_is_refused(ask):
    with pytest.raises(ValueError, match="naive"):
        ask(datetime(2024, 10, 1, 12, 0))  # noqa: DTZ001


@pytest.mark.parametrize("verb", [clock.deadline, clock.stretches])
def test_a_negative_limit_is_refused(verb):
    with pytest.raises(ValueError, match="negative"):
        verb(DAILY, at("2024-10-01"), -MICROSECOND)


def test_an_answer_is_in_the_zone_of_the_calendar_whatever_the_zone_of_the_question():
    start = datetime(2022, 12, 30, 12, 0, tzinfo=UTC)
    end_after = partial(clock.deadline, DAILY, start)
    answers = [end_after(hours(12)), end_after(NOTHING), clock.next_opening(DAILY, start)]
    assert answers[0] == at("2022-12-31 20:00")
    assert {answer.tzinfo for answer in answers} == {SHANGHAI}


def test_the_stretches_of_the_source_example_are_evening_night_and_day():
    evening, night, day = clock.stretches(DAILY, at("2022-12-30 20:00"), hours(12))
    assert evening == Stretch(at("2022-12-30 20:00"), at("2022-12-30 21:00"), True, Why.OPEN)
    assert night == Stretch(at("2022-12-30 21:00"), at("2022-12-31 09:00"), False, Why.NIGHT)
    assert day == Stretch(at("2022-12-31 09:00"), at("2022-12-31 20:00"), True, Why.OPEN)
    assert [evening.length, night.length, day.length] == [hours(1), hours(12), hours(11)]


def test_the_closure_of_a_week_is_one_stretch():
    found = clock.stretches(OFFICE, at("2024-09-30 20:00"), hours(2))
    assert [one.why for one in found] == [Why.OPEN, Why.NIGHT, Why.CLOSED_DAY, Why.NIGHT, Why.OPEN]
    assert (found[2].start, found[2].end) == (at("2024-10-01"), at("2024-10-08"))


def test_windows_that_touch_behave_as_one():
    halves = Calendar((Window(9 * 60, 12 * 60), Window(12 * 60, 21 * 60)))
    found, expected = (clock.stretches(one, at("2022-12-30 11:00"), hours(24)) for one in (halves, DAILY))
    assert found == expected


@pytest.mark.parametrize(("day", "length"), [("2024-03-10", 23), ("2024-11-03", 25), ("2024-11-04", 24)])
def test_a_clock_that_never_stops_is_one_stretch_as_long_as_the_zone_makes_its_days(day, length):
    midnight = at(day, NEW_YORK)
    (whole,) = clock.stretches(Calendar((Window(0, 24 * 60),), zone=NEW_YORK), midnight, hours(length + 24))
    assert whole.end.replace(tzinfo=None) == midnight.replace(tzinfo=None) + timedelta(days=2)
    assert whole.length == hours(length + 24)


@pytest.mark.parametrize(
    ("window", "day", "minutes"),
    [
        (Window(60, 150), "2024-03-10", 60),  # 01:00-02:30, the clock jumps from 02:00 to 03:00
        (Window(150, 195), "2024-03-10", 15),  # 02:30-03:15
        (Window(125, 170), "2024-03-10", 0),  # 02:05-02:50
        (Window(60, 90), "2024-11-03", 30),  # 01:00-01:30, the hour from 01:00 comes twice
        (Window(90, 120), "2024-11-03", 90),  # 01:30-02:00
    ],
)
def test_a_window_lasts_from_the_first_time_the_clock_shows_its_edges(window, day, minutes):
    calendar = Calendar((window,), zone=NEW_YORK)
    midnight = at(day, NEW_YORK)
    assert clock.elapsed(calendar, midnight, midnight + timedelta(days=1)) == timedelta(minutes=minutes)


def test_nine_in_the_morning_stays_nine_when_the_offset_changes_in_the_night():
    calendar = Calendar(DAILY.windows, zone=NEW_YORK)
    end = clock.deadline(calendar, at("2024-03-09 20:00", NEW_YORK), hours(2))
    assert end.isoformat() == "2024-03-10T10:00:00-04:00"


def test_a_midnight_that_the_clock_jumps_over_is_the_jump():
    santiago = ZoneInfo("America/Santiago")
    end = clock.add_working_days(lambda day: True, at("2024-09-06 12:00", santiago), 1, santiago)
    assert end.isoformat() == "2024-09-08T01:00:00-03:00"


FIRST_DAY = date(2024, 9, 30)
EPOCH = datetime(2024, 9, 29, 16, 0, tzinfo=UTC)  # its midnight in Shanghai, 8 hours ahead all the year
HORIZON = 100
MINUTE = timedelta(minutes=1)

some_windows = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(
    lambda edges: tuple(Window(a, b) for a, b in list(pairwise(sorted(edges)))[::2])
)
some_weekdays = st.frozensets(st.integers(0, 6), max_size=5)
some_days = st.frozensets(st.integers(0, 40).map(lambda n: FIRST_DAY + timedelta(days=n)), max_size=15)


def calendars(*zones):
    return st.builds(
        lambda windows, weekly, closed, extra, zone: Calendar(windows, weekly, closed, extra - closed, zone),
        *(some_windows, some_weekdays, some_days, some_days, st.sampled_from(zones)),
    )


zoned_calendars = calendars(SHANGHAI, NEW_YORK, ZoneInfo("Australia/Lord_Howe"))
limits = st.integers(0, 60 * 60).map(lambda n: n * MINUTE) | st.timedeltas(NOTHING, hours(60))
starts = (st.integers(0, 60 * 1440).map(lambda n: n * MINUTE) | st.timedeltas(NOTHING, hours(60 * 24))).map(
    lambda passed: EPOCH + passed
)


class Count:
    """What the calendar says of every single minute in Shanghai, and the time counted by it."""

    def __init__(self, calendar):
        days = [self.counts_on(calendar, FIRST_DAY + timedelta(days=n)) for n in range(HORIZON)]
        of_a_day = {m for window in calendar.windows for m in range(window.opens, window.closes)}
        self.counts = [days[m // 1440] and m % 1440 in of_a_day for m in range(HORIZON * 1440)]
        self.before = list(accumulate(self.counts, initial=0))

    @staticmethod
    def counts_on(calendar, day):
        if day in calendar.closed_days:
            return False
        return day in calendar.makeup_days or day.weekday() not in calendar.closed_weekdays

    def until(self, moment):
        minute, rest = divmod(moment - EPOCH, MINUTE)
        return self.before[minute] * MINUTE + self.counts[minute] * rest

    def opens_at(self, moment):
        return self.counts[(moment - EPOCH) // MINUTE]


def end_of(calendar, start, limit):
    """The deadline in UTC: moments of one zone compare as wall times, and one hour of a year comes twice."""
    return clock.deadline(calendar, start, limit).astimezone(UTC)


@settings(max_examples=40, deadline=None)
@given(calendars(SHANGHAI), st.lists(st.tuples(starts, limits), min_size=60, max_size=120))
def test_a_deadline_is_the_first_instant_by_which_enough_minutes_were_counted(calendar, cases):
    count = Count(calendar)
    end_of_count = EPOCH + timedelta(days=HORIZON) - MICROSECOND
    for start, limit in cases:
        limit = min(limit, count.until(end_of_count) - count.until(start))
        end = clock.deadline(calendar, start, limit)
        assert count.until(end) - count.until(start) == limit
        # One microsecond earlier was too early.
        assert end == start if not limit else count.until(end - MICROSECOND) < count.until(end)


@settings(max_examples=40, deadline=None)
@given(calendars(SHANGHAI), st.lists(st.tuples(starts, starts), min_size=40, max_size=80))
def test_working_time_and_openness_agree_with_the_count(calendar, cases):
    count = Count(calendar)
    for start, end in cases:
        assert clock.elapsed(calendar, start, end) == max(count.until(end) - count.until(start), NOTHING)
        assert clock.is_open(calendar, start) == count.opens_at(start)
        opening = clock.next_opening(calendar, start)
        assert count.opens_at(opening)
        assert count.until(opening) == count.until(start)
        assert (opening == start) == count.opens_at(start)


@settings(max_examples=200, deadline=None)
@given(zoned_calendars, starts, limits, limits)
def test_a_limit_in_two_parts_ends_where_the_whole_ends_and_takes_the_whole(calendar, start, one, two):
    end = end_of(calendar, start, one + two)
    assert end == end_of(calendar, end_of(calendar, start, one), two)
    assert clock.elapsed(calendar, start, end) == one + two


@settings(max_examples=200, deadline=None)
@given(zoned_calendars, starts, starts, limits, limits)
def test_a_later_start_or_a_longer_limit_never_ends_earlier(calendar, a, b, one, two):
    early, late = sorted((a, b))
    short, long = sorted((one, two))
    assert end_of(calendar, early, long) <= end_of(calendar, late, long)
    assert end_of(calendar, early, short) <= end_of(calendar, early, long)


@settings(max_examples=200, deadline=None)
@given(zoned_calendars, starts, limits)
def test_stretches_leave_no_gap_and_those_that_count_add_up_to_the_limit(calendar, start, limit):
    found = clock.stretches(calendar, start, limit)
    edges = [start, *(one.end.astimezone(UTC) for one in found)]
    assert [one.start.astimezone(UTC) for one in found] == edges[:-1]
    assert edges[-1] == end_of(calendar, start, limit)
    assert sum((one.length for one in found if one.counts), NOTHING) == limit
    assert all(one.counts == (one.why is Why.OPEN) and one.length > NOTHING for one in found)
    assert all(one.why is not other.why for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-09-02 23:59:59", 1, "2024-09-04"),
        ("2024-09-03 00:00:00", 1, "2024-09-05"),
        ("2024-09-07 12:00:00", 1, "2024-09-10"),
        ("2024-09-27 12:00:00", 1, "2024-09-30"),  # the Sunday before National Day makes up
        ("2024-09-30 12:00:00", 4, "2024-10-12"),
        ("2024-09-30 12:00:00", 5, "2024-10-13"),  # the Saturday after it makes up
        ("2024-09-30 12:00:00", 7, "2024-10-16"),
    ],
)
def test_a_number_of_working_days_ends_at_midnight_after_the_last(start, days, end):
    assert clock.add_working_days(is_working_day, at(start), days) == at(end)


def test_the_day_of_the_start_is_the_day_in_shanghai():
    before_midnight = datetime(2024, 9, 2, 15, 59, tzinfo=UTC)
    assert clock.add_working_days(is_working_day, before_midnight, 1) == at("2024-09-04")
    assert clock.add_working_days(is_working_day, before_midnight + MINUTE, 1) == at("2024-09-05")


@pytest.mark.parametrize("days", [0, -1])
def test_fewer_than_one_working_day_is_refused(days):
    with pytest.raises(ValueError, match="at least one"):
        clock.add_working_days(is_working_day, at("2024-09-02"), days)


def test_a_working_day_counts_once_it_has_begun():
    begun = partial(clock.working_days_between, is_working_day, at("2024-09-30 12:00"))
    assert begun(at("2024-09-29")) == begun(at("2024-09-30 13:00")) == begun(at("2024-10-07 23:59:59")) == 0
    assert begun(at("2024-10-08")) == 1
    assert begun(at("2024-10-11 23:59:59")) == 4
    assert begun(at("2024-10-12")) == begun(at("2024-10-13 23:59:59")) == 5
    assert begun(at("2024-10-14")) == 6


@settings(max_examples=100, deadline=None)
@given(starts, st.integers(1, 30))
def test_the_last_instant_of_a_span_of_working_days_lies_in_the_last_of_them(start, days):
    last_instant = clock.add_working_days(is_working_day, start, days) - MICROSECOND
    assert clock.working_days_between(is_working_day, start, last_instant) == days
    assert is_working_day(last_instant.date())
