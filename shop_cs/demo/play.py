"""Plays the demo's stories: every step through the actions, at its own moment in the past, in the order of time.

Between two steps the sweep runs at the moments at which something falls due, as a worker would have done. So what
the trail tells is what would have been. Limits of 24 and 48 hours of the wall clock are 12 and 24 working hours while
the calendar opens twelve hours a day: told in working hours, a story comes out the same at any hour.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from shop_cs import clock, notices, sweep
from shop_cs.models import Notice, Rulebook

from . import quality
from .goods import CAME_IN, Goods
from .people import Cast
from .scenes import LAST_NIGHT, Desk, Scene

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
QUARTER = 15 * MINUTE
# A worker passes every few seconds.
WORKER_PAUSE = timedelta(seconds=4)
READ_AFTER = timedelta(days=1)


def play(desks, *, cast: Cast, now: datetime):
    """Makes the orders and stories of all desks, as if up to `now` people had worked."""
    stage = _Stage(cast, now.replace(microsecond=0))
    for desk in desks:
        for story in desk.stories:
            stage.plan(desk, story)
        stage.plan_sales(desk)
    stage.plan_quality()
    stage.play()
    _read_old_notices(cast, now=now)


@dataclass
class _Stage:
    cast: Cast
    now: datetime
    plan_of: list = field(default_factory=list)

    def __post_init__(self):
        self.calendar = Rulebook.objects.in_force(self.now).rules().calendar
        self.goods = Goods(self.cast.shops)
        # Many steps happen at the same time of two shops' days.
        self.before = cache(self._before)

    def plan(self, desk: Desk, story):
        opened_at = self.last_night() if story.ago is LAST_NIGHT else self.before(story.ago)
        play = _Play(self, desk, story)
        self.plan_of.append((opened_at, play.begin))
        for step in story.steps:
            self.plan_of.append((self.before(step.ago), play.step(step)))

    def plan_sales(self, desk):
        if desk.sold:
            self.plan_of.append((self.now - CAME_IN, lambda now: self.goods.sell(desk, now=now)))

    def plan_quality(self):
        self.plan_of.append((self.now - CAME_IN, lambda now: quality.furnish(self.cast, now=now)))
        self.plan_of += quality.sittings(self.cast, now=self.now)

    def play(self):
        since = None
        for at, act in sorted(self.plan_of, key=lambda planned: planned[0]):
            if at != since:
                self.sweep(since or at, at)
            act(at)
            since = at
        self.sweep(since, self.now)
        sweep.one_pass(now=lambda: self.now)

    def sweep(self, since, until):
        """Passes at each moment between the two at which something fell due, a worker's pause later. What only tidies
        up waits for the end of the play."""
        while jobs := [job for job in sweep.JOBS if not job.tidies and job.due(until).exists()]:
            seconds = range((until - since) // SECOND)
            first = bisect_left(seconds, True, key=lambda n, since=since, jobs=jobs: _due(jobs, since + n * SECOND))
            at = min(since + first * SECOND + WORKER_PAUSE, until)
            if not any(sweep.one_pass(now=lambda at=at: at, tidying=False).values()):
                return
            since = at

    def _before(self, hours):
        """The last instant that lies so many working hours before now; the clock is open then."""
        wanted = timedelta(seconds=round(hours * 3600))
        reach = DAY
        while self._worked(reach) < wanted:
            reach *= 2
        return self.now - bisect_left(range(reach // SECOND), wanted, key=lambda n: self._worked(n * SECOND)) * SECOND

    def _worked(self, length):
        """The working time of the last `length`."""
        return clock.elapsed(self.calendar, self.now - length, self.now)

    def last_night(self):
        """A moment outside the working hours: of this night, or by day of the one before."""
        at, now_open = self.now, clock.is_open(self.calendar, self.now)
        while clock.is_open(self.calendar, at) == now_open:
            at -= QUARTER
        return at if now_open else min(at + QUARTER, self.now)


class _Play:
    """One story on the stage."""

    def __init__(self, stage, desk, story):
        self.stage, self.desk, self.story = stage, desk, story
        platform = stage.cast.platform
        self.people = {
            "shop": stage.cast.shops[desk.shop_no],
            "merchant": stage.cast.merchant(desk.merchant, desk.shop_no),
            "agent": platform("pia"),
            "reviewer": platform(desk.reviewer),
            "second": platform(desk.second),
        }
        self.record = self.order = self.after_sale = None

    def begin(self, now):
        goods, shop_no = self.stage.goods, self.desk.shop_no
        self.order = goods.order_of(shop_no, self.story, now=now)
        self.after_sale = goods.after_sale_of(shop_no, self.story, order=self.order, now=now)
        self.record = self.story.begin(self.scene(now))

    def step(self, step):
        return lambda now: step.act(self.scene(now))

    def scene(self, now):
        return Scene(
            record=self.record,
            order=self.order,
            after_sale=self.after_sale,
            order_of=lambda word: self.stage.goods.orders[self.desk.shop_no, word],
            now=now,
            **self.people,
        )


def _due(jobs, at):
    return any(job.due(at).exists() for job in jobs)


def _read_old_notices(cast, *, now):
    for (username, shop_no), member in cast.members.items():
        if username != "ivy":
            old = Notice.objects.of(cast.shops[shop_no]).filter(created_at__lt=now - READ_AFTER)
            notices.mark_read(old, by=member.user)
