"""What people do, in a browser: the main job from sending to closing, and the consumer's answer."""

from datetime import timedelta

import pytest

from tests.browser.conftest import PHONE
from tests.browser.walk import press
from tests.factories import PNG, OrderFactory
from tests.people import TUESDAY_10
from tests.stories import confirming_rules, fresh, reply_solved, reply_unsolved, send, sweep_at
from tickets import messages
from tickets.models import ServiceRequest

CHAT = {"name": "协商截图.png", "mimeType": "image/png", "buffer": PNG}


def test_pia_sends_a_request(browse, cast, at):
    OrderFactory(shop=cast.shop, no="60210000000000001")
    pia = browse(cast.pia)
    pia.goto("/admin/tickets/servicerequest/send/")
    pia.fill("[name=shop_no]", "S001")
    pia.fill("[name=order_no]", "60210000000000001")
    pia.select_option("[name=category]", "courier")
    pia.check("[name=kind][value=general]")
    pia.fill("[name=detail]", "包裹三天没有物流更新")
    press(pia, "#content form.sc-form button")
    sent = ServiceRequest.everything.get()
    assert (sent.state, sent.detail) == ("pending", "包裹三天没有物流更新")
    assert pia.troubles == []


def test_bob_finds_it_and_answers_with_proof(browse, cast, at):
    sent = send(cast)
    at(TUESDAY_10 + timedelta(hours=1))
    bob = browse(cast.bob)
    bob.goto("/")
    bob.click(f"text={sent.no}")
    bob.check("#reply [name=solved][value=yes]")
    bob.check("#reply [name=settlement][value=agreed]")
    bob.fill("#reply [name=text]", "已与消费者协商一致，补发新品")
    bob.set_input_files("#reply [name=file_1]", [CHAT])
    press(bob, "#reply [type=submit]")
    assert fresh(sent).state == "reviewing"
    assert fresh(sent).attachments.count() == 1
    assert bob.troubles == []


def test_rita_rejects_with_a_reason_and_approves_the_next_answer(browse, cast, at):
    asked = reply_unsolved(send(cast), cast, now=TUESDAY_10)
    rita = browse(cast.rita)
    rita.goto(f"/admin/tickets/servicerequest/{asked.pk}/reject/")
    rita.fill("[name=reason]", "请补充通话记录")
    press(rita, "#content button[form=decision]")
    assert (fresh(asked).state, fresh(asked).round) == ("pending", 2)
    reply_unsolved(asked, cast, now=TUESDAY_10 + timedelta(hours=1))
    rita.goto(f"/admin/tickets/servicerequest/{asked.pk}/approve/")
    press(rita, "#content button[form=decision]")
    assert fresh(asked).state == "closed"
    assert rita.troubles == []


def test_a_refused_answer_keeps_what_was_typed(browse, cast, at):
    sent = send(cast)
    bob = browse(cast.bob, size=PHONE)
    bob.goto(f"/s/S001/requests/{sent.no}/")
    at(sent.deadline + timedelta(seconds=1))
    bob.check("#reply [name=solved][value=no]")
    bob.select_option("#reply [name=reason]", "unreachable")
    bob.fill("#reply [name=text]", "打了三次电话都没人接")
    press(bob, "#reply [type=submit]")
    assert bob.input_value("#reply [name=text]") == "打了三次电话都没人接"
    assert bob.is_visible("[role=alert]")
    assert fresh(sent).state == "pending"


def test_bob_answers_by_the_keyboard_alone(browse, cast, at):
    sent = send(cast)
    bob = browse(cast.bob)
    bob.goto(f"/s/S001/requests/{sent.no}/")
    bob.focus("#reply [name=solved][value=no]")
    bob.keyboard.press("Space")
    bob.keyboard.press("Tab")
    bob.keyboard.press("ArrowDown")
    bob.focus("#reply [name=text]")
    bob.keyboard.insert_text("已电话联系三次，无人接听")
    bob.focus("#reply [type=submit]")
    with bob.expect_navigation():
        bob.keyboard.press("Enter")
    assert fresh(sent).state == "reviewing"


def test_the_user_menu_opens_by_the_keyboard(browse, cast, at):
    send(cast)
    bob = browse(cast.bob)
    bob.goto("/s/S001/requests/")
    menu = bob.locator("#nav-sidebar-inner [role=button]").last
    menu.focus()
    bob.keyboard.press("Enter")
    bob.locator("#logout-form button").wait_for(state="visible")


@pytest.mark.parametrize(("answer", "state"), [("satisfied", "closed"), ("dissatisfied", "reviewing")])
def test_the_consumer_answers_once_on_a_phone(browse, cast, at, answer, state):
    confirming_rules()
    asked = reply_solved(send(cast), cast, now=TUESDAY_10)
    sweep_at(TUESDAY_10)
    link = f"/c/{messages.survey_token(asked.surveys.get())}/"
    consumer = browse(None, size=PHONE)
    consumer.goto(link)
    assert fresh(asked).state == "confirming"
    press(consumer, f"[name=answer][value={answer}]")
    assert fresh(asked).state == state
    assert consumer.troubles == []
    assert consumer.goto(link).status == 409


def test_a_chosen_file_writes_nothing_into_another_field(browse, cast, at):
    at(TUESDAY_10)
    bob = browse(cast.bob)
    bob.goto(send(cast).path, wait_until="load")
    bob.set_input_files("#reply [name=file_1]", [CHAT])
    bob.set_input_files("#reply [name=file_2]", [CHAT])
    assert [bob.input_value(f"#reply [name=file_{n}_proves]") for n in (1, 2)] == ["", ""]
    assert bob.troubles == []
