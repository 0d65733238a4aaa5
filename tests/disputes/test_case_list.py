"""The list of a shop's cases: tabs, filters, what comes first."""

import pytest

from disputes import actions
from disputes.models import Case, CaseState
from tests.case_stories import HOUR, SECOND, arbitrating, compensated, fresh, open_case, reach, ruled, unpaid
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import sweep_at

URL = "/s/S001/cases/"
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


def test_every_tab_says_how_many_and_lists_its_own(cast, desk):
    # Backwards: on the way to the second reviewer time goes by, for the others too.
    made = {state: reach(cast, state).no for state in list(CaseState)[-2::-1]}
    made[CaseState.CLOSED] = reach(cast, CaseState.CLOSED).no
    page = desk.get(URL)
    assert tabs(page) == {"All": 6, **{str(state.label): 1 for state in CaseState}}
    for state, no in made.items():
        assert listed(desk.get(URL, {"tab": state})) == [no]


def test_the_most_urgent_comes_first_then_what_others_do_then_what_is_closed(cast, desk):
    order = [ruled(cast, outcome="merchant"), arbitrating(cast), ruled(cast), open_case(cast, now=MONDAY_NIGHT)]
    assert listed(desk.get(URL)) == [case.no for case in reversed(order)]


def test_a_row_tells_outcome_award_round_and_who_was_silent(cast, desk, at):
    ruled(cast)
    silent = open_case(cast)
    actions.consumer_states(silent, text="破损", now=TUESDAY_10)
    sweep_at(THURSDAY_10 + SECOND)
    actions.ask_more(fresh(silent), reason="请补充", by=cast.as_rita, now=THURSDAY_10 + HOUR)
    text = desk.get(URL).content.decode()
    for told in (
        "For the consumer",
        "awarded ¥99.00",
        "round 2",
        "No statement in time",
        "Counts in the liability rate",
    ):
        assert told in text


def test_without_any_case_the_page_says_what_will_come(desk):
    assert "No arbitration case yet" in desk.get(URL).content.decode()


def test_an_empty_tab_leads_to_all_cases(cast, desk):
    open_case(cast)
    assert "Show all cases" in desk.get(URL, {"tab": "closed"}).content.decode()


def test_an_unknown_tab_is_said_to_be_none_and_shows_nothing(cast, desk):
    open_case(cast)
    page = desk.get(URL, {"tab": "nonsense"})
    assert page.status_code == 400 and listed(page) == [] and "There is no such tab" in page.content.decode()


# Filters
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"order": "777"}, 1),
        ({"order": "778"}, 0),
        ({"outcome": "shared"}, 1),
        ({"outcome": "consumer"}, 0),
        ({"blame": "both"}, 1),
        ({"blame": "merchant"}, 0),
        ({"counts": "yes"}, 1),
        ({"counts": "no"}, 0),
        ({"late": "no"}, 1),
        ({"late": "yes"}, 0),
        ({"order": "777", "blame": "merchant"}, 0),
    ],
)
def test_filters_keep_what_they_say(cast, desk, asked, found):
    ruled(cast, order=OrderFactory(shop=cast.shop, no="6021-777"), outcome="shared", blame="both")
    page = desk.get(URL, asked)
    assert len(listed(page)) == found and tabs(page)["All"] == tabs(page)["Awaiting payment"] == found


def test_a_case_is_found_by_its_number(cast, desk):
    wanted, _other = open_case(cast), open_case(cast)
    assert listed(desk.get(URL, {"no": f" {wanted.no} "})) == [wanted.no]


@pytest.mark.parametrize("said", [{"counts": False, "scene": "courier"}, {"blame": "platform"}])
def test_an_excepted_scene_and_anothers_blame_do_not_count(cast, desk, said):
    case = ruled(cast, **said)
    assert listed(desk.get(URL, {"counts": "yes"})) == []
    assert listed(desk.get(URL, {"counts": "no"})) == [case.no]


def test_late_are_those_who_were_silent_whether_or_not_a_worker_has_noticed(cast, desk, at):
    case, spoken = open_case(cast), open_case(cast)
    actions.state_case(spoken, text="完好", by=cast.as_bob, now=TUESDAY_10)
    at(THURSDAY_10)
    assert listed(desk.get(URL, {"late": "yes"})) == []
    at(THURSDAY_10 + SECOND)
    assert listed(desk.get(URL, {"late": "yes"})) == [case.no]
    sweep_at(THURSDAY_10 + SECOND)
    assert listed(desk.get(URL, {"late": "yes"})) == [case.no]
    assert listed(desk.get(URL, {"late": "no"})) == [spoken.no]


