"""The door: how many tries, from where, and where a login leads and does not lead."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth import hashers
from django.contrib.auth.models import Group
from django.test import Client

from shop_cs.login import sweeps, tries
from shop_cs.login.addresses import client_address
from shop_cs.login.tries import ACCOUNT, PAIR
from shop_cs.models import User
from tests.factories import PASSWORD, UserFactory
from tests.people import TUESDAY_10

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def door(cast, at):
    """`door(name, password)` → the answer to a try, from `address` at the clock's time."""

    def knock(name="rita", password="wrong", address=HOME, **headers):
        web = Client(headers={"accept-language": "en"}, REMOTE_ADDR=address)
        return web.post("/login/", {"username": name, "password": password}, **headers)

    return knock


def fail(door, many=PAIR[0], **how):
    return [door(**how).status_code for _ in range(many)]


def test_the_fifth_failure_shuts_the_door_for_a_quarter_of_an_hour(door, at):
    assert fail(door) == [200, 200, 200, 200, 429]
    at(TUESDAY_10 + 14 * MINUTE)
    shut = door(password=PASSWORD)
    assert (shut.status_code, shut["Retry-After"]) == (429, "60")
    assert "10:15" in shut.text
    assert "_auth_user_id" not in shut.client.session
    at(TUESDAY_10 + 15 * MINUTE)
    assert door(password=PASSWORD).status_code == 302


def test_knocking_at_a_shut_door_does_not_keep_it_shut(door, at):
    fail(door)
    at(TUESDAY_10 + 10 * MINUTE)
    fail(door, many=8)
    at(TUESDAY_10 + 15 * MINUTE)
    assert door(password=PASSWORD).status_code == 302


def test_five_failures_far_apart_shut_nothing(door, at):
    for n in range(8):
        at(TUESDAY_10 + n * 4 * MINUTE)
        assert door().status_code == 200


def test_who_is_shut_out_is_shut_out_alone(door):
    fail(door)
    assert door("ray", PASSWORD).status_code == 302, "one office has one address"
    assert door(password=PASSWORD, address=ELSEWHERE).status_code == 302, "nobody locks her out from elsewhere"
    assert door(password=PASSWORD).status_code == 429


def test_a_success_starts_the_count_anew(door):
    assert 429 not in fail(door, many=4)
    assert door(password=PASSWORD).status_code == 302
    assert 429 not in fail(door, many=4)


def test_from_everywhere_together_an_account_takes_fifty_an_hour(door, at):
    most, within = ACCOUNT
    for n in range(most - 1):
        tries.failed(tries.key_of("rita"), f"203.0.113.{n}", now=TUESDAY_10)
    assert tries.locked_until(tries.key_of("rita"), HOME, now=TUESDAY_10) is None
    assert door(address=ELSEWHERE).status_code == 429
    at(TUESDAY_10 + within - SECOND)
    assert door(password=PASSWORD).status_code == 429
    at(TUESDAY_10 + within)
    assert door(password=PASSWORD).status_code == 302


def test_of_many_tries_at_once_the_right_one_is_no_use_after_the_fifth(door, monkeypatch, cast):
    """All have passed the first look before any is noted: the second look counts."""
    check = hashers.check_password

    def slow(*args, **said):
        for _ in range(PAIR[0]):
            tries.failed(tries.key_of("rita"), HOME, now=TUESDAY_10)
        return check(*args, **said)

    monkeypatch.setattr("django.contrib.auth.base_user.check_password", slow)
    assert door(password=PASSWORD).status_code == 429


@pytest.mark.parametrize("name", ["RITA", "  rita ", "ｒｉｔａ"])
def test_however_a_name_is_spelled_it_is_counted_as_one(door, name):
    fail(door, many=4)
    assert door(name).status_code == 429


@pytest.mark.parametrize(
    "name", ["x" * 300, "ri\0ta", "", "\ud83d".encode("utf-16", "surrogatepass").hex(), "🙂" * 150]
)
def test_a_name_that_nobody_has_breaks_nothing(door, name):
    assert door(name).status_code == 200


def test_the_table_of_failures_holds_neither_password_nor_name(door, caplog):
    """People type their password into the field of the name."""
    door("my secret", "another secret")
    door("rita", "another secret")
    rows = list(AccessFailureLog.objects.values())
    assert len(rows) == 2
    for told in (repr(rows), caplog.text):
        assert "secret" not in told
    assert "a login failed: rita, from 192.0.2.7" in caplog.text


