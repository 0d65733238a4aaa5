"""The world that the walk of the fences goes through: two furnished shops, a canary in every text of Alice's."""

from datetime import timedelta
from types import SimpleNamespace

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, models, transaction

from disputes import actions as disputes
from disputes import messages as case_messages
from disputes.actions import filing, punishing, reporting
from disputes.models import Exhibit
from shop_cs import following, guards, notices
from shop_cs.access import make_api_key
from shop_cs.ladders import Breach
from shop_cs.models import (
    ApiKey,
    Disclosure,
    ExportLog,
    Notice,
    Rulebook,
    Shop,
    SignIn,
    TrailRow,
    User,
    evidence_path,
)
from tests import aside_stories, case_stories, exam_stories, export_stories, hands_stories, planning_stories
from tests.appeal_stories import LATER, submit
from tests.case_stories import DAY, HOUR, SECOND, fund, open_case, unpaid
from tests.factories import (
    PNG,
    AfterSaleFactory,
    ConsumerFactory,
    EvidenceFactory,
    MemberFactory,
    OrderFactory,
    PostFactory,
)
from tests.people import TUESDAY_10, make_cast, shanghai, user
from tests.stories import confirming_rules, reply_solved, reply_unsolved, send, survey_of, sweep_at
from tickets import actions as tickets
from tickets import messages as request_messages
from tickets.figures import keeping
from tickets.models import FigureDay, Rehearsal

# When the walk goes: some days after the old stories, in the working hours.
NOW = shanghai("2026-03-09 11:00")
OURS = ("shop_cs", "tickets", "disputes")
# Text that the code reads as a code or finds things by: a canary there would break what is walked.
KEPT = {
    "Shop.bars": "instants that every door reads",
    "Member.bars": "instants that every door reads",
    "Post.permissions": "names of permissions",
    "AgentGroup.categories": "codes of types",
    "Consumer.key": "finds the same person in both shops",
    "Report.consumer_key": "finds the same person in both shops",
    "Evidence.sha256": "finds the bytes",
    "Account.subject": "only accounts of held money may have one",
    "Notice.kind": "names the text",
    "RecordText.kind": "names the kind of record",
    "DailyFigure.category": "the code of a type",
    "ConsumerMessage.kind": "names the text",
    "Penalty.permission": "the name of a permission",
    "Attachment.item": "a code of the catalogue",
    "Exhibit.item": "a code of the catalogue",
    "Disclosure.role": "the code of a role",
    **dict.fromkeys(
        (f"ExportJob.{name}" for name in ("kind", "format", "language", "role", "file", "trouble")),
        "codes, and the name that finds the file",
    ),
}
# What no page shows to everybody who sees the record: the roles that may read it, none for what nobody may.
NARROW = {
    "Consumer.name": (),
    "Consumer.phone": (),
    "Consumer.address": (),
    "Consumer.fingerprint": (),
    "User.password": (),
    "User.password_mark": (),
    "SignIn.session": (),
    "ConsumerMessage.link": ("agent",),
    "Note.text": ("merchant",),
    "Draft.fields": (),
}


def readable(role):
    """Whether somebody in `role`, of the shop or of the platform, may be told a text of the shop's."""
    return lambda label: role in NARROW.get(label, (role,))


class World(SimpleNamespace):
    """`cast`, `mine` (Alice's shop and its records), `theirs` (Charlie's), `tokens`, `keys`, `canaries` (word →
    "Model.field")."""


def begin():
    """The people and all of Charlie's shop; Alice's has nothing yet."""
    cast = make_cast()
    cast.ivy_member = MemberFactory(shop=cast.shop, user=user("ivy", "merchant", "艾薇"), post=cast.interns)
    cast.dan_member = MemberFactory(
        shop=cast.shop, user=user("dan", "merchant", "老丹"), post=cast.clerks, is_active=False
    )
    cast.ivy, cast.dan = cast.ivy_member.user, cast.dan_member.user
    keys = {"good": make_api_key("good", now=NOW), "revoked": make_api_key("revoked", now=NOW)}
    ApiKey.objects.filter(name="revoked").update(revoked_at=NOW)
    # Of nobody: what it finds is read by reviewers, of every shop.
    planning_stories.rehearsed(cast, Rulebook.objects.get(name="current"))
    them = SimpleNamespace(**{**vars(cast), "shop": cast.other_shop})
    them.alice = them.bob = cast.charlie
    them.as_alice = them.as_bob = cast.as_charlie
    before = _everything()
    theirs = furnish(them)
    _keep_figures()
    theirs.rows = _rows_of(cast.other_shop, before)
    return World(cast=cast, keys=keys, theirs=theirs, canaries={})


