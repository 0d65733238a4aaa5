"""Filing: what is taken and what is refused, and what an approval does to what is held against the shop."""

from datetime import timedelta

import pytest

from disputes import actions
from disputes.actions import punishing
from disputes.models import Cause, Filing, Penalty, Violation, ViolationState
from shop_cs import notices
from shop_cs.ladders import Breach
from shop_cs.models import Notice, Rulebook
from shop_cs.moves import Refused
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import send, sweep_at

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
THURSDAY_10 = shanghai("2026-03-05 10:00")
ZHEJIANG = [{"province": "浙江省", "city": ""}]
filing = actions.filing


def file(cast, **said):
    """Alice files a typhoon in Zhejiang for a day, unless the test says otherwise."""
    usual = {
        "shop": cast.shop,
        "kind": "extreme_weather",
        "text": "台风，快递停运",
        "starts_at": TUESDAY_10,
        "ends_at": TUESDAY_10 + DAY,
        "by": cast.as_alice,
        "now": TUESDAY_10,
    }
    if not {"regions", "courier", "orders"} & said.keys():
        usual["regions"] = ZHEJIANG
    return filing.submit(**{**usual, **said})


def refused(cast, **said):
    """The refusal's code and status; nothing was kept."""
    with pytest.raises(Refused) as error:
        file(cast, **said)
    assert not Filing.everything.exists()
    return error.value.refusal.code, error.value.refusal.status


def told(kind):
    return [notices.text(notice) for notice in Notice.everything.filter(kind=kind)]


# What is taken
def test_a_filing_keeps_what_was_said_and_who_said_it(cast):
    made = Filing.everything.get(pk=file(cast).pk)
    assert (made.state, made.kind, made.made_by, made.made_at) == (
        "submitted",
        "extreme_weather",
        cast.alice,
        TUESDAY_10,
    )
    assert made.regions == [{"province": "浙江", "city": ""}]
    assert made.no.startswith("FI260303")
    row = made.history.get()
    assert (row.move, row.actor_name) == ("file", str(cast.alice))


def test_orders_are_kept_once_each_and_in_the_trail(cast):
    order = OrderFactory(shop=cast.shop)
    made = file(cast, orders=[order, order])
    assert [one.order for one in made.filing_orders.all()] == [order]
    assert made.filing_orders.get().history.get().move == "file"


def test_regions_are_kept_short_and_once_each(cast):
    made = file(cast, regions=[*ZHEJIANG, {"province": "浙江", "city": ""}, {"province": "江苏", "city": " 苏州 "}])
    assert made.regions == [{"province": "浙江", "city": ""}, {"province": "江苏", "city": "苏州"}]


def test_evidence_of_the_named_order_and_of_the_shop_is_shown(cast):
    order = OrderFactory(shop=cast.shop)
    pieces = [EvidenceFactory(order=order), EvidenceFactory(order=None, shop=cast.shop)]
    made = file(cast, orders=[order], evidence=[(piece, "快递停运公告") for piece in pieces])
    assert [one.evidence for one in made.exhibits.order_by("pk")] == pieces


