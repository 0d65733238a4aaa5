"""How long a login lasts, where it is seen, and how it ends."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from shop_cs.login import devices, signins, sweeps
from shop_cs.models import SignIn
from tests.factories import PASSWORD, UserFactory
from tests.people import TUESDAY_10
from tests.stories import send

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
PAGE = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
LIST = {"bob": "/s/S001/requests/", "rita": "/admin/shop_cs/order/"}


@pytest.fixture
def limits(settings):
    settings.SESSION_LONGEST, settings.SESSION_IDLE, settings.SESSION_SEEN_EVERY = 8 * HOUR, 30 * MINUTE, MINUTE


@pytest.fixture
def come_in(cast, at, limits):
    """`come_in("rita")` → her browser, logged in by her password."""

    def logged_in(name, agent=FIREFOX, address="192.0.2.7"):
        web = Client(headers={"accept-language": "en", "user-agent": agent}, REMOTE_ADDR=address)
        assert web.post("/login/", {"username": name, "password": PASSWORD}).status_code == 302
        return web

    return logged_in


def is_in(web, name):
    return web.get(LIST[name]).status_code == 200


@pytest.mark.parametrize(("after", "inside"), [(30 * MINUTE - SECOND, True), (30 * MINUTE, False)])
def test_staff_is_logged_out_after_half_an_hour_of_nothing(come_in, at, after, inside):
    rita, bob = come_in("rita"), come_in("bob")
    at(TUESDAY_10 + after)
    assert is_in(rita, "rita") is inside
    assert is_in(bob, "bob"), "a merchant is not"


def test_who_goes_on_working_is_not_logged_out_before_eight_hours(come_in, at):
    rita, bob = come_in("rita"), come_in("bob")
    for n in range(1, 20):
        at(TUESDAY_10 + n * 25 * MINUTE)
        assert is_in(rita, "rita") is (n * 25 * MINUTE < 8 * HOUR)
    at(TUESDAY_10 + 8 * HOUR - SECOND)
    assert is_in(bob, "bob")
    at(TUESDAY_10 + 8 * HOUR)
    assert not is_in(bob, "bob")


def test_the_login_page_says_why_and_leads_back(come_in, at):
    rita = come_in("rita")
    at(TUESDAY_10 + HOUR)
    asked = rita.get("/admin/shop_cs/order/?q=7")
    assert asked["Location"] == "/admin/login/?next=/admin/shop_cs/order/%3Fq%3D7"
    assert "nothing was asked for 30 minutes" in rita.get(asked["Location"]).text
    back = rita.post(asked["Location"], {"username": "rita", "password": PASSWORD})
    assert back["Location"] == "/admin/shop_cs/order/?q=7"


def test_a_form_sent_too_late_saves_nothing_and_gives_back_what_was_typed(come_in, at, cast):
    record, bob = send(cast), come_in("bob")
    at(TUESDAY_10 + 9 * HOUR)
    page = f"http://testserver/s/S001/requests/{record.no}/"
    said = {
        "solved": "no",
        "text": "<b>Eleven words that nobody wants to type a second time.</b>",
        "password": PASSWORD,
    }
    answer = bob.post(f"{page}reply/", {**said, "csrfmiddlewaretoken": "x" * 40}, headers={"referer": page})
    assert answer.status_code == 401
    assert "&lt;b&gt;Eleven words" in answer.text
    assert "a login lasts 8 hours" in answer.text
    assert PASSWORD not in answer.text
    assert "x" * 40 not in answer.text
    assert f'href="/login/?next=%2Fs%2FS001%2Frequests%2F{record.no}%2F"' in answer.text
    record.refresh_from_db()
    assert record.state == "pending"


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/admin/x/?a=1", "%2Fadmin%2Fx%2F%3Fa%3D1"), ("http://evil.example/x/", "%2F"), ("", "%2F")],
)
def test_a_short_form_sent_too_late_leads_to_the_login_and_back_to_its_page(come_in, at, referer, back):
    rita = come_in("rita")
    at(TUESDAY_10 + HOUR)
    answer = rita.post("/admin/shop_cs/order/", {"action": "x"}, headers={"referer": referer})
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={back}")


@pytest.mark.parametrize("header", [{"x-requested-with": "XMLHttpRequest"}, {"hx-request": "true"}])
def test_a_script_is_told_where_to_log_in(come_in, at, header):
    rita = come_in("rita")
    at(TUESDAY_10 + HOUR)
    answer = rita.get("/admin/autocomplete/", headers=header)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/admin/login/?next=%2F")


def test_a_consumers_link_does_not_mind_a_login_that_has_ended(come_in, at):
    rita = come_in("rita")
    at(TUESDAY_10 + HOUR)
    assert rita.post("/c/nonsense/", {"answer": "a long text that was typed"}).status_code == 404


def test_last_seen_is_written_at_most_once_a_minute(come_in, at, cast, django_assert_num_queries):
    bob = come_in("bob")
    row = SignIn.objects.get()
    assert (row.user, row.at, row.seen_at, row.address) == (cast.bob, TUESDAY_10, TUESDAY_10, "192.0.2.7")
    for later, seen in ((59 * SECOND, TUESDAY_10), (MINUTE, TUESDAY_10 + MINUTE)):
        at(TUESDAY_10 + later)
        bob.get("/s/S001/notices/")
        row.refresh_from_db()
        assert row.seen_at == seen


def test_the_page_shows_ones_own_sessions_and_marks_this_one(come_in):
    bob = come_in("bob")
    come_in("bob", agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0", address="198.51.100.9")
    come_in("rita", address="203.0.113.5")
    page = bob.get(PAGE).text
    for told in ("Firefox · Windows", "192.0.2.7", "WeChat · iPhone", "198.51.100.9"):
        assert page.count(told) == 1, told
    assert page.count(">this one<") == 1
    assert "203.0.113.5" not in page


def test_one_is_ended_and_all_others_are(come_in):
    one, two, three = (come_in("bob") for _ in range(3))
    rows = list(SignIn.objects.order_by("pk"))
    assert two.post(PAGE, {"end": rows[0].pk}).status_code == 302
    assert [is_in(web, "bob") for web in (one, two, three)] == [False, True, True]
    two.post(PAGE, {"others": "yes"})
    assert [is_in(web, "bob") for web in (one, two, three)] == [False, True, False]
    assert Session.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"end": ""}, {"end": "x"}, {"end": "9" * 30}, {"end": "٣"}])
def test_nothing_is_ended_that_is_not_ones_own(come_in, said):
    bob, rita = come_in("bob"), come_in("rita")
    hers = SignIn.objects.order_by("pk").last()
    for wrong in (said, {"end": hers.pk}):
        assert bob.post(PAGE, wrong).status_code == 404
    assert is_in(rita, "rita")


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(come_in):
    bob, elsewhere = come_in("bob"), come_in("bob")
    said = {"old_password": PASSWORD, "new_password1": "another horse", "new_password2": "another horse"}
    assert bob.post("/password_change/", said).status_code == 302
    assert (is_in(bob, "bob"), is_in(elsewhere, "bob")) == (True, False)
    assert bob.get(PAGE).text.count("Firefox · Windows") == 1


def test_a_password_that_a_superuser_gives_ends_all_sessions(come_in, cast, client):
    bob = come_in("bob")
    client.force_login(UserFactory(username="rooter", is_superuser=True, is_staff=True))
    said = {"password1": "another horse", "password2": "another horse", "usable_password": "true"}
    assert client.post(f"/admin/shop_cs/user/{cast.bob.pk}/password/", said).status_code == 302
    assert not is_in(bob, "bob")
    assert SignIn.objects.get(user=cast.bob).ended_at


def test_logging_out_ends_the_session_wherever_one_stands(come_in):
    for name in ("bob", "rita"):
        web = come_in(name)
        for door in ("/logout/", "/admin/logout/"):
            assert web.post(door).status_code in {200, 302}
        assert not is_in(web, name)
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_the_key_of_a_session_is_not_in_the_table(come_in):
    bob = come_in("bob")
    row = SignIn.objects.get()
    assert row.session == signins.mark_of(bob.session.session_key)
    assert bob.session.session_key not in repr(SignIn.objects.values())


def test_rows_are_forgotten_thirty_days_after_the_end(cast):
    def row(n, *, seen, ended=None):
        made = signins.begin(cast.bob, f"key{n}", address=None, agent="", now=seen)
        SignIn.objects.filter(pk=made.pk).update(ended_at=ended)
        return made

    edge = TUESDAY_10 - signins.KEPT
    row(1, seen=edge - SECOND)
    row(2, seen=edge - HOUR, ended=edge - SECOND)
    kept = {row(3, seen=edge).pk, row(4, seen=edge, ended=edge).pk}
    job = next(job for job in sweeps.JOBS if job.name == "old_sign_ins")
    job.act(list(job.due(TUESDAY_10)), now=TUESDAY_10)
    assert set(SignIn.objects.values_list("pk", flat=True)) == kept


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/18.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome · iPad"),
        ("curl/8.0", "unknown browser"),
        ("", "unknown browser"),
    ],
)
def test_a_browser_in_words(agent, words):
    assert devices.in_words(agent) == words


def test_without_an_account_there_is_no_page(db, client):
    assert client.get(PAGE)["Location"].startswith("/login/")
