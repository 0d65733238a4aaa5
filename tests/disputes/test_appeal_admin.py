"""Appeals in the platform's desk: the queue, the page with all of the subject, the decision with what it changes."""

import pytest
from django.urls import reverse

from disputes import actions
from disputes.actions import appealing
from shop_cs import ledger
from shop_cs.models import Transfer
from tests.appeal_stories import AFTER, grant_part, punished, submit
from tests.case_stories import CLAIM_FEN, DAY, HOUR, compensated, fresh, proof, ruled
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai

LATER = TUESDAY_10 + 4 * HOUR


def url(name, *args):
    return reverse(f"platform:disputes_appeal_{name}", args=args)


def typed(**said):
    return {"reason": "证据被误读", "expect": "open:1", **said}


def words(answer):
    return " ".join(answer.content.decode().split())


def listed(answer):
    return [record.no for record in answer.context["cl"].result_list]


@pytest.fixture
def ray(cast, at, client):
    """Ray's browser, four days on, in English."""
    at(AFTER)
    client.force_login(cast.ray)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


# The queue
def test_what_waits_comes_first_the_oldest_and_then_what_is_decided(cast, ray):
    younger = submit(ruled(cast), cast, now=LATER + HOUR)
    older = submit(ruled(cast), cast, now=LATER)
    denied = appealing.deny(submit(ruled(cast), cast, now=LATER), reason="证据不足", by=cast.as_ray, now=LATER)
    assert listed(ray.get(url("changelist"))) == [older.no, younger.no, denied.no]
    assert listed(ray.get(url("changelist"), {"state__exact": "open"})) == [older.no, younger.no]


@pytest.mark.parametrize(("against", "there"), [("case", 1), ("compensation", 0), ("violation", 1), ("nonsense", 2)])
def test_the_list_is_narrowed_by_what_they_are_against(cast, ray, against, there):
    submit(ruled(cast), cast)
    submit(punished(cast), cast)
    answer = ray.get(url("changelist"), {"against": against})
    assert len(listed(answer)) == there


def test_an_appeal_is_found_by_its_order_and_by_what_it_is_against(cast, ray):
    case = ruled(cast)
    appeal = submit(case, cast)
    submit(ruled(cast), cast)
    for asked in (appeal.no, case.no, case.order.no):
        assert listed(ray.get(url("changelist"), {"q": asked})) == [appeal.no]


def test_the_queue_costs_no_more_with_more_rows(cast, ray, django_assert_num_queries, django_assert_max_num_queries):
    submit(ruled(cast), cast)
    with django_assert_max_num_queries(14) as few:
        ray.get(url("changelist"))
    for _appeal in range(3):
        submit(ruled(cast), cast)
    with django_assert_num_queries(len(few)):
        ray.get(url("changelist"))


# The page
def test_the_page_shows_all_of_the_subject_with_money_and_rate(cast, ray):
    compensation = compensated(cast, order=OrderFactory(shop=cast.shop, paid_at=shanghai("2026-03-01 12:00")))
    case = compensation.case
    appeal = submit(compensation, cast, evidence=[(proof(case), "出库录像")])
    text = words(ray.get(url("change", appeal.pk)))
    for told in (appeal.text, case.claim, case.merchant_statement, case.ruling_reason, "出库录像", compensation.no):
        assert told in text
    assert "¥99.00 come back to the deposit" in text
    assert "100.00% before (1 of 1 orders), 0.00% after (0 of 1)" in text


def test_of_a_violation_it_shows_the_measures(cast, ray):
    text = words(ray.get(url("change", submit(punished(cast), cast).pk)))
    assert "辱骂消费者" in text and "Deducted from the deposit" in text and "¥1,000.00" in text


def test_the_case_leads_to_its_appeal(cast, ray):
    appeal = submit(ruled(cast), cast)
    assert appeal.no in words(ray.get(reverse("platform:disputes_case_change", args=[appeal.case_id])))


def test_the_history_of_an_appeal_is_read(cast, ray):
    appeal = grant_part(submit(compensated(cast), cast), cast, 4_000)
    assert "双方都有责任" in words(ray.get(url("history", appeal.pk)))


# Deciding
def test_in_full_the_amount_that_was_shown_comes_back(cast, ray):
    compensation = compensated(cast)
    appeal = submit(compensation, cast)
    assert 'name="refund_fen" value="9900"' in words(ray.get(url("grant", appeal.pk)))
    answer = ray.post(url("grant", appeal.pk), typed(refund_fen=CLAIM_FEN))
    assert (answer.status_code, answer["Location"]) == (302, url("changelist"))
    assert (fresh(appeal).state, fresh(appeal).decided_by) == ("granted", cast.ray)
    assert ledger.balances(cast.shop).deposit == 100_000
    assert fresh(appeal).history.latest().actor_role == "reviewer"


def test_in_part_the_amount_that_was_typed_comes_back(cast, ray):
    appeal = submit(compensated(cast), cast)
    assert "Above 0 and below ¥99.00." in words(ray.get(url("grant_part", appeal.pk)))
    assert ray.post(url("grant_part", appeal.pk), typed(refund_fen="40.5")).status_code == 302
    assert Transfer.everything.get(cause="refund").amount_fen == 4_050