# What is refused
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": "  "}, "text"),
        ({"kind": "laziness"}, "kind"),
        ({"ends_at": TUESDAY_10}, "span"),
        ({"ends_at": TUESDAY_10 - SECOND}, "span"),
        ({"ends_at": TUESDAY_10 + 30 * DAY + SECOND}, "span"),
        ({"starts_at": TUESDAY_10 - 30 * DAY - SECOND, "ends_at": TUESDAY_10 - 29 * DAY}, "span"),
        ({"starts_at": TUESDAY_10 + 30 * DAY + SECOND, "ends_at": TUESDAY_10 + 31 * DAY}, "span"),
        ({"regions": [], "courier": "  "}, "way"),
        ({"regions": ZHEJIANG, "courier": "中通"}, "way"),
        ({"courier": "中" * 61}, "courier"),
        ({"regions": [{"province": "全国", "city": ""}]}, "country"),
        ({"regions": [{"province": "江南", "city": ""}]}, "region"),
        ({"regions": [{"province": "浙江", "city": "杭.*"}]}, "region"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(cast, said, code):
    assert refused(cast, **said) == (code, 400)


@pytest.mark.parametrize(
    "said",
    [
        {"ends_at": TUESDAY_10 + SECOND},
        {"ends_at": TUESDAY_10 + 30 * DAY},
        {"starts_at": TUESDAY_10 - 30 * DAY, "ends_at": TUESDAY_10 - 29 * DAY},
        {"starts_at": TUESDAY_10 + 30 * DAY, "ends_at": TUESDAY_10 + 31 * DAY},
        {"courier": "中" * 60},
    ],
)
def test_what_just_fits_is_taken(cast, said):
    assert file(cast, **said).state == "submitted"


@pytest.mark.parametrize("kind", [Cause.COURIER_STALLED, Cause.COURIER_LOST, Cause.COURIER_OVERTIME])
def test_a_couriers_failure_needs_the_courier_or_orders(cast, kind):
    assert refused(cast, kind=kind) == ("way", 400)
    assert file(cast, kind=kind, courier="中通")
    assert file(cast, kind=kind, orders=[OrderFactory(shop=cast.shop)])


def test_as_many_regions_as_the_rulebook_allows_and_not_one_more(cast):
    five = [{"province": name, "city": ""} for name in ("浙江", "江苏", "上海", "安徽", "福建")]
    assert refused(cast, regions=[*five, {"province": "江西", "city": ""}]) == ("regions", 400)
    assert len(file(cast, regions=five).regions) == 5


def test_all_provinces_are_the_whole_country_however_many_are_allowed(cast):
    from disputes.regions import PROVINCES

    Rulebook.objects.update(filing_regions_max=40)
    everywhere = [{"province": name, "city": ""} for name in PROVINCES]
    assert refused(cast, regions=everywhere) == ("country", 400)
    assert file(cast, regions=everywhere[1:])


def test_as_many_orders_as_the_rulebook_allows_and_not_one_more(cast):
    Rulebook.objects.update(filing_orders_max=2)
    orders = OrderFactory.create_batch(3, shop=cast.shop)
    assert refused(cast, orders=orders) == ("orders", 400)
    assert file(cast, orders=orders[:2])


def test_an_order_or_a_piece_of_another_shop_is_404(cast):
    theirs = OrderFactory(shop=cast.other_shop)
    assert refused(cast, orders=[theirs]) == ("stranger", 404)
    assert refused(cast, evidence=[(EvidenceFactory(order=theirs), "")]) == ("stranger", 404)
    assert refused(cast, shop=cast.other_shop) == ("stranger", 404)


def test_a_post_that_may_not_file_is_403(cast):
    assert refused(cast, by=cast.as_bob) == ("permission", 403)
    assert refused(cast, by=cast.as_rita) == ("role", 403)


def test_without_a_rulebook_nothing_is_filed(cast):
    assert refused(cast, now=shanghai("2019-01-01 10:00"))[1] == 409


def test_the_same_filing_twice_is_refused_until_the_first_is_decided(cast):
    first = file(cast)
    with pytest.raises(Refused) as error:
        file(cast)
    assert error.value.refusal.status == 409 and first.no in str(error.value)
    assert file(cast, text="另一次台风")
    filing.withdraw(first, by=cast.as_alice, now=TUESDAY_10)
    assert file(cast).no != first.no


# Decisions
def test_a_withdrawn_filing_is_not_decided_any_more(cast):
    made = filing.withdraw(file(cast), by=cast.as_alice, now=TUESDAY_10)
    for decide in (filing.approve, filing.reject):
        with pytest.raises(Refused) as error:
            decide(made, reason="晚了", by=cast.as_rita, now=TUESDAY_10)
        assert error.value.refusal.status == 409
    assert Filing.everything.get().state == "withdrawn"


def test_a_rejection_has_its_reason_and_tells_it(cast):
    made = file(cast)
    with pytest.raises(Refused):
        filing.reject(made, reason=" ", by=cast.as_rita, now=TUESDAY_10)
    record = filing.reject(made, reason="无停运公告", by=cast.as_rita, now=TUESDAY_10)
    assert (record.state, record.decision, record.decided_by) == ("rejected", "无停运公告", cast.rita)
    assert told("filing_rejected") == [f"{made.no}: your filing is rejected: 无停运公告"]


@pytest.mark.parametrize("who", ["as_pia", "as_olive", "as_alice"])
def test_only_reviewers_decide(cast, who):
    made = file(cast)
    with pytest.raises(Refused) as error:
        filing.approve(made, by=getattr(cast, who), now=TUESDAY_10)
    assert error.value.refusal.status == 403


def test_of_two_reviewers_the_second_is_refused(cast):
    made = file(cast)
    filing.approve(made, by=cast.as_rita, now=TUESDAY_10)
    with pytest.raises(Refused) as error:
        filing.reject(made, reason="不实", by=cast.as_ray, now=TUESDAY_10, expect="submitted:1")
    assert error.value.refusal.code == "decided"


@pytest.mark.parametrize(("now", "state"), [(TUESDAY_10 + DAY, "approved"), (TUESDAY_10 + DAY + SECOND, "expired")])
def test_an_approved_filing_expires_after_its_last_instant(cast, now, state):
    made = filing.approve(file(cast), by=cast.as_rita, now=TUESDAY_10)
    sweep_at(now)
    assert Filing.everything.get(pk=made.pk).state == state
    assert len(told("filing_expired")) == (state == "expired")


# What an approval excuses
def overdue(cast, **more):
    """A request that nobody answered until Thursday; the worker has proposed a violation a second later."""
    request = send(cast, **more)
    sweep_at(THURSDAY_10 + SECOND)
    return Violation.everything.get(request=request)


def state_of(violation):
    return Violation.everything.get(pk=violation.pk).state


def test_an_approval_excuses_what_was_proposed_and_says_how_many(cast):
    violation, elsewhere = overdue(cast), overdue(cast, order=OrderFactory(shop=cast.shop, consumer=None))
    made = filing.approve(file(cast, now=THURSDAY_10), by=cast.as_rita, now=THURSDAY_10 + DAY, reason="属实")
    assert (state_of(violation), state_of(elsewhere)) == ("excused", "proposed")
    fresh = Violation.everything.get(pk=violation.pk)
    assert (fresh.filing, fresh.decided_by, fresh.decision) == (made, cast.rita, "属实")
    row = fresh.history.latest()
    assert (row.move, row.actor_name, row.history_change_reason) == ("excuse", str(cast.rita), made.no)
    assert told("filing_approved_excusing") == [f"{made.no}: your filing is approved, 1 violations are excused by it"]


def test_an_approval_undoes_what_followed_from_an_upheld_violation(cast):
    violation = punishing.uphold(overdue(cast), by=cast.as_rita, now=THURSDAY_10 + DAY)
    assert Penalty.everything.filter(violation=violation, undone_at__isnull=True).exists()
    filing.approve(file(cast, now=THURSDAY_10), by=cast.as_ray, now=THURSDAY_10 + 2 * DAY)
    assert state_of(violation) == "excused"
    assert not Penalty.everything.filter(violation=violation, undone_at__isnull=True).exists()


def test_what_was_dismissed_or_is_no_overdue_request_is_left_alone(cast):
    dismissed = punishing.dismiss(overdue(cast), reason="系统故障", by=cast.as_rita, now=THURSDAY_10 + DAY)
    said = {"by": cast.as_rita, "now": THURSDAY_10, "detail": "辱骂消费者", "source": "request"}
    abuse = punishing.propose(shop=cast.shop, kind=Breach.ABUSE, request=dismissed.request, **said)
    filing.approve(file(cast, now=THURSDAY_10), by=cast.as_rita, now=THURSDAY_10 + DAY)
    assert (state_of(dismissed), state_of(abuse)) == ("dismissed", "proposed")
    assert told("filing_approved")


def test_a_span_that_ended_before_the_request_excuses_nothing(cast):
    violation = overdue(cast)
    span = {"starts_at": TUESDAY_10 - DAY, "ends_at": TUESDAY_10 - SECOND}
    filing.approve(file(cast, **span), by=cast.as_rita, now=THURSDAY_10 + DAY)
    assert state_of(violation) == "proposed"


def test_what_becomes_overdue_later_is_excused_by_the_worker(cast):
    filing.approve(file(cast), by=cast.as_rita, now=TUESDAY_10)
    assert state_of(overdue(cast)) == ViolationState.EXCUSED


def test_an_approval_that_breaks_half_way_changes_nothing(cast, monkeypatch):
    violation = punishing.uphold(overdue(cast), by=cast.as_rita, now=THURSDAY_10 + DAY)
    made = file(cast, now=THURSDAY_10)

    def broken(*args, **said):
        raise RuntimeError

    monkeypatch.setattr(filing, "excuse", broken)
    with pytest.raises(RuntimeError):
        filing.approve(made, by=cast.as_ray, now=THURSDAY_10 + 2 * DAY)
    assert (Filing.everything.get().state, state_of(violation)) == ("submitted", "upheld")
