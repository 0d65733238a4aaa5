"""The keys and the command palette, with the keyboard alone."""

from datetime import timedelta

import pytest

from tests.people import TUESDAY_10
from tests.stories import send
from tickets.actions import organizing

MARKED = "document.querySelector('tr[aria-current=true] a')?.textContent.trim()"
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.fixture
def records(cast, at):
    """Three requests, the most urgent first."""
    return [send(cast, now=TUESDAY_10 + timedelta(minutes=n)) for n in range(3)]


@pytest.fixture
def bob(browse, cast, at, records):
    at(TUESDAY_10 + timedelta(hours=1))
    page = browse(cast.bob, lang="en")
    page.goto("/s/S001/requests/")
    yield page
    assert page.troubles == []


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def shut(page):
    """Escape closes what is open, which takes the browser a moment."""
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")


def lead(page, key, path):
    with page.expect_navigation(url=f"**{path}"):
        page.keyboard.press(key)


def of(record):
    return f"/s/S001/requests/{record.no}/"


def test_j_and_k_move_through_the_list_and_stay_within_it(bob, records):
    press(bob, "j")
    assert bob.evaluate(MARKED) == bob.evaluate(FOCUSED) == records[0].no
    press(bob, "j", "j", "j")
    assert bob.evaluate(MARKED) == records[2].no
    press(bob, "k")
    assert bob.evaluate(MARKED) == bob.evaluate(FOCUSED) == records[1].no
    assert bob.locator("tr[aria-current]").count() == 1


@pytest.mark.parametrize("key", ["o", "Enter"])
def test_the_marked_row_is_opened_and_from_there_the_next_and_back(bob, records, key):
    press(bob, "j")
    lead(bob, key, of(records[0]))
    lead(bob, "j", of(records[1]))
    lead(bob, "k", of(records[0]))
    press(bob, "k")
    lead(bob, "u", "/s/S001/requests/")


def test_back_leads_to_the_very_list_that_one_came_from(bob, records):
    bob.goto("/s/S001/requests/?tab=all&urged=no")
    press(bob, "j")
    lead(bob, "o", of(records[0]))
    lead(bob, "u", "/s/S001/requests/?tab=all&urged=no")


def test_rows_that_lead_to_the_list_make_no_record_of_it(bob, cast, records):
    tag = organizing.tag_named("加急", by=cast.as_alice, now=TUESDAY_10)
    organizing.tag([records[0].pk], tag=tag, by=cast.as_alice, now=TUESDAY_10)
    bob.goto("/s/S001/tags/")
    press(bob, "j")
    assert bob.evaluate(MARKED) == "1"
    bob.goto("/s/S001/requests/")
    press(bob, "u", "j", "j")
    assert bob.evaluate(MARKED) == records[1].no
    assert bob.url.endswith("/s/S001/requests/")
    lead(bob, "o", of(records[1]))
    lead(bob, "j", of(records[2]))


def test_r_leads_into_the_answer_where_keys_are_only_letters(bob, records):
    bob.goto(of(records[0]))
    press(bob, "r")
    assert bob.evaluate("document.activeElement.closest('#reply') !== null")
    bob.focus("#reply [name=text]")
    bob.keyboard.type("jkoru?")
    assert bob.input_value("#reply [name=text]") == "jkoru?"
    assert bob.locator("dialog[open]").count() == 0
    bob.evaluate("document.activeElement.blur()")
    press(bob, "n")
    assert bob.evaluate("document.activeElement.id") == "note_text"


def test_keys_with_others_held_down_are_the_browsers(bob, records):
    press(bob, "Control+j", "Alt+j")
    assert bob.evaluate(MARKED) is None


def test_the_help_opens_and_switches_single_keys_off_for_this_browser(bob, records):
    press(bob, "?")
    assert bob.locator("#keys-help").is_visible()
    assert bob.locator("#keys-help tr").count() >= 7
    bob.focus("[data-keys-switch]")
    press(bob, "Space")
    shut(bob)
    press(bob, "j")
    assert bob.evaluate(MARKED) is None
    bob.reload()
    press(bob, "j", "?", "/")
    assert bob.evaluate(MARKED) is None and bob.locator("dialog[open]").count() == 0
    assert bob.evaluate("document.activeElement.tagName") == "BODY"
    press(bob, "Control+k")
    assert bob.locator("#palette").is_visible()
    bob.keyboard.type("keyboard")
    press(bob, "Enter")
    bob.focus("[data-keys-switch]")
    press(bob, "Space")
    shut(bob)
    press(bob, "j")
    assert bob.evaluate(MARKED) == records[0].no


def test_the_palette_goes_to_pages(bob):
    press(bob, "Control+k")
    bob.keyboard.type("notic")
    lead(bob, "Enter", "/s/S001/notices/")


def test_the_palette_looks_for_a_number(bob, records):
    press(bob, "Control+k")
    bob.keyboard.type(records[2].no)
    assert bob.locator("#palette-list [aria-selected=true]").inner_text().startswith("Search for")
    lead(bob, "Enter", of(records[2]))


def test_the_palette_does_what_the_page_offers(bob, records):
    bob.goto(of(records[0]))
    bob.focus("#reply [name=text]")
    press(bob, "Control+k")
    bob.keyboard.type("write a note")
    press(bob, "Enter")
    assert bob.evaluate("document.activeElement.id") == "note_text"
    press(bob, "Control+k")
    bob.keyboard.type("answer")
    press(bob, "ArrowDown", "ArrowUp", "Enter")
    assert bob.evaluate("document.activeElement.closest('#reply') !== null")
    press(bob, "Control+k")
    shut(bob)
    assert bob.evaluate("document.activeElement.closest('#reply') !== null")


def test_what_nothing_is_called_is_said(bob):
    press(bob, "Control+k")
    bob.evaluate("document.querySelectorAll('[data-search]').forEach((one) => one.form.remove())")
    bob.evaluate("document.querySelectorAll('[data-search-link]').forEach((one) => one.remove())")
    bob.keyboard.type("zzzz")
    bob.get_by_text("Nothing is called so.").wait_for()
    press(bob, "Enter")
    assert bob.locator("#palette").is_visible()


def test_the_platforms_people_have_keys_and_palette_too(browse, cast, at, records):
    rita = browse(cast.rita, lang="en")
    rita.goto("/admin/tickets/servicerequest/")
    press(rita, "j", "j")
    assert rita.evaluate(MARKED)
    press(rita, "?")
    shut(rita)
    press(rita, "Control+k")
    rita.keyboard.type("rulebook")
    lead(rita, "Enter", "/admin/shop_cs/rulebook/")
    assert rita.troubles == []
