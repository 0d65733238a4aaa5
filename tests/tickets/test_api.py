"""Another system of the platform sends requests by the API."""

import pytest

from shop_cs.access import make_api_key
from shop_cs.models import ApiKey
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets.models import ServiceRequest

URL = "/api/requests/"


@pytest.fixture
def key(db):
    return make_api_key("crm", now=TUESDAY_10)


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop)


def body(order, **more):
    said = {
        "shop_no": order.shop.no,
        "order_no": order.no,
        "kind": "general",
        "category": "courier",
        "detail": "物流未更新",
    }
    return {**said, **more}


def post(client, key, said, **headers):
    return client.post(
        URL, said, content_type="application/json", headers={"Authorization": f"Bearer {key}", **headers}
    )


def test_a_request_is_sent_and_asked_about(client, at, key, order):
    answer = post(client, key, body(order, after_sale_no=AfterSaleFactory(order=order).no))
    assert answer.status_code == 201
    assert answer.json()["status_code"] == 0
    assert answer.json()["deadline"] == "2026-03-05T02:00:00Z"
    asked = client.get(f"{URL}{answer.json()['request_no']}/", headers={"Authorization": f"Bearer {key}"})
    assert asked.json() == answer.json()
    row = ServiceRequest.everything.get().history.get()
    assert (row.actor_role, row.actor_name, row.move) == ("api", "crm", "create")


def test_outside_the_working_hours_it_waits_for_the_opening(client, at, key, order):
    at(shanghai("2026-03-03 21:30"))
    assert post(client, key, body(order)).json()["status"] == "scheduled"


def test_the_same_idempotency_key_twice_is_one_request(client, at, key, order):
    first = post(client, key, body(order), **{"Idempotency-Key": "a1"})
    again = post(client, key, body(order), **{"Idempotency-Key": "a1"})
    other = post(client, key, body(order), **{"Idempotency-Key": "a2"})
    assert first.json() == again.json() != other.json()
    assert ServiceRequest.everything.count() == 2


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic abc", "Bearer  "])
def test_without_a_known_key_it_is_401(client, at, key, order, header):
    answer = client.post(URL, body(order), content_type="application/json", headers={"Authorization": header})
    assert answer.status_code == 401
    assert not ServiceRequest.everything.exists()


def test_a_revoked_key_is_401(client, at, key, order):
    ApiKey.objects.update(revoked_at=TUESDAY_10)
    assert post(client, key, body(order)).status_code == 401


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "agreed", "limit_hours": 2}, 201),
        ({"kind": "agreed", "limit_hours": 1.99}, 400),
        ({"kind": "agreed"}, 400),
        ({"limit_hours": 24}, 400),
        ({"kind": "urgent"}, 400),
        ({"kind": "soon"}, 400),
        ({"category": 7}, 400),
        ({"detail": " "}, 400),
        ({"detail": "字" * 2001}, 400),
        ({"detail": "字" * 2000}, 201),
        ({"detail": "a\0b"}, 400),
        ({"limit_hours": True}, 400),
        ({"order_no": "nobody's"}, 404),
        ({"after_sale_no": "none"}, 404),
    ],
)
def test_what_is_wrong_is_said_with_its_status(client, at, key, order, said, status):
    answer = post(client, key, body(order, **said))
    assert answer.status_code == status
    assert status == 201 or answer.json()["message"]
    assert ServiceRequest.everything.count() == (1 if status == 201 else 0)


@pytest.mark.parametrize("raw", ["", "{", "[]", '"x"', "[" * 20000])
def test_what_is_no_json_object_is_400(client, at, key, raw):
    answer = client.post(URL, raw, content_type="application/json", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 400


def test_a_body_too_large_is_413(client, at, key, order):
    assert post(client, key, body(order, detail="x" * 70_000)).status_code == 413


def test_a_number_nobody_knows_is_404(client, at, key):
    assert client.get(f"{URL}SR0/", headers={"Authorization": f"Bearer {key}"}).status_code == 404


def test_an_idempotency_key_counts_in_full_and_for_one_content(client, at, key, order):
    long = "k" * 60
    one, other = (post(client, key, body(order), **{"Idempotency-Key": f"{long}{n}"}) for n in (1, 2))
    assert one.json()["request_no"] != other.json()["request_no"]
    changed = post(client, key, body(order, detail="另一件事"), **{"Idempotency-Key": f"{long}1"})
    assert (changed.status_code, changed.json()["error"]) == (409, "submission")
