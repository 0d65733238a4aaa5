"""Two people on one request: they see each other, the second answer is refused by name, and nothing typed is lost."""

from datetime import timedelta

import pytest

from tests.browser.conftest import PHONE
from tests.people import TUESDAY_10
from tests.stories import fresh, send
from tickets import actions
from tickets.models import Draft, Mention, Note, Presence

MINUTE = timedelta(minutes=1)
TYPED = "打了三次电话都没人接"


@pytest.fixture
def alone():
    return False


@pytest.fixture
def record(cast, at):
    return send(cast)


def opened(page, record, query=""):
    """The request's page with all that is loaded after it."""
    page.goto(f"/s/S001/requests/{record.no}/{query}")
    page.wait_for_load_state("networkidle")
    return page


def types(page, text):
    """Into the answer, as with the keyboard; ends when the draft is saved."""
    page.focus("#reply [name=text]")
    page.keyboard.press("Control+End")
    with page.expect_response("**/draft/") as told:
        page.keyboard.insert_text(text)
    assert told.value.status == 200
    page.wait_for_function("document.querySelector('[data-draft-said]').textContent !== ''")


def look(page):
    """As when its window is chosen: the page asks who is there."""
    with page.expect_response("**/presence/"):
        page.evaluate("dispatchEvent(new Event('focus'))")


def test_they_see_each_other_and_who_types(browse, cast, at, record):
    bob = opened(browse(cast.bob, lang="en"), record)
    alice = opened(browse(cast.alice, lang="en"), record)
    alice.get_by_text("鲍勃 is looking at this since 10:00").wait_for()
    at(TUESDAY_10 + MINUTE / 2)
    types(bob, TYPED)
    look(alice)
    alice.get_by_text("鲍勃 is typing an answer since 10:00").wait_for()
    assert alice.locator("#present").get_attribute("role") == "status"
    bob.goto("/s/S001/requests/")
    bob.wait_for_load_state("networkidle")
    look(alice)
    alice.get_by_text("鲍勃 is typing").wait_for(state="detached")
    assert not Presence.everything.filter(user=cast.bob).exists()
    assert bob.troubles == alice.troubles == []


def test_the_second_answer_is_refused_by_name_and_its_text_is_kept(browse, cast, at, record):
    bob = opened(browse(cast.bob, lang="en", size=PHONE), record)
    types(bob, TYPED)
    at(TUESDAY_10 + 2 * MINUTE)
    actions.reply(record, solved=False, reason="other", text="已联系", by=cast.as_alice, now=TUESDAY_10 + 2 * MINUTE)
    look(bob)
    bob.locator("#present").get_by_text("Already replied: 爱丽丝 answered this round at 2026-03-03 10:02").wait_for()
    bob.check("#reply [name=solved][value=no]")
    bob.select_option("#reply [name=reason]", "unreachable")
    with bob.expect_navigation():
        bob.click("#reply [type=submit]")
    assert "爱丽丝 answered this round at 2026-03-03 10:02" in bob.locator("[role=alert]").first.inner_text()
    assert bob.input_value("#reply [name=text]") == TYPED
    opened(bob, record)
    assert bob.input_value("#draft-offer textarea") == TYPED
    assert "was not sent" in bob.locator("#draft-offer").inner_text()


def test_a_draft_survives_and_is_gone_on_with_on_another_machine(browse, cast, at, record):
    office = opened(browse(cast.bob, lang="en"), record)
    office.check("#reply [name=solved][value=no]")
    types(office, TYPED)
    assert "Draft saved at 10:00:00." in office.inner_text("#reply")
    home = opened(browse(cast.bob, lang="en"), record)
    assert home.input_value("#reply [name=text]") == ""
    with home.expect_navigation(wait_until="networkidle"):
        home.get_by_role("link", name="Continue").click()
    assert home.input_value("#reply [name=text]") == TYPED
    assert home.is_checked("#reply [name=solved][value=no]")
    assert home.locator("#draft-offer").inner_text() == ""
    types(home, "，改天再打")
    home.select_option("#reply [name=reason]", "unreachable")
    with home.expect_navigation():
        home.click("#reply [type=submit]")
    assert fresh(record).replies.get().text == f"{TYPED}，改天再打"
    assert not Draft.everything.exists()
    assert home.troubles == []