def _keep_figures():
    """As if a worker had just come by: else Charlie's figures would change by the next pass, which is Alice's."""
    for model, take in keeping.takes().items():
        while following.follow(keeping.FOLLOWER, model, take):
            pass
    keeping.recount_marked(list(FigureDay.everything.all()), now=NOW)


def complete(world):
    """Alice's shop with its records, then a canary in each of their texts."""
    before = _everything()
    world.mine = furnish(world.cast)
    world.mine.rows = _rows_of(world.cast.shop, before)
    staff = [world.cast.alice, world.cast.bob, world.cast.ivy, world.cast.dan]
    for model, keys in ((User, [person.pk for person in staff]), (Shop, [world.cast.shop.pk])):
        past = model.history.model
        world.mine.rows |= {model: keys, past: [*past.objects.filter(id__in=keys).values_list("pk", flat=True)]}
    _fill(world)
    for one in (*staff, *filter(_is_record, vars(world.mine).values()), world.cast.interns):
        one.refresh_from_db()
    world.tokens = tokens(world.mine)
    return world


def _is_record(thing):
    return isinstance(thing, models.Model)


def furnish(cast):
    """Records of every kind for a shop: old ones of some days ago, fresh ones on which something can be done."""
    own = SimpleNamespace(shop=cast.shop, member=cast.shop.members.get(user=cast.alice), post=_post(cast))
    own.member_user = own.member.user
    own.rehearsal = Rehearsal.objects.get()
    own.rehearsed, own.plan = own.rehearsal.rulebook, planning_stories.planned(cast)
    _old(cast, own)
    _fresh(cast, own)
    exam_stories.furnish(own, now=NOW - HOUR)
    _traces(cast, own)
    return own


def _post(cast):
    return PostFactory(shop=cast.shop, name=f"夜班{cast.shop.no}", permissions=[])


def _old(cast, own):
    # The same person in both shops, under another name each: one key, two rows.
    person = ConsumerFactory(name=f"王{cast.shop.no}", phone="13900001111")
    own.old_order = OrderFactory(shop=cast.shop, consumer=person, amount_fen=500_000)
    with _confirming():
        asked = reply_solved(send(cast, order=own.old_order), cast, now=TUESDAY_10 + HOUR)
        sweep_at(TUESDAY_10 + HOUR)
        own.old_survey = survey_of(asked)
    answered = reply_unsolved(send(cast, order=own.old_order), cast, now=TUESDAY_10 + HOUR)
    tickets.reject(answered, reason="请补充证据", by=cast.as_rita, now=TUESDAY_10 + 2 * HOUR)
    fund(cast.shop, deposit=500_000, reference=cast.shop.no)
    paid = unpaid(cast, order=own.old_order)
    own.old_case = paid
    kind = {"kind": Breach.ABUSE, "detail": "辱骂消费者", "source": "reviewer"}
    found = punishing.propose(shop=cast.shop, by=cast.as_rita, now=TUESDAY_10, **kind)
    own.violation = punishing.uphold(found, reason="聊天记录属实", by=cast.as_rita, now=TUESDAY_10 + HOUR)
    piece = EvidenceFactory(order=None, shop=cast.shop)
    own.appeal = submit(own.violation, cast, now=LATER, evidence=[(piece, "聊天记录")])
    case_stories.reach(cast, "negotiating")
    sweep_at(TUESDAY_10 + 3 * DAY + SECOND)


def _fresh(cast, own):
    since = NOW - HOUR
    own.order = OrderFactory(shop=cast.shop, courier="圆通")
    own.after_sale = AfterSaleFactory(order=own.order, reason="不想要了")
    own.phrase = tickets.add_phrase(shop=cast.shop, title="已核实", text="已核实", by=cast.as_alice, now=since)
    own.exhibits = Exhibit.everything.filter(shop=cast.shop)
    own.piece, shown = _piece(own.order), EvidenceFactory(order=own.order)
    own.request = send(cast, now=since, order=own.order, after_sale=own.after_sale)
    aside_stories.furnish(cast, own.request, now=since)
    said = {"channel": "call", "result": "reached", "contacted_at": since, "note": "已沟通"}
    tickets.log_contact(own.request, by=cast.as_bob, now=since, **said)
    hands_stories.furnish(cast, own, now=since)
    own.attached = tickets.attach(own.request, evidence=shown, proves="破损", by=cast.as_bob, now=since)
    own.open_case = open_case(cast, now=since, order=own.order)
    disputes.show(own.open_case, evidence=shown, proves="完好", by=cast.as_bob, now=since)
    by = {"by": cast.as_alice, "now": since, "evidence": [(shown, "证明")]}
    own.report = reporting.submit(shop=cast.shop, orders=[own.order], kind="abuse", text="辱骂客服", **by)
    span = {"starts_at": since, "ends_at": NOW + DAY, "text": "丢件"}
    own.filing = filing.submit(shop=cast.shop, orders=[own.order], kind="courier_lost", **span, **by)
    with _confirming():
        asked = send(cast, now=since, order=own.order)
        reply_solved(asked, cast, now=since)
        sweep_at(since)
        own.survey = survey_of(asked)


