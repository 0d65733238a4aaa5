"""The stories of 晨曦母婴 (S003), for which Alice works as a clerk beside her own shop."""

from .buyers import IN_GUANGZHOU, SERIAL_REFUNDER
from .dawn_cases import CASES, CENTRE
from .scenes import Desk
from .steps import Story, approved, called, rejected, shown, solved, unsolved, urged

_STORIES = (
    Story(
        "product",
        "婴儿纸尿裤 L码 两包",
        178,
        "尿不湿漏尿，宝宝红屁股，怀疑是假货。",
        115,
        (
            unsolved(
                104,
                "claim_unsupported",
                "品牌授权书与进货凭证齐全，防伪码可查。",
                proof="质检报告",
                proves="授权与防伪查询结果",
            ),
            approved(78),
        ),
        order="nappies",
    ),
    Story(
        "shipping_logistics",
        "婴儿推车 可登机",
        1099,
        "约定送货上门，快递放在小区门口。",
        85,
        (
            solved(76, "refunded", "已退还上门费三十元。", proof="退款凭证", proves="上门费已退"),
            approved(50, "凭证清楚。"),
        ),
    ),
    Story(
        "after_sale_service",
        "儿童安全座椅 0-7岁",
        1380,
        "卡扣松动，担心安全，商家要求自费寄回。",
        24,
        (
            called(15, "reached", "说明由我方承担运费"),
            shown(7, "商品照片", "卡扣细节"),
            unsolved(
                6,
                "malicious_user",
                "该用户近三月以相同理由在多家店铺申请仅退款，照片与其他订单重复。",
                proof="沟通记录",
                proves="用户承认未使用",
            ),
        ),
        after_sale=("refund", "refused", "卡扣松动"),
        order="seat",
        buyer=SERIAL_REFUNDER,
    ),
    Story(
        "courier",
        "奶瓶消毒器 带烘干",
        299,
        "暴雨导致停运，包裹十天未到，宝宝急用。",
        22,
        (
            unsolved(
                8,
                "force_majeure",
                "当地暴雨停运，快递公司已出具说明。",
                proof="物流凭证",
                proves="停运说明",
                proposal="改发其他仓",
            ),
        ),
        signed=False,
        buyer=IN_GUANGZHOU,
    ),
    Story(
        "exchange",
        "儿童羽绒服 120码",
        269,
        "袖口脱线，换货要求剪吊牌照片，消费者认为刁难。",
        52,
        (
            unsolved(45, "no_agreement", "按流程需核对吊牌，消费者拒绝提供。"),
            rejected(22.8, "不应以吊牌为换货前提，请直接换货。"),
            urged(4),
        ),
        after_sale=("exchange", "applied", "袖口脱线"),
    ),
    Story(
        "product",
        "辅食机 蒸煮一体",
        329,
        "刀头生锈，页面宣传为304不锈钢。",
        11.5,
        (called(4, "wrong_number", "号码为他人使用"),),
    ),
    Story(
        "order_operation",
        "婴儿湿巾 80抽 十包",
        69.9,
        "拍下十包只收到八包。",
        4,
        after_sale=("resend", "applied", "少发两包"),
    ),
    Story("high_risk_complaint", "宝宝护臀膏", 58, "涂抹后大面积过敏，已就医，要求提供备案信息。", 0.2),
)

DESK = Desk(
    "S003",
    "alice",
    "rita",
    "ray",
    (*_STORIES, *CASES, *CENTRE),
    others=(("婴儿爬行垫", 159), ("儿童水杯", 79), ("安抚奶嘴 两只", 45), ("孕妇枕 U型", 139)),
    sold=140,
)
