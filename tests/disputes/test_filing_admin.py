"""Filings in the platform's desk: the queue, what an approval would cover and explain, and the decision."""

from datetime import timedelta

import pytest
from django.urls import reverse

from disputes import actions
from disputes.models import Filing, Violation
from tests.case_stories import open_case
from tests.disputes.test_coverage import ZHEJIANG, filed
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import send, sweep_at

THURSDAY_10 = shanghai("2026-03-05 10:00")
FRIDAY = shanghai("2026-03-06 10:00")


def url(what, *args):
    return reverse(f"platform:disputes_filing_{what}", args=args)


def text_of(answer):
    return answer.content.decode()


def state_of(record):
    return Filing.everything.get(pk=record.pk).state


@pytest.fixture
def rita(cast, at, client):
    """Rita's browser, on Friday; her pages are in English."""
    at(FRIDAY)
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def waiting(cast):
    """A filing that covers a request that became overdue, and a case."""
    record = filed(cast, state="submitted", regions=ZHEJIANG)
    send(cast)
    open_case(cast)
    sweep_at(THURSDAY_10 + timedelta(seconds=1))
    return record


def test_what_waits_comes_first_the_oldest_on_top(cast, rita):
    decided, newer, older = (
        filed(cast, courier="中通"),
        *(filed(cast, state="submitted", courier="中通") for _n in "ab"),
    )
    Filing.everything.filter(pk=older.pk).update(made_at=TUESDAY_10 - timedelta(days=1))
    page = rita.get(url("changelist"))
    assert [record.pk for record in page.context["cl"].result_list] == [older.pk, newer.pk, decided.pk]
    assert "Courier: 中通" in text_of(page)


def test_the_list_is_filtered_by_status_and_found_by_order(cast, rita):
    record = filed(cast, orders=[OrderFactory(shop=cast.shop, no="6021-777")])
    filed(cast, state="submitted", regions=ZHEJIANG)
    for asked in ({"state__exact": "approved"}, {"q": "6021-777"}):
        assert [one.pk for one in rita.get(url("changelist"), asked).context["cl"].result_list] == [record.pk]


def test_before_deciding_the_page_says_what_an_approval_would_cover_and_explain(cast, rita, waiting):
    for page in (rita.get(url("change", waiting.pk)), rita.get(url("approve", waiting.pk))):
        extent = page.context["extent"]
        assert (extent.requests, extent.cases, extent.violations) == (1, 1, 1)
        assert "Violations explained, if approved" in text_of(page)


def test_a_reviewer_approves_and_the_violation_is_excused(cast, rita, waiting):
    said = {"reason": "属实", "expect": "submitted:1"}
    assert rita.post(url("approve", waiting.pk), said).status_code == 302
    record = Filing.everything.get(pk=waiting.pk)
    assert (record.state, record.decided_by, record.decision) == ("approved", cast.rita, "属实")
    assert Violation.everything.get().state == "excused"
    assert rita.get(url("change", waiting.pk)).context["extent"].violations == 1


def test_an_approval_needs_no_reason(rita, waiting):
    rita.post(url("approve", waiting.pk), {"reason": "", "expect": "submitted:1"})
    assert state_of(waiting) == "approved"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_rejection_needs_one(rita, waiting, reason):
    answer = rita.post(url("reject", waiting.pk), {"reason": reason, "expect": "submitted:1"})
    assert (answer.status_code, state_of(waiting)) == (400, "submitted")
    assert "the merchant must be able to understand it" in text_of(answer)


def test_a_rejection_leaves_what_is_held_against_the_shop(rita, waiting):
    rita.post(url("reject", waiting.pk), {"reason": "无停运公告", "expect": "submitted:1"})
    assert (state_of(waiting), Violation.everything.get().state) == ("rejected", "proposed")


def test_of_two_reviewers_the_second_is_refused_and_keeps_her_words(cast, rita, waiting):
    actions.filing.reject(waiting, reason="不实", by=cast.as_ray, now=FRIDAY)
    answer = rita.post(url("approve", waiting.pk), {"reason": "我认为属实", "expect": "submitted:1"})
    assert answer.status_code == 409 and state_of(waiting) == "rejected"
    assert "Already decided" in text_of(answer) and "我认为属实" in text_of(answer)


def test_the_form_to_decide_what_is_withdrawn_says_so(cast, rita, waiting):
    actions.filing.withdraw(waiting, by=cast.as_alice, now=FRIDAY)
    answer = rita.get(url("approve", waiting.pk))
    assert answer.status_code == 409 and "Already decided" in text_of(answer)


@pytest.mark.parametrize("who", ["pia", "olive", "alice"])
def test_only_reviewers_decide(cast, at, client, waiting, who):
    client.force_login(getattr(cast, who))
    for verb in ("approve", "reject"):
        assert client.post(url(verb, waiting.pk), {"reason": "x", "expect": "submitted:1"}).status_code == 403
    assert state_of(waiting) == "submitted"


@pytest.mark.parametrize(("who", "status"), [("pia", 200), ("olive", 200), ("alice", 403)])
def test_the_platforms_people_read_filings(cast, at, client, waiting, who, status):
    client.force_login(getattr(cast, who))
    assert client.get(url("changelist")).status_code == status
    assert client.get(url("change", waiting.pk)).status_code == status


def test_filings_are_not_edited(rita, waiting):
    assert rita.post(url("change", waiting.pk), {"text": "x"}).status_code == 403


def test_its_history_has_orders_and_evidence(cast, rita):
    record = actions.filing.submit(
        shop=cast.shop,
        kind="courier_lost",
        text="丢件",
        starts_at=TUESDAY_10,
        ends_at=FRIDAY,
        orders=[OrderFactory(shop=cast.shop)],
        by=cast.as_alice,
        now=TUESDAY_10,
    )
    changes = rita.get(url("history", record.pk)).context["changes"]
    assert {str(change.about) for change in changes} >= {"filed order"}


def test_covered_requests_and_cases_say_so_in_the_desk(cast, rita, waiting):
    actions.filing.approve(waiting, by=cast.as_rita, now=FRIDAY)
    page = rita.get(url("change", waiting.pk))
    request, case = page.context["requests"][0], page.context["cases"][0]
    for address in (
        reverse("platform:tickets_servicerequest_change", args=[request.pk]),
        reverse("platform:disputes_case_change", args=[case.pk]),
    ):
        assert address in text_of(page)
        text = text_of(rita.get(address))
        assert "Covered by a filing" in text and url("change", waiting.pk) in text
