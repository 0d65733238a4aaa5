"""The list of a shop's requests: tabs, filters, time left."""

from datetime import timedelta

import pytest
from django.utils import translation

from tests import stories
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.models import ServiceRequest
from tickets.standing import standing

URL = "/s/S001/requests/"
MONDAY_NIGHT, TUESDAY_NIGHT = shanghai("2026-03-02 23:30"), shanghai("2026-03-03 00:30")
THURSDAY_10 = shanghai("2026-03-05 10:00")


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


def listed(answer):
    return [record.no for record, _standing in answer.context.get("rows", ())]


def tabs(answer):
    return {str(tab.label): tab.count for tab in answer.context["tabs"]}


def shows(record, now):
    with translation.override("en"):
        return standing(record, record.rulebook.rules(), now=now)


# Tabs
def test_what_waits_for_the_merchant_is_shown_first_and_every_tab_says_how_many(cast, desk):
    waiting, answered = stories.send(cast), stories.send(cast)
    stories.reply_unsolved(answered, cast, now=TUESDAY_10)
    page = desk.get(URL)
    assert listed(page) == [waiting.no]
    assert tabs(page) == {"All": 2, "Pending": 1, "Platform processing": 1, "Closed": 0}


@pytest.mark.parametrize(("tab", "there"), [("all", 2), ("pending", 1), ("reviewing", 1), ("closed", 0)])
def test_each_tab_lists_its_own(cast, desk, tab, there):
    stories.send(cast)
    stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    assert len(listed(desk.get(URL, {"tab": tab}))) == there


def test_where_consumers_confirm_there_is_a_tab_for_it(cast, desk):
    stories.confirming_rules()
    assert "Consumer confirming" in tabs(desk.get(URL))


def test_what_still_stands_in_confirming_keeps_its_tab_after_the_stage_was_retired(cast, desk, at):
    old = stories.confirming_rules()
    record = stories.send(cast)
    stories.reply_solved(record, cast, now=TUESDAY_10)
    type(old).objects.filter(name="current").update(effective_from=TUESDAY_10)
    assert tabs(desk.get(URL))["Consumer confirming"] == 1


def test_an_unknown_tab_is_said_to_be_none_and_shows_nothing(cast, desk):
    stories.send(cast)
    page = desk.get(URL, {"tab": "nonsense"})
    assert page.status_code == 400
    assert "There is no such tab" in page.content.decode()
    assert listed(page) == []


# What is there
def test_the_most_urgent_comes_first(cast, desk):
    general = stories.send(cast)
    urgent = stories.send(cast, kind="urgent", category="risky_product")
    assert listed(desk.get(URL)) == [urgent.no, general.no]


def test_what_waits_for_the_opening_is_not_shown_before_and_is_there_at_nine_without_a_worker(cast, desk, at):
    record = stories.send(cast, now=MONDAY_NIGHT)
    at(shanghai("2026-03-03 08:59"))
    page = desk.get(URL)
    assert listed(page) == [] and tabs(page)["All"] == 0
    assert desk.get(f"{URL}{record.no}/").status_code == 404
    at(shanghai("2026-03-03 09:00"))
    assert listed(desk.get(URL)) == [record.no]


def test_a_row_says_round_and_urges(cast, desk):
    record = stories.send(cast)
    actions.urge(record, by=cast.as_pia, now=TUESDAY_10)
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    actions.reject(record, reason="请补充凭证", by=cast.as_rita, now=TUESDAY_10)
    text = desk.get(URL).content.decode()
    assert "round 2" in text and "urged once" in text


def test_without_any_request_the_page_says_what_will_come(cast, desk):
    assert "No service request yet" in desk.get(URL).content.decode()


def test_an_empty_tab_leads_to_all_requests(cast, desk):
    stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    assert "Nothing stands here now." in desk.get(URL).content.decode()


# Time left
def test_the_working_time_that_is_left_is_told(cast):
    left = shows(stories.send(cast), shanghai("2026-03-04 10:40"))
    assert (left.text, left.detail) == ("11 h 20 min left", "")


def test_at_night_the_clock_stands_and_what_is_left_is_told(cast):
    record = stories.send(cast)
    last_second, closing = shanghai("2026-03-03 20:59:59"), shanghai("2026-03-03 21:00")
    assert shows(record, last_second).text == "13 h left"
    assert (shows(record, closing).text, shows(record, closing).detail) == ("stopped until 09:00", "13 h left")


