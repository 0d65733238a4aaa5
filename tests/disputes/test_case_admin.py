"""The page of a case on the platform site, and what reviewers decide there; the first and the second one."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from disputes import actions
from disputes.models import Case, CaseState, Compensation, Offer
from shop_cs import ledger
from tests.case_stories import (
    CLAIM_FEN,
    DAY,
    HOUR,
    SECOND,
    arbitrating,
    compensated,
    fresh,
    fund,
    open_case,
    proof,
    reach,
    ruled,
    unpaid,
)
from tests.factories import OrderFactory
from tests.people import TUESDAY_10

LATER = TUESDAY_10 + 5 * HOUR
VERBS = ["rule", "ask_more", "confirm_payment", "send_back", "refuse_payment"]


def url(name, *args):
    return reverse(f"platform:disputes_case_{name}", args=args)


def ruling(**changed):
    """For the consumer, 50 yuan, by the merchant's fault, as it is typed."""
    said = {
        "outcome": "consumer",
        "award_fen": "50",
        "blame": "merchant",
        "counts": "yes",
        "scene": "",
        "reason": "照片显示发货前已破损",
        "expect": "arbitrating:1",
    }
    return {**said, **changed}


@pytest.fixture
def rita(cast, at, client):
    """Rita's browser, Tuesday afternoon; her pages are in English."""
    at(LATER)
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def large(cast, **more):
    """4,000 yuan that Rita ruled and nobody paid in time."""
    order = OrderFactory(shop=cast.shop, amount_fen=500_000)
    return unpaid(cast, order=order, claim_fen=400_000, award_fen=400_000, **more)


def paid(cast):
    case = ruled(cast)
    return actions.pay(case, note="已转账", by=cast.as_bob, now=LATER, evidence=[(proof(case), "转账凭证")])


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
@pytest.mark.parametrize("state", CaseState.values)
def test_the_platforms_people_read_a_case_in_every_state_and_its_history(cast, at, client, who, state):
    case = reach(cast, state)
    client.force_login(getattr(cast, who))
    assert client.get(url("change", case.pk)).status_code == 200
    assert client.get(url("history", case.pk)).status_code == 200


def test_the_page_shows_all_that_both_sides_said_and_showed(cast, rita):
    case, hour = open_case(cast), TUESDAY_10 + HOUR
    shown = [(proof(case, name="出库视频.mp4"), "出库时的样子")]
    offered = actions.offer(case, remedy="amount", amount_fen=3_000, text="退三十", by=cast.as_alice, now=TUESDAY_10)
    actions.decline(offered, now=hour, comment="太少")
    actions.state_case(case, text="出库完好", by=cast.as_alice, now=hour, evidence=shown)
    actions.consumer_states(case, text="开箱即破损", now=hour)
    text = rita.get(url("change", case.pk)).content.decode()
    for told in (case.claim, "¥99.00", "出库完好", "开箱即破损", "¥30.00", "退三十", "太少"):
        assert told in text, told
    assert "出库视频.mp4" in text and "出库时的样子" in text


def test_the_page_shows_the_ruling_and_where_the_money_came_from(cast, rita):
    paid_for = compensated(cast, deposit=5_000)
    text = rita.get(url("change", paid_for.case_id)).content.decode()
    for told in ("照片显示运输前已破损", "丽塔", "It counts", paid_for.no, "¥50.00", "¥49.00"):
        assert told in text, told


def test_the_history_tells_offers_and_exhibits_too(cast, rita):
    case = open_case(cast)
    actions.offer(case, remedy="resend", by=cast.as_alice, now=TUESDAY_10)
    page = rita.get(url("history", case.pk))
    assert {change.about for change in page.context["changes"]} == {"", str(Offer._meta.verbose_name)}


