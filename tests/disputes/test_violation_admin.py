"""The reviewers' desk for violations: proposed, weighed, judged; auditors and agents read."""

import pytest
from django.urls import reverse

from disputes.models import Penalty, Violation, ViolationState
from tests import case_stories, stories
from tests.case_stories import DAY, SECOND, fund
from tests.disputes.test_punishing import found, fresh, upheld
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10

NOW = TUESDAY_10


def url(name, *args):
    return reverse(f"platform:disputes_violation_{name}", args=args)


@pytest.fixture
def desk(cast, at, client):
    """Rita's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.rita)
    return client


def text(answer):
    return " ".join(answer.content.decode().split())


def hidden(page):
    """What the page carries along: the stamp and the step that it showed."""
    return {"expect": page.context["stamp"], "expect_step": page.context["coming"].threshold}


def proposal(cast, **changed):
    return {"shop_no": cast.shop.no, "kind": "abuse", "detail": "辱骂消费者", "quantity": "1", **changed}


# The queue
def test_what_is_proposed_comes_first_the_oldest_on_top(cast, desk):
    old, new = found(cast, now=NOW - DAY), found(cast)
    done = upheld(cast, now=NOW - 2 * DAY)
    rows = list(desk.get(url("changelist")).context["cl"].result_list)
    assert rows == [old, new, done]


def test_the_list_is_found_by_request_order_shop_and_account(cast, desk):
    request = stories.send(cast)
    one = found(cast, source="request", request=request)
    two = found(cast, kind="copied_video", account="账号甲")
    assert list(desk.get(url("changelist"), {"q": request.no}).context["cl"].result_list) == [one]
    assert list(desk.get(url("changelist"), {"q": "账号甲"}).context["cl"].result_list) == [two]


def test_the_sidebar_says_how_many_wait(cast, desk):
    found(cast)
    upheld(cast)
    assert desk.get(url("changelist")).wsgi_request.waiting["violations"] == 1


# Judging
def test_the_consequence_is_shown_before_it_is_applied(cast, desk):
    fund(cast.shop, deposit=60_000)
    violation = found(cast, kind="abuse")
    page = desk.get(url("uphold", violation.pk))
    for words in ("0 before it, 1 with it", "12 → 8 of 12", "¥600.00 → ¥0.00", "¥0.00 → ¥400.00"):
        assert words in text(page)
    assert "from 2 on: Suspension" in text(page)
    assert not Penalty.everything.exists()


def test_upheld_it_applies_what_was_shown(cast, desk):
    violation = found(cast, kind="abuse")
    page = desk.get(url("uphold", violation.pk))
    answer = desk.post(url("uphold", violation.pk), {**hidden(page), "reason": "聊天记录属实"})
    assert answer.status_code == 302
    violation = fresh(violation)
    assert (violation.state, violation.decision, violation.decided_by) == (
        ViolationState.UPHELD,
        "聊天记录属实",
        cast.rita,
    )
    assert "4 credit points taken" in text(desk.get(url("change", violation.pk)))


def test_a_consequence_that_changed_since_it_was_shown_is_not_applied(cast, desk):
    violation = found(cast, kind="abuse")
    said = {**hidden(desk.get(url("uphold", violation.pk))), "reason": "属实"}
    upheld(cast, kind="abuse")
    answer = desk.post(url("uphold", violation.pk), said)
    assert answer.status_code == 409
    assert "The consequence has changed since it was shown" in text(answer)
    assert "属实" in text(answer) and "1 before it, 2 with it" in text(answer)
    assert fresh(violation).state == ViolationState.PROPOSED


def test_two_reviewers_at_once_decide_once(cast, desk):
    violation = found(cast)
    said = {**hidden(desk.get(url("uphold", violation.pk))), "reason": "x"}
    desk.post(url("uphold", violation.pk), said)
    desk.force_login(cast.ray)
    answer = desk.post(url("uphold", violation.pk), said)
    assert answer.status_code == 409 and "Already decided" in text(answer)
    assert Penalty.everything.count() == 1


def test_an_uphold_that_never_saw_the_consequence_is_refused(cast, desk):
    violation = found(cast)
    assert desk.post(url("uphold", violation.pk), {"reason": "x"}).status_code == 400
    assert fresh(violation).state == ViolationState.PROPOSED


def test_a_dismissal_needs_its_reason(cast, desk):
    violation = found(cast)
    page = desk.get(url("dismiss", violation.pk))
    assert "The merchant is never told of it." in text(page)
    answer = desk.post(url("dismiss", violation.pk), {"expect": page.context["stamp"], "reason": ""})
    assert answer.status_code == 400 and "Say why it is no violation." in text(answer)
    desk.post(url("dismiss", violation.pk), {"expect": page.context["stamp"], "reason": "误报"})
    assert fresh(violation).state == ViolationState.DISMISSED


def test_many_are_dismissed_with_one_reason_and_what_changed_meanwhile_is_left(cast, desk):
    mine = [found(cast) for _n in range(3)]
    chosen = [one.pk for one in mine]
    page = desk.post(url("changelist"), {"action": "dismiss_chosen", "_selected_action": chosen})
    lines = [f"{one.record.pk}={one.stamp}" for one in page.context["chosen"]]
    stories_of = {**hidden(desk.get(url("uphold", mine[0].pk))), "reason": ""}
    desk.post(url("uphold", mine[0].pk), stories_of)
    answer = desk.post(url("dismiss_many"), {"chosen": lines, "reason": "历史导入"})
    assert "2 dismissed, 1 not" in text(answer) and "Already decided" in text(answer)
    states = [fresh(one).state for one in mine]
    assert states == [ViolationState.UPHELD, ViolationState.DISMISSED, ViolationState.DISMISSED]


@pytest.mark.parametrize("said", [{"reason": ""}, {"reason": "x", "chosen": ["a=b", "9" * 30]}])
def test_many_without_a_reason_or_without_any_are_none(cast, desk, said):
    violation = found(cast)
    answer = desk.post(url("dismiss_many"), {"chosen": [f"{violation.pk}=proposed:1"], **said})
    assert answer.status_code == 400
    assert fresh(violation).state == ViolationState.PROPOSED


# Proposing
def test_a_reviewer_proposes_what_he_found_and_sees_what_would_follow(cast, desk):
    answer = desk.post(url("propose"), proposal(cast), follow=True)
    violation = Violation.everything.get()
    assert (violation.source, violation.found_by, violation.state) == ("reviewer", cast.rita, "proposed")
    assert "12 → 8 of 12" in text(answer)


def test_the_buttons_of_a_request_and_a_case_lead_to_a_filled_form(cast, desk):
    request, case = stories.send(cast), case_stories.open_case(cast)
    for page, name, record in (
        ("tickets_servicerequest", "request", request),
        ("disputes_case", "case", case),
    ):
        shown = text(desk.get(reverse(f"platform:{page}_change", args=[record.pk])))
        assert f"?shop_no=S001&amp;{name}_no={record.no}" in shown
    form = desk.get(url("propose"), {"shop_no": "S001", "case_no": case.no}).context["form"]
    assert (form["shop_no"].value(), form["case_no"].value()) == ("S001", case.no)
    desk.post(url("propose"), proposal(cast, case_no=case.no, kind="forged_evidence"))
    assert Violation.everything.get().case == case
    shown = text(desk.get(reverse("platform:disputes_case_change", args=[case.pk])))
    assert Violation.everything.get().no in shown


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"shop_no": "S999"}, "There is no shop with this number."),
        ({"kind": ""}, "This field is required."),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"detail": " "}, "This field is required."),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"quantity": "1.5"}, "Enter a whole number"),
        ({"kind": "copied_video"}, "This kind is counted by account: name the account."),
        ({"order_no": "nowhere"}, "This shop has none with this number."),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_kept(cast, desk, changed, told):
    answer = desk.post(url("propose"), proposal(cast, **changed))
    assert answer.status_code == 400
    assert told in text(answer)
    assert changed.get("detail", "辱骂消费者") in text(answer)
    assert not Violation.everything.exists()


def test_another_shops_order_and_two_grounds_at_once_are_refused(cast, desk):
    other = OrderFactory(shop=cast.other_shop)
    assert "This shop has none" in text(desk.post(url("propose"), proposal(cast, order_no=other.no)))
    request, case = stories.send(cast), case_stories.open_case(cast)
    both = proposal(cast, request_no=request.no, case_no=case.no)
    assert "Name one of request, case and report" in text(desk.post(url("propose"), both))


def test_the_same_twice_is_a_409_that_names_the_first(cast, desk):
    request = stories.send(cast)
    said = proposal(cast, request_no=request.no)
    desk.post(url("propose"), said)
    answer = desk.post(url("propose"), said)
    assert answer.status_code == 409 and Violation.everything.get().no in text(answer)


# Who may
@pytest.mark.parametrize("who", ["pia", "olive"])
def test_agents_and_auditors_read_and_judge_nothing(cast, desk, who):
    violation = found(cast)
    desk.force_login(getattr(cast, who))
    page = text(desk.get(url("change", violation.pk)))
    assert violation.detail in page and url("uphold", violation.pk) not in page
    for address in (url("uphold", violation.pk), url("dismiss", violation.pk), url("propose"), url("dismiss_many")):
        assert desk.post(address, {"reason": "x", "expect_step": "1"}).status_code == 403
    assert fresh(violation).state == ViolationState.PROPOSED


def test_merchants_do_not_come_in(cast, desk):
    violation = found(cast)
    desk.force_login(cast.alice)
    assert desk.get(url("change", violation.pk)).status_code == 403


def test_a_violation_is_not_edited_and_one_that_is_not_there_is_a_404(cast, desk):
    assert desk.post(url("change", found(cast).pk), {"detail": "x"}).status_code == 403
    assert desk.get(url("change", 999_999)).status_code == 404


def test_the_page_shows_the_evidence_of_what_it_was_found_on(cast, desk):
    case = case_stories.open_case(cast)
    piece = EvidenceFactory(order=case.order, name="聊天截图.png")
    case_stories.actions.show(case, evidence=piece, by=cast.as_alice, now=NOW)
    violation = found(cast, source="case", case=case, kind="forged_evidence")
    assert "聊天截图.png" in text(desk.get(url("change", violation.pk)))


def test_the_history_tells_the_penalties_too(cast, desk):
    violation = upheld(cast, kind="abuse")
    page = text(desk.get(url("history", violation.pk)))
    assert "uphold" in page and "penalty" in page and "丽塔" in page


def test_a_page_costs_the_same_however_many_penalties(cast, desk, django_assert_max_num_queries):
    violation = upheld(cast, kind="copied_video", account="A", quantity=10)
    desk.get(url("change", violation.pk))
    with django_assert_max_num_queries(14):
        desk.get(url("change", violation.pk))
    request = stories.send(cast)
    stories.sweep_at(request.deadline + SECOND)
    waiting = Violation.everything.proposed().get()
    with django_assert_max_num_queries(16):
        desk.get(url("change", waiting.pk))
