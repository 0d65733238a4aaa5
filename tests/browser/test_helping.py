"""Help to answer, with a mouse: a phrase at the cursor, a guide back and forth, past answers on demand."""

from datetime import timedelta

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import reply_solved, send
from tickets import actions
from tickets.models import Reply


@pytest.fixture
def record(cast, at):
    at(TUESDAY_10 + timedelta(hours=3))
    said = {"by": cast.as_alice, "now": TUESDAY_10}
    actions.add_phrase(shop=cast.shop, title="退款", text="已退款{amount}", **said)
    actions.add_phrase(shop=cast.shop, title="补寄", text="已补寄", **said)
    actions.add_phrase(shop=cast.shop, title="价格", text="价格", category="price", **said)
    past = reply_solved(send(cast, category="courier"), cast, now=TUESDAY_10)
    actions.approve(past, by=cast.as_rita, now=TUESDAY_10 + timedelta(hours=1))
    return send(cast, order=OrderFactory(shop=cast.shop), category="courier")


def test_a_phrase_goes_in_where_the_cursor_is(browse, cast, record):
    page = browse(cast.bob, lang="en-GB")
    page.goto(f"/s/S001/requests/{record.no}/")
    page.fill("#id_text", "您好，谢谢")
    page.evaluate("document.getElementById('id_text').setSelectionRange(3, 3)")
    page.click("text=Insert a quick phrase")
    page.wait_for_selector("[data-picker]")
    assert page.locator(".sc-phrase:visible").count() == 2
    page.fill("[data-filter]", "退")
    assert page.locator(".sc-phrase:visible").count() == 1
    page.press("[data-filter]", "Enter")
    page.get_by_role("link", name="Insert “退款”").click()
    assert page.input_value("#id_text") == "您好，已退款¥199.00谢谢"
    assert "is inserted" in page.inner_text("[data-said]")
    page.fill("[data-filter]", "")
    page.check("#phrase-every")
    assert page.locator(".sc-phrase:visible").count() == 3
    assert page.troubles == []
    assert Reply.everything.filter(request=record).count() == 0


def test_a_guide_is_walked_back_and_forth_into_the_form(browse, cast, record):
    page = browse(cast.bob, lang="en-GB", size=PHONE)
    page.goto(f"/s/S001/requests/{record.no}/guide/logistics-stalled/")
    for label in ("Done, and a time was given", "It moves again"):
        page.get_by_role("link", name=label, exact=True).click()
    page.go_back()
    page.get_by_role("link", name="It is in trouble: lost, broken or not moving").click()
    page.get_by_role("link", name="His money back").click()
    page.get_by_role("link", name="Use this reply").click()
    page.wait_for_selector("#id_text")
    assert "全额退款¥199.00" in page.input_value("#id_text")
    assert page.is_checked("input[name=solved][value=yes]")
    assert page.is_checked("input[name=settlement][value=refunded]")
    assert page.troubles == []


def test_past_answers_open_on_demand_and_one_is_used(browse, cast, record):
    page = browse(cast.bob, lang="en-GB", size=DESK)
    page.goto(f"/s/S001/requests/{record.no}/")
    page.click("text=What your shop answered before")
    page.get_by_role("link", name="Use the text of").click()
    page.wait_for_selector("#id_text")
    assert page.input_value("#id_text") == "已补发新品"
    assert page.troubles == []
