"""The two playbooks of the sources as guided steps: what a fresh database begins with. [1]

Their texts stand in Chinese, as in the source, with English beside them; the replies, which the platform reads, in
Chinese. What the source leaves open (nobody is reached, the courier does not answer, no agreement) is assumed.
"""

from datetime import UTC, datetime

CATEGORIES = ["shipping_logistics", "courier"]
# A moment before any that matters: they were there from the beginning.
SINCE = datetime(2023, 6, 30, 16, tzinfo=UTC)
STEP_FIELDS = ("text", "text_en", "outcome", "settlement", "reason", "reply", "proposal")


def _asks(code, text, text_en, *choices):
    """A step that goes on; a choice is (label, in English, code of the step it leads to)."""
    return {"code": code, "text": text, "text_en": text_en, "choices": choices}


def _ends(code, text, text_en, reply, *, settlement="", reason="", proposal=""):
    """A step that ends in a reply: solved where it names a settlement, else unsolved with its reason."""
    return {
        "code": code,
        "text": text,
        "text_en": text_en,
        "outcome": "solved" if settlement else "unsolved",
        "settlement": settlement,
        "reason": reason,
        "reply": reply,
        "proposal": proposal,
        "choices": (),
    }


UNREACHABLE = _ends(
    "unreachable",
    "联系不上消费者：写明联系的时间和方式，并提出方案。",
    "The consumer is not reached: say when and how you tried, and propose a solution.",
    "订单{order}：已多次通过电话和在线消息联系消费者{consumer}，均未联系上，联系记录已登记。",
    reason="unreachable",
    proposal="继续联系消费者；联系上后按其意愿退款{amount}或补寄。",
)
SILENT = _ends(
    "courier-silent",
    "快递公司还没有答复：如实说明，给出下次联系消费者的时间。",
    "The courier has not answered yet: say so, and by when the consumer hears from you.",
    "订单{order}：已向{courier}核实包裹情况，目前尚未得到答复，已安抚消费者{consumer}并告知预计答复时间。",
    reason="courier_fault",
    proposal="24小时内再次向{courier}核实；仍无结果则按消费者意愿退款{amount}或补寄，损失由我店向快递公司索赔。",
)

STALLED = {
    "slug": "logistics-stalled",
    "title": "物流停滞",
    "title_en": "Logistics stalled",
    "steps": [
        _asks(
            "calm",
            "先安抚消费者：确认问题，承诺如果物流异常，补寄或者退款都可以支持，并给出预期时间。",
            "Calm the consumer: confirm the problem, promise a resend or a refund if the parcel is in trouble, and give"
            " a time.",
            ("已安抚，并给出了时间", "Done, and a time was given", "ask-courier"),
            ("联系不上消费者", "The consumer is not reached", "unreachable"),
        ),
        _asks(
            "ask-courier",
            "联系快递公司，核实包裹的真实情况。",
            "Ask the courier what is true about the parcel.",
            ("核实为异常：丢失、破损或不再更新", "It is in trouble: lost, broken or not moving", "abnormal"),
            ("已有最新轨迹", "It moves again", "moving"),
            ("快递公司还没有答复", "The courier has not answered", "courier-silent"),
        ),
        _asks(
            "abnormal",
            "物流确认异常。消费者的诉求是什么？",
            "The parcel is in trouble. What does the consumer want?",
            ("退款", "His money back", "refund"),
            ("补寄", "The goods: resend", "resend"),
        ),
        _asks(
            "moving",
            "已有最新轨迹：把最新轨迹和预计送达时间告诉消费者，请他再等一等。消费者怎么说？",
            "It moves again: tell the consumer so, with the new date. What does he say?",
            ("同意继续等待", "He waits", "waits"),
            ("仍要求退款", "He still wants his money back", "in-transit"),
            ("仍要求补寄", "He still wants a resend", "resend"),
        ),
        _ends(
            "refund",
            "为消费者退款，并保存退款凭证；随后向快递公司索赔。",
            "Refund, keep the receipt, then claim from the courier.",
            "订单{order}（{product}）：经{courier}核实物流异常，已与消费者{consumer}确认并全额退款{amount}，退款凭证见附件。",
            settlement="refunded",
        ),
        _ends(
            "resend",
            "为消费者补寄，并把新的运单号告诉他。",
            "Resend, and give the consumer the new waybill number.",
            "订单{order}（{product}）：已按消费者{consumer}的诉求补寄，新运单号已告知消费者。",
            settlement="done",
        ),
        _ends(
            "waits",
            "约定的时间到了要再看一次轨迹。保存聊天截图作为凭证。",
            "Look once more on the day you named. Keep a screenshot of the agreement.",
            "订单{order}（{product}）：{courier}已有最新轨迹，已把预计送达时间告知消费者{consumer}，消费者同意继续等待，聊天截图见附件。",
            settlement="agreed",
        ),
        _ends(
            "in-transit",
            "按在途申请售后的流程办理：请消费者申请售后，拦截或拒收后退款。保存聊天截图作为凭证。",
            "An after-sale in transit: he applies, you have the parcel stopped, then refund. Keep a screenshot.",
            "订单{order}（{product}）：物流已有最新轨迹，消费者{consumer}仍要求退款，已协商一致按在途申请售后办理，"
            "包裹拦截或拒收后退款{amount}，聊天截图见附件。",
            settlement="agreed",
        ),
        UNREACHABLE,
        SILENT,
    ],
}

