"""Builds the data of the benchmarks inside the database: the same rows each time, but for the day they end on.

A twentieth of all requests belongs to shop 1, the rest is spread evenly over the others. A tenth is open. What is not
said is by the number of the row: no chance is involved.
"""

from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, transaction

from shop_cs.access import GROUPS
from shop_cs.actors import Role
from shop_cs.models import AfterSale, Consumer, Member, Order, Rulebook, Shop, User
from tickets.models import Reply, Review, ServiceRequest

from .dialect import dialect

YEAR = 365 * 24 * 60
CATEGORIES = ("shipping_logistics", "product", "after_sale_service", "price", "exchange")
CLAIMS = (
    "快递三天没有更新物流，要求核实包裹在哪里",
    "收到的商品有破损，要求补发或者退款",
    "商家拒绝退款申请，消费者要求平台介入",
    "直播间承诺的赠品没有收到",
    "显示已签收但是本人没有收到包裹",
    "商品与描述不符，颜色尺码都不对",
    "退货已经寄回，退款一直没有到账",
    "客服长时间不回复，要求尽快联系",
)
ANSWERS = (
    "已联系消费者，同意退款，款项原路退回",
    "已安排补发，运单号稍后告知",
    "包裹今日恢复运输，预计两天内送达",
    "已与消费者协商一致，补偿优惠券",
)


def quote(table):
    return connection.ops.quote_name(table)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def pick(words, by):
    """One of `words`, by a number in SQL."""
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE ({by}) % {len(words)} {cases} END"


