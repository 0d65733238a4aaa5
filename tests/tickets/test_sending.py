"""Pia sends a request from the platform site."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from shop_cs.models import Evidence
from shop_cs.moves import Refused
from tests.factories import PNG, AfterSaleFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import fresh, send
from tickets import actions
from tickets.models import Attachment, ServiceRequest

CLAIM = "收到的商品有破损，要求退款"


def address():
    return reverse("platform:tickets_servicerequest_send")


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop)


@pytest.fixture
def pia(cast, at, client):
    """Pia's browser on Tuesday at 10:00; her pages are in English."""
    client.force_login(cast.pia)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def typed(order, **changed):
    said = {
        "shop_no": order.shop.no,
        "order_no": order.no,
        "after_sale_no": "",
        "category": "product",
        "kind": "general",
        "agreed_hours": "",
        "detail": CLAIM,
        "submission": "form-1",
    }
    return {**said, **changed}


def test_a_request_is_sent_at_once_when_nothing_speaks_against_it(cast, pia, order):
    response = pia.post(address(), typed(order))
    record = ServiceRequest.everything.get()
    assert response["Location"] == reverse("platform:tickets_servicerequest_change", args=[record.pk])
    assert (record.state, record.detail, record.created_by) == ("pending", CLAIM, cast.pia)
    assert record.deadline == shanghai("2026-03-05 10:00")
    assert record.history.latest().actor_role == "agent"


def test_the_admins_own_add_page_leads_here(pia):
    response = pia.get(reverse("platform:tickets_servicerequest_add"))
    assert response["Location"] == address()


def test_the_blank_form_has_a_submission_of_its_own_each_time(pia):
    first, second = (pia.get(address()).context["form"]["submission"].value() for _ in range(2))
    assert first != second
    assert len(first) <= 64


@pytest.mark.parametrize("who", ["rita", "olive", "alice"])
def test_only_agents_send(cast, at, client, order, who):
    client.force_login(getattr(cast, who))
    assert client.get(address()).status_code == 403
    assert client.post(address(), typed(order)).status_code == 403
    assert not ServiceRequest.everything.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"shop_no": "S999"}, "There is no shop with this number."),
        ({"order_no": "1"}, "has no order with this number."),
        ({"after_sale_no": "AS-NONE"}, "This order has no after-sale with this number."),
        ({"detail": ""}, "This field is required."),
        ({"detail": "a" * 2001}, "at most 2000 characters"),
        ({"category": ""}, "This field is required."),
        ({"category": "nonsense"}, "Select a valid choice"),
        ({"kind": "urgent"}, "This type is not of this kind"),
        ({"agreed_hours": "3"}, "for the kind “agreed” only"),
        ({"kind": "agreed"}, "needs a limit in hours"),
        ({"kind": "agreed", "agreed_hours": "1.5"}, "at least 2 and at most 720 hours"),
        ({"kind": "agreed", "agreed_hours": "2.3"}, "multiple of step size 0.5"),
        ({"kind": "agreed", "agreed_hours": "720.5"}, "at least 2 and at most 720 hours"),
        ({"kind": "agreed", "agreed_hours": "x"}, "Enter a number."),
    ],
)
def test_what_is_wrong_is_named_and_everything_typed_is_kept(pia, order, changed, told):
    response = pia.post(address(), typed(order, **changed))
    text = response.content.decode()
    assert response.status_code == 400
    assert told in text
    assert changed.get("detail", CLAIM) in text
    assert not ServiceRequest.everything.exists()


@pytest.mark.parametrize(("hours", "minutes"), [("2", 120), ("2.5", 150), ("720", 43200)])
def test_an_agreed_limit_is_taken_from_two_hours_on_in_halves(pia, order, hours, minutes):
    assert pia.post(address(), typed(order, kind="agreed", agreed_hours=hours)).status_code == 302
    assert ServiceRequest.everything.get().limit_minutes == minutes


def test_the_order_of_another_shop_is_not_found(cast, pia, order):
    response = pia.post(address(), typed(order, shop_no=cast.other_shop.no))
    assert response.status_code == 400


def test_the_after_sale_is_looked_up_within_the_order(pia, order):
    mine, strange = AfterSaleFactory(order=order), AfterSaleFactory()
    assert pia.post(address(), typed(order, after_sale_no=strange.no)).status_code == 400
    assert pia.post(address(), typed(order, after_sale_no=mine.no)).status_code == 302
    assert ServiceRequest.everything.get().after_sale == mine


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-03-03 20:59:59", "pending"),
        ("2026-03-03 21:00:00", "scheduled"),
        ("2026-03-04 08:59:59", "scheduled"),
        ("2026-03-04 09:00:00", "pending"),
    ],
)
def test_outside_the_hours_it_is_scheduled(pia, order, at, now, state):
    at(shanghai(now))
    pia.post(address(), typed(order))
    assert ServiceRequest.everything.get().state == state