def test_rita_rules_and_both_sides_are_told(cast, rita):
    case = arbitrating(cast)
    response = rita.post(url("rule", case.pk), ruling())
    assert response["Location"] == reverse("platform:disputes_inarbitration_changelist")
    case = fresh(case)
    assert (case.state, case.outcome, case.award_fen, case.blame, case.counts) == (
        CaseState.PAYING, "consumer", 5_000, "merchant", True,
    )  # fmt: skip
    assert (case.ruled_by, case.pay_due) == (cast.rita, LATER + 2 * DAY)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"outcome": "shared", "blame": "both", "counts": "no", "scene": "courier"}, (5_000, False, "courier")),
        # What does not belong to the outcome counts for nothing, though it was typed.
        ({"outcome": "merchant", "blame": "consumer", "counts": "no", "scene": "other"}, (None, True, "")),
        ({"scene": "courier"}, (5_000, True, "")),
        ({"award_fen": "199"}, (19_900, True, "")),
    ],
)
def test_what_counts_of_a_ruling_hangs_on_its_outcome(cast, rita, said, kept):
    case = arbitrating(cast)
    assert rita.post(url("rule", case.pk), ruling(**said)).status_code == 302
    case = fresh(case)
    assert (case.award_fen, case.counts, case.scene) == kept


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outcome": ""}, "This field is required."),
        ({"outcome": "settled"}, "Select a valid choice"),
        ({"award_fen": ""}, "at most the order&#x27;s ¥199.00"),
        ({"award_fen": "199.01"}, "at most the order&#x27;s ¥199.00"),
        ({"award_fen": "-5"}, "greater than or equal to 0.01"),
        ({"blame": ""}, "This field is required."),
        ({"outcome": "merchant"}, "does not blame the merchant"),
        ({"counts": "no"}, "Name the scene"),
        ({"reason": " "}, "both sides must be able to understand the ruling"),
    ],
)
def test_a_ruling_that_does_not_fit_is_refused_and_kept(cast, rita, changed, told):
    case = arbitrating(cast)
    response = rita.post(url("rule", case.pk), ruling(**changed))
    text = response.content.decode()
    assert response.status_code == 400
    assert told in text
    assert changed.get("reason", "照片显示发货前已破损") in text
    assert fresh(case).state == CaseState.ARBITRATING


def test_the_rate_before_and_after_is_shown_for_each_outcome(cast, rita):
    OrderFactory.create_batch(3, shop=cast.shop)
    case = arbitrating(cast)
    page = rita.get(url("rule", case.pk))
    told = [(effect.before.percent, effect.after.percent) for _words, effect in page.context["effects"]]
    assert told == [("0.00%", "25.00%"), ("0.00%", "0.00%"), ("0.00%", "0.00%")]
    assert "25.00% (1/4)" in page.content.decode() and "2026-01" in page.content.decode()


def test_the_rate_of_an_order_that_is_not_known_to_be_paid_does_not_change(cast, rita):
    case = arbitrating(cast, order=OrderFactory(shop=cast.shop, paid_at=None))
    assert "no rate changes" in rita.get(url("rule", case.pk)).content.decode()


def test_the_money_there_is_and_whence_it_would_be_taken_is_shown(cast, rita):
    fund(cast.shop, deposit=5_000, other=2_000)
    text = rita.get(url("rule", arbitrating(cast).pk)).content.decode()
    taken = "¥50.00 would come from the deposit and ¥20.00 from other funds; ¥29.00 would be owed."
    assert f"Of ¥99.00 paid in advance, {taken}" in " ".join(text.split())


@pytest.mark.parametrize(
    ("fen", "told"), [(100_000, "The amount claimed is not above it"), (100_001, "The amount claimed is above it")]
)
def test_it_is_told_whether_a_second_reviewer_is_needed(cast, rita, fen, told):
    case = arbitrating(cast, order=OrderFactory(shop=cast.shop, amount_fen=500_000), claim_fen=fen)
    text = rita.get(url("rule", case.pk)).content.decode()
    assert "above ¥1,000.00 only when a second reviewer confirms it" in text
    assert told in text


def test_of_two_reviewers_at_once_the_second_is_refused_and_keeps_her_words(cast, rita):
    case = ruled(cast, by=cast.as_ray)
    response = rita.post(url("rule", case.pk), ruling())
    assert response.status_code == 409
    assert "Already decided: it is “Awaiting payment” now." in response.content.decode()
    assert "照片显示发货前已破损" in response.content.decode()
    assert fresh(case).ruled_by == cast.ray


