"""Plays the demo's stories: every step through the actions, at its own moment in the past, in the order of time.

Between two steps the sweep runs at the moments at which something falls due, as a worker would have done. So what
the trail tells is what would have been.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop_cs import clock, notices, sweep
from shop_cs.actors import Actor, Role
from shop_cs.models import AfterSale, Consumer, Notice, Order, Rulebook, acting
from tickets import actions

from .people import Cast
from .steps import LAST_NIGHT, Desk, Scene, Story

IMPORT = Actor(Role.IMPORT, name="demo")
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
QUARTER = 15 * MINUTE
# A worker passes every few seconds.
WORKER_PAUSE = timedelta(seconds=4)
READ_AFTER = timedelta(days=1)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("小明", "丽华", "建国", "雨桐", "子涵", "志强", "美玲", "浩然", "欣怡", "文博", "秀英", "晓东", "思远")
PLACES = (
    "浙江省杭州市余杭区文一西路100号",
    "广东省深圳市南山区科苑路15号",
    "四川省成都市武侯区天府大道北段8号",
    "江苏省南京市鼓楼区中山北路66号",
    "湖北省武汉市洪山区珞喻路20号",
    "山东省青岛市市南区香港中路9号",
    "陕西省西安市雁塔区高新路31号",
)


def play(desks, *, cast: Cast, now: datetime):
    """Makes orders and requests of all desks, as if up to `now` people had worked. Returns how many requests."""
    stage = _Stage(cast, now.replace(microsecond=0))
    for desk in desks:
        for story in desk.stories:
            stage.plan(desk, story)
        stage.plan_others(desk)
    stage.play()
    _read_old_notices(cast, now=now)
    return sum(len(desk.stories) for desk in desks)


@dataclass
class _Stage:
    cast: Cast
    now: datetime
    orders: dict = field(default_factory=dict)
    plan_of: list = field(default_factory=list)
    made: int = 0

    def __post_init__(self):
        self.calendar = Rulebook.objects.in_force(self.now).rules().calendar

    def plan(self, desk: Desk, story: Story):
        opened_at = self.last_night() if story.ago is LAST_NIGHT else self.before(story.ago)
        play = _Play(self, desk, story)
        self.plan_of.append((opened_at, play.open))
        for step in story.steps:
            self.plan_of.append((self.before(step.ago), play.step(step)))

    def plan_others(self, desk):
        for n, (product, amount) in enumerate(desk.others):
            at = self.now - (1 + n % 9) * DAY - n * 37 * MINUTE
            self.plan_of.append(
                (at, lambda now, product=product, amount=amount: self.order(desk, product, amount, now=now))
            )

    def play(self):
        since = None
        for at, act in sorted(self.plan_of, key=lambda planned: planned[0]):
            self.sweep(since or at, at)
            act(at)
            since = at
        self.sweep(since, self.now)
        sweep.one_pass(now=lambda: self.now)

    def sweep(self, since, until):
        """Passes at each moment between the two at which something fell due, a worker's pause later."""
        while _due(until):
            seconds = range((until - since) // SECOND)
            at = since + bisect_left(seconds, True, key=lambda n, since=since: _due(since + n * SECOND)) * SECOND
            at = min(at + WORKER_PAUSE, until)
            if not any(sweep.one_pass(now=lambda at=at: at).values()):
                return
            since = at

    def before(self, hours):
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

    def order(self, desk, product, amount, *, now, signed=True):
        """An order that arrived some days before `now`, of the next consumer in the row."""
        n = self.made
        self.made += 1
        shop = self.cast.shops[desk.shop_no]
        paid_at = now - 4 * DAY - (n * 53 % 600) * MINUTE
        with acting(IMPORT, move="import", at=now - MINUTE):
            consumer = Consumer.of(
                name=SURNAMES[n * 7 % len(SURNAMES)] + GIVEN[n * 5 % len(GIVEN)],
                phone=f"1380000{1000 + n * 61:04d}",
                address=PLACES[n % len(PLACES)],
            )
            consumer.save()
            return Order.everything.create(
                shop=shop,
                no=f"69210{paid_at:%y%m%d}{100_000 + n * 7919:07d}",
                product=product,
                amount_fen=round(amount * 100),
                paid_at=paid_at,
                shipped_at=paid_at + DAY,
                signed_at=paid_at + 3 * DAY if signed else None,
                consumer=consumer,
            )


class _Play:
    """One story on the stage."""

    def __init__(self, stage, desk, story):
        self.stage, self.desk, self.story = stage, desk, story
        self.agent = stage.cast.platform("pia")
        self.reviewer = stage.cast.platform(desk.reviewer)
        self.merchant = stage.cast.merchant(desk.merchant, desk.shop_no)
        self.request = self.order = self.after_sale = None

    def open(self, now):
        self.order = self._order(now)
        self.after_sale = self._after_sale(now)
        self.request = actions.create(
            order=self.order,
            kind=self.story.kind,
            category=self.story.category,
            detail=self.story.detail,
            agreed=self.story.limit,
            after_sale=self.after_sale,
            by=self.agent,
            now=now,
        )

    def step(self, step):
        return lambda now: step.act(
            Scene(
                request=self.request,
                order=self.order,
                after_sale=self.after_sale,
                merchant=self.merchant,
                agent=self.agent,
                reviewer=self.reviewer,
                now=now,
            )
        )

    def _order(self, now):
        story, orders = self.story, self.stage.orders
        key = (self.desk.shop_no, story.order or id(story))
        if key not in orders:
            orders[key] = self.stage.order(self.desk, story.product, story.amount, now=now, signed=story.signed)
        return orders[key]

    def _after_sale(self, now):
        if self.story.after_sale is None:
            return None
        kind, state, reason = self.story.after_sale
        applied_at = now - DAY + (self.order.pk * 17 % 300) * MINUTE
        with acting(IMPORT, move="import", at=now - MINUTE):
            return AfterSale.everything.create(
                shop_id=self.order.shop_id,
                order=self.order,
                no=f"AS{applied_at:%y%m%d}{self.order.pk * 7907 % 10**6:06d}",
                kind=kind,
                state=state,
                amount_fen=self.order.amount_fen,
                reason=reason,
                applied_at=applied_at,
            )


def _due(at):
    return any(job.due(at).exists() for job in sweep.JOBS)


def _read_old_notices(cast, *, now):
    for (username, shop_no), member in cast.members.items():
        if username != "ivy":
            old = Notice.objects.of(cast.shops[shop_no]).filter(created_at__lt=now - READ_AFTER)
            notices.mark_read(old, by=member.user)
