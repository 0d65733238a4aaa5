"""The stories of 向日葵家居 (S001), whose clerk is Bob: most of what can happen to a request."""

from .buyers import IN_ZHENGZHOU, SERIAL_REFUNDER
from .scenes import LAST_NIGHT, Desk
from .steps import Story, approved, called, messaged, noted, rejected, shown, solved, unsolved, urged
from .sunflower_cases import CASES
from .sunflower_centre import CENTRE

_PENDING = (
    Story(
        "product",
        "记忆棉护颈枕 两只装",
        169,
        "枕头拆封后有明显异味，晾晒三天仍不散，要求退货退款，商家客服只回复“正常现象”。",
        23.6,
        (urged(12), called(7, "no_answer", "首次致电，无人接听"), urged(3)),
        after_sale=("return", "refused", "商品有异味，质量问题"),
    ),
    Story(
        "shipping_logistics",
        "北欧落地灯 暖光款",
        328,
        "物流停在郑州转运中心五天没有更新，催了两次商家都说再等等，要求补发或退款。",
        22,
        (
            called(9, "reached", "已联系快递公司，答复今日内核实包裹位置"),
            noted(8, "@alice 包裹若确认丢失，是先补发还是先退款？补发仓库明天下午有货。"),
        ),
        signed=False,
        buyer=IN_ZHENGZHOU,
    ),
    Story(
        "after_sale_service",
        "全棉四件套 1.8米床",
        459,
        "洗一次就褪色，把白色床单染了，申请退货被拒绝，理由是“已使用”。",
        14,
        (messaged(6, "reached", "请消费者补拍水洗标与染色处照片"),),
        after_sale=("return", "refused", "洗涤后严重褪色"),
    ),
    Story(
        "price",
        "免打孔置物架 三层",
        89.9,
        "付款第二天就降价二十元，页面写着七天保价，申请补差价客服不处理。",
        6,
        buyer=SERIAL_REFUNDER,
        order="shelf",
    ),
    Story(
        "product",
        "316不锈钢保温杯 500ml",
        129,
        "杯盖漏水，放在包里把文件打湿了，要求换货并赔偿。",
        1.2,
        after_sale=("exchange", "applied", "杯盖漏水"),
        order="cup",
    ),
    Story(
        "order_operation",
        "懒人沙发 奶油白",
        599,
        "下单十分钟后申请取消订单，商家仍然发货，要求拦截包裹并退款。",
        0.4,
        signed=False,
    ),
    Story(
        "high_risk_complaint",
        "电热毯 双人双控",
        239,
        "使用时插头处冒烟，已拍视频，要求商家立即给出处理方案，否则向市场监管部门投诉。",
        0.5,
        (urged(0.3),),
    ),
    Story(
        "personal_injury",
        "玻璃收纳罐 六件套",
        119,
        "打开包装时玻璃罐碎裂，割伤手指，已去医院缝针，要求商家承担医药费。",
        1.3,
        (urged(1.0), called(0.8, "reached", "已致歉，请消费者提供病历和发票，等待回复")),
    ),
    Story(
        "product",
        "实木餐桌 1.4米",
        1899,
        "桌面开裂，商家承诺安排师傅上门维修，约定四十八个工作小时内给出结果。",
        30,
        (called(20, "reached", "已预约维修师傅，等待厂家配件"),),
        agreed=48,
    ),
    Story(
        "exchange",
        "遮光窗帘 2.7米高",
        268,
        "尺寸发错，换货申请三天无人处理。",
        40,
        (
            unsolved(
                28,
                "no_agreement",
                "消费者要求换货并补偿一百元，我方同意换货，补偿金额未能达成一致。",
                proposal="免费换货，承担往返运费",
            ),
            rejected(9, "请补充与消费者沟通的记录，并给出可执行的换货时间。"),
            called(5, "reached", "消费者同意换货，仍要求补偿五十元"),
        ),
        after_sale=("exchange", "agreed", "尺寸发错"),
    ),
    Story(
        "courier",
        "折叠收纳箱 三只装",
        79,
        "显示已签收，本人没有收到，快递员电话打不通。",
        60,
        (
            rejected(12, "超时未回复。请核实签收底单并联系消费者，给出补发或退款方案。"),
            called(8, "no_answer", "两次致电未接"),
        ),
        courier="韵达快递",
    ),
    Story(
        "after_sale_service",
        "乳胶床垫 1.5米",
        1299,
        "夜间提交：床垫到货塌陷，要求上门取件退货，客服已下班无人应答。",
        LAST_NIGHT,
    ),
)