@pytest.mark.parametrize(
    ("now", "tone"),
    [("03-04 09:59", "calm"), ("03-04 10:00", "amber"), ("03-04 19:35", "amber"), ("03-04 19:36", "red")],
)
def test_the_bar_turns_amber_at_half_and_red_at_nine_tenths(cast, now, tone):
    assert shows(stories.send(cast), shanghai(f"2026-{now}")).tone == tone


def test_at_its_very_deadline_a_request_is_in_time_and_after_it_overdue(cast):
    record = stories.send(cast)
    assert record.deadline == THURSDAY_10
    assert shows(record, THURSDAY_10).text == "0 min left"
    assert shows(record, THURSDAY_10 + timedelta(milliseconds=1)).text == "overdue"


def test_in_review_the_platforms_working_days_are_told_and_then_its_delay(cast):
    record = stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    due = record.review_due
    assert shows(record, shanghai("2026-03-05 10:00")).text == "2 of 7 working days"
    assert shows(record, due).detail == ""
    assert shows(record, due + timedelta(milliseconds=1)).detail == "platform's delay"


# Filters
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"order": "777"}, 1),
        ({"order": "778"}, 0),
        ({"category": "price"}, 1),
        ({"category": "courier"}, 0),
        ({"kind": "general"}, 1),
        ({"kind": "urgent"}, 0),
        ({"urged": "yes"}, 1),
        ({"urged": "no"}, 0),
        ({"round": "1"}, 1),
        ({"round": "2+"}, 0),
        ({"round": "2"}, 0),
        ({"overdue": "no"}, 1),
        ({"overdue": "yes"}, 0),
        ({"order": "777", "kind": "urgent"}, 0),
    ],
)
def test_filters_keep_what_they_say(cast, desk, asked, found):
    record = stories.send(cast, order=OrderFactory(shop=cast.shop, no="6021-777"), category="price")
    actions.urge(record, by=cast.as_pia, now=TUESDAY_10)
    page = desk.get(URL, asked)
    assert len(listed(page)) == found
    assert tabs(page)["Pending"] == found


def test_a_request_is_found_by_its_number(cast, desk):
    wanted, _other = stories.send(cast), stories.send(cast)
    assert listed(desk.get(URL, {"no": f" {wanted.no} "})) == [wanted.no]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"created_from": "2026-03-03", "created_to": "2026-03-03"}, ["tuesday"]),
        ({"created_to": "2026-03-02"}, ["monday"]),
        ({"created_from": "2026-03-03"}, ["tuesday"]),
        ({"created_from": "2026-03-02", "created_to": "2026-03-03"}, ["monday", "tuesday"]),
        ({"created_from": "2026-03-04"}, []),
    ],
)
def test_days_are_shanghais_and_both_ends_belong_to_it(cast, desk, asked, found):
    made = {"monday": stories.send(cast, now=MONDAY_NIGHT).no, "tuesday": stories.send(cast, now=TUESDAY_NIGHT).no}
    assert sorted(listed(desk.get(URL, asked))) == sorted(made[day] for day in found)


def test_overdue_is_found_whether_or_not_a_worker_has_noticed(cast, desk, at):
    record = stories.send(cast)
    at(THURSDAY_10)
    assert listed(desk.get(URL, {"overdue": "yes"})) == []
    at(THURSDAY_10 + timedelta(seconds=1))
    assert listed(desk.get(URL, {"overdue": "yes"})) == [record.no]
    assert listed(desk.get(URL, {"overdue": "no"})) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"created_from": "yesterday"},
        {"created_to": "2026-02-30"},
        {"created_to": "9999-12-31"},
        {"created_from": "0001-01-01"},
        {"created_from": "2026-03-03", "created_to": "2026-03-02"},
        {"category": "nonsense"},
        {"round": "x"},
        {"no": "S\x00"},
    ],
)
def test_bad_input_is_marked_at_its_field_and_nothing_is_listed(cast, desk, asked):
    stories.send(cast)
    page = desk.get(URL, {**asked, "tab": "all"})
    assert page.status_code == 400
    assert set(page.context["filter"].form.errors) & set(asked)
    assert listed(page) == [] and tabs(page)["All"] is None


def test_filters_that_are_set_are_open_counted_and_can_be_cleared(cast, desk):
    stories.send(cast)
    text = desk.get(URL, {"tab": "all", "kind": "urgent", "urged": "yes"}).content.decode()
    assert "2 active" in text and "Nothing matches these filters." in text
    assert 'href="?tab=all"' in text


