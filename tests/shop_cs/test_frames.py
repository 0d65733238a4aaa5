"""The kept frame: the same page as if it were drawn anew, and nobody's but his who asks."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from shop_cs import frames
from shop_cs.sites import platform
from tests import stories
from tests.people import TUESDAY_10
from tests.tickets.test_list_page import listed

LIST = "/s/S001/requests/"


@pytest.fixture(autouse=True)
def _none_kept():
    frames.frames = frames.Frames()


@pytest.fixture
def browser(at):
    at(TUESDAY_10)

    def logged_in(user, **how):
        client = Client(**how)
        client.force_login(user)
        return client

    return logged_in


def text_of(answer):
    """The page without what differs from answer to answer, and without the space between its parts."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return [part for part in re.split(r"(?<=>)|(?=<)|\s+", page) if part]


def anew(monkeypatch, client, path):
    """The page in unfold's own shell."""
    with monkeypatch.context() as patch:
        patch.setattr("shop_cs.sites.Site.each_context", in_its_own_shell)
        patch.setattr("shop_cs.sites.Site.get_sidebar_list", UnfoldAdminSite.get_sidebar_list)
        return client.get(path)


def in_its_own_shell(site, request):
    request.in_shell = True
    return {**UnfoldAdminSite.each_context(site, request), "one_time_passwords": False}


def paths(cast, record):
    """(who, where) of one page of each kind."""
    change = reverse("platform:tickets_servicerequest_change", args=[record.pk])
    return [
        (cast.alice, LIST),
        (cast.alice, f"{LIST}{record.no}/"),
        (cast.bob, "/s/S001/people/"),
        (cast.rita, "/admin/"),
        (cast.rita, "/admin/tickets/servicerequest/"),
        (cast.rita, change),
        (cast.olive, f"{change.removesuffix('change/')}history/"),
        (cast.rita, "/admin/shop_cs/rulebook/add/"),
        (cast.rita, "/admin/password_change/"),
    ]


def test_a_kept_frame_shows_what_the_shell_would_have_shown(cast, browser, monkeypatch):
    record = stories.send(cast)
    for user, path in paths(cast, record):
        client = browser(user)
        first, again = client.get(path), client.get(path)
        assert first.status_code == again.status_code == 200, path
        assert text_of(again) == text_of(first), path
        assert text_of(again) == text_of(anew(monkeypatch, client, path)), path


def test_no_form_here_has_tabs():
    """The frame would have to say which one is open."""
    for admin in platform._registry.values():
        assert not any(getattr(inline, "tab", False) for inline in admin.inlines)
        assert not any("tab" in options.get("classes", ()) for _name, options in admin.fieldsets or ())


def test_the_second_page_does_not_draw_the_frame_again(cast, browser, monkeypatch):
    client = browser(cast.alice)
    client.get(LIST)
    monkeypatch.setattr(frames, "draw", None)
    assert client.get(LIST).status_code == 200


def test_nobody_sees_the_frame_of_another(cast, browser):
    path = "/s/S001/filings/"
    assert str(cast.alice) in browser(cast.alice).get(path).content.decode()
    page = browser(cast.bob).get(path).content.decode()
    assert str(cast.alice) not in page
    assert str(cast.bob) in page


def test_what_waits_is_counted_for_every_answer(cast, browser):
    client = browser(cast.alice)
    stories.send(cast)
    assert "badge" in str(client.get(LIST).context_data["sidebar_navigation"])
    for there in (1, 2):
        answer = client.get(LIST)
        items = answer.context_data["sidebar_navigation"][0]["items"]
        assert items[0]["badge"] == str(there)
        assert len(listed(answer)) == there
        assert re.search(rf"ml-2[^>]*>\s*{there}\s*</span>", answer.content.decode())
        stories.send(cast)


def test_each_answer_has_its_own_token_and_it_opens_the_door(cast, browser):
    client = browser(cast.alice, enforce_csrf_checks=True)
    tokens = [
        re.search(r'logout-form.*?csrfmiddlewaretoken" value="(\w{64})"', client.get(LIST).content.decode(), re.DOTALL)[
            1
        ]
        for _time in range(2)
    ]
    assert tokens[0] != tokens[1]
    assert client.post("/logout/", {"csrfmiddlewaretoken": tokens[1]}).status_code in (200, 302)


def test_a_frame_follows_the_language(cast, browser):
    client = browser(cast.alice)
    assert "Service requests" in client.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "Service requests" not in client.get(LIST, headers={"accept-language": "zh-CN"}).content.decode()


def test_the_frame_that_nobody_asks_for_goes_first(monkeypatch, rf):
    monkeypatch.setattr(frames, "MOST", 2)
    monkeypatch.setattr(frames, "draw", lambda context, request: context["name"])
    kept = frames.Frames()
    for name in ("one", "two"):
        kept.keep(name, {"name": name}, rf.get("/"))
    assert kept.get("one")[0] == "one"
    kept.keep("three", {"name": "three"}, rf.get("/"))
    assert kept.get("two") is None
    assert kept.get("one") and kept.get("three")
