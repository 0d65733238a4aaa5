"""Rita edits the rulebook: what is to come is changed, what has been in force is read."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shop_cs.models import Rulebook
from shop_cs.rules import Category
from tests.people import TUESDAY_10, shanghai
from tests.stories import send


def url(name, *args):
    return reverse(f"platform:shop_cs_rulebook_{name}", args=args)


@pytest.fixture
def rita(cast, at, client):
    """Rita's browser on Tuesday at 10:00; her pages are in English."""
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


LADDERS = """
[abuse] within 365 days
1: points 4 for 365; deduct 1000.00
2: suspend for 7

[copied_video] by account
10: take_down; restrict publish for 7/30/ever
"""


def typed(**changed):
    """The form as it comes, for a version that begins on 1 April."""
    said = {
        "name": "2026-04",
        "effective_from_0": "2026-04-01",
        "effective_from_1": "00:00:00",
        "note": "紧急问题改为四小时",
        "windows": "09:00-12:00, 14:00-18:00",
        "closed_weekdays": ["5", "6"],
        "closed_days": "2026-10-01\n2026-10-02",
        "makeup_days": "2026-10-10",
        "second_reviewer_fen": "1000.00",
        "ladders": LADDERS,
        **{f"categories-{code}-kind": "general" for code in Category.values},
        **{f"categories-{code}-hours": "24" for code in Category.values},
    }
    skipped = {"id", "name", "effective_from", "note", "windows", "categories", "confirming_stage"}
    for field in Rulebook._meta.concrete_fields:
        if field.name not in skipped and field.name not in said:
            said[field.name] = field.default
    return {**said, **changed}


def coming():
    return Rulebook.objects.get(name="2026-04")


def test_a_new_version_is_saved_as_people_write_it(rita):
    said = typed(**{"categories-risky_product-kind": "urgent", "categories-risky_product-hours": "2.5"})
    assert rita.post(url("add"), said).status_code == 302
    version = coming()
    assert version.effective_from == shanghai("2026-04-01 00:00")
    assert version.windows == ["09:00-12:00", "14:00-18:00"]
    assert version.closed_weekdays == [5, 6]
    assert version.makeup_days == ["2026-10-10"]
    assert version.categories["risky_product"] == {"kind": "urgent", "minutes": 150}
    assert version.rules().calendar.closed_weekdays == {5, 6}


def test_the_trail_says_who_saved_it_and_what_is_new(rita, cast):
    rita.post(url("add"), typed())
    row = coming().history.latest()
    assert (row.actor_name, row.actor_role, row.move) == (str(cast.rita), "reviewer", "create")
    assert (row.history_change_reason, row.rulebook_name) == ("紧急问题改为四小时", "2026-04")
    assert row.history_date == TUESDAY_10


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"windows": ""}, "This field is required."),
        ({"windows": "9-21"}, "“9-21” is not a stretch of hours."),
        ({"windows": "21:00-09:00"}, "“21:00-09:00” is not a stretch of hours."),
        ({"windows": "09:00-24:30"}, "“09:00-24:30” is not a stretch of hours."),
        ({"windows": "09:00-13:00, 12:00-18:00"}, "The hours 09:00-13:00 and 12:00-18:00 overlap."),
        ({"closed_weekdays": [str(day) for day in range(7)]}, "This calendar has no open minute"),
        ({"closed_days": "2026-02-30"}, "“2026-02-30” is not a day."),
        ({"makeup_days": "2026-10-01"}, "Both closed and open to make up: 2026-10-01"),
        ({"categories-price-hours": ""}, "above 0, whole minutes) are needed for: Price"),
        ({"categories-price-hours": "0"}, "are needed for: Price"),
        ({"categories-price-hours": "0.001"}, "are needed for: Price"),
        ({"categories-price-hours": "nan"}, "are needed for: Price"),
        ({"categories-price-kind": "agreed"}, "are needed for: Price"),
        ({"note": ""}, "This field is required."),
        ({"name": "current"}, "already exists"),
        ({"review_days": "0"}, "greater than or equal to 1"),
        ({"survey_opens": "1320"}, "Surveys end before they begin."),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words_and_kept(rita, changed, told):
    response = rita.post(url("add"), typed(**changed))
    text = response.content.decode()
    assert response.status_code == 400
    assert told in text
    assert changed.get("note", "紧急问题改为四小时") in text
    assert str(changed.get("windows", "09:00-12:00, 14:00-18:00")) in text
    assert Rulebook.objects.count() == 2