def test_who_begins_anew_keeps_the_older_draft_until_he_throws_it_away(browse, cast, at, record):
    types(opened(browse(cast.bob, lang="en"), record), "旧的")
    at(TUESDAY_10 + MINUTE)
    bob = opened(browse(cast.bob, lang="en"), record)
    types(bob, "新的")
    opened(bob, record)
    assert bob.get_by_role("link", name="Continue").count() == 2
    for left in (1, 0):
        bob.get_by_role("button", name="Throw away").first.click()
        bob.wait_for_function(f"document.querySelectorAll('#draft-offer form').length === {left}")
    assert not Draft.everything.exists()
    assert bob.troubles == []


def test_who_was_logged_out_meanwhile_is_told_and_loses_nothing(browse, cast, at, record, client, settings):
    bob = opened(browse(cast.bob, lang="en"), record)
    bob.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    bob.focus("#reply [name=text]")
    bob.keyboard.insert_text(TYPED)
    bob.get_by_text("you were logged out").wait_for()
    assert bob.input_value("#reply [name=text]") == TYPED
    # In another window he logs in again: the next saving takes the new token by itself.
    client.force_login(cast.bob)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    bob.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": bob.url}])
    bob.context.clear_cookies(name="csrftoken")
    bob.evaluate("dispatchEvent(new Event('focus'))")
    bob.locator("[data-draft-said]", has_text="Draft saved").wait_for()
    assert Draft.everything.get().fields["typed"]["text"] == TYPED


def test_who_stops_a_sending_and_types_on_is_saved_again(browse, cast, at, record):
    bob = opened(browse(cast.bob, lang="en"), record)
    # As when it is stopped on the way: the page stays.
    bob.evaluate("""
        const form = document.querySelector("#reply form");
        form.addEventListener("submit", (event) => event.preventDefault());
        form.noValidate = true;
        form.requestSubmit(form.querySelector("[type=submit]:not([formaction])"));
    """)
    types(bob, TYPED)
    assert Draft.everything.get().fields["typed"]["text"] == TYPED
    assert bob.troubles == []


def test_the_names_are_shut_when_the_caret_leaves_the_name(browse, cast, at, record):
    alice = opened(browse(cast.alice, lang="en"), record)
    alice.focus("#note_text")
    alice.keyboard.type("请看 @鲍")
    alice.locator("#note-names").wait_for(state="visible")
    for _n in range(3):
        alice.keyboard.press("ArrowLeft")
    alice.keyboard.press("Enter")
    alice.locator("#note-names").wait_for(state="hidden")
    assert alice.input_value("#note_text") == "请看\n @鲍"
    assert alice.troubles == []


def test_a_note_names_a_colleague_who_has_read_it_when_he_sees_it(browse, cast, at, record):
    alice = opened(browse(cast.alice, lang="en"), record)
    alice.focus("#note_text")
    alice.keyboard.type("请看 @鲍")
    alice.locator("#note-names").wait_for(state="visible")
    alice.keyboard.press("Enter")
    assert alice.input_value("#note_text") == "请看 @bob "
    alice.get_by_role("button", name="Keep the note").click()
    alice.get_by_text("鲍勃 is told of it").wait_for()
    note = Note.everything.get()
    assert note.text == "请看 @bob"
    bob = browse(cast.bob, lang="en")
    bob.goto("/s/S001/notices/")
    with bob.expect_response("**/notes/read/"):
        bob.get_by_text("爱丽丝 named 鲍勃").click()
    assert bob.evaluate("document.activeElement.id") == f"note-{note.pk}"
    assert Mention.everything.get().read_at is not None
    assert alice.troubles == bob.troubles == []


def test_an_answer_that_was_sent_leaves_no_draft_behind(browse, cast, at, record):
    bob = opened(browse(cast.bob), record)
    bob.check("#reply [name=solved][value=no]")
    bob.select_option("#reply [name=reason]", "unreachable")
    bob.fill("#reply [name=text]", TYPED)
    with bob.expect_navigation():
        bob.click("#reply [type=submit]")
    assert fresh(record).state == "reviewing"
    assert not Draft.everything.exists()
    assert bob.troubles == []
