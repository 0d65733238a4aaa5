"""What a merchant reads of the violations held against his shop, and what a barred shop sees."""

from datetime import timedelta

import pytest

from disputes.actions import punishing
from disputes.models import Violation
from tests import stories
from tests.case_stories import DAY, SECOND, fund
from tests.disputes.test_coverage import filed
from tests.disputes.test_punishing import copied, found, upheld
from tests.factories import OrderFactory
from tests.people import TUESDAY_10

URL = "/s/S001/violations/"
NOW = TUESDAY_10


@pytest.fixture
def alice(cast, at, client):
    """Alice's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def listed(answer):
    return [record.no for record, _measures in answer.context.get("rows", ())]


def tabs(answer):
    return {str(tab.label): tab.count for tab in answer.context["tabs"]}


def text(answer):
    return " ".join(answer.content.decode().split())


# The list
def test_what_is_only_proposed_or_was_dismissed_is_nowhere(cast, alice):
    proposed, dismissed = found(cast), found(cast)
    punishing.dismiss(dismissed, reason="误报", by=cast.as_rita, now=NOW)
    page = alice.get(URL)
    assert listed(page) == [] and "No violation is held against your shop." in text(page)
    for one in (proposed, dismissed):
        assert one.no not in text(page)
        assert alice.get(f"{URL}{one.no}/").status_code == 404


def test_the_list_shows_each_with_its_measures_and_the_points_that_are_left(cast, alice):
    for _n in range(3):
        last = upheld(cast)
    page = alice.get(URL)
    assert listed(page)[0] == last.no
    assert "2 credit points taken" in text(page) and "until 2027-03-03 10:00" in text(page)
    assert "10 of 12 left" in text(page)
    assert tabs(page) == {"All": 3, "Upheld": 3, "Excused by a filing": 0, "Revoked on appeal": 0}


def test_what_the_next_one_would_bring_is_told_before_it_comes(cast, alice):
    upheld(cast)
    upheld(cast)
    assert "2 credit points taken, for 365 days" in text(alice.get(URL))


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ({"kind": "abuse"}, ["abuse"]),
        ({"measure": "suspend"}, ["copied_video"]),
        ({"in_force": "yes"}, ["copied_video"]),
        ({"in_force": "no"}, ["abuse"]),
        ({"found_to": "2026-03-02"}, []),
        ({"tab": "revoked"}, []),
    ],
)
def test_the_filters_narrow_the_list(cast, alice, query, there):
    upheld(cast, kind="abuse")
    copied(cast, 10)
    assert [record.kind for record, _measures in alice.get(URL, query).context["rows"]] == there


@pytest.mark.parametrize("query", [{"kind": "x"}, {"found_from": "gestern"}, {"tab": "proposed"}, {"in_force": "1"}])
def test_filters_that_cannot_be_understood_are_a_400(alice, query):
    assert alice.get(URL, query).status_code == 400


def test_a_restriction_that_is_over_is_not_in_force_though_no_worker_ran(cast, alice, at):
    copied(cast, 10)
    at(NOW + 7 * DAY - SECOND)
    assert len(listed(alice.get(URL, {"in_force": "yes"}))) == 1
    at(NOW + 7 * DAY)
    assert listed(alice.get(URL, {"in_force": "yes"})) == []


def test_a_full_list_takes_at_most_twelve_statements(cast, alice, django_assert_max_num_queries):
    for n in range(12):
        copied(cast, 1, account=f"A{n}")
    alice.get(URL)
    with django_assert_max_num_queries(12):
        assert len(listed(alice.get(URL))) == 12


# The page
def test_the_page_says_what_was_found_what_followed_and_until_when_one_can_appeal(cast, alice):
    fund(cast.shop, deposit=200_000)
    violation = upheld(cast, kind="abuse", order=OrderFactory(shop=cast.shop))
    page = text(alice.get(f"{URL}{violation.no}/"))
    assert "言语辱骂消费者" in page and violation.order.no in page
    assert "¥1,000.00 deducted from the deposit" in page
    assert "You can appeal until 2026-03-18 10:00." in page
    assert f"/s/S001/violations/{violation.no}/appeal/" in page


@pytest.mark.parametrize(("late", "possible"), [(timedelta(0), True), (SECOND, False)])
def test_an_appeal_is_offered_up_to_its_last_instant(cast, alice, at, late, possible):
    violation = upheld(cast)
    at(violation.appeal_until + late)
    page = text(alice.get(f"{URL}{violation.no}/"))
    assert (f"{violation.no}/appeal/" in page) is possible
    assert ("An appeal was possible until 2026-03-18 10:00." in page) is not possible


def test_a_post_that_may_not_appeal_reads_why(cast, alice):
    violation = upheld(cast)
    alice.force_login(cast.bob)
    assert "This post (售后客服) may not appeal." in text(alice.get(f"{URL}{violation.no}/"))


def test_what_was_undone_is_told_with_what_came_back(cast, alice):
    fund(cast.shop, deposit=200_000)
    violation = upheld(cast, kind="abuse")
    punishing.undo(violation, by=cast.as_ray, now=NOW, appeal_no="AP1")
    page = text(alice.get(f"{URL}{violation.no}/"))
    assert "Undone, ¥1,000.00 came back" in page and "Your appeal was granted" in page


def test_what_a_filing_excused_names_the_filing(cast, alice):
    order = OrderFactory(shop=cast.shop)
    filing = filed(cast, orders=[order])
    request = stories.send(cast, order=order)
    stories.sweep_at(request.deadline + SECOND)
    violation = Violation.everything.get()
    page = text(alice.get(f"{URL}{violation.no}/"))
    assert filing.no in page and request.no in page and "No measure followed." in page


def test_another_shops_violation_is_not_told_of(cast, alice):
    violation = upheld(cast)
    alice.force_login(cast.charlie)
    assert alice.get(f"/s/S002/violations/{violation.no}/").status_code == 404
    assert alice.get(f"{URL}{violation.no}/").status_code == 404


# The export
def test_the_export_holds_what_is_filtered(cast, alice):
    upheld(cast, kind="abuse")
    copied(cast, 3)
    answer = alice.get(f"{URL}export/csv/", {"kind": "abuse"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "4 credit points taken" in lines[1] and "1000" in lines[1]
    assert alice.get(f"{URL}export/csv/").status_code == 429


# What a penalty keeps a shop from
def test_a_suspended_shop_reads_so_on_every_page_until_it_is_over(cast, alice, at):
    copied(cast, 10)
    for address in (URL, "/s/S001/requests/", "/s/S001/notices/"):
        assert "Your shop is suspended until 2026-03-10 10:00." in text(alice.get(address))
    at(NOW + 7 * DAY)
    assert "suspended until" not in text(alice.get("/s/S001/requests/"))


def test_what_is_barred_is_refused_at_the_door_with_its_end(cast, alice, at):
    copied(cast, 10)
    answer = alice.get(f"{URL}export/csv/")
    assert answer.status_code == 403
    assert "until 2026-03-10 10:00 it may not export cases and money" in text(answer)
    assert "until 2026-03-10 10:00 it may not export" in text(alice.get(URL))
    at(NOW + 7 * DAY)
    assert alice.get(f"{URL}export/csv/").status_code == 200


def test_a_closed_shop_is_barred_for_good_and_still_reads(cast, alice):
    for _n in range(4):
        upheld(cast, kind="abuse")
    assert "Your shop is closed for good." in text(alice.get(URL))
    assert alice.get("/s/S001/requests/export/csv/").status_code == 403
