"""Both sites and the consumer's page by the keyboard alone: nothing here points at anything."""

from datetime import timedelta

import pytest

from tests.browser.axe import ONCE
from tests.browser.conftest import DESK, PHONE
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import confirming_rules, fresh, reply_solved, reply_unsolved, send, sweep_at
from tickets import messages
from tickets.models import ServiceRequest

MOST = 200
# Where the focus is, in words; "" where it is nowhere. What was reached is marked.
REACHED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  at.dataset.reached = "";
  return at.outerHTML.slice(0, 120);
}"""
# Whether one sees where the focus is: a ring around the place itself or around the box that it stands in.
IS_SEEN = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const isRinged = (one) => {
    const style = one && getComputedStyle(one);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  };
  const isInSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [at, at.parentElement].some(isRinged) && isInSight && box.width * box.height > 0;
}"""
# What can be used and was not reached. Of the radios of a field only one is a stop.
MISSED = """() => {
  const places = "a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary, [role=button]";
  const left = [...document.querySelectorAll(places)].filter((one) => !("reached" in one.dataset));
  return left.filter((one) => one.checkVisibility() && !one.disabled).map((one) => one.outerHTML.slice(0, 120));
}"""


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def is_at(page, where):
    return page.evaluate("(where) => document.activeElement.matches(where)", where)


