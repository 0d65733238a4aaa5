"""A case begins: on a refused after-sale, once, for at most what the order cost."""

import pytest

from disputes import actions
from disputes.models import Case
from shop_cs.models import ConsumerMessage, Notice, Rulebook
from shop_cs.moves import Refused
from tests import stories
from tests.case_stories import CLAIM_FEN, fresh, open_case
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai


def refused(cast, *, match=None, **said):
    """The refusal that Pia hears; nothing is there afterwards that was not there before."""
    before = Case.everything.count()
    with pytest.raises(Refused, match=match) as error:
        actions.open_case(**{"claim": "退款", "claim_fen": CLAIM_FEN, "by": cast.as_pia, "now": TUESDAY_10, **said})
    assert Case.everything.count() == before
    return error.value.refusal


@pytest.fixture
def after_sale(cast):
    return AfterSaleFactory(order=OrderFactory(shop=cast.shop))


def test_pia_opens_a_case_and_both_sides_have_24_working_hours(cast):
    case = fresh(open_case(cast))
    assert (case.state, case.round, case.deadline) == ("collecting", 1, shanghai("2026-03-05 10:00"))
    assert case.due_soon_at == shanghai("2026-03-04 10:00")
    assert case.no.startswith("AR260303")
    assert case.opened_by == cast.pia


def test_the_shop_is_told_and_the_consumer_gets_his_link(cast):
    case = open_case(cast)
    told = Notice.everything.get()
    assert (told.kind, told.shop, told.path) == ("case_new", cast.shop, f"/s/S001/cases/{case.no}/")
    message = ConsumerMessage.everything.get()
    assert message.order == case.order
    assert "/c/case/" in message.link
    row = ConsumerMessage.history.get()
    assert (row.move, row.actor_name, row.rulebook_name) == ("open_case", "皮娅", "current")
    assert row.history_date == TUESDAY_10


def test_a_case_opened_at_night_has_its_time_from_the_morning_on(cast):
    case = open_case(cast, now=shanghai("2026-03-03 23:00"))
    assert case.deadline == shanghai("2026-03-05 21:00")


@pytest.mark.parametrize("state", ["applied", "agreed", "done", "cancelled"])
def test_only_what_the_merchant_refused_can_be_arbitrated(cast, state):
    after_sale = AfterSaleFactory(order=OrderFactory(shop=cast.shop), state=state)
    assert refused(cast, after_sale=after_sale).status == 400


@pytest.mark.parametrize("fen", [0, -1, 19_901, None])
def test_a_claim_is_above_nothing_and_at_most_what_the_order_cost(cast, after_sale, fen):
    assert (refused(cast, after_sale=after_sale, claim_fen=fen).code) == "amount"


@pytest.mark.parametrize("fen", [1, 19_900])
def test_both_ends_of_that_are_taken(cast, fen):
    assert open_case(cast, claim_fen=fen).claim_fen == fen


def test_one_after_sale_has_one_case(cast):
    case = open_case(cast)
    assert refused(cast, after_sale=case.after_sale, match=case.no).code == "twice"


@pytest.mark.parametrize("who", ["as_rita", "as_olive", "as_alice", "as_charlie"])
def test_only_agents_open_cases(cast, after_sale, who):
    assert refused(cast, after_sale=after_sale, by=getattr(cast, who)).status == 403


def test_the_same_submission_twice_is_one_case_and_another_content_is_refused(cast, after_sale):
    said = {"claim": "退款", "claim_fen": CLAIM_FEN, "by": cast.as_pia, "now": TUESDAY_10, "submission": "one"}
    first = actions.open_case(after_sale=after_sale, **said)
    assert actions.open_case(after_sale=after_sale, **said) == first
    assert refused(cast, after_sale=after_sale, submission="one", claim="换货").code == "submission"


def test_a_request_of_another_order_does_not_fit(cast, after_sale):
    assert refused(cast, after_sale=after_sale, request=stories.send(cast)).status == 404
    request = stories.send(cast, order=after_sale.order)
    said = {"claim": "退款", "claim_fen": 1, "by": cast.as_pia, "now": TUESDAY_10}
    assert actions.open_case(after_sale=after_sale, request=request, **said).request == request


def test_before_the_first_rulebook_nothing_begins(cast, after_sale):
    Rulebook.objects.all().delete()
    assert refused(cast, after_sale=after_sale).code == "no_rulebook"


def test_the_opening_stands_in_the_trail_with_who_and_under_which_rules(cast):
    row = open_case(cast).history.get()
    assert (row.actor_name, row.actor_role, row.move, row.rulebook_name) == ("皮娅", "agent", "open_case", "current")


def test_a_number_that_is_taken_is_not_given_again(cast, monkeypatch):
    first = open_case(cast)
    drawn = iter([int(first.no[-8:]), 7])
    monkeypatch.setattr("disputes.numbers.secrets.randbelow", lambda _top: next(drawn))
    assert open_case(cast).no == "AR26030300000007"
