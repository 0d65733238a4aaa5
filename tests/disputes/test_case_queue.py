"""The lists of cases on the platform site, the two queues, the first page's figures, the compensations."""

from datetime import timedelta

import pytest
from django.urls import reverse

from disputes.models import CaseState
from tests.case_stories import (
    DAY,
    HOUR,
    SECOND,
    arbitrating,
    compensated,
    fund,
    open_case,
    reach,
    ruled,
    unpaid,
)
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import sweep_at

LISTS = ["case", "inarbitration", "awaitingsecond", "compensation"]
LATER = TUESDAY_10 + 10 * DAY


def url(name, *args):
    return reverse(f"platform:disputes_{name}", args=args)


@pytest.fixture
def rita(cast, at, client):
    """Rita's browser, ten days later; her pages are in English."""
    at(LATER)
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def shown(page):
    return [row.pk for row in page.context["cl"].result_list]


def large(cast, **more):
    """A case above the second reviewer's 1,000 yuan that was not paid in time."""
    return unpaid(cast, order=OrderFactory(shop=cast.shop, amount_fen=500_000), award_fen=400_000, **more)


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
@pytest.mark.parametrize("name", LISTS)
def test_agents_reviewers_and_auditors_see_every_list(cast, at, client, who, name):
    client.force_login(getattr(cast, who))
    assert client.get(url(f"{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_a_merchant_sees_none_of_them(cast, at, client, name):
    client.force_login(cast.alice)
    assert client.get(url(f"{name}_changelist")).status_code == 403


def test_the_arbitration_queue_holds_what_waits_longest_first(cast, rita):
    newer = arbitrating(cast, now=TUESDAY_10 + DAY)
    older = arbitrating(cast)
    open_case(cast)
    page = rita.get(url("inarbitration_changelist"))
    assert shown(page) == [older.pk, newer.pk]
    assert url("case_change", older.pk) in page.content.decode()


def test_the_second_reviewers_queue_names_the_first(cast, rita):
    case = large(cast)
    ruled(cast)
    page = rita.get(url("awaitingsecond_changelist"))
    assert shown(page) == [case.pk]
    assert "丽塔" in page.content.decode() and "¥4,000.00" in page.content.decode()


@pytest.mark.parametrize("name", ["inarbitration", "awaitingsecond"])
def test_a_row_of_a_queue_has_the_cases_own_page(cast, rita, name):
    case = arbitrating(cast) if name == "inarbitration" else large(cast)
    assert rita.get(url(f"{name}_change", case.pk))["Location"] == url("case_change", case.pk)
    assert rita.post(url(f"{name}_change", case.pk), {"state": "closed"}).status_code == 403


def test_all_cases_are_listed_the_newest_first(cast, rita):
    older, newer = open_case(cast), open_case(cast, now=TUESDAY_10 + HOUR)
    assert shown(rita.get(url("case_changelist"))) == [newer.pk, older.pk]


@pytest.mark.parametrize("state", CaseState.values)
def test_the_list_is_narrowed_by_state(cast, rita, state):
    records = {one: reach(cast, one) for one in (CaseState.COLLECTING, CaseState.ARBITRATING, CaseState.CLOSED)}
    wanted = [records[state].pk] if state in records else []
    assert shown(rita.get(url("case_changelist"), {"state__exact": state})) == wanted


def narrowed(rita, **query):
    return set(shown(rita.get(url("case_changelist"), query)))


def test_the_list_is_narrowed_by_outcome_blame_and_whether_it_counts(cast, rita):
    counts, won = ruled(cast), ruled(cast, outcome="merchant")
    excepted = ruled(cast, outcome="shared", blame="both", counts=False, scene="courier")
    assert narrowed(rita, outcome__exact="shared") == {excepted.pk}
    assert narrowed(rita, blame__exact="consumer") == {won.pk}
    assert narrowed(rita, counts="yes") == {counts.pk}
    assert narrowed(rita, counts="no") == {excepted.pk}
    assert narrowed(rita, open="yes") == {counts.pk, excepted.pk}


def test_the_list_is_narrowed_by_who_was_late_at_the_instant_itself(cast, rita, at):
    spoken, silent = ruled(cast), open_case(cast)
    at(silent.deadline)
    assert narrowed(rita, late="merchant") == narrowed(rita, late="consumer") == set()
    at(silent.deadline + SECOND)
    assert narrowed(rita, late="merchant") == narrowed(rita, late="consumer") == {silent.pk}
    sweep_at(silent.deadline + SECOND)
    assert narrowed(rita, late="merchant") == {silent.pk}
    at(spoken.pay_due)
    assert narrowed(rita, late="payment") == set()
    at(spoken.pay_due + SECOND)
    assert narrowed(rita, late="payment") == {spoken.pk}
    sweep_at(spoken.pay_due + SECOND)
    assert narrowed(rita, late="payment") == {spoken.pk}


def test_the_list_is_narrowed_by_the_second_reviewers_amount(cast, rita):
    rich = {"order": OrderFactory(shop=cast.shop, amount_fen=500_000)}
    ruled(cast, award_fen=100_000, **rich)
    above = ruled(cast, award_fen=100_001, **rich)
    assert narrowed(rita, large="yes") == {above.pk}


@pytest.mark.parametrize("by", ["no", "order", "after_sale", "shop"])
def test_a_case_is_found_by_each_of_its_numbers(cast, rita, by):
    case = open_case(cast)
    open_case(cast, order=OrderFactory(shop=cast.other_shop))
    words = case.no if by == "no" else getattr(case, by).no
    assert narrowed(rita, q=words) == {case.pk}


def test_compensations_tell_whence_the_money_came(cast, rita):
    paid = compensated(cast, deposit=5_000, other=2_000)
    page = rita.get(url("compensation_changelist"))
    assert shown(page) == [paid.pk]
    for told in ("¥99.00", "¥50.00", "¥20.00", "¥29.00"):
        assert told in page.content.decode()
    for query, there in ({"owed": "yes"}, True), ({"refunded": "yes"}, False), ({"unsettled": "yes"}, True):
        assert bool(shown(rita.get(url("compensation_changelist"), query))) is there
    assert shown(rita.get(url("compensation_changelist"), {"q": paid.case.no})) == [paid.pk]


def test_the_page_of_a_compensation_lists_its_entries(cast, rita):
    paid, other = compensated(cast, deposit=5_000), compensated(cast, deposit=0)
    page = rita.get(url("compensation_change", paid.pk))
    entries = [(entry.get_cause_display(), entry.amount_fen) for entry in page.context["transfers"]]
    assert entries == [("Taken from the shop", 5_000), ("Taken from the shop", 4_900), ("Paid to the consumer", 9_900)]
    assert url("case_change", paid.case_id) in page.content.decode()
    assert other.no not in page.content.decode()
    assert rita.post(url("compensation_change", paid.pk), {"amount_fen": "1"}).status_code == 403


def test_the_first_page_counts_cases_and_leads_to_them(cast, rita):
    arbitrating(cast), arbitrating(cast), large(cast)
    page = rita.get(reverse("platform:index"))
    figures = {str(title): (number, link) for title, number, _tone, link in page.context["figures"]}
    assert figures["Cases to arbitrate"] == (2, url("inarbitration_changelist"))
    assert figures["Awaiting the second reviewer"] == (1, url("awaitingsecond_changelist"))
    assert len(figures) == 12
    for _number, link in figures.values():
        assert rita.get(link).status_code == 200


def test_the_sidebar_counts_what_waits_and_offers_each_role_what_it_may_do(cast, at, client):
    arbitrating(cast)
    offered = {}
    for who in ("pia", "rita", "olive"):
        client.force_login(getattr(cast, who))
        groups = client.get(url("case_changelist")).context_data["sidebar_navigation"]
        offered[who] = {item["link"]: item.get("badge") for group in groups for item in group["items"]}
    assert url("case_open") in offered["pia"]
    assert not {url("case_open")} & (offered["rita"].keys() | offered["olive"].keys())
    assert offered["olive"][url("inarbitration_changelist")] == "1"
    assert offered["olive"][url("awaitingsecond_changelist")] is None


def test_the_pages_to_open_a_case_mark_their_own_entry_alone(cast, at, client):
    client.force_login(cast.pia)
    for page in (url("case_open"), url("case_open_on", open_case(cast).after_sale_id)):
        groups = client.get(page).context_data["sidebar_navigation"]
        assert [item["link"] for group in groups for item in group["items"] if item["active"]] == [url("case_open")]


def test_what_the_consumer_is_written_is_named_in_words(cast, at, client):
    open_case(cast)
    client.force_login(cast.olive)
    page = client.get(reverse("platform:shop_cs_consumermessage_changelist"), headers={"accept-language": "en"})
    assert "to be heard in a case" in page.content.decode()


def test_a_list_needs_as_many_statements_for_ten_rows_as_for_one(cast, at, client, django_assert_max_num_queries):
    fund(cast.shop, deposit=10_000)
    for _ in range(5):
        unpaid(cast), arbitrating(cast, now=TUESDAY_10 + 9 * DAY), large(cast)
    at(TUESDAY_10 + 9 * DAY + timedelta(hours=3))
    client.force_login(cast.rita)
    for name in LISTS:
        with django_assert_max_num_queries(14):
            assert client.get(url(f"{name}_changelist")).status_code == 200
