"""Rita rehearses a version on its page in the desk, watches it, and reads what it found; nobody else may."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shop_cs.exporting.showing import WATCHED
from shop_cs.models import Rulebook
from tests.people import TUESDAY_10, shanghai
from tests.stories import reply_unsolved, send, sweep_at
from tickets.models import Rehearsal
from tickets.planning import rehearsals

HOUR = timedelta(hours=1)
NOON = TUESDAY_10 + 2 * HOUR


@pytest.fixture
def book(cast):
    """A version to come, with four hours for products and shorter days."""
    book = Rulebook.objects.get(name="current")
    book.pk, book.name, book.effective_from = None, "2027-01", shanghai("2027-01-01 00:00")
    book.categories = {**book.categories, "product": {"kind": "urgent", "minutes": 60}}
    book.windows = ["10:00-20:00"]
    book.save()
    return book


@pytest.fixture
def rita(cast, client, at):
    at(NOON)
    client.force_login(cast.rita)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def asked(cast, book):
    return rehearsals.ask(rulebook=book, days=90, by=cast.as_rita, now=NOON)


def url(name, *args):
    return reverse(f"platform:{name}", args=args)


def page(answer):
    return answer.content.decode()


def test_the_way_leads_from_the_version_to_what_was_found(rita, cast, book):
    late = reply_unsolved(send(cast), cast, now=TUESDAY_10 + HOUR + timedelta(seconds=1))
    waiting = send(cast)
    version = page(rita.get(url("shop_cs_rulebook_change", book.pk)))
    assert url("rehearsal-ask", book.pk) in version
    assert "keeps the version under which it was created" in page(rita.get(url("rehearsal-ask", book.pk)))
    answer = rita.post(url("rehearsal-ask", book.pk), {"days": "90"}, follow=True)
    assert "waits for the worker" in page(answer) and 'hx-trigger="every 2s"' in page(answer)
    sweep_at(NOON)
    text = page(rita.get(answer.redirect_chain[0][0]))
    assert "2 of 2 requests replayed" in text and "hx-trigger" not in text
    for request in (late, waiting):
        assert url("tickets_servicerequest_change", request.pk) in text
    assert "Would have been overdue, and was not" in text and "would be overdue now" in text
    assert answer.redirect_chain[0][0] in page(rita.get(url("shop_cs_rulebook_change", book.pk)))


def test_what_differs_is_said_rule_by_rule(rita, asked):
    text = page(rita.get(url("rehearsal", asked.pk)))
    assert "General, 24 h" in text and "Urgent, 1 h" in text
    assert "09:00-21:00" in text and "10:00-20:00" in text
    assert "Penalty ladders" not in text


def test_ladders_that_differ_are_shown_as_they_are_written(rita, cast, book):
    book.ladders = {}
    book.save()
    asked = rehearsals.ask(rulebook=book, days=1, by=cast.as_rita, now=NOON)
    text = page(rita.get(url("rehearsal", asked.pk)))
    assert "Penalty ladders" in text and "[copied_video] by account" in text


@pytest.mark.parametrize("changed", [False, True])
def test_a_version_that_was_changed_since_says_so(rita, asked, changed):
    if changed:
        Rulebook.objects.filter(pk=asked.rulebook_id).update(review_days=9)
    assert ("was changed after this rehearsal" in page(rita.get(url("rehearsal", asked.pk)))) == changed


@pytest.mark.parametrize(("days", "status"), [("", 400), ("0", 400), ("x", 400), ("3661", 400), ("3660", 302)])
def test_a_period_that_does_not_fit_is_refused_and_kept(rita, book, days, status):
    answer = rita.post(url("rehearsal-ask", book.pk), {"days": days})
    assert answer.status_code == status
    assert Rehearsal.objects.exists() == (status == 302)
    if status == 400 and days:
        assert f'value="{days}"' in page(answer)


def test_a_second_one_of_the_same_version_is_refused(rita, asked):
    answer = rita.post(url("rehearsal-ask", asked.rulebook_id), {"days": "90"})
    assert answer.status_code == 409
    assert "still runs" in page(answer)


def test_it_is_cancelled_and_deleted_by_a_post_only(rita, asked):
    for act in ("cancel", "delete"):
        assert rita.get(url(f"rehearsal-{act}", asked.pk)).status_code == 405
    rita.post(url("rehearsal-cancel", asked.pk))
    assert "Cancelled" in page(rita.get(url("rehearsal", asked.pk)))
    assert rita.post(url("rehearsal-cancel", asked.pk)).status_code == 409
    assert "cancelled" in page(rita.get(url("rehearsals")))
    rita.post(url("rehearsal-delete", asked.pk))
    assert not Rehearsal.objects.exists()
    assert rita.post(url("rehearsal-delete", asked.pk)).status_code == 404


@pytest.mark.parametrize(
    ("said", "words"), [({}, "done"), ({"cancelled": True}, "cancelled"), ({"failed": True}, "failed")]
)
def test_how_it_ended_is_said_whatever_was_closed_meanwhile(rita, asked, said, words):
    findings = {**asked.findings, **said}
    Rehearsal.objects.update(findings=findings, ended_at=NOON, done=4, total=5)
    for address in (url("rehearsals"), url("shop_cs_rulebook_change", asked.rulebook_id)):
        assert [word for word in ("done", "cancelled", "failed") if f">{word}</span>" in page(rita.get(address))] == [
            words
        ]
    text = page(rita.get(url("rehearsal", asked.pk)))
    assert f">{words.capitalize()}</h2>" in text
    assert ("Something went wrong" in text) == bool(said.get("failed"))


@pytest.mark.parametrize(("late", "looks"), [(-TUESDAY_10.resolution, True), (timedelta(0), False)])
def test_the_page_does_not_look_again_for_ever(rita, asked, at, late, looks):
    at(NOON + WATCHED + late)
    assert ("hx-trigger" in page(rita.get(url("rehearsal", asked.pk)))) == looks


def test_the_list_leads_to_each_and_offers_what_is_to_come(rita, asked):
    text = page(rita.get(url("rehearsals")))
    assert url("rehearsal", asked.pk) in text and url("rehearsal-ask", asked.rulebook_id) in text
    assert rita.get(url("rehearsals"), {"page": "2"}).status_code == 404


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_others_of_the_platform_neither_ask_nor_read(client, cast, asked, at, who):
    client.force_login(getattr(cast, who))
    for name, args in (("rehearsals", []), ("rehearsal", [asked.pk]), ("rehearsal-ask", [asked.rulebook_id])):
        assert client.get(url(name, *args)).status_code == 403
    for name, key in (("ask", asked.rulebook_id), ("cancel", asked.pk), ("delete", asked.pk)):
        assert client.post(url(f"rehearsal-{name}", key), {"days": "1"}).status_code == 403
    assert url("rehearsals") not in page(client.get(url("index")))
    assert url("rehearsal-ask", asked.rulebook_id) not in page(
        client.get(url("shop_cs_rulebook_change", asked.rulebook_id))
    )


def test_publishing_is_another_thing_and_a_draft_takes_its_rehearsals_along(rita, asked):
    sweep_at(NOON)
    assert Rulebook.objects.in_force(NOON).name == "current"
    answer = rita.post(url("shop_cs_rulebook_delete", asked.rulebook_id), {"post": "yes"})
    assert answer.status_code == 302
    assert not Rehearsal.objects.exists()