def test_hours_may_touch_and_end_at_midnight(rita):
    assert rita.post(url("add"), typed(windows="12:00-24:00,09:00-12:00")).status_code == 302
    assert coming().windows == ["09:00-12:00", "12:00-24:00"]


@pytest.mark.parametrize(("begins", "status"), [("10:00:00", 400), ("10:00:01", 302)])
def test_a_version_begins_after_this_moment(rita, begins, status):
    said = typed(effective_from_0="2026-03-03", effective_from_1=begins)
    assert rita.post(url("add"), said).status_code == status


def test_a_version_in_force_is_read_and_offers_a_copy(rita):
    current = Rulebook.objects.get(name="current")
    text = rita.get(url("change", current.pk)).content.decode()
    assert "09:00-21:00" in text
    assert 'name="_save"' not in text
    assert "Copy as a new version" in text
    assert rita.post(url("change", current.pk), typed()).status_code == 403
    assert rita.post(url("delete", current.pk), {"post": "yes"}).status_code == 403
    assert Rulebook.objects.get(name="current").windows == ["09:00-21:00"]


def test_a_copy_brings_everything_but_name_and_date(rita):
    source = Rulebook.objects.get(name="2022-12")
    response = rita.get(reverse("platform:shop_cs_rulebook_copy", args=[source.pk]))
    form = rita.get(response["Location"]).context["adminform"].form
    assert form["confirming_stage"].value() is True
    assert form["windows"].value() == "09:00-21:00"
    assert not form["name"].value()
    assert not form["effective_from"].value()


@pytest.mark.parametrize("copy", ["", "x", "99", "9" * 40])
def test_a_copy_of_nothing_starts_from_what_is_in_force(rita, copy):
    form = rita.get(url("add") + f"?copy={copy}").context["adminform"].form
    assert form["windows"].value() == "09:00-21:00"


def test_what_is_to_come_is_changed_until_its_moment(rita, at):
    rita.post(url("add"), typed())
    at(coming().effective_from - timedelta(microseconds=1))
    page = rita.get(url("change", coming().pk))
    expect = page.context["adminform"].form["expect"].value()
    said = typed(expect=expect, effective_from_0="2026-04-02", review_days="5")
    assert rita.post(url("change", coming().pk), said).status_code == 302
    assert coming().review_days == 5
    at(coming().effective_from)
    assert rita.post(url("change", coming().pk), said).status_code == 403


def test_of_two_who_edit_the_same_version_the_second_overwrites_nothing(rita, cast):
    rita.post(url("add"), typed())
    expect = rita.get(url("change", coming().pk)).context["adminform"].form["expect"].value()
    assert rita.post(url("change", coming().pk), typed(expect=expect, review_days="5")).status_code == 302
    response = rita.post(url("change", coming().pk), typed(expect=expect, review_days="9", note="我的说明"))
    text = response.content.decode()
    assert "丽塔 has changed this meanwhile" in text and "→ 5" in text
    assert "我的说明" in text
    assert coming().review_days == 5
    # Who has read it and saves again means it.
    again = response.context["adminform"].form["expect"].value()
    assert rita.post(url("change", coming().pk), typed(expect=again, review_days="9")).status_code == 302
    assert coming().review_days == 9


def test_a_version_to_come_is_deleted_and_its_history_stays(rita):
    rita.post(url("add"), typed())
    pk = coming().pk
    assert rita.post(url("delete", pk), {"post": "yes"}).status_code == 302
    row = Rulebook.history.filter(id=pk).order_by("history_id").last()
    assert (row.history_type, row.move) == ("-", "delete")