_REVIEWING = (
    Story(
        "after_sale_service",
        "沙发垫 四季通用",
        218,
        "退货签收已六天，退款一直不到账。",
        33,
        (urged(20), urged(11)),
        after_sale=("return", "agreed", "颜色与图片不符"),
    ),
    Story(
        "shipping_logistics",
        "厨房置物架 伸缩款",
        139,
        "包裹破损，缺少两块层板，要求补发。",
        20,
        (
            called(8, "reached", "与消费者确认补发层板两块，今日发出"),
            solved(
                5,
                "agreed",
                "已与消费者协商一致，补发层板两块，快递单号已发给消费者。",
                proof="沟通记录",
                proves="消费者同意补发",
            ),
        ),
    ),
    Story(
        "product",
        "珐琅铸铁锅 24厘米",
        399,
        "锅边掉瓷，担心食用安全，要求全额退款。",
        26,
        (
            solved(
                10, "refunded", "核实为运输磕碰，已全额退款至原支付账户。", proof="退款凭证", proves="退款已原路退回"
            ),
        ),
        after_sale=("refund", "done", "锅边掉瓷"),
    ),
    Story(
        "merchant_service",
        "晾衣架 落地折叠",
        159,
        "咨询安装问题，客服态度敷衍，连续三次答非所问。",
        30,
        (
            called(24, "no_answer", "上午致电无人接听"),
            called(18, "no_answer", "下午再次致电无人接听"),
            messaged(15, "no_answer", "已发短信说明来意并附安装视频"),
            unsolved(
                13,
                "unreachable",
                "三次联系消费者均未取得联系，安装视频已通过短信发送。",
                proof="沟通记录",
                proves="通话与短信记录",
            ),
        ),
    ),
    Story(
        "content_promotion",
        "香薰加湿器 静音款",
        99,
        "直播间承诺送两瓶精油，收到货没有赠品。",
        28,
        (
            unsolved(
                6,
                "influencer_fault",
                "赠品为达人直播间自行承诺，商品页面未标注，已联系达人核实。",
                proposal="补发一瓶精油",
            ),
        ),
    ),
    Story(
        "courier",
        "穿衣镜 全身落地",
        189,
        "镜子收到时碎成三块，快递员扔在门口就走。",
        25,
        (
            shown(9, "商品照片", "到货时的破损情况"),
            unsolved(
                4,
                "courier_fault",
                "外包装完好出库，系运输途中破损，已向快递公司提交理赔。",
                proposal="理赔期间先行补发",
            ),
        ),
        after_sale=("resend", "refused", "到货破碎"),
    ),
    Story(
        "product",
        "羽绒被 95白鹅绒",
        899,
        "怀疑充绒量不足，要求提供质检报告并退一赔三。",
        320,
        (
            unsolved(
                310,
                "claim_unsupported",
                "同批次质检报告合格，充绒量符合标识，不支持退一赔三。",
                proof="质检报告",
                proves="同批次检验合格",
            ),
            urged(150),
            urged(40),
        ),
    ),
    Story(
        "price",
        "抱枕套 六只装",
        69,
        "同款商品在店铺另一链接便宜十五元，认为价格欺诈。",
        75,
        (unsolved(62, "no_agreement", "两款面料不同，已向消费者说明，消费者不接受。", proposal="赠送十五元无门槛券"),),
    ),
)

_CLOSED = (
    Story(
        "shipping_logistics",
        "316不锈钢保温杯 500ml",
        129,
        "超过承诺时间仍未发货。",
        90,
        (solved(85, "done", "已于当日发出并同步单号，向消费者致歉。"), approved(60, "已核实发货记录。")),
        order="cup",
    ),
    Story(
        "product",
        "护眼台灯 国AA级",
        259,
        "灯光频闪，检测仪显示不达标。",
        140,
        (
            unsolved(
                130,
                "claim_unsupported",
                "产品有国AA级检测报告，频闪指标合格。",
                proof="质检报告",
                proves="检测报告编号与结论",
            ),
            approved(95, "检测报告有效，消费者诉求缺少依据。"),
        ),
        order="lamp",
    ),
    Story(
        "after_sale_service",
        "电动升降桌 1.2米",
        1599,
        "电机异响，维修两次未解决，要求退货。",
        170,
        (
            solved(160, "done", "已安排第三次上门维修。"),
            rejected(140, "消费者要求退货而非维修，请重新协商。"),
            solved(
                130,
                "agreed",
                "与消费者协商一致，全额退货退款，我方承担运费。",
                proof="沟通记录",
                proves="消费者确认退货方案",
            ),
            approved(100, "方案已达成。"),
        ),
        order="desk",
    ),
    Story(
        "merchant_service",
        "衣柜收纳盒 八件套",
        109,
        "客服拒绝开具发票。",
        120,
        (urged(100), approved(70, "超时未回复，事实清楚，已转违规核查。")),
        order="box",
    ),
    Story(
        "risky_product",
        "暖手宝 充电款",
        59,
        "充电时鼓包，担心爆炸。",
        50,
        (
            called(49.6, "reached", "已提醒立即停用，安排上门取件"),
            solved(48.9, "refunded", "已退款并召回商品，同批次下架送检。", proof="退款凭证", proves="退款已到账"),
            approved(38),
        ),
        after_sale=("refund", "done", "充电鼓包"),
    ),
)

DESK = Desk(
    "S001",
    "bob",
    "rita",
    "ray",
    (*_CLOSED, *_REVIEWING, *_PENDING, *CASES, *CENTRE),
    others=(
        ("珊瑚绒毛毯", 99),
        ("竹纤维毛巾 五条装", 49.9),
        ("陶瓷餐具 十二件套", 199),
        ("桌面收纳架", 45),
        ("棉麻桌布", 68),
        ("智能感应垃圾桶", 139),
    ),
    sold=420,
)