def test_a_page_of_an_earlier_round_does_not_rule_the_next(cast, rita):
    case = actions.ask_more(arbitrating(cast), reason="补充", by=cast.as_ray, now=TUESDAY_10 + 3 * HOUR)
    actions.state_case(case, text="见视频", by=cast.as_alice, now=TUESDAY_10 + 4 * HOUR)
    actions.consumer_states(case, text="见照片", now=TUESDAY_10 + 4 * HOUR)
    response = rita.post(url("rule", case.pk), ruling())
    assert response.status_code == 409
    assert 'value="arbitrating:2"' in response.content.decode()
    assert fresh(case).state == CaseState.ARBITRATING


def test_rita_asks_for_more_and_both_sides_are_heard_again(cast, rita):
    case = arbitrating(cast)
    assert rita.post(url("ask_more", case.pk), {"reason": "", "expect": "arbitrating:1"}).status_code == 400
    assert rita.post(url("ask_more", case.pk), {"reason": "缺面单", "expect": "arbitrating:1"}).status_code == 302
    assert (fresh(case).state, fresh(case).round) == (CaseState.COLLECTING, 2)


@pytest.fixture
def pia_reviews(cast, rita):
    """Pia is a reviewer too; her browser."""
    cast.pia.groups.add(Group.objects.get(name="reviewers"))
    rita.force_login(cast.pia)
    return rita


@pytest.mark.parametrize("name", ["rule", "ask_more"])
def test_who_opened_a_case_does_not_decide_it(cast, pia_reviews, name):
    case = arbitrating(cast)
    words = "You opened this case: another reviewer decides it."
    assert words in pia_reviews.get(url("change", case.pk)).content.decode()
    page = pia_reviews.get(url(name, case.pk))
    assert (page.status_code, words in page.content.decode(), page.context["possible"]) == (403, True, False)
    assert pia_reviews.post(url(name, case.pk), ruling()).status_code == 403
    assert fresh(case).state == CaseState.ARBITRATING


def test_who_opened_a_large_case_does_not_confirm_it_either(cast, pia_reviews):
    case = large(cast)
    said = {"reason": "同意", "expect": "confirming:1"}
    assert pia_reviews.post(url("confirm_payment", case.pk), said).status_code == 403
    assert not Compensation.everything.exists()


@pytest.mark.parametrize("name", ["confirm_payment", "send_back"])
def test_the_first_reviewer_is_told_why_she_is_not_the_second(cast, rita, name):
    case = large(cast)
    words = "You ruled on this case: a second reviewer confirms it."
    assert words in rita.get(url("change", case.pk)).content.decode()
    page = rita.get(url(name, case.pk))
    assert (page.status_code, words in page.content.decode()) == (403, True)
    assert rita.post(url(name, case.pk), {"reason": "同意", "expect": "confirming:1"}).status_code == 403
    assert fresh(case).state == CaseState.CONFIRMING


def test_ray_sees_whence_it_is_taken_confirms_and_the_money_moves(cast, rita):
    fund(cast.shop, deposit=300_000)
    case = large(cast)
    rita.force_login(cast.ray)
    text = " ".join(rita.get(url("confirm_payment", case.pk)).content.decode().split())
    assert "Of ¥4,000.00 paid in advance, ¥3,000.00 would come from the deposit" in text
    response = rita.post(url("confirm_payment", case.pk), {"reason": "", "expect": "confirming:1"})
    assert response["Location"] == reverse("platform:disputes_awaitingsecond_changelist")
    made = Compensation.everything.get(case=case)
    assert (made.from_deposit_fen, made.owed_fen, made.confirmed_by) == (300_000, 100_000, cast.ray)
    assert ledger.balances(cast.shop).owed == 100_000
    assert rita.post(url("confirm_payment", case.pk), {"expect": "confirming:1"}).status_code == 409