NOT_RECEIVED = {
    "slug": "signed-not-received",
    "title": "签收未收",
    "title_en": "Signed for, but not received",
    "steps": [
        _asks(
            "compare",
            "先安抚消费者，再比对收货地址与签收地址是否一致。",
            "Calm the consumer, then compare the order's address with the one of the signature.",
            ("不一致", "They differ", "differs"),
            ("一致", "They are the same", "same"),
            ("联系不上消费者", "The consumer is not reached", "unreachable"),
        ),
        _asks(
            "differs",
            "轨迹已经异常：优先满足消费者诉求，再与快递公司核实。消费者的诉求是什么？",
            "The track is wrong already: meet the consumer's wish first, then settle it with the courier. What does he"
            " want?",
            ("退款", "His money back", "refund"),
            ("补发", "The goods: resend", "resend"),
            ("赔偿", "Compensation", "compensation"),
        ),
        _asks(
            "same",
            "联系快递公司核实真实情况，并请消费者问一问门卫、物业、代收点和家人。结果如何？",
            "Ask the courier; let the consumer ask the guard, the parcel shop and his family. What came out?",
            ("包裹已找到", "The parcel is found", "found"),
            ("包裹已丢失", "The parcel is lost", "lost"),
            ("快递公司还没有答复", "The courier has not answered", "courier-silent"),
        ),
        _asks(
            "found",
            "包裹已找到。消费者的诉求是什么？",
            "It is found. What does the consumer want?",
            ("要货", "The goods", "deliver"),
            ("退款", "His money back", "recall"),
        ),
        _asks(
            "lost",
            "包裹已丢失。消费者的诉求是什么？",
            "It is lost. What does the consumer want?",
            ("要货：补寄", "The goods: resend", "resend"),
            ("退款", "His money back", "refund"),
            ("要求补偿", "Compensation beyond that", "compensation"),
        ),
        _asks(
            "compensation",
            "消费者体验确实受损：耐心沟通补偿，不要以“这是物流的问题”推脱。谈成了吗？",
            "He has been let down: talk about it with patience, and do not put it on the courier. Do you agree?",
            ("已谈成", "We agree", "compensated"),
            ("没有谈成", "We do not", "no-agreement"),
        ),
        _ends(
            "deliver",
            "和消费者约好方便收货的时间，请快递员送上门。保存聊天截图作为凭证。",
            "Agree on a time, and let the courier bring it. Keep a screenshot.",
            "订单{order}（{product}）：包裹已由{courier}找到，已与消费者{consumer}约定时间送货上门，聊天截图见附件。",
            settlement="agreed",
        ),
        _ends(
            "recall",
            "请快递公司召回包裹，为消费者退款，并保存退款凭证。",
            "Let the courier take it back, refund, and keep the receipt.",
            "订单{order}（{product}）：包裹已找到，消费者{consumer}不再需要，已安排{courier}召回并全额退款{amount}，退款凭证见附件。",
            settlement="refunded",
        ),
        _ends(
            "refund",
            "为消费者退款，并保存退款凭证；随后向快递公司索赔。",
            "Refund, keep the receipt, then claim from the courier.",
            "订单{order}（{product}）：显示签收但消费者{consumer}未收到货，已全额退款{amount}，退款凭证见附件，损失由我店向{courier}索赔。",
            settlement="refunded",
        ),
        _ends(
            "resend",
            "为消费者补寄，并把新的运单号告诉他。",
            "Resend, and give the consumer the new waybill number.",
            "订单{order}（{product}）：显示签收但消费者{consumer}未收到货，已按其诉求补寄，新运单号已告知消费者。",
            settlement="done",
        ),
        _ends(
            "compensated",
            "写清补偿的方式和金额，保存聊天截图作为凭证。",
            "Say what was agreed, and how much. Keep a screenshot.",
            "订单{order}（{product}）：显示签收但消费者{consumer}未收到货，已就补偿与消费者协商一致，聊天截图见附件。",
            settlement="agreed",
        ),
        _ends(
            "no-agreement",
            "如实说明谈到了哪一步，并写明你能给出的方案。",
            "Say how far you came, and what you offer.",
            "订单{order}（{product}）：显示签收但消费者{consumer}未收到货，已多次沟通补偿，目前未能协商一致，沟通记录见附件。",
            reason="no_agreement",
            proposal="全额退款{amount}或补寄一件，由消费者选择。",
        ),
        UNREACHABLE,
        SILENT,
    ],
}

PLAYBOOKS = (STALLED, NOT_RECEIVED)


def ship(apps, schema_editor):
    """Writes the playbooks with their history, as a migration does."""
    for position, book in enumerate(PLAYBOOKS):
        titles = {name: book[name] for name in ("slug", "title", "title_en")}
        playbook = _write(apps, "Playbook", **titles, categories=CATEGORIES, position=position)
        steps = {
            step["code"]: _write(
                apps,
                "PlaybookStep",
                playbook_id=playbook.pk,
                code=step["code"],
                position=place,
                **{name: step.get(name, "") for name in STEP_FIELDS},
            )
            for place, step in enumerate(book["steps"])
        }
        for step in book["steps"]:
            for place, (label, label_en, to) in enumerate(step["choices"]):
                said = {"label": label, "label_en": label_en, "position": place}
                _write(apps, "PlaybookChoice", step_id=steps[step["code"]].pk, to_id=steps[to].pk, **said)


def _write(apps, name, **values):
    model, past = apps.get_model("tickets", name), apps.get_model("tickets", f"Historical{name}")
    # In bulk: the model itself, where it is not a migration's, would write its history a second time.
    (row,) = model.objects.bulk_create([model(**values)])
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    past.objects.create(history_date=SINCE, history_type="+", move="ship", **columns)
    return row
