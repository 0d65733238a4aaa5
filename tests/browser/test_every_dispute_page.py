"""Every page of the disputes as each of the people who may see it: it opens, says no error, nothing is cut off."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from disputes import actions, messages
from disputes.actions import appealing, filing, punishing, reporting
from disputes.models import Compensation
from tests.appeal_stories import punished, submit
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_every_page import visit
from tests.case_stories import DAY, HOUR, arbitrating, fund, open_case, proof, reach, ruled, unpaid
from tests.factories import AfterSaleFactory, ConsumerFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import reply_unsolved, send

NOW = TUESDAY_10 + timedelta(hours=5)
# Long before: what was ruled then is overdue today.
WEEK_BEFORE = shanghai("2026-02-24 10:00")


@pytest.fixture
def records(cast, at):
    """One of everything, through the acts that lead there, so that no page is empty."""
    at(NOW)
    there = SimpleNamespace(order=OrderFactory(shop=cast.shop, no="60210000000000001", consumer=ConsumerFactory()))
    there.compensation = _paid_in_advance(cast)
    there.confirming = unpaid(
        cast, now=WEEK_BEFORE, order=OrderFactory(shop=cast.shop, amount_fen=500_000), award_fen=400_000, by=cast.as_ray
    )
    there.cases = _cases(cast, there.order)
    # Nothing was opened on this one yet: the form to open a case shows it.
    there.after_sale = AfterSaleFactory(order=OrderFactory(shop=cast.shop))
    there.appeals = [
        submit(there.compensation, cast),
        submit(there.cases["ruled"], cast, evidence=[(proof(there.cases["ruled"]), "出库照片")]),
    ]
    there.appeals.append(appealing.deny(submit(ruled(cast), cast), reason="证据不足", by=cast.as_ray, now=NOW))
    _breaches(cast, there)
    _reports(cast, there)
    _filings(cast, there)
    return there


def _paid_in_advance(cast):
    """The platform's money for a shop that did not pay, taken back from what the shop has."""
    fund(cast.shop, deposit=100_000, other=5_000, now=WEEK_BEFORE)
    late = unpaid(cast, now=WEEK_BEFORE, by=cast.as_ray)
    return Compensation.everything.select_related("case__shop", "shop", "rulebook").get(case=late)


def _cases(cast, order):
    """{what it is: case}, in every state; one with exhibits of both sides and an offer that waits."""
    states = ("collecting", "negotiating", "paying", "closed")
    cases = {state: reach(cast, state) for state in states}
    full = open_case(cast, order=order)
    actions.state_case(full, text="商品出库完好", evidence=[(proof(full), "出库照片")], by=cast.as_bob, now=NOW - HOUR)
    theirs = EvidenceFactory(order=order, side="consumer")
    cases["arbitrating"] = actions.consumer_states(full, text="开箱即破损", evidence=[(theirs, "")], now=NOW - HOUR)
    cases["ruled"] = ruled(cast)
    resend = actions.offer(open_case(cast), remedy="resend", text="补发一件", by=cast.as_alice, now=NOW - HOUR)
    cases["resend"] = actions.accept(resend, now=NOW)
    paid = ruled(cast)
    cases["paid"] = actions.pay(paid, note="已转账", evidence=[(proof(paid), "")], by=cast.as_alice, now=NOW)
    cases["again"] = actions.ask_more(arbitrating(cast), reason="请补充称重记录", by=cast.as_rita, now=NOW - HOUR)
    return cases


def _breaches(cast, there):
    there.appeals.append(submit(punished(cast, reference="P"), cast))
    said = {"shop": cast.shop, "kind": "negative_handling", "source": "reviewer", "by": cast.as_rita, "now": NOW}
    there.upheld = punishing.uphold(punishing.propose(detail="敷衍回复", **said), by=cast.as_rita, now=NOW)
    request = reply_unsolved(send(cast, order=there.order), cast, now=TUESDAY_10 + HOUR)
    there.request = request
    there.proposed = punishing.propose(
        detail="多次不处理", order=there.order, request=request, request_round=request.round, **said
    )


def _reports(cast, there):
    said = {"shop": cast.shop, "by": cast.as_alice, "kind": "refund_fraud", "text": "多次调包退货", "now": NOW - HOUR}
    there.report = reporting.submit(
        orders=[there.order], evidence=[(EvidenceFactory(order=there.order), "空盒")], **said
    )
    there.report = reporting.take_up(there.report, by=cast.as_rita, now=NOW)
    there.report = reporting.uphold(there.report, reason="三次退货均为空盒", by=cast.as_rita, now=NOW)
    there.waiting = reporting.submit(orders=[OrderFactory(shop=cast.shop)], **said)
    there.looked_into = reporting.submit(orders=[OrderFactory(shop=cast.shop)], **said)
    reporting.take_up(there.looked_into, by=cast.as_rita, now=NOW)


def _filings(cast, there):
    said = {"shop": cast.shop, "by": cast.as_alice, "now": NOW - HOUR, "kind": "extreme_weather", "text": "台风停运"}
    said |= {"starts_at": TUESDAY_10 - DAY, "ends_at": NOW + DAY}
    # There is one of these that waits for an answer, which the filing covers.
    there.covered = send(cast, order=there.order)
    approved = filing.submit(regions=[{"province": "浙江省", "city": ""}], **said)
    there.filings = [filing.approve(approved, reason="属实", by=cast.as_rita, now=NOW)]
    there.filings.append(filing.submit(orders=[there.order], **said))


