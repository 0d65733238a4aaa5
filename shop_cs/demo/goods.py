"""The demo's orders, after-sales and consumers, as the shop platform would have sent them."""

from dataclasses import dataclass, field
from datetime import timedelta

from shop_cs.actors import Actor, Role
from shop_cs.history import record_many
from shop_cs.models import AfterSale, Consumer, Order, Shop, acting

from .scenes import Buyer

IMPORT = Actor(Role.IMPORT, name="demo")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
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
COURIERS = ("顺丰速运", "中通快递", "圆通速递", "京东物流", "申通快递")
# The many orders that nothing happens to lie in so many days, and came in at this time before the demo.
DAYS_OF_SALES = 50
CAME_IN = 2 * HOUR
REGULARS = 40


@dataclass
class Goods:
    """What was sold so far: orders and after-sales by (shop number, word)."""

    shops: dict[str, Shop]
    orders: dict = field(default_factory=dict)
    after_sales: dict = field(default_factory=dict)
    made: int = 0

    def order_of(self, shop_no, story, *, now):
        """The order that a story is about: that of its word, else a new one; None where it is about none."""
        key = (shop_no, story.order or id(story))
        if key not in self.orders and story.product:
            self.orders[key] = self._order(shop_no, story, now=now)
        return self.orders.get(key)

    def after_sale_of(self, shop_no, story, *, order, now):
        """The after-sale behind a story; an order of a word keeps the one that it has."""
        if getattr(story, "after_sale", None) is None:
            return None
        key = (shop_no, story.order or id(story))
        if key not in self.after_sales:
            self.after_sales[key] = self._after_sale(*story.after_sale, order=order, now=now)
        return self.after_sales[key]

    def _order(self, shop_no, story, *, now):
        """An order that arrived some days before `now`, of the story's buyer or the next consumer in the row."""
        n = self.made
        self.made += 1
        paid_at = now - 4 * DAY - (n * 53 % 600) * MINUTE
        with acting(IMPORT, move="import", at=now - MINUTE):
            return Order.everything.create(
                shop=self.shops[shop_no],
                no=f"69210{paid_at:%y%m%d}{100_000 + n * 7919:07d}",
                product=story.product,
                amount_fen=round(story.amount * 100),
                paid_at=paid_at,
                shipped_at=paid_at + DAY,
                signed_at=paid_at + 3 * DAY if story.signed else None,
                courier=story.courier or COURIERS[n % len(COURIERS)],
                consumer=_known(story.buyer or _buyer(n)),
            )

    def _after_sale(self, kind, state, reason, *, order, now):
        applied_at = now - DAY + (order.pk * 17 % 300) * MINUTE
        with acting(IMPORT, move="import", at=now - MINUTE):
            return AfterSale.everything.create(
                shop_id=order.shop_id,
                order=order,
                no=f"AS{applied_at:%y%m%d}{order.pk * 7907 % 10**6:06d}",
                kind=kind,
                state=state,
                amount_fen=order.amount_fen,
                reason=reason,
                applied_at=applied_at,
            )

    def sell(self, desk, *, now):
        """The shop's many orders without a request, of some regular customers, in one delivery."""
        shop, first = self.shops[desk.shop_no], 10_000 * int(desk.shop_no[1:])
        with acting(IMPORT, move="import", at=now):
            regulars = [_consumer(_buyer(first + n)) for n in range(min(REGULARS, desk.sold))]
            record_many(Consumer.objects.bulk_create(regulars), created=True)
            rows = [_sold(shop, desk, first, n, regulars[n % len(regulars)], now=now) for n in range(desk.sold)]
            record_many(Order.everything.bulk_create(rows), created=True)


def _sold(shop, desk, first, n, consumer, *, now):
    product, amount = desk.others[n % len(desk.others)]
    paid_at = now - DAYS_OF_SALES * DAY * (n + 1) / (desk.sold + 1) - (n * 37 % 90) * MINUTE
    paid_at = paid_at.replace(microsecond=0)
    return Order(
        shop=shop,
        no=f"69210{paid_at:%y%m%d}{3_000_000 + (first + n) * 13:08d}",
        product=product,
        amount_fen=round(amount * 100),
        paid_at=paid_at,
        shipped_at=paid_at + DAY if paid_at + DAY < now else None,
        signed_at=paid_at + 3 * DAY if paid_at + 3 * DAY < now else None,
        courier=COURIERS[n % len(COURIERS)],
        consumer=consumer,
    )


def _buyer(n):
    """The n-th consumer in the row."""
    return Buyer(
        name=SURNAMES[n * 7 % len(SURNAMES)] + GIVEN[n * 5 % len(GIVEN)],
        phone=f"138{n * 61 % 10**8:08d}",
        address=PLACES[n % len(PLACES)],
    )


def _known(buyer):
    """The consumer's row, the one that is there already where he has bought before."""
    made = _consumer(buyer)
    if there := Consumer.objects.filter(fingerprint=made.fingerprint).first():
        return there
    made.save()
    return made


def _consumer(buyer):
    return Consumer.of(name=buyer.name, phone=buyer.phone, address=buyer.address)