def tab_to(page, where):
    """Goes on until the focus is there."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if is_at(page, where):
            return
    pytest.fail(f"{where} is not reached on {page.url}")


def lead(page, key, path=""):
    """The key leads on, to an address that ends so."""
    with page.expect_navigation(url=f"**{path}" if path else None):
        page.keyboard.press(key)


def stops(page):
    """Goes through the page from its beginning to its end: (what was not seen, what was not reached)."""
    unseen = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        place = page.evaluate(REACHED)
        if not place:
            return unseen, page.evaluate(MISSED)
        if not page.evaluate(IS_SEEN):
            unseen.append(place)
    return unseen, [f"no end after {MOST} stops: {place}"]


@pytest.fixture
def asked(cast, at):
    """Two requests; the first waits for a reviewer."""
    first = reply_unsolved(send(cast), cast, now=TUESDAY_10)
    at(TUESDAY_10 + timedelta(hours=1))
    return [first, send(cast)]


@ONCE
def test_the_first_stop_leads_past_the_sidebar(browse, cast, asked):
    for who, path in ((cast.bob, "/s/S001/requests/"), (cast.rita, "/admin/")):
        page = browse(who, lang="en")
        page.goto(path)
        press(page, "Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert page.evaluate(IS_SEEN)
        press(page, "Enter", "Tab")
        assert is_at(page, "#content *")
        assert page.troubles == []


@ONCE
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_stop_is_seen_and_none_holds(browse, cast, asked, size):
    done, waiting = asked
    pages = {
        "alice": ["/s/S001/requests/", f"/s/S001/requests/{waiting.no}/", "/s/S001/figures/", "/s/S001/people/new/"],
        "rita": ["/admin/tickets/inreview/", f"/admin/tickets/servicerequest/{done.pk}/change/"],
    }
    for who, paths in pages.items():
        page = browse(getattr(cast, who), size=size)
        for path in paths:
            page.goto(path)
            assert (path, *stops(page)) == (path, [], [])
        assert page.troubles == []


def test_bob_finds_a_request_and_answers_it(browse, cast, asked):
    waiting = asked[1]
    bob = browse(cast.bob, lang="en")
    bob.goto("/s/S001/requests/?tab=pending")
    tab_to(bob, "tbody a")
    lead(bob, "Enter", waiting.path)
    tab_to(bob, "#reply [name=solved]")
    press(bob, "ArrowDown")
    assert bob.is_checked("#reply [name=solved][value=no]")
    tab_to(bob, "#reply [name=reason]")
    press(bob, "ArrowDown")
    tab_to(bob, "#reply [name=text]")
    bob.keyboard.type("Called three times")
    tab_to(bob, "#reply [type=submit].is-primary")
    lead(bob, "Enter")
    assert (fresh(waiting).state, fresh(waiting).replies.get().text) == ("reviewing", "Called three times")
    assert bob.troubles == []


def test_bob_filters_and_clears(browse, cast, asked):
    bob = browse(cast.bob, lang="en")
    bob.goto("/s/S001/requests/?tab=all")
    tab_to(bob, "details:has([name=order]) > summary")
    press(bob, "Space")
    tab_to(bob, "details [name=order]")
    bob.keyboard.type(asked[0].order.no)
    lead(bob, "Enter", f"*order={asked[0].order.no}*")
    assert bob.locator("#content tbody tr").count() == 1
    tab_to(bob, "a.is-quiet")
    lead(bob, "Enter", "/requests/?tab=all")
    assert bob.locator("#content tbody tr").count() == 2


@ONCE
def test_the_sidebar_of_a_phone_takes_the_focus_and_gives_it_back(browse, cast, asked):
    bob = browse(cast.bob, size=PHONE, lang="en")
    bob.goto("/s/S001/requests/")
    tab_to(bob, "#sidebar-open")
    press(bob, "Enter")
    bob.wait_for_function("document.activeElement.closest('#nav-sidebar')")
    assert bob.get_attribute("#sidebar-open", "aria-expanded") == "true"
    press(bob, "Escape")
    bob.wait_for_selector("#nav-sidebar", state="hidden")
    assert is_at(bob, "#sidebar-open")
    press(bob, "Enter")
    bob.wait_for_function("document.activeElement.closest('#nav-sidebar')")
    tab_to(bob, "#nav-sidebar a[href='/s/S001/notices/']")
    lead(bob, "Enter", "/s/S001/notices/")
    assert bob.troubles == []


@ONCE
def test_who_leaves_the_open_sidebar_shuts_it(browse, cast, asked):
    bob = browse(cast.bob, size=PHONE, lang="en")
    bob.goto("/s/S001/requests/")
    tab_to(bob, "#sidebar-open")
    press(bob, "Enter")
    bob.wait_for_function("document.activeElement.closest('#nav-sidebar')")
    tab_to(bob, "#content *")
    bob.wait_for_selector("#nav-sidebar", state="hidden")


@ONCE
def test_the_account_menu_switches_the_colours(browse, cast, asked):
    bob = browse(cast.bob, lang="en")
    bob.goto("/s/S001/requests/")
    switch = "#nav-sidebar [role=button][aria-expanded]"
    tab_to(bob, switch)
    press(bob, "Space")
    bob.wait_for_function("document.activeElement.matches('[aria-pressed]')")
    tab_to(bob, "[aria-pressed]:nth-child(2)")
    press(bob, "Enter")
    bob.wait_for_function("document.documentElement.classList.contains('dark')")
    press(bob, "Escape")
    bob.wait_for_function("(where) => document.activeElement.matches(where)", arg=switch)
    assert bob.get_attribute(switch, "aria-expanded") == "false"
    assert bob.troubles == []


@ONCE
@pytest.mark.parametrize(("key", "dialog"), [("Control+k", "#palette"), ("?", "#keys-help")], ids=["palette", "help"])
def test_dialogs_keep_the_focus_and_give_it_back(browse, cast, asked, key, dialog):
    bob = browse(cast.bob, lang="en")
    bob.goto("/s/S001/requests/")
    tab_to(bob, "tbody a")
    before = bob.evaluate("document.activeElement.href")
    press(bob, key, "Tab", "Tab", "Tab")
    assert bob.evaluate("(dialog) => document.activeElement.closest(dialog + ', body') !== null", dialog)
    assert not is_at(bob, "#page *")
    press(bob, "Escape")
    bob.wait_for_function("!document.querySelector('dialog[open]')")
    assert bob.evaluate("document.activeElement.href") == before


def test_rita_filters_the_queue_and_decides(browse, cast, asked):
    done = asked[0]
    rita = browse(cast.rita, lang="en")
    rita.goto("/admin/tickets/inreview/")
    opener = "[x-on\\:click='filterOpen = true']"
    tab_to(rita, opener)
    press(rita, "Enter")
    rita.wait_for_function("document.activeElement.closest('#changelist-filter')")
    press(rita, "Escape")
    rita.wait_for_function("(where) => document.activeElement.matches(where)", arg=opener)
    rita.wait_for_selector("#changelist-filter", state="hidden")
    tab_to(rita, "#result_list tbody a")
    lead(rita, "Enter", f"/servicerequest/{done.pk}/change/*")
    tab_to(rita, "a[href$='/approve/']")
    lead(rita, "Enter", "/approve/")
    tab_to(rita, "#content button[form=decision]")
    lead(rita, "Enter")
    assert fresh(done).state == "closed"
    assert rita.troubles == []


def test_pia_sends_a_request(browse, cast, at):
    OrderFactory(shop=cast.shop, no="60210000000000001")
    pia = browse(cast.pia, lang="en")
    pia.goto("/admin/tickets/servicerequest/send/")
    for name, typed in (("shop_no", "S001"), ("order_no", "60210000000000001")):
        tab_to(pia, f"[name={name}]")
        pia.keyboard.type(typed)
    tab_to(pia, "[name=category]")
    press(pia, "ArrowDown")
    tab_to(pia, "[name=detail]")
    pia.keyboard.type("It came broken")
    tab_to(pia, "form.sc-form button")
    lead(pia, "Enter")
    assert ServiceRequest.everything.get().detail == "It came broken"


def test_the_consumer_answers(browse, cast, at):
    confirming_rules()
    request = reply_solved(send(cast), cast, now=TUESDAY_10)
    sweep_at(TUESDAY_10)
    consumer = browse(None, size=PHONE, lang="en")
    consumer.goto(f"/c/{messages.survey_token(request.surveys.get())}/")
    tab_to(consumer, "[name=answer][value=satisfied]")
    assert consumer.evaluate(IS_SEEN)
    lead(consumer, "Enter")
    assert fresh(request).state == "closed"
    assert consumer.troubles == []