def test_the_list_says_which_version_holds(rita):
    rita.post(url("add"), typed())
    rows = {row.name: row for row in rita.get(url("changelist")).context["cl"].result_list}
    text = rita.get(url("changelist")).content.decode()
    assert [name for name, row in rows.items() if row.holds] == ["current"]
    assert all(word in text for word in ("in force", "to come", "over"))


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_agents_and_auditors_read_the_rulebook_and_change_nothing(cast, at, client, who):
    client.force_login(getattr(cast, who))
    current = Rulebook.objects.get(name="current")
    assert client.get(url("change", current.pk)).status_code == 200
    assert client.get(url("add")).status_code == 403
    assert client.post(url("add"), typed()).status_code == 403
    assert client.get(reverse("platform:shop_cs_rulebook_copy", args=[current.pk])).status_code == 403


def test_a_new_version_moves_no_old_deadline(rita, cast):
    record = send(cast)
    rita.post(url("add"), typed())
    before = record.deadline
    record.refresh_from_db()
    assert (record.deadline, record.rulebook.name) == (before, "current")


def test_the_help_says_what_is_assumed(rita):
    assert "Assumed: the sources leave it open." in rita.get(url("add")).content.decode()


def test_what_guards_the_saving_is_no_field_to_look_at(rita):
    assert "Expect" not in rita.get(url("add")).content.decode()


def test_amounts_are_typed_in_yuan_and_ladders_as_a_text(rita):
    assert rita.post(url("add"), typed(second_reviewer_fen="2500.5")).status_code == 302
    version = coming()
    assert version.second_reviewer_fen == 250_050
    abuse, videos = version.penalty_ladders().values()
    assert [step.at for step in abuse.steps] == [1, 2]
    assert (abuse.window_days, videos.window_days, videos.by_account) == (365, None, True)
    assert videos.steps[0].actions[1].days == (7, 30, None)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ladders": "[theft]\n1: warning"}, "Line 1: “theft” is no kind of violation."),
        ({"ladders": "1: warning"}, "Line 1: a step needs its kind above it"),
        ({"ladders": "[abuse]\n1: jail"}, "Line 2: “jail” is no measure."),
        ({"ladders": "[abuse]\n1: restrict fly for 7"}, "“fly” is no permission."),
        ({"ladders": "[abuse]\n1: warning for 7"}, "this measure is done once and lasts no days."),
        ({"ladders": "[abuse]\n1: deduct 1.005"}, "is no amount in yuan."),
        ({"ladders": "[abuse]\n3: warning\n1: warning"}, "its steps must rise."),
        ({"ladders": "[abuse]"}, "it needs at least one step."),
        ({"ladders": "[abuse]\n1: points 2\n[abuse]\n2: warning"}, "Line 3: “abuse” stands above already."),
        ({"second_reviewer_fen": "-1"}, "greater than or equal to 0"),
        ({"second_reviewer_fen": "1.001"}, "no more than 2 decimal places"),
        ({"appeal_days": "0"}, "greater than or equal to 1"),
        ({"filing_regions_max": "0"}, "greater than or equal to 1"),
        ({"payment_minutes": ""}, "This field is required."),
    ],
)
def test_what_does_not_fit_of_the_disputes_is_refused_in_plain_words_and_kept(rita, changed, told):
    response = rita.post(url("add"), typed(**changed))
    assert response.status_code == 400
    page = response.content.decode()
    assert told in page
    assert all(line in page for line in changed.get("ladders", LADDERS).split("\n"))
    assert Rulebook.objects.count() == 2


def test_a_version_that_is_read_shows_its_ladders_in_words(rita):
    text = rita.get(url("change", Rulebook.objects.get(name="current").pk)).content.decode()
    for words in ("May not publish on its channels: by the owner", "¥1,000.00", "each account by itself"):
        assert words in text


def test_a_copy_brings_the_ladders_and_the_amount_as_they_are_typed(rita):
    form = rita.get(url("add")).context["adminform"].form
    assert form["second_reviewer_fen"].value() == "1000.00"
    said = typed(ladders=form["ladders"].value(), second_reviewer_fen=form["second_reviewer_fen"].value())
    assert rita.post(url("add"), said).status_code == 302
    source = Rulebook.objects.get(name="current")
    assert coming().penalty_ladders() == source.penalty_ladders()
    assert coming().second_reviewer_fen == source.second_reviewer_fen


def test_every_column_of_a_version_is_in_the_editor(rita):
    shown = set(rita.get(url("add")).context["adminform"].form.fields)
    assert {field.name for field in Rulebook._meta.concrete_fields} - {"id"} <= shown