def workbench(there):
    case = {name: f"cases/{record.no}" for name, record in there.cases.items()}
    appeals = [f"appeals/{record.no}" for record in there.appeals]
    pages = [
        *("cases", "cases/?tab=all", "cases/?tab=all&order_no=nothing", *case.values()),
        *(f"cases/{record.no}" for record in (there.confirming, there.compensation.case)),
        *("appeals", *appeals),
        *("violations", f"violations/{there.upheld.no}"),
        *("reports", f"reports/{there.report.no}", f"reports/{there.waiting.no}"),
        *("filings", *(f"filings/{record.no}" for record in there.filings)),
        *("evidence", "liability", f"orders/{there.order.no}/file", f"orders/{there.order.no}"),
        *(f"requests/{record.no}" for record in (there.request, there.covered)),
    ]
    return [_address("/s/S001/", page) for page in pages]


def only_the_owner(there):
    """What Bob's post does not allow."""
    appeals = (f"{page}/appeal" for page in _appealed(there))
    more = (*appeals, "money", "reports/new", f"reports/new/?order={there.order.no}", "filings/new")
    return [_address("/s/S001/", page) for page in more]


def _appealed(there):
    """A ruling with an amount to pay, one without, and a violation."""
    return [*(f"cases/{there.cases[name].no}" for name in ("paying", "resend")), f"violations/{there.upheld.no}"]


def platform(there):
    case = {name: f"disputes/case/{record.pk}" for name, record in there.cases.items()}
    lists = ("inarbitration", "awaitingsecond", "case", "compensation", "appeal", "violation", "report", "filing")
    records = [
        *(there.confirming, there.compensation, there.upheld, there.proposed, there.report, there.waiting),
        *(there.appeals + there.filings),
    ]
    pages = [
        *(f"disputes/{name}" for name in lists),
        *(f"{page}/change" for page in case.values()),
        *(f"{record._meta.label_lower.replace('.', '/')}/{record.pk}/change" for record in records),
        *("money", "money/S001", "liability", "liability/S001", f"order-file/{there.order.pk}"),
        f"disputes/case/{there.cases['ruled'].pk}/history",
        f"tickets/servicerequest/{there.request.pk}/change",
    ]
    return ["/admin/", *(_address("/admin/", page) for page in pages)]


def decisions(there):
    """What a reviewer decides upon, and the dossiers, which are his alone."""
    case, appeal = f"disputes/case/{there.cases['arbitrating'].pk}", f"disputes/appeal/{there.appeals[0].pk}"
    violation, waiting = f"disputes/violation/{there.proposed.pk}", f"disputes/filing/{there.filings[1].pk}"
    closed = there.cases["closed"].pk
    pages = [
        *(f"{case}/rule", f"{case}/ask_more"),
        *(f"disputes/case/{there.confirming.pk}/{act}" for act in ("confirm_payment", "send_back")),
        f"disputes/case/{there.cases['paid'].pk}/refuse_payment",
        *(f"{appeal}/{act}" for act in ("grant", "grant_part", "deny")),
        *(
            f"{violation}/uphold",
            f"{violation}/dismiss",
            f"disputes/violation/propose/?case={closed}",
        ),
        *(f"disputes/report/{there.looked_into.pk}/{act}" for act in ("uphold", "dismiss")),
        *(f"disputes/report/{there.report.pk}/reopen", f"dossier/{there.order.consumer.key}"),
        *(f"{waiting}/approve", f"{waiting}/reject"),
    ]
    return [_address("/admin/", page) for page in pages]


def openings(there):
    """What an agent begins."""
    return [
        "/admin/disputes/case/open/",
        f"/admin/disputes/case/open/?no={there.order.no}",
        f"/admin/disputes/case/open/{there.after_sale.pk}/",
    ]


def _address(root, page):
    return root + page if "?" in page else f"{root}{page}/"


@pytest.mark.parametrize(
    ("who", "lang", "size"),
    [("alice", "zh-CN", DESK), ("alice", "en-GB", PHONE), ("bob", "zh-CN", PHONE)],
    ids=["alice-zh-desk", "alice-en-phone", "bob-zh-phone"],
)
def test_every_dispute_page_of_the_workbench_opens(browse, cast, records, who, lang, size):
    page = browse(getattr(cast, who), size=size, lang=lang)
    pages = workbench(records) + (only_the_owner(records) if who == "alice" else [])
    assert visit(page, pages) == []


@pytest.mark.parametrize(
    ("who", "lang", "size"),
    [("rita", "zh-CN", DESK), ("rita", "en-GB", PHONE), ("pia", "zh-CN", DESK), ("olive", "zh-CN", PHONE)],
    ids=["rita-zh-desk", "rita-en-phone", "pia-zh-desk", "olive-zh-phone"],
)
def test_every_dispute_page_of_the_platform_site_opens(browse, cast, records, who, lang, size):
    page = browse(getattr(cast, who), size=size, lang=lang)
    more = {"rita": decisions, "pia": openings}.get(who)
    assert visit(page, platform(records) + (more(records) if more else [])) == []


@pytest.mark.parametrize(
    ("lang", "size"), [("zh-CN", PHONE), ("en-GB", DESK)], ids=["consumer-zh-phone", "consumer-en-desk"]
)
def test_the_consumers_page_opens_wherever_his_case_stands(browse, records, lang, size):
    page = browse(None, size=size, lang=lang)
    cases = [*records.cases.values(), records.confirming]
    pages = [reverse("consumer-case", args=[messages.case_token(case)]) for case in cases]
    assert visit(page, pages) == []
