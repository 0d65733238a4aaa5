"""Pia opens a case from the platform site: looked up, warned of what there is, opened once."""

import pytest
from django.urls import reverse

from disputes.models import Case
from tests.case_stories import open_case, ruled
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import send
from tickets.actions import warnings_before

CLAIM = "收到时外箱破损，商家不退"


def look_up():
    return reverse("platform:disputes_case_open")


def address(after_sale, request=None):
    told = f"?request={request.pk}" if request else ""
    return reverse("platform:disputes_case_open_on", args=[after_sale.pk]) + told


def typed(**changed):
    return {"claim": CLAIM, "claim_fen": "99.00", "submission": "form-1", **changed}


@pytest.fixture
def after_sale(cast):
    """Refused by the merchant, about 99 of the order's 199 yuan."""
    return AfterSaleFactory(order=OrderFactory(shop=cast.shop))


@pytest.fixture
def pia(cast, at, client):
    """Pia's browser on Tuesday at 10:00; her pages are in English."""
    client.force_login(cast.pia)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.mark.parametrize("by", ["its own", "the order's"])
def test_an_after_sale_is_found_by_its_number_and_by_the_orders(cast, pia, after_sale, by):
    AfterSaleFactory(order=OrderFactory(shop=cast.shop))
    no = after_sale.no if by == "its own" else after_sale.order.no
    page = pia.get(look_up(), {"no": f" {no} "})
    assert [one for one, _why in page.context["found"]] == [after_sale]
    assert address(after_sale) in page.content.decode()


def test_what_cannot_be_arbitrated_says_why_and_has_no_way_on(cast, pia, after_sale):
    there = open_case(cast, order=after_sale.order)
    agreed = AfterSaleFactory(order=after_sale.order, state="agreed")
    page = pia.get(look_up(), {"no": after_sale.order.no})
    why = {one.pk: why for one, why in page.context["found"]}
    assert why == {
        after_sale.pk: "",
        agreed.pk: "The merchant has not refused it.",
        there.after_sale_id: f"Case {there.no} is about this after-sale already.",
    }
    assert address(agreed) not in page.content.decode()


def test_a_number_of_nothing_is_said_so(pia):
    assert "No after-sale has this number" in pia.get(look_up(), {"no": "nothing"}).content.decode()
    assert pia.get(look_up(), {"no": ""}).status_code == 400


def test_the_form_is_filled_in_from_the_after_sale(pia, after_sale):
    form = pia.get(address(after_sale)).context["form"]
    assert form["claim_fen"].value() == "99.00"
    assert form["submission"].value() != pia.get(address(after_sale)).context["form"]["submission"].value()


def test_a_case_is_opened_at_once_when_nothing_speaks_against_it(cast, pia, after_sale):
    response = pia.post(address(after_sale), typed())
    case = Case.everything.get()
    assert response["Location"] == reverse("platform:disputes_case_change", args=[case.pk])
    assert (case.after_sale, case.claim, case.claim_fen, case.opened_by) == (after_sale, CLAIM, 9_900, cast.pia)
    assert case.deadline == shanghai("2026-03-05 10:00")
    assert case.history.latest().actor_role == "agent"


def test_from_a_requests_page_the_case_goes_on_from_the_request(cast, pia, after_sale):
    asking = send(cast, order=after_sale.order, after_sale=after_sale)
    page = pia.get(address(after_sale, asking))
    assert page.context["form"]["claim"].value() == asking.detail
    # The very request that it goes on from is no reason not to open it.
    assert page.context["warnings"] == []
    pia.post(address(after_sale, asking), typed())
    assert Case.everything.get().request == asking


def test_a_request_about_a_refused_after_sale_leads_here_and_later_to_the_case(cast, pia, after_sale):
    asking = send(cast, order=after_sale.order, after_sale=after_sale)
    page = reverse("platform:tickets_servicerequest_change", args=[asking.pk])
    assert address(after_sale, asking) in pia.get(page).content.decode()
    pia.post(address(after_sale, asking), typed())
    text = pia.get(page).content.decode()
    assert address(after_sale, asking) not in text
    assert Case.everything.get().no in text


def test_a_reviewer_is_not_offered_to_open_a_case(cast, at, client, after_sale):
    asking = send(cast, order=after_sale.order, after_sale=after_sale)
    client.force_login(cast.rita)
    page = client.get(reverse("platform:tickets_servicerequest_change", args=[asking.pk]))
    assert address(after_sale, asking) not in page.content.decode()


@pytest.mark.parametrize("request_id", ["x", "0", "9" * 30])
def test_a_request_of_nothing_is_not_found(pia, after_sale, request_id):
    assert pia.get(f"{address(after_sale)}?request={request_id}").status_code == 404


def test_a_request_of_another_order_is_not_found(cast, pia, after_sale):
    assert pia.get(address(after_sale, send(cast))).status_code == 404
    assert pia.post(address(after_sale, send(cast)), typed()).status_code == 404