@pytest.mark.parametrize("yuan", ["", "0", "-1", "99", "99.01", "1.234", "much"])
def test_another_part_is_refused_and_what_was_typed_is_kept(cast, ray, yuan):
    appeal = submit(compensated(cast), cast)
    answer = ray.post(url("grant_part", appeal.pk), typed(refund_fen=yuan))
    assert answer.status_code == 400
    assert answer.context["form"]["reason"].value() == "证据被误读"
    assert (fresh(appeal).state, Transfer.everything.filter(cause="refund").count()) == ("open", 0)


@pytest.mark.parametrize("verb", ["grant", "grant_part", "deny"])
def test_a_decision_without_a_reason_is_refused(cast, ray, verb):
    appeal = submit(compensated(cast), cast)
    answer = ray.post(url(verb, appeal.pk), typed(reason=" ", refund_fen="40"))
    assert answer.status_code == 400 and "Say why" in words(answer)
    assert fresh(appeal).state == "open"


def test_denied_it_stays_as_it_is(cast, ray):
    compensation = compensated(cast)
    appeal = submit(compensation, cast)
    assert ray.post(url("deny", appeal.pk), typed(reason="证据不足")).status_code == 302
    assert (fresh(appeal).state, fresh(compensation).refunded_fen) == ("denied", 0)


def test_where_the_merchant_paid_himself_it_is_said_that_no_money_comes_back(cast, ray):
    case = ruled(cast)
    case = actions.pay(case, note="已转账", evidence=[(proof(case), "")], by=cast.as_alice, now=LATER)
    appeal = submit(case, cast)
    assert "No money comes back" in words(ray.get(url("grant", appeal.pk)))
    assert ray.get(url("grant_part", appeal.pk)).status_code == 400
    assert ray.post(url("grant", appeal.pk), typed(refund_fen=0)).status_code == 302
    assert not Transfer.everything.exists()


def test_a_violation_cannot_be_revoked_in_part(cast, ray):
    appeal = submit(punished(cast), cast)
    assert "in full or not at all" in words(ray.get(url("change", appeal.pk)))
    assert ray.post(url("grant_part", appeal.pk), typed(refund_fen="5")).status_code == 400
    assert fresh(appeal).state == "open"


# Who may
def test_who_ruled_is_told_that_another_decides(cast, ray):
    appeal = submit(ruled(cast), cast)
    ray.force_login(cast.rita)
    text = words(ray.get(url("change", appeal.pk)))
    assert "The appeal is against your own decision: another reviewer decides it." in text
    for verb in ("grant", "deny"):
        assert ray.get(url(verb, appeal.pk)).status_code == 403
        answer = ray.post(url(verb, appeal.pk), typed())
        assert answer.status_code == 403 and "another reviewer" in words(answer)
    assert fresh(appeal).state == "open"


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_agents_and_auditors_read_and_decide_nothing(cast, ray, who):
    appeal = submit(ruled(cast), cast)
    ray.force_login(getattr(cast, who))
    page = ray.get(url("change", appeal.pk))
    assert page.status_code == 200 and page.context["buttons"] == []
    for verb in ("grant", "grant_part", "deny"):
        assert ray.get(url(verb, appeal.pk)).status_code == 403
        assert ray.post(url(verb, appeal.pk), typed(refund_fen="1")).status_code == 403
    assert fresh(appeal).state == "open"


def test_merchants_do_not_come_in(cast, ray):
    appeal = submit(ruled(cast), cast)
    ray.force_login(cast.alice)
    assert ray.get(url("change", appeal.pk)).status_code == 403


def test_nothing_is_edited_by_hand(cast, ray):
    appeal = submit(ruled(cast), cast)
    assert ray.post(url("change", appeal.pk), {"state": "granted"}).status_code == 403
    assert ray.get(url("change", 10**6)).status_code == 404


# Two at once
def test_decided_by_another_meanwhile_is_said_and_the_reason_is_kept(cast, ray):
    appeal = submit(compensated(cast), cast)
    appealing.deny(appeal, reason="证据不足", by=cast.as_ray, now=AFTER)
    answer = ray.post(url("grant", appeal.pk), typed(refund_fen=CLAIM_FEN))
    assert answer.status_code == 409
    assert "Already decided" in words(answer) and answer.context["form"]["reason"].value() == "证据被误读"
    assert not Transfer.everything.filter(cause="refund").exists()


def test_an_amount_that_changed_since_the_page_was_made_is_refused_and_shown_anew(cast, ray):
    compensation = compensated(cast)
    first, second = submit(compensation.case, cast), submit(compensation, cast)
    grant_part(first, cast, 4_000)
    answer = ray.post(url("grant", second.pk), typed(refund_fen=CLAIM_FEN))
    assert answer.status_code == 409
    assert 'name="refund_fen" value="5900"' in words(answer)
    assert ray.post(url("grant", second.pk), typed(refund_fen=5_900)).status_code == 302


def test_an_old_page_is_refused(cast, ray):
    appeal = submit(ruled(cast), cast)
    assert ray.post(url("deny", appeal.pk), typed(expect="open:2")).status_code == 409
    assert fresh(appeal).state == "open"


def test_the_pages_cost_few_statements(cast, ray, django_assert_max_num_queries):
    appeal = submit(compensated(cast), cast, now=LATER + DAY * 3)
    for page in (url("change", appeal.pk), url("grant", appeal.pk)):
        ray.get(page)
        with django_assert_max_num_queries(20):
            ray.get(page)