def _piece(order):
    """A piece of the vault whose bytes are its own."""
    content = PNG + order.shop.no.encode()
    piece = EvidenceFactory(order=order, content=content)
    path = evidence_path(piece.sha256)
    storages["evidence"].delete(path)
    storages["evidence"].save(path, ContentFile(content))
    return piece


def _traces(cast, own):
    """What use leaves behind: exports, disclosures, sign-ins, notices that were read."""
    shop = {"shop": cast.shop, "by": cast.alice, "at": NOW - HOUR}
    ExportLog.everything.create(**shop, format="csv", query="tab=all", rows=3)
    own.export_job = export_stories.made(cast, at=NOW - HOUR / 2)
    Disclosure.everything.create(
        **shop, order=own.order, consumer=own.order.consumer, role="merchant", reason="寄回商品"
    )
    seen = {"at": NOW - HOUR, "seen_at": NOW - HOUR, "agent": "Firefox"}
    SignIn.objects.create(user=cast.alice, session=f"session {cast.alice.pk}", **seen)
    own.notice = Notice.everything.filter(shop=cast.shop).order_by("pk").first()
    notices.mark_read(Notice.everything.filter(pk=own.notice.pk + 1, shop=cast.shop), by=cast.alice)


class _confirming:
    """Within it the version of the rulebook with the consumer's confirmation is in force."""

    def __enter__(self):
        self.before = list(Rulebook.objects.values_list("pk", "effective_from"))
        confirming_rules()

    def __exit__(self, *error):
        for pk, since in self.before:
            Rulebook.objects.filter(pk=pk).update(effective_from=since)


def tokens(own):
    """{address: {how it stands: token}} of consumers' links to a shop's records."""
    live, case = request_messages.survey_token(own.survey), case_messages.case_token(own.open_case)
    over = request_messages.survey_token(own.old_survey)
    return {
        "consumer": {"live": live, "over": over, **_forged(live, other=case)},
        "consumer-case": {"live": case, **_forged(case, other=live)},
    }


def _forged(token, *, other):
    """Tokens that open nothing: of another kind, of another record under the same signature, cut, and of nothing."""
    value, signature = token.split(":", 1)
    changed = "x" + value[1:] if value[0] != "x" else "y" + value[1:]
    return {"of another kind": other, "changed": f"{changed}:{signature}", "cut": token[:-1], "nothing": "x" * 20}


def tables():
    """Our models that have a table of their own, their histories among them."""
    found = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return [model for model in found if not model._meta.proxy and model._meta.managed]


def _everything():
    return {model: set(_all(model).values_list("pk", flat=True)) for model in tables()}


def _all(model):
    return model._base_manager.all()


def _rows_of(shop, before):
    """{model: keys} of what is the shop's, or was made since `before` without naming a shop."""
    rows = {}
    for model in tables():
        if any(field.name == "shop" for field in model._meta.concrete_fields):
            found = _all(model).filter(shop_id=shop.pk).order_by("pk").values_list("pk", flat=True)
            rows[model] = list(found)
        else:
            rows[model] = sorted(set(_all(model).values_list("pk", flat=True)) - before[model])
    return rows


def texts(model):
    """The fields of a model that hold text of any kind and are not codes."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices]
    return [field for field in fields if _name(model, field) not in KEPT]


def _name(model, field):
    """ "Order.product", of its history too."""
    kept = model.instance_type.__name__ if issubclass(model, TrailRow) else model.__name__
    return f"{kept}.{field.name}"


def _fill(world):
    """A word of its own into each text of each of Alice's records, past the guards, which stand again at once."""
    with transaction.atomic():
        guards.drop(connection)
        for model, keys in world.mine.rows.items():
            fields = texts(model)
            for key in keys if fields else ():
                row = _all(model).filter(pk=key)
                was = row.values(*(field.name for field in fields)).get()
                row.update(**{field.name: _canary(world, model, field, was[field.name]) for field in fields})
        guards.install(connection)


def _canary(world, model, field, was):
    word = f"zq{len(world.canaries):04d}x"
    world.canaries[word] = _name(model, field)
    if isinstance(field, models.JSONField):
        return _in_json(was, word)
    return f"/{word}" if field.name == "path" else word


def _in_json(value, word):
    """The same shape with the word in place of each text in it."""
    if isinstance(value, dict):
        return {name: _in_json(part, word) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_json(part, word) for part in value]
    return word if isinstance(value, str) else value


def suspended(shop):
    """The shop is suspended for a month from the walk's day on."""
    Shop.objects.filter(pk=shop.pk).update(bars={"suspended": (NOW + timedelta(days=30)).isoformat()})
