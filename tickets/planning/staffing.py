"""Who is needed for a sale, and which refunds would wait too long. Pure; whole numbers and fractions, no floats.

The two formulas of [1]: refunds of a day = orders × expected refund rate × that day's share of the refunds; people =
refunds of the day / refunds that one agent handles a day, rounded up.

The queue goes hour by hour through the desk's twelve hours, 09:00 to 21:00, of each day of the plan (assumed):

* Of a day's refunds each hour brings its share. They are there when the hour begins, and their limit runs from then
  on, on the working clock of the rulebook.
* An agent handles a twelfth of his day's number in each hour of his shift, the oldest refund first. What is handled
  within an hour is answered when the hour ends.
* Too late is what is answered after its limit, and what still waits when the plan ends although its limit is over by
  then. It is counted on the day on which it came.

By hand: 24 refunds in one day, 12 in the hour from 9 and 12 in that from 10, a limit of two hours, one agent who
handles 48 a day, so 4 an hour, from 9 to 21. The first twelve are answered by 10, 11 and 12; their limit is 11, so 4
are late. The second twelve are answered by 13, 14 and 15; their limit is 12, so all are late: 16 in all.
"""

from collections import deque
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil

from django.utils.translation import gettext as _

from shop_cs import clock

ALL = 10_000  # hundredths of a per cent
OPENS, CLOSES = 9, 21
HOURS = range(OPENS, CLOSES)
MOST_DAYS, MOST_SHIFTS = 21, 8
MOST_ORDERS, MOST_PEOPLE, MOST_A_DAY = 2_000_000_000, 10_000, 100_000
HOUR = timedelta(hours=1)


class BadPlan(ValueError):
    """A plan that cannot be reckoned with; `part` is what is wrong with it, its text is for the user."""

    def __init__(self, part, text):
        super().__init__(text)
        self.part = part


@dataclass(frozen=True, slots=True)
class Shift:
    """So many people from one full hour to another, on some days of the plan, counted from 0."""

    starts: int
    ends: int
    people: int
    days: frozenset[int]

    def covers(self, day, hour):
        return day in self.days and self.starts <= hour < self.ends


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale that is planned for. Shares and rate in hundredths of a per cent. Raises `BadPlan`."""

    first_day: date
    orders: int
    refund_rate: int
    shares: tuple[int, ...]
    hours: tuple[int, ...]
    per_agent_day: int
    shifts: tuple[Shift, ...] = ()

    def __post_init__(self):
        if not 0 <= self.orders <= MOST_ORDERS:
            raise BadPlan("orders", _("Orders are a number from 0 to %(most)s.") % {"most": MOST_ORDERS})
        if not 0 <= self.refund_rate <= ALL:
            raise BadPlan("refund_rate", _("A rate is from 0 to 100 per cent."))
        if not 1 <= self.per_agent_day <= MOST_A_DAY:
            raise BadPlan("per_agent_day", _("An agent handles at least 1 refund a day."))
        if not 1 <= len(self.shares) <= MOST_DAYS:
            raise BadPlan("shares", _("A plan has 1 to %(most)s days.") % {"most": MOST_DAYS})
        if len(self.hours) != len(HOURS):
            raise BadPlan("hours", _("Each of the desk's hours has its share."))
        _whole("shares", self.shares, _("The shares of the days add up to %(sum)s %%, not to 100 %%."))
        _whole("hours", self.hours, _("The shares of the hours add up to %(sum)s %%, not to 100 %%."))
        if len(self.shifts) > MOST_SHIFTS:
            raise BadPlan("shifts", _("A plan has at most %(most)s shifts.") % {"most": MOST_SHIFTS})
        for number, shift in enumerate(self.shifts, 1):
            _check(number, shift, len(self.shares))

    @classmethod
    def of(cls, plan):
        """A saved plan as a value."""
        shifts = tuple(Shift(one["from"], one["to"], one["people"], frozenset(one["days"])) for one in plan.shifts)
        return cls(
            first_day=plan.first_day,
            orders=plan.orders,
            refund_rate=plan.refund_rate,
            shares=tuple(plan.shares),
            hours=tuple(plan.hours),
            per_agent_day=plan.per_agent_day,
            shifts=shifts,
        )

    def refunds(self):
        """All refunds that are expected; they need not be whole."""
        return Fraction(self.orders * self.refund_rate, ALL)

    def refunds_of(self, day):
        """[1]: orders × expected refund rate × the day's share."""
        return self.refunds() * self.shares[day] / ALL

    def people_for(self, day):
        """[1]: refunds of the day / refunds that one agent handles a day, rounded up."""
        return ceil(self.refunds_of(day) / self.per_agent_day)

    def on_shift(self, day, hour):
        return sum(shift.people for shift in self.shifts if shift.covers(day, hour))


