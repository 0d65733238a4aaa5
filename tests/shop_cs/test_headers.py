"""What each kind of answer tells the browser."""

import pytest

from shop_cs.views import shell
from tests import stories
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10
from tickets import actions, messages
from tickets.models import Survey

OUTSIDE = {
    "default-src": "'none'",
    "script-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy_of(answer):
    return dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))


@pytest.fixture
def pages(cast, at, client):
    """{kind: its answer}: one of each kind."""
    stories.confirming_rules()
    record = stories.send(cast)
    stories.reply_solved(record, cast, now=TUESDAY_10)
    actions.send_surveys(Survey.everything.all(), now=TUESDAY_10)
    piece = EvidenceFactory(order=OrderFactory(shop=cast.shop))
    shown = {"login": client.get("/login/"), "health": client.get("/healthz"), "nothing": client.get("/nowhere/")}
    shown["consumer"] = client.get(f"/c/{messages.survey_token(record.surveys.get())}/")
    client.force_login(cast.bob)
    shown["list"] = client.get("/s/S001/requests/")
    shown["request"] = client.get(f"/s/S001/requests/{record.no}/")
    shown["evidence"] = client.get(f"/evidence/{piece.pk}/")
    client.force_login(cast.rita)
    shown["desk"] = client.get("/admin/")
    shown["admin list"] = client.get("/admin/shop_cs/order/")
    shown["refused"] = client.get("/s/S001/requests/")
    return shown


def test_every_answer_says_what_a_browser_may_do_with_it(pages):
    for kind, answer in pages.items():
        assert answer["X-Content-Type-Options"] == "nosniff", kind
        assert answer["X-Frame-Options"] == "DENY", kind
        assert answer["Referrer-Policy"] == "same-origin", kind
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert "camera=()" in answer["Permissions-Policy"], kind
        policy = policy_of(answer)
        assert policy["default-src"] == "'none'", kind
        assert "'unsafe-inline'" not in policy.get("script-src", "") + policy.get("style-src", ""), kind


def test_pages_outside_the_shell_run_no_script_at_all(pages):
    for kind in ("consumer", "nothing", "refused", "health"):
        assert policy_of(pages[kind]) == OUTSIDE, kind


def test_the_shell_gets_what_it_needs_and_no_more(pages):
    needed = {
        "script-src": "'self' 'unsafe-eval'",
        "style-src": " ".join(shell.policy()["style-src"]),
        "style-src-attr": "'unsafe-inline'",
        "connect-src": "'self'",
    }
    for kind in ("login", "list", "request", "desk", "admin list"):
        assert policy_of(pages[kind]) == OUTSIDE | needed, kind
        assert "<script>" not in pages[kind].text, kind
        assert "<style>" not in pages[kind].text, kind


def test_evidence_keeps_its_own_policy(pages):
    assert "sandbox" in pages["evidence"]["Content-Security-Policy"]


def test_no_cache_between_us_and_the_browser_keeps_a_page(pages):
    for kind in ("list", "request", "desk", "consumer", "login"):
        assert "private" in pages[kind]["Cache-Control"], kind
        assert "no-cache" in pages[kind]["Cache-Control"], kind
    assert "no-store" not in pages["list"]["Cache-Control"], "going back keeps what was typed"


def test_the_token_of_a_consumers_link_leaves_for_no_other_site(pages):
    """Not “no-referrer”: with that browsers send “Origin: null”, and the consumer's own answer would be refused."""
    assert pages["consumer"]["Referrer-Policy"] == "same-origin"


def test_no_script_of_the_browser_reads_a_cookie(cast, client):
    client.post("/i18n/setlang/", {"language": "en"})
    client.get("/login/")
    client.post("/login/", {"username": "bob", "password": "correct horse battery"})
    assert set(client.cookies) >= {"sessionid", "csrftoken", "django_language"}
    for name, cookie in client.cookies.items():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name
