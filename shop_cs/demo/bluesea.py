"""The stories of 蓝海数码 (S002), whose owner Charlie answers himself."""

from .bluesea_cases import CASES, CENTRE
from .buyers import SERIAL_REFUNDER
from .scenes import LAST_NIGHT, Desk
from .steps import Story, approved, called, messaged, rejected, solved, unsolved, urged

_STORIES = (
    Story(
        "product",
        "机械键盘 87键",
        349,
        "空格键失灵，寄修后仍然不灵，要求换新。",
        130,
        (solved(118, "done", "已为消费者更换新键盘，运单已发出。"), approved(90)),
        after_sale=("exchange", "done", "按键失灵"),
    ),
    Story(
        "courier",
        "USB-C数据线 2米",
        29.9,
        "快递放在驿站未通知，被退回，商家拒绝再发。",
        110,
        (
            unsolved(99, "courier_fault", "快递公司未按要求派送，已投诉并登记。", proposal="免费重发一次"),
            approved(75, "责任在快递，同意重发方案。"),
        ),
        signed=False,
        order="cable",
    ),
    Story(
        "price",
        "无线充电器 15W",
        119,
        "优惠券无法叠加，多付三十元。",
        100,
        (
            unsolved(92, "other", "优惠券规则页已注明不可叠加，系消费者误解。"),
            rejected(80, "请附规则页截图说明。"),
            unsolved(70, "other", "已附规则页截图，优惠规则在下单页明示。", proof="沟通记录", proves="规则页截图"),
            approved(44),
        ),
    ),
    Story(
        "product",
        "65W氮化镓充电头",
        139,
        "充电发烫，怀疑虚标功率。",
        310,
        (
            unsolved(
                299,
                "claim_unsupported",
                "送检结果符合标称功率，温升在国标范围内。",
                proof="质检报告",
                proves="温升测试结果",
            ),
            urged(120),
        ),
    ),
    Story(
        "after_sale_service",
        "真无线蓝牙耳机",
        499,
        "左耳无声，七天内申请退货被以“已激活”为由拒绝。",
        34,
        (urged(25),),
        after_sale=("return", "refused", "左耳无声"),
        buyer=SERIAL_REFUNDER,
    ),
    Story(
        "order_operation",
        "平板电脑支架 铝合金",
        85,
        "地址填错，下单后五分钟联系客服修改未果。",
        27,
        (unsolved(11, "unreachable", "多次联系消费者核对地址，电话为空号。", proof="沟通记录", proves="拨打记录"),),
        signed=False,
    ),
    Story(
        "shipping_logistics",
        "千兆双频路由器",
        269,
        "签收后发现外箱被拆，少了电源适配器。",
        18,
        (
            called(10, "reached", "消费者提供开箱视频"),
            solved(3, "agreed", "双方同意补发原装电源适配器，今日已寄出。", proof="沟通记录", proves="消费者同意补发"),
        ),
    ),
    Story(
        "product",
        "智能手表 运动版",
        799,
        "屏幕边缘漏光，要求换新。",
        44,
        (
            unsolved(33, "no_agreement", "检测为正常公差，消费者不认可。", proposal="延保一年"),
            rejected(13, "请提供检测照片及公差标准。"),
            messaged(7, "reached", "已请消费者寄回复检，运费我方承担"),
        ),
        after_sale=("exchange", "refused", "屏幕漏光"),
        order="watch",
    ),
    Story("merchant_service", "手机云台稳定器", 459, "客服让加私人微信处理售后，拒绝平台内沟通。", 19, order="gimbal"),
    Story(
        "exchange",
        "游戏鼠标 轻量化",
        189,
        "收到旧款，要求换成页面展示的新款。",
        8.5,
        (called(3, "reached", "仓库核实发错批次"),),
    ),
    Story("risky_product", "20000mAh充电宝", 149, "充电宝自动发热，外壳变形，要求召回。", 0.7),
    Story("content_promotion", "行车记录仪 4K", 369, "宣传支持停车监控，实际需另购配件。", LAST_NIGHT),
)

DESK = Desk(
    "S002",
    "charlie",
    "ray",
    "rita",
    (*_STORIES, *CASES, *CENTRE),
    others=(
        ("手机壳 液态硅胶", 39),
        ("钢化膜 两片装", 19.9),
        ("蓝牙音箱 便携", 199),
        ("读卡器 四合一", 59),
        ("网线 六类 10米", 35),
    ),
    sold=260,
)
