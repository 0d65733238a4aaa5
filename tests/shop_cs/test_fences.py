"""Nobody reaches what is not his: every address, walked as a stranger, as nobody, as the platform's people."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from shop_cs import moment
from shop_cs.models import Notice
from tests.factories import EvidenceFactory, OrderFactory
from tests.stories import send
from tickets import actions

METHODS = ["get", "post", "put", "patch", "delete", "head", "options"]
# The two shells' own pages ask the site; the rest here needs no login or asks in its own way.
OPEN = {"root", "healthz", "set_language", "consumer", "api-requests", "api-request"}


def addresses(patterns=None, prefix=""):
    """(name, route) of each address of ours, the admin sites' own aside."""
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern.name, route
        elif not pattern.namespace:
            yield from addresses(pattern.url_patterns, route)


def of_a_shop():
    return sorted(route for _name, route in addresses() if route.startswith("s/<number:shop_no>/"))


@pytest.fixture
def alices(cast, at):
    """What lies behind each parameter in Alice's shop."""
    order = OrderFactory(shop=cast.shop, no="602100001")
    request = send(cast, order=order)
    piece = EvidenceFactory(order=order)
    attached = actions.attach(request, evidence=piece, by=cast.as_bob, now=moment.now())
    return {"request": request, "order": order, "attached": attached, "piece": piece, "cast": cast}


def filled(route, alices):
    """The route with Alice's own records in it."""
    no = alices["order"].no if "/orders/" in route else alices["request"].no
    pk = {
        "detach": alices["attached"].pk,
        "notices": Notice.everything.filter(shop=alices["cast"].shop).values_list("pk", flat=True).first(),
        "people": alices["cast"].bob_member.pk,
        "posts": alices["cast"].interns.pk,
    }
    known = next((value for word, value in pk.items() if f"/{word}/" in route), 0)
    values = {"shop_no": "S001", "no": no, "pk": known, "fmt": "csv"}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda part: str(values[part[1]]), route)


def test_each_parameter_of_an_address_has_a_type():
    assert [route for _name, route in addresses() if re.search(r"<\w+>", route)] == []


def test_the_walk_knows_the_addresses():
    assert len(of_a_shop()) >= 20


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", of_a_shop())
def test_a_strangers_record_is_404(client, alices, route, method):
    client.force_login(alices["cast"].charlie)
    assert getattr(client, method)(filled(route, alices)).status_code == 404


@pytest.mark.parametrize("route", of_a_shop())
def test_alices_record_under_charlies_own_shop_is_404_too(client, alices, route):
    client.force_login(alices["cast"].charlie)
    path = filled(route, alices).replace("/s/S001/", "/s/S002/")
    if "<number:no>" in route or "<int:pk>" in route:
        # Where an address only takes forms, a look at it leads to its page, which is not there either.
        assert client.get(path, follow=True).status_code in {404, 405}
        assert client.post(path).status_code in {404, 405}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", of_a_shop())
def test_nobody_is_sent_to_the_login(client, alices, route, method):
    answer = getattr(client, method)(filled(route, alices))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/login/")


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
@pytest.mark.parametrize("route", of_a_shop())
def test_the_platforms_people_have_no_shop(client, alices, route, who):
    client.force_login(getattr(alices["cast"], who))
    assert client.get(filled(route, alices)).status_code == 404


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_merchants_do_not_see_the_platforms_desk(client, alices, who):
    client.force_login(getattr(alices["cast"], who))
    for path in ("", "tickets/servicerequest/", "tickets/inreview/", "shop_cs/order/", "import/"):
        assert client.get(f"/admin/{path}").status_code == 403


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 200), ("rita", 200), ("olive", 200), ("pia", 200), ("charlie", 404)]
)
def test_evidence_is_for_the_shop_and_the_platform(client, alices, who, status):
    client.force_login(getattr(alices["cast"], who))
    assert client.get(f"/evidence/{alices['piece'].pk}/").status_code == status


def test_every_other_address_is_known_to_be_open():
    names = {name for name, route in addresses() if not route.startswith("s/<number:shop_no>/")}
    assert names == OPEN | {"evidence"}