def _whole(part, shares, words):
    if any(not 0 <= share <= ALL for share in shares):
        raise BadPlan(part, _("A share is from 0 to 100 per cent."))
    if sum(shares) != ALL:
        raise BadPlan(part, words % {"sum": percent(sum(shares))})


def _check(number, shift, days):
    said = {"n": number, "opens": f"{OPENS:02d}:00", "closes": f"{CLOSES:02d}:00", "days": days}
    if not (OPENS <= shift.starts < CLOSES and OPENS < shift.ends <= CLOSES):
        raise BadPlan("shifts", _("Shift %(n)s lies outside the desk's hours, %(opens)s to %(closes)s.") % said)
    if shift.starts >= shift.ends:
        raise BadPlan("shifts", _("Shift %(n)s ends before it begins.") % said)
    if not 1 <= shift.people <= MOST_PEOPLE:
        raise BadPlan("shifts", _("Shift %(n)s needs at least one person.") % said)
    if not shift.days or not shift.days <= set(range(days)):
        raise BadPlan("shifts", _("Shift %(n)s is on days that the plan does not have: it has %(days)s.") % said)


def percent(share):
    """Hundredths of a per cent as one writes them: 1250 → 12.5."""
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


@dataclass(slots=True)
class Hour:
    """An hour of the plan: what comes, who is needed and there, what is handled, what waits when it ends."""

    day: int
    hour: int
    refunds: Fraction
    needed: int
    on_shift: int
    handled: Fraction = Fraction(0)
    waiting: Fraction = Fraction(0)

    @property
    def short(self):
        return max(0, self.needed - self.on_shift)


@dataclass(slots=True)
class Day:
    """A day of the plan. `staffed` is who is on shift, in people who stay for the desk's twelve hours."""

    number: int
    date: date
    refunds: Fraction
    needed: int
    staffed: Fraction
    short: int
    hours: list[Hour]
    late: Fraction = Fraction(0)

    @property
    def waiting(self):
        """What is left when the day ends."""
        return self.hours[-1].waiting

    @property
    def hours_short(self):
        return sum(1 for hour in self.hours if hour.short)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a plan would go, day by day and hour by hour."""

    days: list[Day]

    @property
    def hours(self):
        return [hour for day in self.days for hour in day.hours]

    @property
    def refunds(self):
        return sum((day.refunds for day in self.days), Fraction(0))

    @property
    def handled(self):
        return sum((hour.handled for hour in self.hours), Fraction(0))

    @property
    def waiting(self):
        """What nobody has handled when the plan ends."""
        return self.days[-1].waiting

    @property
    def late(self):
        return sum((day.late for day in self.days), Fraction(0))


def forecast(sale, *, calendar, limit):
    """How the plan `sale` goes; `limit` is the working time in which a refund is to be answered, on `calendar`."""
    days = [_day(sale, number) for number in range(len(sale.shares))]
    told = Forecast(days)
    a_twelfth = Fraction(sale.per_agent_day, len(HOURS))
    # (the day that it came on, when its limit is over, how much of it waits), the oldest first.
    waiting, left = deque(), Fraction(0)
    for hour in told.hours:
        day = days[hour.day]
        begins = _instant(day.date, hour.hour)
        if hour.refunds:
            waiting.append([day, clock.deadline(calendar, begins, limit), hour.refunds])
            left += hour.refunds
        hour.handled = _work_off(waiting, hour.on_shift * a_twelfth, at=begins + HOUR)
        left -= hour.handled
        hour.waiting = left
    ends = _instant(days[-1].date, CLOSES)
    for day, due, rest in waiting:
        if due <= ends:
            day.late += rest
    return told


def _work_off(waiting, room, *, at):
    """Takes up to `room` off the queue, answered at `at`; what that is too late for is counted. Returns how much."""
    handled = Fraction(0)
    while waiting and room > handled:
        day, due, rest = waiting[0]
        taken = min(rest, room - handled)
        # As everywhere: an answer at the deadline's very instant is in time.
        if at > due:
            day.late += taken
        handled += taken
        if taken == rest:
            waiting.popleft()
        else:
            waiting[0][2] = rest - taken
    return handled


def _day(sale, number):
    refunds = sale.refunds_of(number)
    hours = [_hour(sale, number, refunds, hour, share) for hour, share in zip(HOURS, sale.hours, strict=True)]
    staffed = Fraction(sum(hour.on_shift for hour in hours), len(HOURS))
    return Day(
        number=number,
        date=sale.first_day + timedelta(days=number),
        refunds=refunds,
        needed=sale.people_for(number),
        staffed=staffed,
        short=max(0, ceil(refunds / sale.per_agent_day - staffed)),
        hours=hours,
    )


def _hour(sale, number, refunds, hour, share):
    coming = refunds * share / ALL
    needed = ceil(coming * len(HOURS) / sale.per_agent_day)
    return Hour(number, hour, coming, needed, sale.on_shift(number, hour))


def _instant(day, hour):
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)