def test_ray_sends_back_and_nothing_is_paid(cast, rita):
    case = large(cast)
    rita.force_login(cast.ray)
    assert rita.post(url("send_back", case.pk), {"reason": "", "expect": "confirming:1"}).status_code == 400
    assert rita.post(url("send_back", case.pk), {"reason": "金额过高", "expect": "confirming:1"}).status_code == 302
    assert (fresh(case).state, fresh(case).outcome) == (CaseState.ARBITRATING, "")
    assert not Compensation.everything.exists()


def test_rita_refuses_a_proof_that_proves_nothing(cast, rita):
    case = paid(cast)
    assert "转账凭证" in rita.get(url("change", case.pk)).content.decode()
    assert "已转账" in rita.get(url("refuse_payment", case.pk)).content.decode()
    assert rita.post(url("refuse_payment", case.pk), {"reason": "", "expect": "closed:1"}).status_code == 400
    assert rita.post(url("refuse_payment", case.pk), {"reason": "不是本单", "expect": "closed:1"}).status_code == 302
    assert (fresh(case).state, fresh(case).pay_due) == (CaseState.PAYING, LATER + 2 * DAY)


def test_what_the_platform_paid_in_advance_is_no_payment_to_refuse(cast, rita):
    case = compensated(cast).case
    response = rita.post(url("refuse_payment", case.pk), {"reason": "不对", "expect": "closed:1"})
    assert response.status_code == 409
    assert "there is no payment of the merchant" in response.content.decode()


@pytest.mark.parametrize("name", VERBS)
@pytest.mark.parametrize("who", ["pia", "olive", "alice"])
def test_only_reviewers_decide(cast, at, client, who, name):
    case = arbitrating(cast)
    client.force_login(getattr(cast, who))
    assert client.get(url(name, case.pk)).status_code == 403
    assert client.post(url(name, case.pk), ruling()).status_code == 403
    assert fresh(case).state == CaseState.ARBITRATING


@pytest.mark.parametrize("who", ["pia", "rita", "olive"])
def test_nobody_edits_or_deletes_a_case_through_the_admins_own_addresses(cast, at, client, who):
    case = arbitrating(cast)
    before = Case.everything.values().get()
    client.force_login(getattr(cast, who))
    for name in ("change", "delete"):
        assert client.post(url(name, case.pk), {"post": "yes", "state": "closed"}).status_code == 403
    assert Case.everything.values().get() == before


def test_only_reviewers_are_offered_to_decide(cast, at, client):
    case = arbitrating(cast)
    offered = {}
    for who in ("pia", "rita", "olive"):
        client.force_login(getattr(cast, who))
        offered[who] = [button.name for button in client.get(url("change", case.pk)).context["buttons"]]
    assert offered == {"pia": [], "rita": ["rule", "ask_more"], "olive": []}


@pytest.mark.parametrize("name", ["change", *VERBS])
def test_a_case_of_nothing_is_not_found(cast, rita, name):
    assert rita.get(url(name, 999999)).status_code == 404


def test_a_decision_too_early_says_why(cast, rita):
    page = rita.get(url("rule", open_case(cast).pk))
    assert page.status_code == 409
    assert "is not possible while it is “Collecting evidence”" in page.content.decode()
    assert page.context["possible"] is False


def test_the_consumer_is_masked(cast, rita):
    case = arbitrating(cast)
    consumer = case.order.consumer
    text = rita.get(url("change", case.pk)).content.decode()
    assert consumer.masked_phone in text
    assert consumer.phone not in text and consumer.name not in text and consumer.address not in text


def test_a_page_of_a_case_takes_a_bounded_number_of_statements(cast, rita, at, django_assert_max_num_queries):
    case = compensated(cast, now=TUESDAY_10).case
    at(case.pay_due + SECOND)
    with django_assert_max_num_queries(25):
        rita.get(url("change", case.pk))


def test_a_page_to_rule_takes_a_bounded_number_of_statements(cast, rita, django_assert_max_num_queries):
    case = arbitrating(cast, claim_fen=CLAIM_FEN)
    with django_assert_max_num_queries(16):
        rita.get(url("rule", case.pk))
