"""What 向日葵家居 (S001) is blamed for, reports and files, and the money that it has paid in."""

from .case_steps import appealed, granted
from .centre_steps import (
    FilingStory,
    Funds,
    ReportStory,
    ViolationStory,
    filing_approved,
    report_dismissed,
    upheld,
)

CENTRE = (
    Funds("deposit", 20_000, "ICBC-2608-100217", 400),
    Funds("other", 3_000, "ICBC-2608-100884", 380),
    Funds("deposit", 5_000, "ICBC-2611-204410", 60),
    ViolationStory("unpaid_ruling", "curtain", 250, (upheld(249, "裁决后未在时限内付款，事实清楚。"),)),
    ViolationStory("negative_handling", "box", 68, (upheld(66, "超时未回复，消费者两次催促仍无回应。"),)),
    ViolationStory(
        "abuse",
        "lamp",
        132,
        (
            upheld(130, "通话录音显示客服言语过激。"),
            appealed(
                120,
                "new_evidence",
                "完整录音显示消费者先行辱骂，客服仅要求冷静。",
                proof="沟通记录",
                proves="完整录音文字稿",
            ),
            granted(100, "完整录音与节选不符，撤销处罚。"),
        ),
        detail="消费者投诉客服在电话中辱骂，并上传录音节选。",
    ),
    ReportStory(
        "false_complaint",
        "sheet",
        "破洞为剪口，仲裁已查明，消费者涉嫌自损后索赔。",
        75,
        (report_dismissed(50, "仅一次，不足以认定恶意；再次发生可重新举报。"),),
        proof="商品照片",
    ),
    ReportStory("extortion", "cup", "消费者要求额外返现五十元，否则发差评，附聊天记录。", 6.5, proof="沟通记录"),
    FilingStory(
        "extreme_weather",
        "郑州连日暴雨，转运中心停止分拨，预计一周内恢复。",
        30,
        2,
        10,
        (filing_approved(20, "已核对气象部门红色预警。"),),
        regions=(("河南", "郑州"),),
        proof="气象预警",
    ),
    FilingStory(
        "courier_stalled",
        "韵达快递本市网点停摆，包裹积压，派送信息不更新。",
        55,
        1,
        9,
        (filing_approved(30, "快递公司已公告网点停摆。"),),
        courier="韵达快递",
        proof="停运通知",
    ),
    FilingStory(
        "courier_lost",
        "一车包裹在高速上起火，名单内订单确认丢失，正在逐单补发。",
        5.5,
        1,
        6,
        orders=("shelf", "cup"),
        proof="停运通知",
    ),
)
