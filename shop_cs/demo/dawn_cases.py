"""The cases of 晨曦母婴 (S003), which has little deposit, what it is blamed for, reports and files."""

from .case_steps import (
    CaseStory,
    appealed,
    appealed_payment,
    consumer_stated,
    denied,
    for_consumer,
    for_merchant,
    offered,
    stated,
)
from .centre_steps import (
    FilingStory,
    Funds,
    ReportStory,
    ViolationStory,
    filing_approved,
    report_upheld,
    taken_up,
    upheld,
)

CASES = (
    CaseStory("婴儿安抚摇椅", 459, "已组装", "电机有焦糊味，不敢给孩子用，商家说组装后不退。", 4),
    CaseStory(
        "婴儿恒温壶",
        189,
        "正常水垢",
        "内胆生锈，商家坚持说是水垢。",
        22,
        (offered(16.5, 40, "补偿四十元并附除垢剂。"),),
    ),
    CaseStory(
        "婴儿床 带护栏",
        899,
        "拆包装不退",
        "护栏卡扣断裂，孩子险些摔下，商家拒绝退货。",
        100,
        (
            stated(92, "卡扣需按说明安装。"),
            consumer_stated(90, "安装师傅装的，第二天就断。", proof="商品照片", proves="卡扣断裂"),
            for_consumer(70, 899, "卡扣断裂存在安全隐患，应全额退款。"),
            appealed_payment(30, "new_evidence", "同批次卡扣承重检测合格。", proof="质检报告", proves="承重检测"),
        ),
        order="cot",
    ),
    CaseStory(
        "学步车 防侧翻",
        179,
        "无质量问题",
        "轮子脱落，商家要求自费寄回检测。",
        34,
        (stated(28, "愿意承担检测费，请寄回。", proof="沟通记录", proves="已告知承担检测费"),),
    ),
    CaseStory(
        "有机棉连体衣 三件",
        149,
        "尺码无误",
        "尺码偏小，剪标后要求退款。",
        110,
        (
            stated(102, "剪标后无法二次销售。", proof="商品照片", proves="吊牌已剪"),
            consumer_stated(100, "剪标才能洗。"),
            for_merchant(82, "非质量问题且已剪标，不支持退款。"),
        ),
    ),
)

CENTRE = (
    Funds("deposit", 600, "BOC-2608-30011", 360),
    Funds("other", 120, "BOC-2610-31902", 150),
    # The cot cost more than there was; this repays a part of what is owed.
    Funds("deposit", 100, "BOC-2611-33045", 25),
    ViolationStory(
        "passing_the_buck",
        "nappies",
        52,
        (
            upheld(50, "十名消费者反映被客服互相推诿，事实清楚。"),
            appealed(40, "misjudged", "多数消费者当日已得到答复。", proof="沟通记录", proves="答复时间"),
            denied(20, "答复均为转接，未解决问题，维持处罚。"),
        ),
        detail="近一月内十名消费者被售前、售后客服互相推诿。",
        quantity=10,
    ),
    ReportStory(
        "refund_fraud",
        "seat",
        "该用户近三月以相同理由在多家店铺申请仅退款，照片重复使用。",
        4.5,
        (taken_up(3), report_upheld(1, "三家店铺的照片与话术相同，认定恶意退款。")),
        proof="沟通记录",
    ),
    FilingStory(
        "extreme_weather",
        "广州特大暴雨，快递停运，发往当地的包裹顺延。",
        24,
        3,
        9,
        (filing_approved(12, "停运公告属实。"),),
        regions=(("广东", "广州"),),
        proof="气象预警",
    ),
)