def test_an_unknown_name_takes_as_much_work_as_a_known_one(door, monkeypatch):
    work = []
    made = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda self, *args: work.append(1) or made(self, *args))
    pages = []
    for name in ("rita", "nobody"):
        work.clear()
        pages.append(door(name).text.replace(name, "…"))
        assert len(work) == 1
    assert ("correct username" in pages[0]) == ("correct username" in pages[1]) is True


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (0, "", HOME),
        (0, ELSEWHERE, HOME),
        (1, ELSEWHERE, ELSEWHERE),
        (1, f"10.0.0.1, {ELSEWHERE}", ELSEWHERE),
        (2, f"10.0.0.1, {ELSEWHERE}, 10.9.9.9", ELSEWHERE),
        (2, ELSEWHERE, HOME),
        (1, "", HOME),
        (1, "nonsense", HOME),
        (1, f"{ELSEWHERE}:8080", ELSEWHERE),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, "::ffff:198.51.100.9", ELSEWHERE),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(trusted, forwarded, expected):
    meta = {"REMOTE_ADDR": HOME, "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, trusted=trusted) == expected


def test_a_local_socket_has_no_address():
    assert client_address({"REMOTE_ADDR": ""}, trusted=0) is None


def test_a_made_up_header_does_not_open_the_door(door):
    for n in range(PAIR[0]):
        door(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert door(password=PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429


def test_failures_are_forgotten_after_a_day(db):
    tries.failed("old", HOME, now=TUESDAY_10 - tries.KEPT - SECOND)
    tries.failed("kept", HOME, now=TUESDAY_10 - tries.KEPT)
    job = next(job for job in sweeps.JOBS if job.name == "old_tries")
    job.act(list(job.due(TUESDAY_10)), now=TUESDAY_10)
    assert [row.username for row in AccessFailureLog.objects.all()] == ["kept"]


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("way", ["/login/", "/admin/login/"])
def test_a_login_leads_to_no_other_site(door, cast, way, wanted):
    answer = Client().post(f"{way}?next={wanted}", {"username": "rita", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_nobody_logs_somebody_in_from_another_site(cast):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "rita", "password": PASSWORD})
    assert answer.status_code == 403
    assert "_auth_user_id" not in strict.session


def test_a_session_that_was_planted_is_not_the_one_that_is_logged_in(cast, at, client):
    client.session.save()
    planted = client.session.session_key
    client.cookies["sessionid"] = planted
    client.post("/login/", {"username": "rita", "password": PASSWORD})
    assert client.session.session_key != planted
    assert client.session["_auth_user_id"] == str(cast.rita.pk)
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/admin/").status_code == 302


NEW_MEMBER = {"how": "new", "new-username": "frieda", "new-name": "弗里达"}
BAD_PASSWORDS = {
    "abcdefghi": "too short",
    "1029384756": "numeric",
    "password123": "too common",
    "frieda-2026": "similar",
}


@pytest.mark.parametrize(("password", "why"), BAD_PASSWORDS.items())
def test_a_weak_password_is_refused_wherever_one_is_made(cast, at, client, password, why):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    said = {**NEW_MEMBER, "new-password": password, "new-post": cast.interns.pk}
    answer = client.post("/s/S001/people/new/", said)
    assert (answer.status_code, why in answer.text) == (400, True)
    client.force_login(UserFactory(username="rooter", is_superuser=True))
    twice = {"password1": password, "password2": password, "usable_password": "true"}
    answer = client.post("/admin/shop_cs/user/add/", {"username": "frieda", **twice})
    assert (answer.status_code, why in answer.text) == (400, True)
    assert not User.objects.filter(username="frieda").exists()


@pytest.mark.parametrize(("new", "status"), [(PASSWORD, 200), ("another horse battery", 302)])
def test_the_new_password_is_another_one_and_the_rules_are_told_before(cast, at, client, new, status):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    page = client.get("/password_change/").text
    assert "at least 10 characters" in page
    assert "another one than the present one" in page
    said = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password_change/", said).status_code == status


def test_who_gets_no_role_is_told_so_and_not_let_in(door, cast):
    cast.rita.groups.remove(Group.objects.get(name="reviewers"))
    assert "has no role yet" in door(password=PASSWORD).text