def fill(model, source, **values):
    """INSERT … SELECT: columns not said take their model's default, null or empty."""
    columns = {}
    for field in model._meta.concrete_fields:
        if field.column in values:
            columns[field.column] = values[field.column]
        elif field.has_default() and not callable(field.default):
            columns[field.column] = repr(field.default)
        elif not field.primary_key and not field.null:
            columns[field.column] = "'{}'" if field.get_internal_type() == "JSONField" else "''"
    names = ", ".join(map(quote, columns))
    run(f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT {', '.join(columns.values())} FROM {source}")


def tell(model, moment, move):
    """The history that a row would have left when it was made."""
    history = model.history.model
    own = {field.column for field in history._meta.concrete_fields}
    kept = [field.column for field in model._meta.concrete_fields if field.column in own]
    said = {
        "actor_role": "'import'",
        "actor_name": "''",
        "move": f"'{move}'",
        "rulebook_name": "'current'",
        "web_request": "''",
        "history_change_reason": "''",
        "history_date": moment,
        "history_type": "'+'",
    }
    columns = [*kept, *said]
    values = [*map(quote, kept), *said.values()]
    run(
        f"INSERT INTO {quote(history._meta.db_table)} ({', '.join(map(quote, columns))}) "
        f"SELECT {', '.join(values)} FROM {quote(model._meta.db_table)} ORDER BY {quote('id')}"
    )


def build(requests, *, shops, base, say):
    """`base` is the instant they end at, in UTC. Into a database without shops."""
    say(f"building {requests:,} requests in {shops:,} shops")
    with transaction.atomic():
        _shops(shops, base)
        _orders(requests, shops, base)
        _requests(requests, base)
        _answers()
        _people()
        for sql in connection.ops.sequence_reset_sql(no_style(), [Shop, Consumer, Order, ServiceRequest]):
            run(sql)
    say("gathering statistics")
    # As a server that has had its rest: counts read the indexes alone.
    run("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _shops(shops, base):
    words = dialect()
    fill(
        Shop,
        words.series(shops),
        id="n",
        no="'B' || " + words.padded("n", 4),
        name="'基准店 ' || n",
        created_at=words.minutes_before(base, f"{YEAR}"),
        bars="'{}'",
    )
    tell(Shop, "created_at", "import")


def _people():
    """The owner of the large shop, the owner of one like most, and a reviewer."""
    people = (("large", Role.MERCHANT, 1), ("usual", Role.MERCHANT, 2), ("reviewer", Role.REVIEWER, None))
    for name, role, shop in people:
        user = User.objects.create(username=name, first_name=name, is_staff=role != Role.MERCHANT)
        user.groups.add(Group.objects.get(name=GROUPS[role]))
        if shop:
            Member.everything.create(shop_id=shop, user=user, is_owner=True)


def _orders(requests, shops, base):
    """Two requests an order, two orders a consumer; every tenth order has an after-sale."""
    words, orders = dialect(), requests // 2
    fill(
        Consumer,
        words.series(max(orders // 2, 1)),
        id="n",
        key="'k' || n",
        fingerprint="'f' || n",
        name=pick(("王小明", "李雷", "韩梅", "赵云"), "n"),
        phone="'138' || " + words.padded("n", 8),
        address="'浙江省杭州市西湖区文三路 ' || n || ' 号'",
    )
    paid = words.minutes_before(base, f"{YEAR} - CAST(n * {YEAR / orders:.9f} AS integer) + 4320")
    fill(
        Order,
        words.series(orders),
        id="n",
        shop_id=f"CASE WHEN n % 20 = 0 THEN 1 ELSE 2 + n % {shops - 1} END",
        no="'BO' || " + words.padded("n", 9),
        product=pick(("北欧落地灯", "无线耳机", "羽绒被", "保温杯", "儿童雨衣"), "n"),
        amount_fen="1000 + n % 90000",
        paid_at=paid,
        shipped_at=words.plus_minutes(paid, "1440"),
        courier=pick(("顺丰", "中通", "圆通"), "n"),
        consumer_id=f"1 + n % {max(orders // 2, 1)}",
    )
    fill(
        AfterSale,
        f"{quote(Order._meta.db_table)} WHERE id % 10 = 0",
        shop_id="shop_id",
        order_id="id",
        no="'BA' || id",
        kind="'refund'",
        state="CASE WHEN id % 40 = 0 THEN 'refused' ELSE 'done' END",
        amount_fen="amount_fen",
        reason="'不想要了'",
        applied_at=words.plus_minutes("paid_at", "2880"),
    )
    for model, moment in ((Order, "paid_at"), (AfterSale, "applied_at")):
        tell(model, moment, "import")


def _requests(requests, base):
    words = dialect()
    state = (
        "CASE WHEN n % 10 <> 0 THEN 'closed' WHEN (n / 10) % 20 < 12 THEN 'pending' "
        "WHEN (n / 10) % 20 < 18 THEN 'reviewing' WHEN (n / 10) % 20 < 19 THEN 'scheduled' ELSE 'confirming' END"
    )
    age = f"CASE WHEN n % 10 <> 0 THEN 2880 + {YEAR} - CAST(n * {YEAR / requests:.9f} AS integer) ELSE n % 2880 END"
    raw = f"(SELECT n, {state} AS st, {words.minutes_before(base, age)} AS made FROM {words.series(requests)}) AS raw"
    orders = quote(Order._meta.db_table)
    source = f"{raw} JOIN {orders} ON {orders}.id = (n + 1) / 2"
    sent = "CASE WHEN st = 'scheduled' THEN NULL ELSE made END"
    late = "n % 20 = 1"
    reviewing = "st IN ('reviewing', 'closed')"
    fill(
        ServiceRequest,
        source,
        id="n",
        no="'BR' || " + words.padded("n", 9),
        shop_id=f"{orders}.shop_id",
        order_id=f"{orders}.id",
        rulebook_id=str(Rulebook.objects.order_by("pk").values_list("pk", flat=True)[0]),
        kind=pick(("general", "general", "urgent"), "n"),
        category=pick(CATEGORIES, "n / 3"),
        detail=pick(CLAIMS, "n / 7") + " || '，编号 ' || n",
        limit_minutes="720",
        state="st",
        round="CASE WHEN st = 'closed' AND n % 9 = 0 THEN 2 ELSE 1 END",
        created_at="made",
        send_at="made",
        sent_at=sent,
        round_opened_at=sent,
        deadline=f"CASE WHEN st = 'scheduled' THEN NULL WHEN st = 'pending' THEN "
        f"{words.minutes_before(base, '-(1 + n % 4320)')} ELSE {words.plus_minutes('made', '1440')} END",
        overdue_at=f"CASE WHEN st = 'closed' AND {late} THEN {words.plus_minutes('made', '1440')} END",
        last_overdue_round=f"CASE WHEN st = 'closed' AND {late} THEN 1 END",
        confirm_until=f"CASE WHEN st = 'confirming' THEN {words.minutes_before(base, '-(1 + n % 4320)')} END",
        reviewing_since=f"CASE WHEN {reviewing} THEN {words.plus_minutes('made', '720')} END",
        review_due=f"CASE WHEN {reviewing} THEN {words.minutes_before(base, '-(1 + n % 4320)')} END",
        closed_at=f"CASE WHEN st = 'closed' THEN {words.plus_minutes('made', '2160')} END",
        urges="CASE WHEN n % 8 = 0 THEN n % 4 ELSE 0 END",
        reminders="0",
        created_by_id="NULL",
        submission="NULL",
        after_sale_id="NULL",
    )
    tell(ServiceRequest, "created_at", "create")


def _answers():
    """One reply and one review a round of what is closed, one reply of what is in review: two events a request."""
    words = dialect()
    table = quote(ServiceRequest._meta.db_table)
    for round_ in (1, 2):
        answered = f"{table} WHERE state IN ('reviewing', 'closed') AND round >= {round_}"
        fill(
            Reply,
            answered,
            shop_id="shop_id",
            request_id="id",
            round=str(round_),
            solved=f"CASE WHEN id % 4 = 0 THEN {words.false} ELSE {words.true} END",
            settlement="CASE WHEN id % 4 = 0 THEN '' WHEN id % 2 = 0 THEN 'refunded' ELSE 'agreed' END",
            reason="CASE WHEN id % 4 = 0 THEN 'no_agreement' ELSE '' END",
            text=pick(ANSWERS, "id / 5") + " || ' #' || id",
            proposal="''",
            replied_at=words.plus_minutes("created_at", f"{360 * round_}"),
        )
        approved = f"CASE WHEN round = {round_} THEN {words.true} ELSE {words.false} END"
        fill(
            Review,
            f"{table} WHERE state = 'closed' AND round >= {round_}",
            shop_id="shop_id",
            request_id="id",
            round=str(round_),
            approved=approved,
            reason=f"CASE WHEN round = {round_} THEN '' ELSE '请补充凭证' END",
            reviewed_at=words.plus_minutes("created_at", f"{700 * round_}"),
        )
    for model, moment, move in ((Reply, "replied_at", "reply_solved"), (Review, "reviewed_at", "approve")):
        tell(model, moment, move)
