"""The case file of an order: a story whose statement, file and balances agree; what a merchant does not see."""

from datetime import timedelta

import pytest
from django.utils import translation

from disputes import actions, casefile
from disputes.actions import appealing, filing, punishing
from disputes.models import Compensation, Violation
from shop_cs import ledger, statement
from shop_cs.ladders import Breach
from shop_cs.models import Evidence
from tests.case_stories import compensated, fund, open_case, proof, ruled, unpaid
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import reply_unsolved, send, sweep_at
from tickets import actions as requests

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
CANARY = "只给同事看的话"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def order(cast):
    order = OrderFactory(shop=cast.shop, no="6021777", shipped_at=shanghai("2026-01-06 12:00"))
    return type(order).everything.select_related("shop", "consumer").get(pk=order.pk)


def told(order, viewer, *kinds):
    """(what, fen) of the entries of these kinds, or of all."""
    found = casefile.entries(order, viewer=viewer)
    return [(entry.what, entry.fen) for entry in found if not kinds or entry.kind in kinds]


def words(order, viewer):
    found = casefile.entries(order, viewer=viewer)
    return "\n".join(f"{one.what} {one.who} {one.text} {one.no} {one.path}" for one in found)


@pytest.fixture
def story(cast, order):
    """A request is missed, a case ruled and not paid, compensated, and its appeal granted in part."""
    fund(cast.shop, deposit=100_000)
    request = send(cast, order=order)
    sweep_at(request.deadline + SECOND)
    case = unpaid(cast, order=order, request=request, now=request.deadline + HOUR)
    made = Compensation.everything.select_related("case", "shop", "rulebook").get(case=case)
    appeal = appealing.submit(
        subject=made, ground="new_evidence", text="有新的证据", by=cast.as_alice, now=made.paid_at + DAY
    )
    appealing.grant_part(appeal, refund_fen=4_000, reason="部分成立", by=cast.as_ray, now=made.paid_at + 2 * DAY)
    return made


def test_the_whole_story_is_told_in_the_order_of_time(order, cast, story):
    whole = [what for what, _fen in told(order, cast.as_rita, "request", "case", "compensation", "appeal")]
    assert whole == [
        "Service request sent",
        "Deadline missed",
        "Arbitration case opened",
        "Merchant's statement",
        "Consumer's statement",
        "Both sides were heard: the platform arbitrates",
        "Ruled for the consumer",
        "Not paid in time",
        "The platform paid in advance",
        "Appeal against the advance compensation",
        "Out of the liability rate",
        "Appeal decided: Granted in part",
    ]
    found = casefile.entries(order, viewer=cast.as_rita)
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)


def test_the_file_the_statement_and_the_balances_agree_to_the_fen(order, cast, story):
    lines = [(line.cause, line.change_fen, line.balance_after_fen) for line in statement.lines(cast.shop, "deposit")]
    assert lines == [("refund", 4_000, 94_100), ("taken", -9_900, 90_100), ("top_up", 100_000, 100_000)]
    assert ledger.balances(cast.shop) == ledger.Balances(deposit=94_100, other=0, owed=0, held=5_900)
    money = told(order, cast.as_alice, "money")
    assert money == [("Taken from the shop", 9_900), ("Refunded to the shop", 4_000)]
    assert 100_000 - money[0][1] + money[1][1] == ledger.balances(cast.shop).deposit
    assert told(order, cast.as_alice, "compensation") == [("The platform paid in advance", 9_900)]
    assert ("Appeal decided: Granted in part", 4_000) in told(order, cast.as_alice, "appeal")
    assert ledger.check() == []


def test_the_platform_reads_what_it_paid_the_consumer_too(order, cast, story):
    assert ("Paid to the consumer", 9_900) in told(order, cast.as_olive, "money")
    assert "Paid to the consumer" not in words(order, cast.as_alice)


