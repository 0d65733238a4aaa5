"""axe's rules where no address leads: what opens over a page, what comes back refused, what is outside the shell."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

from shop_cs.views.second_step import CodeForm
from tests.browser.axe import CROSSED, ONCE, WAYS, Audit, clean
from tests.browser.conftest import PHONE
from tests.factories import UserFactory
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send

pytestmark = ONCE
TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Walked with real records in test_access.
WITH_RECORDS = {"tickets/consumer.html", "disputes/consumer_case.html"}
WORDS = "这里有几个字"
ON_A_PHONE = {way: said for way, said in {**WAYS, **CROSSED}.items() if said[1] is PHONE}


@pytest.fixture
def asked(cast, at):
    """A request that waits for a reviewer, one that waits for an answer."""
    first = reply_unsolved(send(cast), cast, now=TUESDAY_10)
    at(TUESDAY_10 + timedelta(hours=1))
    return [first, send(cast)]


def plain():
    """Every template of pages outside the shell."""
    texts = {str(file.relative_to(TEMPLATES)): file.read_text() for file in TEMPLATES.rglob("*.html")}
    return sorted({name for name, text in texts.items() if '{% extends "plain.html" %}' in text} - WITH_RECORDS)


@pytest.mark.parametrize("said", ["little", "much"])
def test_pages_outside_the_shell(browse, cast, said):
    much = {
        "words": WORDS, "refusal": {"text": WORDS}, "request_id": "5f1c", "writing": True, "until": TUESDAY_10,
        "typed": [WORDS, WORDS], "address": "/login/", "codes": ["abcd-efgh"] * 8, "shops": [cast.shop], "next": "/",
        "form": CodeForm({}), "user": cast.rita, "must": True, "is_merchant": True, "satisfied": True, "pending": True,
        "secret": "ABCD EFGH", "act": "accept", "offer": SimpleNamespace(remedy="amount", amount_fen=900, text=WORDS),
        "picture": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>',
    }  # fmt: skip
    little = {"form": CodeForm(), "refusal": {"text": WORDS}, "record": SimpleNamespace(claim_fen=9900), "next": "/"}
    audit = Audit(browse(None))
    for name in plain():
        html = render_to_string(name, much if said == "much" else little, RequestFactory().get("/drawn/"))
        audit.drawn(name, html)
    clean(audit.findings)


def test_the_login_and_what_it_says(browse, cast):
    page = browse(None)
    audit = Audit(page)
    for door in ("/login/", "/admin/login/"):
        audit.pages([door])
        page.fill("[name=username]", "nobody")
        page.fill("[name=password]", "wrong")
        with page.expect_navigation():
            page.click("[type=submit]")
        audit.now(f"{door}, refused")
    clean(audit.findings)


def test_what_comes_back_refused(browse, cast, asked):
    alice, pia = browse(cast.alice), browse(cast.pia)
    findings = []
    Audit(alice, findings).sent(
        {asked[1].path: "#reply", "/s/S001/people/new/": "#content", "/s/S001/posts/new/": "#content"}
    )
    Audit(pia, findings).sent({"/admin/tickets/servicerequest/send/": "#content", "/admin/import/": "#content"})
    clean(findings)


def test_what_opens_over_a_page_of_the_workbench(browse, cast, asked):
    page = browse(cast.alice, lang="en")
    audit = Audit(page)
    audit.pages([asked[1].path])
    audit.now("request", CROSSED)
    audit.pages(["/s/S001/requests/"])
    audit.now("list", CROSSED)
    page.keyboard.press("Control+k")
    audit.now("palette")
    page.keyboard.type("zzzz")
    audit.now("palette, searching")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    audit.now("help")
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    page.click("#sidebar-open")
    audit.now("sidebar", ON_A_PHONE)
    page.click("#nav-sidebar [role=button][aria-expanded]")
    page.wait_for_selector("#logout-form button")
    audit.now("sidebar with the account's menu", ON_A_PHONE)
    clean(audit.findings)
    assert page.troubles == []


def test_what_opens_over_a_page_of_the_desk(browse, cast, asked):
    page = browse(cast.rita)
    audit = Audit(page)
    audit.pages([f"/admin/tickets/servicerequest/{asked[0].pk}/change/"])
    audit.now("record", CROSSED)
    audit.pages(["/admin/tickets/inreview/"])
    audit.now("list", CROSSED)
    page.check("#result_list tbody [type=checkbox]")
    audit.now("a row is chosen")
    page.click("[x-on\\:click='filterOpen = true']")
    page.wait_for_selector("#changelist-filter")
    audit.now("filters")
    clean(audit.findings)
    assert page.troubles == []


def test_a_chooser_that_is_open(browse, cast):
    page = browse(UserFactory(username="root", is_superuser=True, is_staff=True))
    audit = Audit(page)
    audit.pages(["/admin/shop_cs/member/add/"])
    page.focus(".select2-selection")
    page.keyboard.press("Enter")
    page.wait_for_selector(".select2-results__option:not(.loading-results)")
    audit.now("chooser")
    clean(audit.findings)