# Pages
def fill(cast, number):
    """Many requests of one order, copied: what is told of each does not matter here."""
    first = stories.send(cast)
    copies = [ServiceRequest.everything.get(pk=first.pk) for _n in range(number - 1)]
    for n, copy in enumerate(copies):
        copy.pk, copy.no = None, f"SRCOPY{n:04d}"
    ServiceRequest.everything.bulk_create(copies)


@pytest.mark.parametrize(("number", "second"), [(50, 404), (51, 200)])
def test_fifty_stand_on_a_page(cast, desk, number, second):
    fill(cast, number)
    assert len(listed(desk.get(URL))) == 50
    assert desk.get(URL, {"page": 2}).status_code == second


def test_the_next_page_keeps_tab_and_filters(cast, desk):
    fill(cast, 51)
    page = desk.get(URL, {"tab": "all", "kind": "general"})
    assert page.context["next_query"] == "tab=all&kind=general&page=2"
    assert len(listed(desk.get(f"{URL}?{page.context['next_query']}"))) == 1


def test_a_full_page_takes_at_most_twelve_statements(cast, desk, django_assert_max_num_queries):
    fill(cast, 60)
    with django_assert_max_num_queries(12):
        desk.get(URL, {"tab": "all", "kind": "general"})


# Who
def test_exports_are_greyed_with_the_reason_for_a_post_that_may_not(cast, desk):
    text = desk.get(URL).content.decode()
    assert "This post (售后客服) may not export service requests" in text
    assert "export/csv/" not in text


def test_the_owners_export_takes_the_filters_along(cast, desk):
    desk.force_login(cast.alice)
    assert f"{URL}export/csv/?tab=all&amp;kind=general" in desk.get(f"{URL}?tab=all&kind=general").content.decode()


def test_another_shops_member_is_told_nothing_of_the_list(cast, desk):
    desk.force_login(cast.charlie)
    assert desk.get(URL).status_code == 404


def test_requests_of_another_shop_are_not_among_ones_own(cast, desk):
    stories.send(cast)
    desk.force_login(cast.charlie)
    page = desk.get("/s/S002/requests/", {"tab": "all"})
    assert listed(page) == [] and tabs(page)["All"] == 0


@pytest.fixture
def small_pages(monkeypatch):
    """Two rows a page, and no more than four of a state are counted."""
    monkeypatch.setattr("tickets.views.lists.PAGE_SIZE", 2)
    monkeypatch.setattr("tickets.views.lists.MOST_COUNTED", 4)


@pytest.mark.parametrize(("there", "said", "of"), [(4, 4, "Page 1 of 2"), (5, "4+", "Page 1")])
def test_tabs_count_so_far_and_no_further(cast, desk, small_pages, there, said, of):
    for _time in range(there):
        stories.send(cast)
    answer = desk.get(URL)
    assert next(tab.count for tab in answer.context["tabs"] if tab.is_active) == said
    assert of in answer.content.decode()
    assert ("Page 1 of" in answer.content.decode()) == (there == 4)


def test_who_leafs_beyond_what_was_counted_comes_to_the_end(cast, desk, small_pages):
    sent = [stories.send(cast, now=TUESDAY_10 + timedelta(minutes=n)) for n in range(9)]
    pages = [desk.get(URL, {"page": page}) for page in range(1, 6)]
    assert [no for answer in pages for no in listed(answer)] == [one.no for one in sent]
    assert [bool(answer.context["next_query"]) for answer in pages] == [True] * 4 + [False]
    assert "Page 5 of 5" in pages[4].content.decode()
    assert desk.get(URL, {"page": 6}).status_code == 404


def test_all_of_it_page_by_page_is_the_whole_in_its_order(cast, desk, small_pages):
    """Whatever states a page falls between, and also far away."""
    for n in range(9):
        record = stories.send(cast, now=TUESDAY_10 + timedelta(minutes=n))
        if n % 3:
            record = stories.reply_unsolved(record, cast, now=TUESDAY_10 + timedelta(minutes=30 + n))
        if n % 3 == 2:
            actions.approve(record, by=cast.as_rita, now=TUESDAY_10 + timedelta(minutes=50 + n))
    pages = [listed(desk.get(URL, {"tab": "all", "page": page})) for page in range(1, 6)]
    whole = ServiceRequest.objects.of(cast.shop).most_urgent_first()
    assert [no for page in pages for no in page] == [record.no for record in whole]