def test_debt_from_a_refund_is_in_the_file_of_the_order_that_it_came_from(order, cast):
    made = compensated(cast, deposit=4_900, order=order)
    appeal = appealing.submit(subject=made, ground="other", text="不服", by=cast.as_alice, now=made.paid_at)
    appealing.grant(appeal, reason="成立", by=cast.as_ray, now=made.paid_at + DAY)
    assert told(order, cast.as_alice, "money") == [
        ("Taken from the shop", 4_900),
        ("Taken from the shop", 5_000),
        ("Refunded to the shop", 9_900),
        ("Debt repaid", 5_000),
    ]
    assert ledger.balances(cast.shop) == ledger.Balances(deposit=4_900)


def test_what_is_only_proposed_is_the_reviewers_business(order, cast, story):
    proposed = Violation.everything.filter(order=order)
    assert {one.state for one in proposed} == {"proposed"}
    assert len(told(order, cast.as_rita, "violation")) == proposed.count() >= 1
    assert told(order, cast.as_alice, "violation") == []
    for one in proposed:
        assert one.no not in words(order, cast.as_alice)


def test_a_dismissed_violation_was_never_there_for_the_merchant(order, cast, story):
    for one in Violation.everything.filter(order=order):
        punishing.dismiss(one, reason=CANARY, by=cast.as_rita, now=story.paid_at + DAY)
    assert CANARY in words(order, cast.as_olive)
    assert CANARY not in words(order, cast.as_alice)


def test_an_upheld_violation_is_told_with_its_penalties(order, cast, story):
    one = Violation.everything.get(order=order, kind=Breach.NEGATIVE_HANDLING)
    punishing.uphold(one, reason="消极处理", by=cast.as_rita, now=story.paid_at + DAY)
    what = [words for words, _fen in told(order, cast.as_alice, "violation")]
    assert what[:2] == ["Violation found: Negative handling", "Violation decided: Upheld"]
    assert len(what) == 2 + one.penalties.count() > 2
    assert all(words.startswith("Penalty: ") for words in what[2:])


def test_names_of_the_platforms_people_and_their_notes_to_each_other_are_not_the_merchants(cast, order):
    order.amount_fen = 500_000
    order.save()
    case = unpaid(cast, order=order, award_fen=400_000)
    actions.send_back(case, reason=CANARY, by=cast.as_ray, now=case.pay_due + DAY)
    platform, merchant = words(order, cast.as_olive), words(order, cast.as_alice)
    for name in (str(cast.rita), str(cast.ray), str(cast.pia), CANARY):
        assert name in platform and name not in merchant
    assert str(cast.alice) in merchant and "Sent back for another ruling" in merchant


def test_what_waits_for_the_opening_does_not_exist_for_the_merchant(cast, order):
    request = send(cast, order=order, now=shanghai("2026-03-03 22:00"))
    assert request.no in words(order, cast.as_rita)
    assert request.no not in words(order, cast.as_alice)


def test_a_payment_that_was_refused_and_paid_again_stands_there_twice(cast, order):
    case = ruled(cast, order=order)
    at = case.ruled_at
    for n in (1, 2):
        piece = (proof(case), "转账凭证")
        case = actions.pay(case, note=f"第{n}次", by=cast.as_alice, now=at + n * HOUR, evidence=[piece])
        if n == 1:
            case = actions.refuse_payment(case, reason="看不清", by=cast.as_rita, now=at + n * HOUR + SECOND)
    what = [words for words, _fen in told(order, cast.as_alice, "case")]
    assert what[-3:] == ["Paid and proved", "Proof of payment refused", "Paid and proved"]
    assert "看不清" in words(order, cast.as_alice)


def test_offers_are_told_with_their_answers(cast, order):
    offer = actions.offer(
        open_case(cast, order=order), remedy="amount", amount_fen=5_000, by=cast.as_alice, now=TUESDAY_10 + HOUR
    )
    actions.decline(offer, now=TUESDAY_10 + 2 * HOUR, comment="太少")
    assert told(order, cast.as_alice, "case")[1:] == [("Offer 1: amount", 5_000), ("Offer 1 declined", None)]