def test_an_open_request_and_an_open_case_of_the_order_are_warned_of(cast, pia, after_sale):
    asked, there = send(cast, order=after_sale.order), open_case(cast, order=after_sale.order)
    told = [warning.text for warning in pia.get(address(after_sale)).context["warnings"]]
    assert told == [
        f"Request {asked.no} of this order is still open.",
        f"Case {there.no} of this order is still open: “Collecting evidence”.",
    ]
    response = pia.post(address(after_sale), typed())
    assert response.status_code == 200
    assert CLAIM in response.content.decode()
    assert list(Case.everything.all()) == [there]


def test_in_spite_of_these_warnings_it_is_opened_when_that_is_ticked(cast, pia, after_sale):
    open_case(cast, order=after_sale.order)
    seen = pia.get(address(after_sale)).context["seen"]
    assert pia.post(address(after_sale), typed(seen=seen)).status_code == 200
    assert pia.post(address(after_sale), typed(seen=seen, all_the_same="on")).status_code == 302
    assert Case.everything.count() == 2


def test_a_tick_for_older_warnings_does_not_cover_newer_ones(cast, pia, after_sale):
    open_case(cast, order=after_sale.order)
    seen = pia.get(address(after_sale)).context["seen"]
    send(cast, order=after_sale.order)
    assert pia.post(address(after_sale), typed(seen=seen, all_the_same="on")).status_code == 200
    assert Case.everything.count() == 1


def test_before_a_request_is_sent_cases_open_and_won_are_warned_of(cast, at):
    order = OrderFactory(shop=cast.shop)
    lost = ruled(cast, order=order)
    won = ruled(cast, order=order, outcome="merchant")
    told = [warning.text for warning in warnings_before(order=order, now=TUESDAY_10)]
    assert set(told) == {
        f"Case {lost.no} of this order is still open: “{lost.get_state_display()}”.",
        f"The merchant has won case {won.no} of this order already.",
    }
    assert warnings_before(order=OrderFactory(shop=cast.shop), now=TUESDAY_10) == []


def test_the_same_form_sent_twice_is_one_case(pia, after_sale):
    first, second = pia.post(address(after_sale), typed()), pia.post(address(after_sale), typed())
    assert first["Location"] == second["Location"]
    assert Case.everything.count() == 1


def test_a_second_case_on_an_after_sale_is_refused_before_and_after_typing(cast, pia):
    there = open_case(cast)
    assert pia.get(address(there.after_sale)).status_code == 409
    said = typed(seen=pia.post(address(there.after_sale), typed()).context["seen"], all_the_same="on")
    response = pia.post(address(there.after_sale), said)
    assert response.status_code == 409
    assert f"Case {there.no} is about this after-sale already." in response.content.decode()
    assert CLAIM in response.content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"claim": ""}, "This field is required."),
        ({"claim": "a" * 2001}, "at most 2000 characters"),
        ({"claim_fen": ""}, "This field is required."),
        ({"claim_fen": "x"}, "Enter a number."),
        ({"claim_fen": "0"}, "greater than or equal to 0.01"),
        ({"claim_fen": "NaN"}, "Enter a number."),
        ({"claim_fen": "1.001"}, "no more than 2 decimal places"),
        ({"claim_fen": "199.01"}, "at most the order&#x27;s ¥199.00"),
    ],
)
def test_what_is_wrong_is_named_and_everything_typed_is_kept(pia, after_sale, changed, told):
    response = pia.post(address(after_sale), typed(**changed))
    text = response.content.decode()
    assert response.status_code == 400
    assert told in text
    assert changed.get("claim", CLAIM) in text
    assert not Case.everything.exists()


@pytest.mark.parametrize("yuan", ["0.01", "199", "199.00"])
def test_an_amount_from_a_fen_up_to_the_orders_is_taken(pia, after_sale, yuan):
    assert pia.post(address(after_sale), typed(claim_fen=yuan)).status_code == 302


def test_an_after_sale_that_was_not_refused_is_told_at_once(cast, pia):
    agreed = AfterSaleFactory(order=OrderFactory(shop=cast.shop), state="agreed")
    page = pia.get(address(agreed))
    assert page.status_code == 400
    assert "Agreed by the merchant" in page.content.decode()
    assert "Open the case" not in page.content.decode()
    assert pia.post(address(agreed), typed()).status_code == 400


def test_an_after_sale_of_nothing_is_not_found(pia):
    assert pia.get(reverse("platform:disputes_case_open_on", args=[999999])).status_code == 404


@pytest.mark.parametrize("who", ["rita", "olive", "alice"])
def test_only_agents_open_cases(cast, at, client, after_sale, who):
    client.force_login(getattr(cast, who))
    assert client.get(look_up()).status_code == 403
    assert client.get(address(after_sale)).status_code == 403
    assert client.post(address(after_sale), typed()).status_code == 403
    assert not Case.everything.exists()


def test_the_admins_own_add_page_leads_here(pia):
    assert pia.get(reverse("platform:disputes_case_add"))["Location"] == look_up()
