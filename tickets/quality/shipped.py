"""The questions that ship with the product: about the rules that the merchant's people work by. For the migration."""

from datetime import UTC, datetime

SINCE = datetime(2026, 11, 22, tzinfo=UTC)
# (question, (options, the right ones with *), explanation)
QUESTIONS = (
    (
        "普通服务请求的处理时限是多久？",
        ("* 24 个工作小时", "48 个自然小时", "7 个工作日", "2 个工作小时"),
        "普通请求 24 小时，紧急请求 2 小时，均只计 09:00–21:00 的工作时间。[2][4]",
    ),
    (
        "20:00 收到一个时限 12 小时的服务请求，截止时间是什么时候？",
        ("当天 24:00", "次日 08:00", "* 次日 20:00", "次日 09:00"),
        "当晚只计 1 小时（到 21:00），余下 11 小时从次日 09:00 起计，次日 20:00 截止。[2]",
    ),
    (
        "恰好在截止那一刻提交的回复，算按时吗？",
        ("* 算按时", "算超时", "由审核员酌情决定"),
        "截止那一刻提交仍算按时，之后就不能再回复了。",
    ),
    (
        "下列哪些类型属于 2 小时的紧急请求？",
        ("* 商品风险", "* 高危投诉", "* 人身伤害", "价格问题", "物流问题"),
        "紧急请求只有三类：商品风险、高危投诉、人身伤害。[2][4]",
    ),
    (
        "回复为“已解决”并说明“已与消费者协商一致”或“已退款”时，必须做什么？",
        ("* 附上凭证", "再打一次电话", "等消费者催单", "撤回请求"),
        "协商一致或已退款必须举证，例如聊天截图、退款凭证、通话录音。[2][4]",
    ),
    (
        "回复为“未解决”时，必须填写什么？",
        ("* 真实的未解决原因", "消费者的完整手机号", "仓库负责人的姓名", "什么都不用填"),
        "未解决要选择真实原因，如联系不上消费者、未达成一致、不可抗力等。",
    ),
    (
        "同一轮里已经回复过了，还能再回复一次吗？",
        ("能，以最后一次为准", "能，但最多两次", "* 不能，系统会提示已经回复过"),
        "一轮只有一次回复；请求也不能撤回。[2]",
    ),
    (
        "超过截止时间以后，商家还能补充凭证吗？",
        ("能，平台判定前都可以", "能，但只能传图片", "* 不能，凭证已经锁定"),
        "商家的时间一过，凭证即锁定，请在截止前提交完整。[4]",
    ),
    (
        "下列哪些属于客服接待中禁止的行为？",
        ("* 辱骂或骚扰消费者", "* 虚假宣传、虚假承诺", "* 私下交易", "* 推卸责任", "主动说明处理进度"),
        "禁止辱骂骚扰、虚假宣传、私下交易、推卸责任。[3]",
    ),
    (
        "响应率是怎样计算的？",
        ("* 有效会话数 ÷ 总会话数", "总会话数 ÷ 有效会话数", "回复条数 ÷ 订单数", "好评数 ÷ 会话数"),
        "响应率 = 有效沟通数量 ÷ 总沟通数量 × 100%。[3]",
    ),
    (
        "消费者反馈“显示已签收但没收到”，且签收地址与收货地址不一致，应当怎么做？",
        (
            "请消费者自己联系快递",
            "* 优先满足消费者的退款、补发或赔偿诉求，再与快递核实",
            "等快递结论后再回复",
            "直接关闭请求",
        ),
        "轨迹已经异常，先满足诉求，再与快递公司核实。[1]",
    ),
    (
        "消费者催单以后，截止时间会怎样变化？",
        ("提前 2 小时", "顺延 12 小时", "* 不变，只会更受关注"),
        "催单提高关注度，不改变截止时间。",
    ),
    (
        "消费者的个人信息（姓名、手机号、地址）应当怎样对待？",
        (
            "* 只在工作需要时查看，并留下原因",
            "* 不向任何无关的人透露",
            "可以发到同事群里方便处理",
            "可以用来推销其他商品",
        ),
        "保护消费者信息，不泄露隐私；查看完整信息要写明原因并会留痕。[3]",
    ),
    (
        "机器人自动回复的内容不准确时，应当怎么做？",
        ("* 先找到它来自哪个来源，再到那个来源去修改", "关掉全部自动回复", "让消费者忽略这条回复", "什么都不用做"),
        "不同来源有不同的修改入口：先定位来源，再在来源处修改。[1]",
    ),
)


def options_of(lines):
    """The options as the bank keeps them."""
    return [{"text": line.removeprefix("* "), "right": line.startswith("* ")} for line in lines]


def ship(apps, schema_editor):
    """Puts the questions into the bank, with their beginning in the trail."""
    question = apps.get_model("tickets", "ExamQuestion")
    trail = apps.get_model("tickets", "HistoricalExamQuestion")
    for text, lines, explanation in QUESTIONS:
        row = question.objects.create(text=text, options=options_of(lines), explanation=explanation, is_active=True)
        columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        trail.objects.create(history_date=SINCE, history_type="+", move="ship", **columns)
