"""When things are due in a service request. Pure: rules and instants come in, instants go out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shop_cs import clock
from shop_cs.rules import Rules, is_working_day


def opening(rules: Rules, created_at: datetime) -> datetime:
    """When a request created then is sent: at once inside the working hours, else at the next opening. [2] §一.1"""
    return clock.next_opening(rules.calendar, created_at).astimezone(UTC)


def closing(rules: Rules, now: datetime) -> datetime | None:
    """When today's last working hours end; None on a closed day, and from then on."""
    local = now.astimezone(clock.SHANGHAI)
    windows = rules.calendar.windows_on(local.date())
    if not windows:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    closes = midnight + timedelta(minutes=windows[-1].closes)
    return closes.astimezone(UTC) if closes > now else None


def round_from(rules: Rules, opened_at: datetime, limit: timedelta) -> dict:
    """The moments of a round that opens then: `round_opened_at`, `deadline`, `due_soon_at` and `due_soon_told_at`.

    `limit` runs on the working clock. The notice comes when 12 working hours are left, for longer limits. [2] §二.6
    """
    due_soon_at = None
    if limit > rules.due_soon_above and limit > rules.due_soon_left:
        due_soon_at = clock.deadline(rules.calendar, opened_at, limit - rules.due_soon_left).astimezone(UTC)
    return {
        "round_opened_at": opened_at,
        "deadline": clock.deadline(rules.calendar, opened_at, limit).astimezone(UTC),
        "due_soon_at": due_soon_at,
        "due_soon_told_at": None,
    }


def review_from(rules: Rules, since: datetime) -> dict:
    """The platform's own clock from the moment it has the request: the end of its 7th working day. [4] §五"""
    return {
        "reviewing_since": since,
        "review_due": clock.add_working_days(is_working_day, since, rules.review_days).astimezone(UTC),
        "platform_late_at": None,
    }


def survey_at(rules: Rules, at: datetime) -> datetime:
    """When a survey that is wanted at `at` may go out: between 22:00 and 08:00 it waits for 08:00. [2] §二.5.4"""
    local = at.astimezone(clock.SHANGHAI)
    if surveys_may_go(rules, at):
        return at
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    morning = midnight + timedelta(minutes=rules.survey_opens)
    return (morning if local < morning else morning + timedelta(days=1)).astimezone(UTC)


def surveys_may_go(rules: Rules, at: datetime) -> bool:
    """Whether consumers may be written to at `at`: from 08:00 on, before 22:00. [2] §二.5.4"""
    local = at.astimezone(clock.SHANGHAI)
    return rules.survey_opens <= local.hour * 60 + local.minute < rules.survey_closes


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deadline is that instant: each stretch that counted and did not, the limit, the rulebook's version."""

    start: datetime
    limit: timedelta
    deadline: datetime
    rulebook: str
    stretches: tuple[clock.Stretch, ...]


def explain(rules: Rules, start: datetime, limit: timedelta) -> Explanation:
    """The deadline of `limit` working time from `start`, with its reasons; all instants in Asia/Shanghai."""
    return Explanation(
        start=start.astimezone(clock.SHANGHAI),
        limit=limit,
        deadline=clock.deadline(rules.calendar, start, limit),
        rulebook=rules.name,
        stretches=clock.stretches(rules.calendar, start, limit),
    )


@dataclass(frozen=True, slots=True)
class Countdown:
    """What is left of a round at an instant, in working time; `opens_at` while the clock stands still."""

    left: timedelta
    share_used: float
    opens_at: datetime | None

    @property
    def tone(self):
        """ "calm", "amber" from half of the limit on, "red" from nine tenths on and when over."""
        return "red" if self.share_used >= RED else "amber" if self.share_used >= AMBER else "calm"


AMBER, RED = 0.5, 0.9


def countdown(rules: Rules, *, now: datetime, deadline: datetime, limit: timedelta) -> Countdown:
    """Working time left until `deadline`, the share of `limit` that is used, and when a stopped clock goes on."""
    left = clock.elapsed(rules.calendar, now, deadline)
    opens_at = clock.next_opening(rules.calendar, now)
    return Countdown(
        left=left,
        share_used=1 - left / limit,
        opens_at=opens_at if opens_at > now and left else None,
    )


def working_days_used(since: datetime, now: datetime) -> int:
    """Working days that the platform has had a request."""
    return clock.working_days_between(is_working_day, since, now)
