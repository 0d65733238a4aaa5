"""One dispute from end to end, in browsers: unanswered, arbitrated, paid in advance, appealed, granted in part.

In the end the statement, the liability rate and the case file say the same of it. Whoever serves it.
"""

from datetime import timedelta

from disputes.models import Appeal, Case, Compensation
from shop_cs import ledger
from tests.case_stories import fund
from tests.factories import PNG, AfterSaleFactory, OrderFactory
from tickets.models import ServiceRequest

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
ORDER_NO = "60210000000000001"
RECEIPT = {"name": "出库照片.png", "mimeType": "image/png", "buffer": PNG}
PAID_IN_JANUARY = "2026-01"


def press(page, button):
    """Presses what leads on."""
    with page.expect_navigation():
        page.click(button)


def text(page, path):
    """What a page shows, and that it opened without a complaint."""
    assert page.goto(path).status == 200
    return page.inner_text("#main, #content, body")


def ask(pia):
    pia.goto("/admin/tickets/servicerequest/send/")
    pia.fill("[name=shop_no]", "S001")
    pia.fill("[name=order_no]", ORDER_NO)
    pia.select_option("[name=category]", "product")
    pia.check("[name=kind][value=general]")
    pia.fill("[name=detail]", "收到的商品破损，商家拒绝退款")
    press(pia, "#content form.sc-form button")
    return ServiceRequest.everything.get()


def open_case(pia, after_sale):
    pia.goto(f"/admin/disputes/case/open/{after_sale.pk}/")
    pia.fill("[name=claim]", "商品破损，要求退款 99 元")
    pia.fill("[name=claim_fen]", "99")
    if pia.locator("[name=all_the_same]").count():
        pia.check("[name=all_the_same]")
    press(pia, "#content form.sc-form button[type=submit], #content form.sc-form button.is-primary")
    return Case.everything.get()


def rule(rita, case):
    rita.goto(f"/admin/disputes/case/{case.pk}/rule/")
    rita.check("[name=outcome][value=consumer]")
    rita.fill("[name=award_fen]", "99")
    rita.select_option("[name=blame]", "merchant")
    rita.check("[name=counts][value=yes]")
    rita.fill("[name=reason]", "商家在期限内未举证")
    press(rita, "#content button.is-primary[form=decision]")


def appeal(alice, case):
    alice.goto(f"/s/S001/cases/{case.no}/appeal-compensation/")
    alice.select_option("[name=ground]", "new_evidence")
    alice.fill("[name=text]", "出库照片显示商品完好")
    alice.set_input_files("[name=file_1]", [RECEIPT])
    alice.check("[name=sure]")
    press(alice, "form.sc-form button.is-primary")
    return Appeal.everything.get()


def grant_in_part(ray, appeal):
    ray.goto(f"/admin/disputes/appeal/{appeal.pk}/grant_part/")
    ray.fill("[name=refund_fen]", "40")
    ray.fill("[name=reason]", "出库照片可信，责任各半")
    press(ray, "#content button.is-primary[form=decision]")


def walk(browse, cast, *, at, sweep_at):
    """`at(instant)` sets the clock of who serves; `sweep_at(instant)` lets the workers record what is over by then."""
    after_sale = AfterSaleFactory(order=OrderFactory(shop=cast.shop, no=ORDER_NO))
    fund(cast.shop, deposit=6_000, other=10_000)
    pia, rita, ray, alice = (browse(person) for person in (cast.pia, cast.rita, cast.ray, cast.alice))

    request = ask(pia)
    sweep_at(request.deadline + SECOND)
    at(request.deadline + HOUR)
    case = open_case(pia, after_sale)

    sweep_at(case.deadline + SECOND)
    at(case.deadline + HOUR)
    rule(rita, case)
    case.refresh_from_db()
    assert (case.state, case.award_fen) == ("paying", 9_900)
    assert "100.00%" in text(alice, f"/s/S001/liability/?month={PAID_IN_JANUARY}")

    sweep_at(case.pay_due + SECOND)
    at(case.pay_due + DAY)
    made = Compensation.everything.get()
    assert (made.from_deposit_fen, made.from_other_fen, made.owed_fen) == (6_000, 3_900, 0)

    contested = appeal(alice, case)
    grant_in_part(ray, contested)
    contested.refresh_from_db()
    assert (contested.state, contested.refund_fen) == ("part", 4_000)

    assert_all_agree(alice, case, contested, made)
    assert [page.troubles for page in (pia, rita, ray, alice)] == [[]] * 4


def assert_all_agree(alice, case, contested, made):
    """Statement, rate and case file, and the books behind them."""
    deposit = text(alice, "/s/S001/money/")
    assert all(said in deposit for said in ("¥60.00", "¥40.00", made.no, contested.no))
    assert "¥39.00" in text(alice, "/s/S001/money/?tab=other")
    left = ledger.balances(case.shop)
    assert (left.deposit, left.other, left.owed, left.held) == (4_000, 6_100, 0, 5_900)
    assert ledger.check() == []

    rate = text(alice, f"/s/S001/liability/?month={PAID_IN_JANUARY}")
    assert "0.00%" in rate
    assert "100.00%" not in rate
    assert case.no in rate

    told = text(alice, f"/s/S001/orders/{ORDER_NO}/file/")
    numbers = [ServiceRequest.everything.get().no, case.after_sale.no, case.no, made.no, contested.no]
    assert [no for no in numbers if no not in told] == []
    assert all(said in told for said in ("¥99.00", "¥40.00"))
