"""The policy of the headers in a real browser: nothing of ours is forbidden by it, and the shell's menus open."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_otp.oath import TOTP

from shop_cs.login import otp
from tests import stories
from tests.factories import PASSWORD
from tests.people import TUESDAY_10
from tickets import actions, messages
from tickets.models import Survey

HOUR = timedelta(hours=1)


@pytest.fixture
def link(cast, at):
    """A consumer's link; its request has been answered."""
    stories.confirming_rules()
    record = stories.reply_solved(stories.send(cast), cast, now=TUESDAY_10 + HOUR)
    with transaction.atomic():
        actions.send_surveys(Survey.everything.all(), now=TUESDAY_10 + 2 * HOUR)
    at(TUESDAY_10 + 2 * HOUR)
    return f"/c/{messages.survey_token(Survey.everything.get(request=record))}/"


def test_no_page_does_what_its_policy_forbids(browse, cast, link):
    bob, rita, consumer = browse(cast.bob), browse(cast.rita), browse(None)
    for page, paths in (
        (bob, ["/s/S001/requests/", "/account/sessions/", "/account/authenticator/"]),
        (rita, ["/admin/", "/admin/tickets/servicerequest/", "/admin/shop_cs/member/"]),
        (consumer, ["/login/", link]),
    ):
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
        assert page.troubles == []


def test_the_menus_of_the_shell_open_and_the_colours_are_ours(browse, cast, at):
    page = browse(cast.rita, lang="en")
    page.goto("/admin/")
    entry = page.get_by_text("Where I am logged in").first
    assert not entry.is_visible()
    page.locator("[x-on\\:click*=openUserLinks]").first.click()
    entry.wait_for(state="visible")
    colour = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--color-primary-600')")
    assert colour.strip()
    assert page.troubles == []


def test_the_second_step_is_set_up_without_a_script(browse, cast, at, settings):
    settings.REQUIRE_OTP = True
    at(TUESDAY_10)
    page = browse(None, lang="en")
    page.goto("/admin/")
    page.fill("[name=username]", "rita")
    page.fill("[name=password]", PASSWORD)
    page.locator("form#login-form button[type=submit]").click()
    page.get_by_role("button", name="Begin").click()
    assert page.locator(".sc-qr svg").bounding_box()["width"] > 150
    clock = TOTP(otp.device_of(cast.rita, confirmed=False).bin_key)
    clock.time = TUESDAY_10.timestamp()
    page.fill("[name=code]", f"{clock.token():06}")
    page.get_by_role("button", name="Finish").click()
    assert page.locator(".sc-codes li").count() == 8
    page.get_by_text("I have kept them").click()
    page.wait_for_url("**/admin/")
    assert page.troubles == []