def test_answers_and_decisions_of_a_request_are_told(cast, order):
    request = reply_unsolved(send(cast, order=order), cast, now=TUESDAY_10 + HOUR)
    requests.reject(request, reason="请补充凭证", by=cast.as_rita, now=TUESDAY_10 + 2 * HOUR)
    what = [words for words, _fen in told(order, cast.as_bob, "request")]
    assert what == ["Service request sent", "Replied: not solved", "Rejected"]
    assert "请补充凭证" in words(order, cast.as_bob)


def test_a_filing_that_covers_the_order_is_told_with_why(cast, order):
    send(cast, order=order)
    filed = filing.submit(
        shop=cast.shop,
        kind="extreme_weather",
        text="台风",
        starts_at=TUESDAY_10,
        ends_at=TUESDAY_10 + DAY,
        regions=[{"province": "浙江", "city": ""}],
        by=cast.as_alice,
        now=TUESDAY_10,
    )
    assert told(order, cast.as_alice, "filing") == []
    filing.approve(filed, by=cast.as_rita, now=TUESDAY_10 + HOUR)
    assert [what for what, _fen in told(order, cast.as_alice, "filing")] == [
        "Filed: Extreme weather",
        "Filing decided: Approved",
    ]
    assert filed.no in words(order, cast.as_olive)


def test_the_order_itself_its_after_sale_and_evidence_are_told(cast, order):
    open_case(cast, order=order)
    EvidenceFactory(order=order, name="mine.png")
    EvidenceFactory(order=order, name="theirs.png", side=Evidence.Side.PLATFORM)
    first = told(order, cast.as_alice, "order")
    assert first[0] == ("Paid", 19_900) and ("Shipped", None) in first
    assert ("After-sale applied for: Refund only", 9_900) in first
    assert "mine.png" in words(order, cast.as_alice) and "theirs.png" not in words(order, cast.as_alice)
    assert "theirs.png" in words(order, cast.as_rita)


def test_a_post_that_may_not_see_the_money_does_not_find_it_here(order, cast, story):
    assert told(order, cast.as_bob, "money") == []
    assert "From the deposit" not in words(order, cast.as_bob)
    assert "From the deposit" in words(order, cast.as_alice)


def test_another_orders_story_is_not_in_the_file(cast, order, story):
    other = OrderFactory(shop=cast.shop)
    case = open_case(cast, order=other)
    assert case.no not in words(order, cast.as_olive)


def test_each_reader_gets_pages_that_he_can_open(order, cast, story):
    for entry in casefile.entries(order, viewer=cast.as_alice):
        assert entry.path.startswith(("/s/S001/", "/evidence/")) or (entry.kind == "order" and not entry.path)
    for entry in casefile.entries(order, viewer=cast.as_olive):
        assert entry.path.startswith(("/admin/", "/evidence/")), entry


def test_nothing_of_the_consumer_is_readable(order, cast, story):
    for viewer in (cast.as_alice, cast.as_olive):
        assert order.consumer.name not in words(order, viewer) and order.consumer.phone not in words(order, viewer)


@pytest.mark.parametrize("who", ["as_alice", "as_olive"])
def test_the_number_of_statements_does_not_grow(cast, order, who, django_assert_max_num_queries):
    fund(cast.shop, deposit=100_000)
    for _n in range(3):
        request = reply_unsolved(send(cast, order=order), cast, now=TUESDAY_10)
        unpaid(cast, order=order, request=request)
    with django_assert_max_num_queries(22):
        assert len(casefile.entries(order, viewer=getattr(cast, who))) > 30


def test_records_list_what_there_is_of_the_order_in_one_statement(order, cast, story, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = casefile.records(order, viewer=cast.as_alice)
    assert {one.sort for one in found} == {"case", "compensation", "appeal"}
    appeal = next(one for one in found if one.sort == "appeal")
    assert (appeal.state, appeal.path) == ("Granted in part", f"/s/S001/appeals/{appeal.no}/")
    assert "violation" in {one.sort for one in casefile.records(order, viewer=cast.as_rita)}
