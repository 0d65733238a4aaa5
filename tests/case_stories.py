"""Beginnings of stories about disputes, through the actions as in life."""

from datetime import timedelta

from disputes import actions
from disputes.models import Appeal, CaseState, Compensation, Report, Violation
from shop_cs import ledger
from shop_cs.actors import SYSTEM
from shop_cs.models import Rulebook
from tests.factories import AfterSaleFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.stories import sweep_at

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# The order of these stories costs 199 yuan, its refused after-sale is about 99.
CLAIM_FEN = 9_900
SECOND = timedelta(seconds=1)


def fund(shop, *, deposit=0, other=0, now=TUESDAY_10, reference="R"):
    """Money comes in, in fen."""
    for kind, fen in (("deposit", deposit), ("other", other)):
        if fen:
            ledger.receive(
                shop=shop,
                account_kind=kind,
                amount_fen=fen,
                reference=f"{reference}-{kind}",
                at=now,
                by=SYSTEM,
                now=now,
            )


def open_case(cast, *, now=TUESDAY_10, order=None, claim_fen=CLAIM_FEN, by=None, **more):
    """Pia opens a case on an after-sale that Alice's shop refused."""
    after_sale = AfterSaleFactory(order=order or OrderFactory(shop=cast.shop))
    return actions.open_case(
        after_sale=after_sale,
        claim="商品破损，商家拒绝退款",
        claim_fen=claim_fen,
        by=by or cast.as_pia,
        now=now,
        **more,
    )


def proof(case, **more):
    """A piece of the order's vault."""
    return EvidenceFactory(order=case.order, **more)


def arbitrating(cast, *, now=TUESDAY_10, **more):
    """Both sides have spoken: the platform arbitrates, two hours after the opening."""
    case = open_case(cast, now=now, **more)
    case = actions.state_case(case, text="商品出库完好", by=cast.as_alice, now=now + HOUR)
    return actions.consumer_states(case, text="开箱即破损", now=now + 2 * HOUR)


def ruled(cast, *, outcome="consumer", award_fen=CLAIM_FEN, blame="merchant", now=TUESDAY_10, by=None, **more):
    """Rita has ruled, three hours after the opening."""
    said = {name: more.pop(name) for name in ("counts", "scene") if name in more}
    case = arbitrating(cast, now=now, **more)
    return actions.rule(
        case,
        outcome=outcome,
        award_fen=None if outcome == "merchant" else award_fen,
        blame="consumer" if outcome == "merchant" else blame,
        reason="照片显示运输前已破损",
        by=by or cast.as_rita,
        now=now + 3 * HOUR,
        **said,
    )


def unpaid(cast, **more):
    """Nobody paid: the sweep came by a second after the time to pay. Returns the case as it stands then."""
    case = ruled(cast, **more)
    sweep_at(case.pay_due + SECOND)
    return fresh(case)


def compensated(cast, *, deposit=100_000, other=0, **more):
    """The platform paid in advance out of a funded shop. Returns the compensation."""
    fund(cast.shop, deposit=deposit, other=other)
    return Compensation.everything.select_related("case__shop", "shop", "rulebook").get(case=unpaid(cast, **more))


def fresh(record):
    """The record as the database has it now."""
    return type(record).everything.select_related("rulebook", "shop").get(pk=record.pk)


def reach(cast, state):
    """A case brought to `state` by the acts that lead there."""
    if state == CaseState.COLLECTING:
        return open_case(cast)
    if state == CaseState.NEGOTIATING:
        case = open_case(cast)
        actions.offer(case, remedy="amount", amount_fen=5_000, text="退一半", by=cast.as_alice, now=TUESDAY_10 + HOUR)
        return fresh(case)
    if state == CaseState.ARBITRATING:
        return fresh(arbitrating(cast))
    if state == CaseState.PAYING:
        return fresh(ruled(cast))
    if state == CaseState.CONFIRMING:
        return unpaid(cast, order=OrderFactory(shop=cast.shop, amount_fen=500_000), award_fen=400_000)
    return fresh(ruled(cast, outcome="merchant"))


def bare_records(cast, order):
    """{folder: number} of an upheld violation, an appeal against it and a report of Alice's, as rows alone."""
    ground = {"shop": cast.shop, "rulebook": Rulebook.objects.get(name="current")}
    made = {**ground, "made_at": TUESDAY_10, "made_by": cast.alice}
    decided = {"decided_at": TUESDAY_10, "decided_by": cast.rita, "step": 1, "appeal_until": TUESDAY_10 + DAY}
    violation = Violation.everything.create(
        no="VI1",
        source="reviewer",
        kind="abuse",
        detail="辱骂消费者",
        state="upheld",
        found_at=TUESDAY_10,
        **ground,
        **decided,
    )
    appeal = Appeal.everything.create(
        no="AP1", violation=violation, ground="other", text="并无辱骂", state="open", **made
    )
    said = {"consumer": order.consumer, "consumer_key": order.consumer.key, "kind": "abuse", "text": "辱骂客服"}
    report = Report.everything.create(no="RP1", state="submitted", **said, **made)
    return {"violations": violation.no, "appeals": appeal.no, "reports": report.no}
