"""The cases of 蓝海数码 (S002), what it is blamed for, reports and files, and the money that it has paid in."""

from .buyers import IN_HARBIN
from .case_steps import (
    CaseStory,
    appealed,
    confirmed,
    consumer_stated,
    denied,
    for_consumer,
    for_merchant,
    paid,
    proof_refused,
    stated,
)
from .centre_steps import (
    FilingStory,
    Funds,
    ReportStory,
    ViolationStory,
    dismissed,
    filing_approved,
    filing_rejected,
    taken_up,
    upheld,
)

CASES = (
    CaseStory(
        "无线游戏手柄",
        219,
        "已激活",
        "摇杆漂移，三天内申请换货被拒绝。",
        6,
        (consumer_stated(3, "附漂移测试视频截图。", proof="商品照片", proves="摇杆漂移"),),
        kind="exchange",
    ),
    CaseStory(
        "机械硬盘 4TB",
        689,
        "无故障",
        "通电时间显示已使用两千小时，怀疑翻新。",
        36,
        (
            stated(30, "官方序列号可查，为全新。", proof="质检报告", proves="序列号查询"),
            consumer_stated(26, "检测软件显示通电两千小时。", proof="商品照片", proves="通电时间"),
        ),
    ),
    CaseStory(
        "投影仪支架",
        159,
        "配件齐全",
        "螺丝孔位与投影仪不匹配，页面写通用。",
        36,
        (
            stated(31, "通用孔距，个别机型除外。"),
            consumer_stated(28, "页面没有写个别机型除外。"),
            for_consumer(15, 159, "页面未提示例外机型，应退款。"),
        ),
    ),
    CaseStory(
        "显示器 27英寸",
        949,
        "亮点数在标准内",
        "屏幕中央三个亮点，商家说三个以内不算。",
        120,
        (
            stated(112, "行业标准允许三个以内。", proof="质检报告", proves="亮点标准"),
            consumer_stated(110, "页面承诺无亮点。"),
            for_consumer(90, 949, "页面承诺高于行业标准，应按承诺退款。"),
        ),
        order="monitor",
    ),
    CaseStory(
        "平板电脑 11英寸",
        2399,
        "外观完好不退",
        "充电自动重启，送修两次未修好。",
        140,
        (
            stated(130, "第二次送修后已正常。"),
            consumer_stated(128, "回来当天又重启。", proof="商品照片", proves="重启画面"),
            for_consumer(110, 2399, "两次维修未修复，应退货退款。"),
            confirmed(70, "金额与裁决相符，同意先行赔付。"),
        ),
        order="tablet",
        buyer=IN_HARBIN,
    ),
    CaseStory(
        "头戴式耳机",
        499,
        "已拆封",
        "头梁断裂，商家以已拆封为由拒绝。",
        70,
        (
            stated(62, "拆封影响二次销售。"),
            consumer_stated(60, "断裂是质量问题。"),
            for_consumer(40, 499, "头梁断裂属质量问题，应退款。"),
            paid(30, "已转账，见截图。"),
            proof_refused(20, "截图看不到收款人与流水号，请补充完整凭证。"),
        ),
    ),
    CaseStory(
        "行车记录仪 夜视版",
        429,
        "夜视正常",
        "夜间画面全黑，要求退货。",
        130,
        (
            stated(120, "附实拍夜视样片，需打开红外开关。", proof="商品照片", proves="夜视样片"),
            consumer_stated(118, "没有找到开关。"),
            for_merchant(95, "功能正常，系未开启红外，不支持退款。"),
        ),
    ),
    CaseStory(
        "键盘手托",
        129,
        "无异味",
        "皮革异味刺鼻，要求退货。",
        125,
        (
            stated(118, "环保材料，有检测报告。"),
            consumer_stated(116, "放阳台一周还有味。"),
            for_consumer(100, 129, "七天内提出，应予退货。"),
            paid(90, "已全额退款。"),
            appealed(85, "misjudged", "检测报告证明无有害物质。", proof="质检报告", proves="无有害物质"),
            denied(65, "裁决依据为七天无理由，检测报告不改变结论。"),
        ),
    ),
)

CENTRE = (
    Funds("deposit", 6_000, "CMB-2609-55120", 350),
    Funds("other", 1_000, "CMB-2610-57733", 200),
    ViolationStory(
        "passing_the_buck",
        "cable",
        92,
        (upheld(90, "三名消费者反映被反复推给快递，事实清楚。"),),
        detail="一个月内三次把应由店铺处理的退换货推给快递公司。",
        quantity=3,
    ),
    ViolationStory("unpaid_ruling", "monitor", 50, (upheld(48, "未在时限内付款，也未说明原因。"),)),
    ViolationStory("unpaid_ruling", "tablet", 55, (dismissed(52, "等待第二审核员期间商家已主动联系付款，不予认定。"),)),
    ViolationStory(
        "private_deal",
        "gimbal",
        14,
        (
            upheld(12, "聊天记录显示客服索要私人微信并引导线下处理。"),
            appealed(
                5, "misjudged", "客服系消费者要求添加微信发送教程视频。", proof="沟通记录", proves="消费者主动要求"
            ),
        ),
        detail="客服引导消费者添加私人微信，拒绝在平台内处理售后。",
    ),
    ReportStory(
        "swapped_goods",
        "watch",
        "退回的手表序列号与发出的不一致，疑似调包。",
        20,
        (taken_up(15),),
        proof="商品照片",
    ),
    FilingStory(
        "traffic_control",
        "北京市区因活动管制，快递停止收派。",
        60,
        1,
        4,
        (filing_rejected(45, "管制公告只涉及部分路段，快递公司照常派送。"),),
        regions=(("北京", ""),),
    ),
    FilingStory(
        "extreme_weather",
        "黑龙江暴雪，高速封闭，发往省内的包裹延误。",
        170,
        1,
        6,
        (filing_approved(160, "已核对封路公告。"),),
        regions=(("黑龙江", ""),),
        proof="气象预警",
    ),
    FilingStory(
        "courier_overtime", "圆通速递本周中转超时，单号批量停滞。", 4, 2, 7, courier="圆通速递", proof="停运通知"
    ),
)