def test_late_are_those_who_did_not_pay_in_time(cast, desk, at):
    case = ruled(cast)
    at(case.pay_due)
    assert listed(desk.get(URL, {"late": "yes"})) == []
    at(case.pay_due + SECOND)
    assert listed(desk.get(URL, {"late": "yes"})) == [case.no]


@pytest.mark.parametrize("large", [True, False])
def test_what_the_platform_pays_in_advance_was_late(cast, desk, large):
    order = OrderFactory(shop=cast.shop, amount_fen=500_000)
    no = unpaid(cast, order=order, award_fen=400_000).no if large else compensated(cast).case.no
    assert listed(desk.get(URL, {"late": "yes"})) == [no]
    assert listed(desk.get(URL, {"late": "no"})) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"opened_from": "2026-03-03", "opened_to": "2026-03-03"}, ["tuesday"]),
        ({"opened_to": "2026-03-02"}, ["monday"]),
        ({"opened_from": "2026-03-03"}, ["tuesday"]),
        ({"opened_from": "2026-03-02", "opened_to": "2026-03-03"}, ["monday", "tuesday"]),
        ({"opened_from": "2026-03-04"}, []),
    ],
)
def test_days_are_shanghais_and_both_ends_belong_to_it(cast, desk, asked, found):
    made = {"monday": open_case(cast, now=MONDAY_NIGHT).no, "tuesday": open_case(cast, now=TUESDAY_NIGHT).no}
    assert sorted(listed(desk.get(URL, asked))) == sorted(made[day] for day in found)


@pytest.mark.parametrize(
    "asked",
    [
        {"opened_from": "yesterday"},
        {"opened_to": "9999-12-31"},
        {"opened_from": "2026-03-03", "opened_to": "2026-03-02"},
        {"outcome": "nonsense"},
        {"counts": "maybe"},
        {"no": "AR\x00"},
    ],
)
def test_bad_input_is_marked_at_its_field_and_nothing_is_listed(cast, desk, asked):
    open_case(cast)
    page = desk.get(URL, asked)
    assert page.status_code == 400 and set(page.context["filter"].form.errors) & set(asked)
    assert listed(page) == [] and tabs(page)["All"] is None


def test_filters_that_are_set_are_open_counted_and_can_be_cleared(cast, desk):
    open_case(cast)
    text = desk.get(URL, {"tab": "all", "outcome": "shared", "late": "yes"}).content.decode()
    assert "2 active" in text and "Nothing matches these filters." in text and 'href="?tab=all"' in text


# Pages
def fill(cast, number):
    """Many cases, copied: what is told of each does not matter here."""
    first = open_case(cast)
    copies = [Case.everything.get(pk=first.pk) for _n in range(number - 1)]
    for n, copy in enumerate(copies):
        copy.pk, copy.no, copy.after_sale = None, f"ARCOPY{n:04d}", AfterSaleFactory(order=first.order)
    Case.everything.bulk_create(copies)


@pytest.mark.parametrize(("number", "second"), [(50, 404), (51, 200)])
def test_fifty_stand_on_a_page(cast, desk, number, second):
    fill(cast, number)
    assert len(listed(desk.get(URL))) == 50
    assert desk.get(URL, {"page": 2}).status_code == second


def test_a_full_page_takes_at_most_twelve_statements(cast, desk, django_assert_max_num_queries):
    fill(cast, 60)
    with django_assert_max_num_queries(12):
        page = desk.get(URL, {"tab": "all", "late": "no"})
    assert page.context["next_query"] == "tab=all&late=no&page=2"


# Who
def test_exports_are_greyed_with_the_reason_for_a_post_that_may_not(cast, desk):
    text = desk.get(URL).content.decode()
    assert "This post (售后客服) may not export cases and money" in text and "export/csv/" not in text
    desk.force_login(cast.alice)
    assert f"{URL}export/csv/?tab=all" in desk.get(f"{URL}?tab=all").content.decode()


def test_the_sidebar_counts_what_waits_for_the_merchant(cast, desk):
    ruled(cast), arbitrating(cast), open_case(cast)
    items = desk.get(URL).context_data["sidebar_navigation"][0]["items"]
    assert next(item["badge"] for item in items if item["link"] == URL) == "2"


def test_cases_of_another_shop_are_not_among_ones_own(cast, desk):
    open_case(cast)
    desk.force_login(cast.charlie)
    assert desk.get(URL).status_code == 404
    page = desk.get("/s/S002/cases/")
    assert listed(page) == [] and tabs(page)["All"] == 0
