"""Playbooks in the platform's desk: written without code, checked in words, looked at before they are used."""

import re

import pytest

from tests import stories
from tests.people import TUESDAY_10
from tickets.helping import guiding
from tickets.models import Playbook, PlaybookStep

ADD = "/admin/tickets/playbook/add/"
BOOK = {
    "slug": "price-guarantee",
    "title": "价保",
    "title_en": "Price guarantee",
    "categories": ["price"],
    "position": "5",
}
ASK = {"code": "ask", "text": "核对价保", "choices": "在价保期内 | Within it → inside\n不在 -> outside"}
INSIDE = {"code": "inside", "outcome": "solved", "settlement": "refunded", "reply": "已退差价{amount}"}
OUTSIDE = {"code": "outside", "outcome": "unsolved", "reason": "claim_unsupported", "reply": "已过价保期"}


@pytest.fixture
def rita(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.rita)
    return client


def typed(*steps, known=(), **more):
    """What the editor posts for these steps; `known` are the rows that it showed."""
    said = {**BOOK, "is_active": "on", **more}
    said |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": len(known)}
    for n, one in enumerate(steps):
        blank = {
            "text": "做什么",
            "position": n,
            "outcome": "",
            "settlement": "",
            "reason": "",
            "reply": "",
            "choices": "",
        }
        said |= {f"steps-{n}-{name}": value for name, value in {**blank, **one}.items()}
    for n, row in enumerate(known):
        said[f"steps-{n}-id"] = row.pk
    return said


def words_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_reviewer_writes_one_that_a_merchant_then_walks(cast, rita):
    assert rita.post(ADD, typed(ASK, INSIDE, OUTSIDE)).status_code == 302
    guide = guiding.in_use("price-guarantee")
    assert [choice.to for choice in guide.steps[0].choices] == ["inside", "outside"]
    assert guide.steps[0].choices[0].label_en == "Within it"
    assert Playbook.history.get(slug="price-guarantee").actor_name == "丽塔"
    record = stories.send(cast, category="price")
    rita.force_login(cast.bob)
    assert "guide/price-guarantee/" in rita.get(f"/s/S001/requests/{record.no}/").content.decode()


def test_what_she_wrote_stands_in_the_editor_again_and_can_be_changed(rita):
    rita.post(ADD, typed(ASK, INSIDE, OUTSIDE))
    book = Playbook.objects.get(slug="price-guarantee")
    address = f"/admin/tickets/playbook/{book.pk}/change/"
    assert "在价保期内 | Within it → inside" in rita.get(address).content.decode()
    rows = list(book.steps.all())
    ask = {**ASK, "choices": "在价保期内 → inside"}
    gone = {**OUTSIDE, "DELETE": "on"}
    assert rita.post(address, typed(ask, INSIDE, gone, known=rows)).status_code == 302
    assert [step.code for step in guiding.in_use("price-guarantee").steps] == ["ask", "inside"]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "There is no first step yet."),
        ([{**ASK, "choices": "去 → nowhere"}], "no step of this playbook"),
        ([{**ASK, "choices": "去 → calm"}], "no step of this playbook"),
        ([{**ASK, "choices": "没有箭头"}], "is no choice. Write: label"),
        ([{**ASK, "choices": "去 → b"}, {"code": "b", "choices": "回 → ask"}], "round in a circle: ask → b → ask"),
        ([{**ASK, "choices": "去 → b"}, {"code": "b"}], "“b” has neither choices nor a reply"),
        ([{**INSIDE, "reply": ""}], "it needs how it was settled and a reply"),
        ([{**INSIDE, "reply": "{phone}"}], "no variable {phone}"),
        ([INSIDE, INSIDE], "is the code of two steps"),
        ([{**INSIDE, "code": "not a code"}], "valid “slug”"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(rita, steps, words):
    answer = rita.post(ADD, typed(*steps))
    assert answer.status_code == 400
    assert words in words_of(answer)
    assert "价保" in words_of(answer)
    assert Playbook.objects.count() == 2


def test_out_of_use_it_is_kept_unfinished_with_a_word_about_what_lacks(rita):
    answer = rita.post(ADD, {**typed({**ASK, "choices": ""}), "is_active": ""}, follow=True)
    assert "has neither choices nor a reply" in words_of(answer)
    book = Playbook.objects.get(slug="price-guarantee")
    assert not book.is_active
    assert "has neither choices nor a reply" in words_of(rita.get(f"/admin/tickets/playbook/{book.pk}/preview/"))


def test_a_short_name_is_there_once(rita):
    assert rita.post(ADD, typed(INSIDE, slug="logistics-stalled")).status_code == 400
    assert Playbook.objects.count() == 2


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_everybody_of_the_platform_reads_and_walks_it(cast, at, client, who):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(getattr(cast, who))
    book = Playbook.objects.get(slug="logistics-stalled")
    assert client.get("/admin/tickets/playbook/").status_code == 200
    assert "ask-courier" in client.get(f"/admin/tickets/playbook/{book.pk}/change/").content.decode()
    assert client.get(f"/admin/tickets/playbook/{book.pk}/history/").status_code in {200, 403}
    guide = guiding.guide_of(book)
    choice = next(one for one in guide.steps[0].choices if one.to == "unreachable")
    preview = words_of(client.get(f"/admin/tickets/playbook/{book.pk}/preview/?at={choice.key}"))
    assert "订单〔order number〕" in preview
    assert "Use this reply" not in preview


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_only_reviewers_change_it(cast, at, client, who):
    client.force_login(getattr(cast, who))
    book = Playbook.objects.get(slug="logistics-stalled")
    before = PlaybookStep.history.count()
    for address in (ADD, f"/admin/tickets/playbook/{book.pk}/change/"):
        assert client.post(address, typed(INSIDE)).status_code == 403
    assert PlaybookStep.history.count() == before


def test_nobody_deletes_one(rita):
    book = Playbook.objects.get(slug="logistics-stalled")
    assert rita.post(f"/admin/tickets/playbook/{book.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_preview_of_nothing_is_404(rita):
    assert rita.get("/admin/tickets/playbook/999999/preview/").status_code == 404


def test_its_history_tells_of_its_steps_and_choices(cast, rita):
    rita.post(ADD, typed(ASK, INSIDE, OUTSIDE))
    book = Playbook.objects.get(slug="price-guarantee")
    told = words_of(rita.get(f"/admin/tickets/playbook/{book.pk}/history/"))
    assert "write a playbook" in told.lower()
    assert "在价保期内" in told
    assert book.history.get().history_date == TUESDAY_10
