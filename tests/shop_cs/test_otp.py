"""The second step: who owes it, which codes are good when, and that there is no way round."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from shop_cs.login import otp
from shop_cs.models import SignIn
from shop_cs.moves import Refused
from tests.factories import PASSWORD, EvidenceFactory, OrderFactory, UserFactory
from tests.people import TUESDAY_10

STEP, SECOND = timedelta(seconds=30), timedelta(seconds=1)
CODE, SETUP = "/account/code/", "/account/authenticator/"
PEOPLE = ["pia", "rita", "olive", "rooter"]


def code_at(device, now):
    clock = TOTP(device.bin_key)
    clock.time = now.timestamp()
    return f"{clock.token():06}"


def last_told(user):
    return user.history.order_by("history_id").last()


def enrol(user, now=TUESDAY_10):
    """An authenticator that is set up, and its recovery codes."""
    return otp.confirm(user, code_at(otp.begin(user), now), by=None, now=now)


@pytest.fixture
def web(cast, at, client, settings):
    settings.REQUIRE_OTP = True
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cast.rooter = UserFactory(username="rooter", is_superuser=True, is_staff=True)
    return client


def log_in(web, name):
    return web.post("/login/", {"username": name, "password": PASSWORD}, follow=True)


@pytest.mark.parametrize("who", PEOPLE)
def test_platform_people_set_it_up_before_they_see_anything(web, cast, who):
    answer = log_in(web, who)
    assert answer.redirect_chain[-1][0].startswith(SETUP)
    assert "Your role needs a one-time password" in answer.text
    page = web.post(SETUP, {"begin": "yes", "next": "/admin/"}, follow=True)
    device = TOTPDevice.objects.get(confirmed=False)
    assert otp.secret_of(device) in page.text
    assert "<svg" in page.text
    before = web.session.session_key
    done = web.post(SETUP, {"code": code_at(device, TUESDAY_10), "next": "/admin/"})
    assert done.text.count("<li><code") == 8
    assert "no-store" in done["Cache-Control"]
    assert web.session.session_key != before, "a new key with the new right"
    assert web.get("/admin/").status_code == 200
    row = last_told(getattr(cast, who))
    assert (row.move, row.history_user_id) == ("enrol_otp", getattr(cast, who).pk)


def test_a_wrong_code_sets_nothing_up(web, cast):
    log_in(web, "rita")
    web.post(SETUP, {"begin": "yes"})
    for wrong in ("000000", "12345", "", "x" * 300, "１２３", "\0"):
        assert web.post(SETUP, {"code": wrong}).status_code in {400, 429}
    assert web.get("/admin/").status_code == 302
    assert not TOTPDevice.objects.filter(confirmed=True).exists()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("enrolled", [True, False])
def test_there_is_no_way_round(web, cast, who, enrolled):
    if enrolled:
        enrol(getattr(cast, who))
    piece = EvidenceFactory(order=OrderFactory(shop=cast.shop))
    log_in(web, who)
    names = ("tickets_servicerequest", "shop_cs_order", "shop_cs_user", "disputes_case")
    paths = [reverse(f"platform:{name}_changelist") for name in names]
    paths += ["/admin/", "/", "/admin/import/", "/admin/jsi18n/", "/admin/autocomplete/", "/admin/password_change/"]
    paths += [f"/evidence/{piece.pk}/", "/s/S001/requests/", "/s/S001/requests/export/", "/account/sessions/"]
    paths += [f"/admin/shop_cs/order/{piece.order_id}/history/", "/password_change/", "/admin/login/", "/login/"]
    for method in (web.get, web.post):
        for path in paths:
            answer = method(path)
            where = answer.get("Location", "")
            assert (answer.status_code, where.startswith(CODE)) == (302, True), (path, answer.status_code)
    called = web.get("/admin/autocomplete/", headers={"x-requested-with": "XMLHttpRequest"})
    assert (called.status_code, called["HX-Redirect"].startswith(CODE)) == (401, True)
    assert web.get("/healthz").status_code in {200, 503}
    assert web.post("/logout/")["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in web.session


def test_who_has_one_cannot_set_up_another_instead(web, cast):
    enrol(cast.rita)
    log_in(web, "rita")
    for answer in (web.get(SETUP), web.post(SETUP, {"begin": "yes"}), web.post(SETUP, {"code": "123456"})):
        assert answer["Location"].startswith(CODE)
    assert TOTPDevice.objects.count() == 1


def test_a_code_opens_the_page_that_was_asked_for(web, cast, at):
    device, _codes = enrol(cast.rita)
    asked = web.get("/admin/shop_cs/order/")
    web.post(asked["Location"], {"username": "rita", "password": PASSWORD})
    there = web.get("/admin/shop_cs/order/")
    assert there["Location"] == f"{CODE}?next=%2Fadmin%2Fshop_cs%2Forder%2F"
    at(TUESDAY_10 + STEP)
    code = code_at(device, TUESDAY_10 + STEP)
    answer = web.post(CODE, {"code": f" {code[:3]} {code[3:]} ", "next": "/admin/shop_cs/order/"})
    assert answer["Location"] == "/admin/shop_cs/order/"
    assert web.get("/admin/shop_cs/order/").status_code == 200


def test_a_wrong_code_is_400_with_words_and_one_out_of_turn_429(web, cast, at):
    enrol(cast.rita)
    log_in(web, "rita")
    answers = [web.post(CODE, {"code": "000000"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    assert "This code is not right" in answers[0].text
    assert "Try again in 2 seconds" in answers[3].text


def test_after_the_code_no_other_site_is_led_to(web, cast, at):
    device, _codes = enrol(cast.rita)
    log_in(web, "rita")
    at(TUESDAY_10 + STEP)
    said = {"code": code_at(device, TUESDAY_10 + STEP), "next": "//evil.example/"}
    assert web.post(CODE, said)["Location"] == "/"


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_half_a_minute_around_its_own(cast, steps, good):
    device, _codes = enrol(cast.rita, TUESDAY_10 - 10 * STEP)
    code = code_at(device, TUESDAY_10)
    if good:
        assert otp.verify(cast.rita, code, now=TUESDAY_10 + steps * STEP) == device
    else:
        with pytest.raises(Refused, match="not right"):
            otp.verify(cast.rita, code, now=TUESDAY_10 + steps * STEP)


def test_a_code_is_good_once_and_with_it_all_before(cast):
    device, _codes = enrol(cast.rita)
    later = TUESDAY_10 + 2 * STEP
    otp.verify(cast.rita, code_at(device, later), now=later)
    for used in (later, later - STEP):
        with pytest.raises(Refused, match="used already"):
            otp.verify(cast.rita, code_at(device, used), now=later + SECOND)


def test_each_wrong_code_lets_the_next_wait_longer_but_not_for_ever(cast):
    enrol(cast.rita)
    now, waits = TUESDAY_10 + STEP, []
    for _ in range(14):
        with pytest.raises(Refused, match="not right"):
            otp.verify(cast.rita, "000000", now=now)
        device = otp.device_of(cast.rita)
        ready = otp._ready_at(device) or now
        if ready > now:
            with pytest.raises(Refused, match="Too many"):
                otp.verify(cast.rita, code_at(device, ready), now=ready - SECOND)
        waits.append((ready - now).total_seconds())
        now = ready
    assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert otp.verify(cast.rita, code_at(device, now), now=now)
    assert otp.device_of(cast.rita).throttling_failure_count == 0


def test_a_recovery_code_opens_once(web, cast):
    _device, codes = enrol(cast.rita)
    log_in(web, "rita")
    assert web.post(CODE, {"code": codes[0].upper()}).status_code == 302
    assert web.get("/admin/").status_code == 200
    assert otp.codes_left(cast.rita) == 7
    with pytest.raises(Refused, match="not right"):
        otp.verify(cast.rita, codes[0], now=TUESDAY_10)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}, "only hashes are kept"


def test_new_recovery_codes_need_a_code_and_make_the_old_ones_void(web, cast, at):
    device, codes = enrol(cast.rita)
    log_in(web, "rita")
    web.post(CODE, {"code": codes[0]})
    assert web.post(SETUP, {"code": "000000"}).status_code == 400
    at(TUESDAY_10 + STEP)
    page = web.post(SETUP, {"code": code_at(device, TUESDAY_10 + STEP)})
    assert page.text.count("<li><code") == 8
    assert web.get("/admin/").status_code == 200
    with pytest.raises(Refused, match="not right"):
        otp.verify(cast.rita, codes[1], now=TUESDAY_10 + STEP)


def test_a_merchant_is_asked_only_when_he_wants_to_be(web, cast):
    log_in(web, "bob")
    assert web.get("/s/S001/requests/").status_code == 200
    enrol(cast.bob)
    log_in(web, "bob")
    assert web.get("/s/S001/requests/")["Location"].startswith(CODE)


def test_where_it_is_not_required_the_door_and_the_desk_say_so(web, cast, settings):
    settings.REQUIRE_OTP = False
    assert "asks for no one-time passwords" in web.get("/login/").text
    log_in(web, "rita")
    assert "Without one-time passwords" in web.get("/admin/").text
    settings.REQUIRE_OTP = True
    assert "asks for no one-time passwords" not in web.get("/login/", follow=True).text


def test_a_reset_takes_the_devices_and_the_sessions_and_is_in_the_trail(web, cast):
    _device, codes = enrol(cast.rita)
    log_in(web, "rita")
    web.post(CODE, {"code": codes[0]})
    call_command("reset_otp", "rita", reason="lost her phone", stdout=StringIO())
    assert web.get("/admin/")["Location"].startswith("/admin/login/")
    assert not SignIn.objects.filter(user=cast.rita, ended_at=None).exists()
    row = last_told(cast.rita)
    assert (row.move, row.history_change_reason) == ("reset_otp", "lost her phone")
    assert log_in(web, "rita").redirect_chain[-1][0].startswith(SETUP)


def test_a_reset_without_a_reason_or_of_nothing_is_refused(cast, db):
    enrol(cast.rita)
    for name, reason in (("rita", " "), ("ray", "lost"), ("nobody", "lost")):
        with pytest.raises(CommandError):
            call_command("reset_otp", name, reason=reason)
    assert otp.device_of(cast.rita)


def test_superusers_and_nobody_else_reset_in_the_desk(web, cast, settings):
    settings.REQUIRE_OTP = False
    enrol(cast.bob)
    page = reverse("platform:shop_cs_user_reset_otp", args=[cast.bob.pk])
    web.force_login(cast.rita)
    assert web.post(page, {"reason": "I say so"}).status_code == 403
    assert otp.device_of(cast.bob)
    web.force_login(cast.rooter)
    assert web.get(page).status_code == 200
    assert web.post(page, {"reason": ""}).status_code == 400
    assert web.post(page, {"reason": "lost"}).status_code == 302
    assert otp.device_of(cast.bob) is None
    assert last_told(cast.bob).actor_name == "rooter"
