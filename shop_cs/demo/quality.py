"""The demo's service quality: response rates, the robot's answers, and exams that were sat."""

from datetime import timedelta

from shop_cs.access import merchant_actor
from shop_cs.actors import Actor, Role
from shop_cs.clock import SHANGHAI
from shop_cs.history import record_many
from shop_cs.models import Member, acting
from tickets.actions import exams, robot
from tickets.models import Exam, ResponseDay, RobotAnswer
from tickets.quality.exams import WEEK, last_warning, right_of

IMPORT = Actor(Role.IMPORT, name="demo")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAYS_OF_RATES = 60
WEEKS_OF_EXAMS = 10
# Who sits his exam on the very day; the others take until the day before it is due.
DILIGENT = "bob"
Source = RobotAnswer.Source
ANSWERS = (
    (
        "S001",
        Source.SCENE,
        "什么时候发货",
        "亲，付款后 48 小时内发货，遇到大促可能会稍晚一点哦。",
        "机器人 › 官方场景 › 发货时间",
    ),
    ("S001", Source.CUSTOM, "发什么快递", "默认发顺丰或中通，暂不支持指定快递，请您谅解。", "机器人 › 自定义问答"),
    (
        "S001",
        Source.PRODUCT,
        "四件套会褪色吗",
        "活性印染，首次清洗请单独冷水洗涤，浮色属于正常现象。",
        "商品知识库 › 全棉四件套",
    ),
    ("S001", Source.WELCOME, "进店欢迎语", "欢迎光临向日葵家居，客服 9 点到 21 点在线。", "接待设置 › 欢迎语"),
    ("S001", Source.KEYWORD, "退货，退款", "支持七天无理由退货，请保持吊牌完好并保留运单号。", "接待设置 › 关键词回复"),
    ("S001", Source.CUSTOM, "枕头有味道", "有轻微味道属于正常现象，通风晾晒三天即可。", "机器人 › 自定义问答"),
    ("S002", Source.CUSTOM, "保修多久", "全国联保一年，人为损坏不在保修范围内。", "机器人 › 自定义问答"),
    ("S002", Source.KEYWORD, "发票", "电子发票会在签收后三天内发送到您的邮箱。", "接待设置 › 关键词回复"),
)
KEEPERS = {"S001": "alice", "S002": "charlie"}


def furnish(cast, *, now):
    """The robot's answers as their shops keep them, and the chat platform's figures up to today."""
    for shop_no, source, question, answer, where in ANSWERS:
        by = cast.merchant(KEEPERS[shop_no], shop_no)
        said = {"source": source, "question": question, "answer": answer, "where": where, "is_active": True}
        robot.add(shop=cast.shops[shop_no], by=by, now=now, **said)
    today = now.astimezone(SHANGHAI).date()
    rates = [
        _rate(shop, today - n * DAY, n + place)
        for place, shop in enumerate(cast.shops.values())
        for n in range(DAYS_OF_RATES)
    ]
    with acting(IMPORT, move="import", reason="response_rates.csv", at=now):
        ResponseDay.everything.bulk_create(rates)
        record_many(rates, created=True)


def _rate(shop, day, n):
    conversations = 120 + n * 37 % 90
    return ResponseDay(shop=shop, day=day, conversations=conversations, effective=conversations - n * 13 % 11)


def sittings(cast, *, now):
    """(moment, act) of the exams that were sat: nobody is late in the demo, and the newest may still be open."""
    for weeks in range(WEEKS_OF_EXAMS):
        warned = last_warning(now) - weeks * WEEK
        yield min(warned + 5 * HOUR, now), lambda at: _sit(_open().filter(member__user__username=DILIGENT), at)
        if warned + 6 * DAY <= now:
            yield warned + 6 * DAY, lambda at: _sit(_open(), at)


def _open():
    return Exam.everything.filter(passed_at__isnull=True).select_related("member")


def _sit(rows, at):
    """A try with something wrong in it, then one with all right."""
    for exam in rows:
        member = Member.everything.select_related("shop", "user", "post").get(pk=exam.member_id)
        by = merchant_actor(member, now=at)
        for first in (True, False):
            sitting, questions = exams.paper(exam)
            chosen = {one.pk: sorted(right_of(one.options)) for one in questions}
            if first:
                chosen |= {one.pk: [0] for one in questions[:3]}
            exams.sit(exam, chosen=chosen, by=by, now=at, expect=exams.stamp(sitting, questions))
            if Exam.everything.filter(pk=exam.pk, passed_at__isnull=False).exists():
                break