def test_an_open_request_of_the_order_is_warned_of_with_the_deadline_to_be(cast, pia, order):
    earlier = send(cast, order=order)
    response = pia.post(address(), typed(order))
    text = response.content.decode()
    assert response.status_code == 200
    assert f"Request {earlier.no} of this order is still open." in text
    assert reverse("platform:tickets_servicerequest_change", args=[earlier.pk]) in text
    assert "It would be sent now." in text
    assert "2026-03-05 10:00" in text
    assert CLAIM in text
    assert ServiceRequest.everything.count() == 1


def test_outside_the_hours_the_warning_says_when_it_would_be_sent(cast, pia, order, at):
    send(cast, order=order)
    at(shanghai("2026-03-03 22:00"))
    assert "It would be sent at 2026-03-04 09:00." in pia.post(address(), typed(order)).content.decode()


def test_in_spite_of_the_warnings_it_is_sent_when_that_is_ticked(cast, pia, order):
    send(cast, order=order)
    seen = pia.post(address(), typed(order)).context["seen"]
    assert pia.post(address(), typed(order, seen=seen)).status_code == 200
    assert pia.post(address(), typed(order, seen=seen, all_the_same="on")).status_code == 302
    assert ServiceRequest.everything.count() == 2


def test_a_tick_for_older_warnings_does_not_cover_newer_ones(cast, pia, order):
    send(cast, order=order)
    seen = pia.post(address(), typed(order)).context["seen"]
    send(cast, order=order)
    assert pia.post(address(), typed(order, seen=seen, all_the_same="on")).status_code == 200
    assert ServiceRequest.everything.count() == 2


def test_the_same_form_sent_twice_is_one_request(pia, order):
    first, second = pia.post(address(), typed(order)), pia.post(address(), typed(order))
    assert first["Location"] == second["Location"]
    assert ServiceRequest.everything.count() == 1


def test_evidence_of_the_consumer_is_attached(pia, order):
    file = SimpleUploadedFile("破损.png", PNG, "image/png")
    response = pia.post(address(), typed(order, file_1=file, file_1_proves="外箱破损"))
    assert response.status_code == 302
    attachment = Attachment.everything.get()
    assert attachment.evidence.side == Evidence.Side.CONSUMER
    assert attachment.proves == "外箱破损"


def test_a_bad_file_is_refused_and_the_good_one_is_kept_for_the_next_try(pia, order):
    good, bad = SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("b.png", b"MZ nothing of a picture")
    response = pia.post(address(), typed(order, file_1=good, file_1_proves="外箱", file_2=bad))
    assert response.status_code == 400
    assert not ServiceRequest.everything.exists()
    piece = Evidence.everything.get()
    form = response.context["form"]
    assert form[f"piece_{piece.pk}"].value() in ("on", True)
    assert form[f"piece_{piece.pk}_proves"].value() == "外箱"


def test_files_survive_the_warning(cast, pia, order):
    send(cast, order=order)
    response = pia.post(address(), typed(order, file_1=SimpleUploadedFile("a.png", PNG)))
    piece = Evidence.everything.get()
    again = typed(order, seen=response.context["seen"], all_the_same="on", **{f"piece_{piece.pk}": "on"})
    assert pia.post(address(), again).status_code == 302
    assert Attachment.everything.get().evidence == piece


def test_a_paper_that_the_merchant_has_shown_too_is_sent_as_the_consumers_own(pia, order):
    merchants = EvidenceFactory(order=order, content=PNG, name="merchant.png")
    assert pia.post(address(), typed(order, file_1=SimpleUploadedFile("a.png", PNG))).status_code == 302
    consumers = Attachment.everything.get().evidence
    assert (consumers.side, consumers.sha256) == ("consumer", merchants.sha256)
    assert consumers != merchants


def test_evidence_of_another_order_is_not_attached_and_nothing_is_sent(cast, order):
    with pytest.raises(Refused):
        actions.create_with_evidence(
            order=order,
            kind="general",
            category="product",
            detail=CLAIM,
            evidence=[(EvidenceFactory(), "")],
            by=cast.as_pia,
            now=TUESDAY_10,
        )
    assert not ServiceRequest.everything.exists()


def test_a_submission_that_was_there_keeps_what_it_was_sent_with(pia, order, at):
    pia.post(address(), typed(order))
    at(shanghai("2026-03-03 10:05"))
    pia.post(address(), typed(order, file_1=SimpleUploadedFile("late.png", PNG)))
    assert not Attachment.everything.exists()
    assert fresh(ServiceRequest.everything.get()).state == "pending"


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="two writers at once need a server")
@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_one(cast, at):
    order = OrderFactory(shop=cast.shop)
    browsers, gate = [Client(), Client()], threading.Barrier(2)
    for browser in browsers:
        browser.force_login(cast.pia)

    def press(browser):
        gate.wait()
        browser.post(address(), typed(order))
        connections.close_all()

    threads = [threading.Thread(target=press, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor != "sqlite"
    assert ServiceRequest.everything.count() == 1
