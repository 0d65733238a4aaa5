"""The liability rate as merchants and the platform's people read it: a month, its cases, twelve months, all shops."""

from datetime import date

import pytest
from django.urls import reverse

from disputes import actions
from disputes.awards import Rate
from tests import case_stories
from tests.appeal_stories import grant, submit
from tests.case_stories import HOUR, fresh, open_case, ruled
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai

URL = "/s/S001/liability/"
MARCH = shanghai("2026-03-01 12:00")


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser on a Tuesday in March, in English."""
    at(TUESDAY_10)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def order(cast, paid_at=MARCH, **more):
    return OrderFactory(shop=cast.shop, paid_at=paid_at, **more)


def lost(cast, **more):
    return ruled(cast, order=order(cast), **more)


def words(answer):
    return " ".join(answer.content.decode().split())


def told(answer):
    """{case number: (why, rate without it, rate with it)}."""
    return {
        line.case.no: (why, line.effect.before.percent, line.effect.after.percent)
        for line, why, _appeal in answer.context["lines"]
    }


# The merchant's page
def test_the_rate_stands_with_its_numerator_and_denominator_and_what_it_means(cast, desk):
    lost(cast)
    for _order in range(3):
        order(cast)
    page = desk.get(URL)
    assert page.context["rate"] == Rate(1, 4)
    assert "25.00%" in words(page) and "1 of 4 paid orders count" in words(page)
    assert "An order counts once." in words(page)


def test_each_case_says_what_it_did_and_why_it_counts_or_does_not(cast, desk):
    counting, shared = lost(cast), lost(cast, outcome="shared", blame="platform")
    excepted, won = lost(cast, counts=False, scene="courier"), lost(cast, outcome="merchant")
    open_ = open_case(cast, order=order(cast))
    assert told(desk.get(URL)) == {
        counting.no: ("Ruled “For the consumer”, to blame: Merchant.", "0.00%", "20.00%"),
        shared.no: ("Ruled “Shared”, but to blame: Platform.", "20.00%", "20.00%"),
        excepted.no: ("It does not count: The courier's fault.", "20.00%", "20.00%"),
        won.no: ("It was ruled for the merchant.", "20.00%", "20.00%"),
        open_.no: ("It is not decided yet.", "20.00%", "20.00%"),
    }


def test_what_was_agreed_or_withdrawn_does_not_count(cast, desk):
    offer = actions.offer(
        open_case(cast, order=order(cast)), remedy="amount", amount_fen=1, by=cast.as_alice, now=TUESDAY_10
    )
    agreed = actions.accept(offer, now=TUESDAY_10)
    withdrawn = actions.withdraw(open_case(cast, order=order(cast)), now=TUESDAY_10)
    shown = told(desk.get(URL))
    assert shown[agreed.no][0] == "Both sides agreed."
    assert shown[withdrawn.no][0] == "The consumer withdrew his claim."


def test_a_cleared_case_names_the_appeal_that_took_it_out(cast, desk):
    case = lost(cast)
    appeal = grant(submit(case, cast), cast, now=TUESDAY_10 + 5 * HOUR)
    page = desk.get(URL)
    assert told(page)[case.no][0] == "A granted appeal took it out."
    assert f"/s/S001/appeals/{appeal.no}/" in words(page)


def test_two_counting_cases_of_an_order_say_that_it_counts_once(cast, desk):
    twice = order(cast)
    for _case in range(2):
        ruled(cast, order=twice)
    page = desk.get(URL)
    assert page.context["rate"] == Rate(1, 1)
    assert words(page).count("the order counts once") == 2


def test_twelve_months_lead_to_each_other(cast, desk):
    lost(cast)
    order(cast, shanghai("2025-12-31 23:59"))
    months = desk.get(URL).context["months"]
    assert (months[0].month, months[-1].month) == (date(2026, 3, 1), date(2025, 4, 1))
    assert [one.rate for one in months if one.rate.orders] == [Rate(1, 1), Rate(0, 1)]
    december = desk.get(URL, {"month": "2025-12"})
    assert (december.context["rate"], december.context["lines"]) == (Rate(0, 1), [])
    assert "month=2026-03" in words(december)


@pytest.mark.parametrize("month", ["2020-01", "2026-04", "2031-07", "2000-01", "2099-12"])
def test_any_other_month_can_be_asked_for(cast, desk, month):
    page = desk.get(URL, {"month": month})
    assert page.status_code == 200
    assert f"{page.context['month']:%Y-%m}" == month
    assert [one.is_shown for one in page.context["months"]].count(True) == 1


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "nonsense", "1999-12", "2100-01", "２０２６-03", "2026-3"])
def test_what_is_no_month_is_said(cast, desk, month):
    page = desk.get(URL, {"month": month, "page": "x"})
    assert page.status_code == 400 and "There is no such month" in words(page)


@pytest.mark.parametrize(("paid_at", "there"), [("2026-03-31 23:59:59.999999", 1), ("2026-04-01 00:00", 0)])
def test_the_month_ends_at_midnight_in_shanghai(cast, desk, paid_at, there):
    ruled(cast, order=order(cast, shanghai(paid_at)))
    page = desk.get(URL, {"month": "2026-03"})
    assert (page.context["rate"], len(page.context["lines"])) == (Rate(there, there), there)


def test_the_page_costs_the_same_with_more_cases(cast, desk, django_assert_num_queries):
    lost(cast)
    with django_assert_num_queries(7) as few:
        desk.get(URL)
    for _case in range(4):
        lost(cast)
    with django_assert_num_queries(len(few)):
        desk.get(URL)


def test_many_cases_are_paged_and_no_other_page_is_there(cast, desk, monkeypatch):
    monkeypatch.setattr("disputes.liability.PAGE_SIZE", 2)
    for _case in range(3):
        lost(cast)
    assert len(desk.get(URL, {"month": "2026-03", "page": 2}).context["lines"]) == 1
    assert desk.get(URL, {"page": 3}).status_code == 404


def test_another_shops_rate_is_not_there(cast, desk):
    lost(cast)
    desk.force_login(cast.charlie)
    assert desk.get(URL).status_code == 404
    assert desk.get("/s/S002/liability/").context["rate"] == Rate(0, 0)


# The platform's
def desk_url(*args):
    return reverse("platform:liability" if args else "platform:liability-list", args=args)


def test_of_all_shops_the_highest_rate_comes_first(cast, desk):
    lost(cast)
    OrderFactory(shop=cast.other_shop, paid_at=MARCH)
    desk.force_login(cast.ray)
    page = desk.get(desk_url())
    assert page.context["rows"] == [(cast.shop, Rate(1, 1)), (cast.other_shop, Rate(0, 1))]
    assert desk.get(desk_url(), {"q": "s002"}).context["rows"] == [(cast.other_shop, Rate(0, 1))]
    assert desk.get(desk_url(), {"q": "nobody"}).context["rows"] == []
    assert desk.get(desk_url(), {"month": "2026-02"}).context["rows"] == []


def test_a_shops_month_is_read_as_the_merchant_reads_it(cast, desk):
    case = fresh(lost(cast))
    appeal = grant(submit(case, cast), cast, now=TUESDAY_10 + 5 * HOUR)
    mine = told(desk.get(URL))
    desk.force_login(cast.olive)
    page = desk.get(desk_url("S001"), {"month": "2026-03"})
    assert told(page) == mine
    assert reverse("platform:disputes_appeal_change", args=[appeal.pk]) in words(page)
    assert reverse("platform:disputes_case_change", args=[case.pk]) in words(page)


@pytest.mark.parametrize(("who", "status"), [("pia", 200), ("rita", 200), ("olive", 200), ("alice", 403)])
def test_the_platforms_people_see_it(cast, desk, who, status):
    desk.force_login(getattr(cast, who))
    for address in (desk_url(), desk_url("S001")):
        assert desk.get(address).status_code == status


def test_bad_months_pages_and_shops_are_refused(cast, desk):
    desk.force_login(cast.ray)
    assert desk.get(desk_url(), {"month": "nonsense"}).status_code == 400
    assert desk.get(desk_url("S001"), {"month": "nonsense"}).status_code == 400
    assert desk.get(desk_url(), {"page": "9"}).status_code == 404
    assert desk.get(desk_url("S999")).status_code == 404


def test_before_the_ruling_the_merchant_reads_what_one_against_him_would_do(cast, at, client):
    client.force_login(cast.alice)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    open_one = client.get(f"/s/S001/cases/{case_stories.open_case(cast).no}/").text
    assert "If it is ruled against the shop" in open_one
    assert "0.00% before (0 of 1 orders), 100.00% after (1 of 1)" in open_one
    decided = client.get(f"/s/S001/cases/{case_stories.ruled(cast, outcome='merchant').no}/").text
    assert "If it is ruled against the shop" not in decided
