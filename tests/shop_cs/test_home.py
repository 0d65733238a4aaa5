"""Where a login leads."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from shop_cs.models import Member
from tests.factories import PASSWORD, MemberFactory, UserFactory

ROOT = reverse("root")
DOORS = ["/login/", "/admin/login/"]


def requests_of(shop_no):
    return reverse("requests", args=[shop_no])


@pytest.fixture
def web(cast, client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_who_is_not_logged_in_is_asked_to(web):
    assert web.get(ROOT).url == reverse("workbench:login")


def test_a_merchant_comes_to_the_requests_of_his_shop(web, cast):
    web.force_login(cast.bob)
    assert web.get(ROOT).url == requests_of("S001")


def test_platform_people_come_to_their_desk(web, cast):
    for person in (cast.pia, cast.rita, cast.olive):
        web.force_login(person)
        assert web.get(ROOT).url == "/admin/"


def test_who_has_both_chooses(web, cast):
    cast.alice.groups.add(Group.objects.get(name="reviewers"))
    web.force_login(cast.alice)
    response = web.get(ROOT)
    assert response.status_code == 200
    assert 'href="/admin/"' in response.text
    assert f'href="{reverse("home", args=["S001"])}"' in response.text


def test_of_several_shops_the_last_one_entered_comes_first(web, cast):
    MemberFactory(shop=cast.other_shop, user=cast.bob)
    web.force_login(cast.bob)
    assert web.get(ROOT).url == requests_of("S001")
    assert web.get(reverse("home", args=["S002"])).url == requests_of("S002")
    assert web.get(ROOT).url == requests_of("S002")


def test_a_shop_that_one_was_sent_away_from_is_not_gone_back_to(web, cast):
    there = MemberFactory(shop=cast.other_shop, user=cast.bob)
    web.force_login(cast.bob)
    web.get(reverse("home", args=["S002"]))
    Member.everything.filter(pk=there.pk).update(is_active=False)
    assert web.get(ROOT).url == requests_of("S001")
    assert web.get(reverse("home", args=["S002"])).status_code == 404


def test_a_merchant_without_a_shop_is_told_whom_to_ask(web, cast):
    Member.everything.filter(user=cast.bob).update(is_active=False)
    web.force_login(cast.bob)
    response = web.get(ROOT)
    assert response.status_code == 403
    assert "belongs to no shop" in response.text


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("name", "to"), [("bob", "/s/S001/requests/"), ("pia", "/admin/")])
def test_whichever_door_one_knocks_at_the_role_leads_the_way(web, cast, door, name, to):
    response = web.post(door, {"username": name, "password": PASSWORD})
    assert response.url == ROOT
    assert web.get(ROOT).url == to


@pytest.mark.parametrize("door", DOORS)
def test_who_is_logged_in_is_not_asked_again(web, cast, door):
    for person in (cast.bob, cast.pia):
        web.force_login(person)
        assert web.get(door).url == ROOT


def test_a_merchant_who_asked_for_the_desk_is_led_to_his_shop_after_the_login(web):
    asked = web.get("/admin/", follow=True)
    door = asked.redirect_chain[-1][0]
    response = web.post(door, {"username": "bob", "password": PASSWORD})
    assert response.url == ROOT


def test_a_page_asked_for_before_the_login_is_shown_after_it(web, cast):
    asked = web.get(reverse("people", args=["S001"]))
    response = web.post(asked.url, {"username": "bob", "password": PASSWORD})
    assert response.url == reverse("people", args=["S001"])


def test_the_desks_pages_are_refused_to_a_merchant_in_words(web, cast):
    web.force_login(cast.bob)
    response = web.get("/admin/login/", {"next": "/admin/shop_cs/order/"})
    assert response.status_code == 403
    assert "not for your role" in response.text


def test_an_account_without_a_role_does_not_come_in(web, cast):
    UserFactory(username="nobody")
    response = web.post("/login/", {"username": "nobody", "password": PASSWORD})
    assert response.status_code == 200
    assert "has no role yet" in response.text
    assert "_auth_user_id" not in web.session


def test_a_wrong_password_does_not_come_in(web, cast):
    response = web.post("/login/", {"username": "bob", "password": "wrong"})
    assert response.status_code == 200
    assert "_auth_user_id" not in web.session


def test_the_page_of_the_password_leads_back_to_the_shops(cast, client):
    client.force_login(cast.alice)
    page = client.get(reverse("workbench:password_change"))
    assert reverse("home", args=[cast.shop.no]) in page.content.decode()
