"""The search box by the keyboard: / leads into it, Enter to what is found."""

from tests import stories
from tests.browser.conftest import PHONE


def test_the_key_leads_into_the_box_and_enter_to_what_is_found(browse, cast, at):
    record = stories.send(cast)
    page = browse(cast.bob, lang="en")
    page.goto("/s/S001/requests/")
    page.keyboard.press("/")
    page.keyboard.type("破损")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.locator("mark").inner_text() == "破损"
    page.locator("#header-search").fill(record.no)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{record.path}")
    assert page.troubles == []


def test_where_somebody_types_the_key_is_a_sign(browse, cast, at):
    stories.send(cast)
    page = browse(cast.rita, lang="en")
    page.goto("/admin/search/")
    field = page.locator("form[role=search] [name=state]")
    field.focus()
    page.keyboard.press("/")
    assert field.evaluate("one => one === document.activeElement")
    page.locator("#id_q").focus()
    page.keyboard.type("a/b")
    assert page.locator("#id_q").input_value() == "a/b"
    assert page.troubles == []


def test_on_a_phone_there_is_a_link_in_the_place_of_the_box(browse, cast, at):
    page = browse(cast.bob, lang="en", size=PHONE)
    page.goto("/s/S001/requests/")
    assert not page.locator("#header-search").is_visible()
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    assert page.locator("#id_q").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.troubles == []
