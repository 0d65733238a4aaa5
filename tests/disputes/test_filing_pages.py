"""The filing centre on the workbench: what is typed and kept, what a filing's page covers, what others' pages show."""

from datetime import timedelta

import pytest
from django.urls import reverse

from disputes import actions, coverage
from disputes.models import Exhibit, Filing
from shop_cs.models import Evidence
from tests import stories
from tests.case_stories import open_case
from tests.disputes.test_coverage import ZHEJIANG, filed
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.tickets.test_request_page import picture

DAY = timedelta(days=1)
URL = "/s/S001/filings/"
TYPED = {
    "kind": "extreme_weather",
    "text": "台风，快递停运",
    "starts_at": "2026-03-03T08:00",
    "ends_at": "2026-03-05T08:00",
    "way": "regions",
    "province_1": "浙江",
    "city_1": "杭州",
}


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def text_of(answer):
    return answer.content.decode()


def url(record, part=""):
    return f"{URL}{record.no}/{part}"


def made():
    return Filing.everything.get()


# A new one
def test_a_filing_is_submitted_and_its_page_is_shown(cast, desk):
    answer = desk.post(f"{URL}new/", TYPED, follow=True)
    record = made()
    assert record.regions == [{"province": "浙江", "city": "杭州"}]
    assert answer.redirect_chain == [(url(record), 302)]
    assert f"Filing {record.no} is submitted." in text_of(answer)


def test_only_the_chosen_way_counts(cast, desk):
    desk.post(f"{URL}new/", {**TYPED, "courier": "中通", "orders": "nonsense!", "way": "courier"})
    assert not Filing.everything.exists()
    desk.post(f"{URL}new/", {**TYPED, "courier": "中通", "way": "courier"})
    assert (made().courier, made().regions) == ("中通", [])


def test_orders_are_named_by_their_numbers(cast, desk):
    one, other = OrderFactory.create_batch(2, shop=cast.shop)
    desk.post(f"{URL}new/", {**TYPED, "way": "orders", "orders": f"{one.no}，{other.no}\n{one.no}"})
    assert {named.order for named in made().filing_orders.all()} == {one, other}


def test_from_an_orders_page_the_form_is_about_this_order(cast, desk):
    order = OrderFactory(shop=cast.shop)
    piece = EvidenceFactory(order=order)
    page = desk.get(f"{URL}new/", {"order": order.no})
    assert page.context["form"].initial["orders"] == order.no
    assert f"piece_{piece.pk}" in text_of(page)


def test_of_another_shops_order_the_form_tells_nothing(cast, desk):
    theirs = OrderFactory(shop=cast.other_shop)
    EvidenceFactory(order=theirs)
    page = desk.get(f"{URL}new/", {"order": theirs.no})
    assert "orders" not in page.context["form"].initial and "piece_" not in text_of(page)


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"text": ""}, 400, "This field is required."),
        ({"province_1": ""}, 400, "Choose the province of this city."),
        ({"province_1": "", "city_1": ""}, 400, "Choose a province."),
        ({"province_1": "全国"}, 400, "Select a valid choice."),
        ({"way": "courier"}, 400, "Name the courier."),
        ({"way": "orders"}, 400, "Name the orders."),
        ({"way": "orders", "orders": "a b!"}, 400, "This is no order number: b!."),
        ({"way": "orders", "orders": "777"}, 404, "There is no such order in your shop: 777."),
        ({"ends_at": "2026-03-03T08:00"}, 400, "The end must lie after the beginning."),
        ({"ends_at": "2026-05-03T08:00"}, 400, "A filing spans at most 30 days."),
        ({"ends_at": "9999-12-31T23:59"}, 400, "Ensure this value is less than"),
        ({"kind": "courier_lost"}, 400, "not for regions"),
        ({"city_1": "杭.*"}, 400, "“杭.*” is no city."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(cast, desk, wrong, status, said):
    answer = desk.post(f"{URL}new/", {**TYPED, **wrong})
    assert (answer.status_code, Filing.everything.count()) == (status, 0)
    assert said in text_of(answer)
    kept = {**TYPED, **wrong}["text"]
    assert kept in text_of(answer)


def test_another_shops_order_is_404_and_its_vault_is_not_shown(cast, desk):
    theirs = OrderFactory(shop=cast.other_shop)
    EvidenceFactory(order=theirs)
    answer = desk.post(f"{URL}new/", {**TYPED, "way": "orders", "orders": theirs.no})
    assert answer.status_code == 404 and "piece_" not in text_of(answer)


def test_a_clerk_without_the_permission_is_told_whom_to_ask(cast, desk):
    desk.force_login(cast.bob)
    assert desk.post(f"{URL}new/", TYPED).status_code == 403
    text = text_of(desk.get(URL))
    assert "This post (售后客服) may not" in text and f"{URL}new/" not in text


# Evidence
def test_new_files_of_a_region_lie_in_the_shops_own_vault(cast, desk):
    desk.post(f"{URL}new/", {**TYPED, "file_1": picture(), "file_1_proves": "停运公告"})
    piece = Evidence.everything.get()
    assert (piece.order, piece.shop) == (None, cast.shop)
    assert (Exhibit.everything.get().evidence, Exhibit.everything.get().proves) == (piece, "停运公告")


def test_new_files_about_orders_lie_in_the_first_orders_vault(cast, desk):
    order = OrderFactory(shop=cast.shop)
    desk.post(f"{URL}new/", {**TYPED, "way": "orders", "orders": order.no, "file_1": picture()})
    assert made().exhibits.get().evidence.order == order


def test_a_good_file_is_kept_and_ticked_when_the_rest_is_refused(cast, desk):
    answer = desk.post(f"{URL}new/", {**TYPED, "ends_at": "2026-03-03T08:00", "file_1": picture()})
    piece = Evidence.everything.get()
    assert answer.status_code == 400
    assert answer.context["form"][f"piece_{piece.pk}"].value() is True
    desk.post(f"{URL}new/", {**TYPED, f"piece_{piece.pk}": "on"})
    assert made().exhibits.get().evidence == piece


def test_evidence_is_added_and_taken_back_until_it_is_decided(cast, desk):
    record = filed(cast, state="submitted", regions=ZHEJIANG)
    desk.post(url(record, "exhibit/"), {"file_1": picture()})
    exhibit = record.exhibits.get()
    assert desk.post(url(record, f"take-back/{exhibit.pk}/")).status_code == 302
    assert not record.exhibits.exists() and Evidence.everything.exists()
    actions.filing.approve(record, by=cast.as_rita, now=TUESDAY_10)
    assert desk.post(url(record, "exhibit/"), {"file_1": picture(colour="blue")}).status_code == 409
    assert not record.exhibits.exists() and Evidence.everything.count() == 1


def test_without_a_file_or_a_tick_nothing_is_added(cast, desk):
    record = filed(cast, state="submitted", regions=ZHEJIANG)
    answer = desk.post(url(record, "exhibit/"))
    assert answer.status_code == 400 and "Choose a file or tick" in text_of(answer)


# Its page
def test_the_page_lists_what_is_covered_now_and_what_was_opened_later(cast, desk):
    record = filed(cast, regions=ZHEJIANG)
    now = stories.send(cast)
    later = stories.send(cast, now=TUESDAY_10 + timedelta(hours=1))
    case = open_case(cast, now=TUESDAY_10 + timedelta(hours=1))
    page = desk.get(url(record))
    assert [one.no for one in page.context["requests"]] == [later.no, now.no]
    assert [one.no for one in page.context["cases"]] == [case.no]
    assert page.context["extent"] == coverage.Extent(2, 1, 1, 1, 0)
    assert text_of(page).count("opened after the approval") == 2


def test_what_is_covered_comes_in_pages(cast, desk):
    record = filed(cast, regions=ZHEJIANG)
    for _n in range(21):
        stories.send(cast)
    assert len(desk.get(url(record)).context["requests"]) == 20
    assert len(desk.get(url(record), {"requests": 2}).context["requests"]) == 1
    assert desk.get(url(record), {"requests": 3}).status_code == 404
    assert desk.get(url(record), {"cases": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("state", "told"),
    [("submitted", "it would cover"), ("approved", "Requests that it covers"), ("expired", "Requests that it covers")],
)
def test_the_page_says_what_it_covers_or_would(cast, desk, state, told):
    assert told in text_of(desk.get(url(filed(cast, state=state, regions=ZHEJIANG))))


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_what_covers_nothing_lists_nothing(cast, desk, state):
    stories.send(cast)
    assert "extent" not in desk.get(url(filed(cast, state=state, regions=ZHEJIANG))).context


def test_a_merchant_is_not_told_what_is_only_proposed(cast, desk):
    record = filed(cast, state="submitted", regions=ZHEJIANG)
    assert "Violations that it excuses" not in text_of(desk.get(url(record)))


def test_a_page_takes_few_statements(cast, desk, django_assert_max_num_queries):
    record = filed(cast, orders=[OrderFactory(shop=cast.shop) for _n in range(5)])
    stories.send(cast)
    with django_assert_max_num_queries(25):
        desk.get(url(record))


# Withdrawing
def test_withdrawing_asks_first_and_then_withdraws(cast, desk):
    record = filed(cast, state="submitted", regions=ZHEJIANG)
    page = desk.get(url(record, "withdraw/"))
    assert f"Withdraw filing {record.no}?" in text_of(page) and made().state == "submitted"
    desk.post(url(record, "withdraw/"), {"expect": page.context["stamp"]})
    assert made().state == "withdrawn"


def test_what_is_decided_is_not_withdrawn_and_its_button_says_why(cast, desk):
    record = filed(cast, regions=ZHEJIANG)
    assert desk.post(url(record, "withdraw/"), {"expect": "submitted:1"}).status_code == 409
    assert "This is “Approved” already." in text_of(desk.get(url(record)))


# The list
def listed(answer):
    return [record.no for record, _way in answer.context.get("rows", ())]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2),
        ({"tab": "approved"}, 1),
        ({"tab": "rejected"}, 0),
        ({"kind": "extreme_weather"}, 2),
        ({"kind": "epidemic"}, 0),
        ({"courier": "中"}, 1),
        ({"order": "77"}, 1),
        ({"order": "78"}, 0),
        ({"day": "2026-03-03"}, 2),
        ({"day": "2026-03-04"}, 2),
        ({"day": "2026-03-02"}, 0),
        ({"day": "2026-03-05"}, 0),
        ({"made_from": "2026-03-04"}, 0),
    ],
)
def test_tabs_and_filters_keep_what_they_say(cast, desk, asked, found):
    filed(cast, courier="中通")
    filed(cast, state="submitted", orders=[OrderFactory(shop=cast.shop, no="6021-777")])
    page = desk.get(URL, asked)
    assert len(listed(page)) == found
    assert next(tab.count for tab in page.context["tabs"] if tab.is_active) == found


def test_bad_filters_are_marked_and_nothing_is_listed(cast, desk):
    filed(cast, courier="中通")
    page = desk.get(URL, {"made_from": "2026-03-04", "made_to": "2026-03-03"})
    assert page.status_code == 400 and listed(page) == []


def test_a_full_list_takes_at_most_twelve_statements(cast, desk, django_assert_max_num_queries):
    order = OrderFactory(shop=cast.shop)
    for _n in range(51):
        filed(cast, orders=[order])
    with django_assert_max_num_queries(12):
        page = desk.get(URL, {"tab": "all", "kind": "extreme_weather"})
    assert len(listed(page)) == 50 and "Orders named: 1" in text_of(page)


def test_the_list_is_exported_as_filtered(cast, desk):
    filed(cast, orders=[OrderFactory(shop=cast.shop, no="6021-777")])
    filed(cast, regions=ZHEJIANG, state="submitted")
    answer = desk.get(f"{URL}export/csv/", {"tab": "approved"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "6021-777" in text and "浙江" not in text and "Extreme weather" in text
    assert desk.get(f"{URL}export/csv/").status_code == 429


def test_another_shops_filings_are_404(cast, desk):
    record = filed(cast, regions=ZHEJIANG)
    desk.force_login(cast.charlie)
    assert desk.get(url(record)).status_code == 404
    assert desk.get(f"/s/S002/filings/{record.no}/").status_code == 404


# On the pages of others
def test_a_covered_request_and_case_say_so(cast, desk):
    request, case = stories.send(cast), open_case(cast)
    assert "Covered by a filing" not in text_of(desk.get(request.path))
    record = filed(cast, regions=ZHEJIANG)
    for page in (request.path, case.path):
        text = text_of(desk.get(page))
        assert "Covered by a filing" in text and "it goes to 浙江" in text
        assert reverse("filing", args=["S001", record.no]) in text


@pytest.mark.parametrize(("kind", "reason"), [("extreme_weather", "force_majeure"), ("courier_lost", "courier_fault")])
def test_the_unsolved_reply_is_filled_in_and_names_the_filing(cast, desk, kind, reason):
    record = filed(cast, courier="中通")
    Filing.everything.filter(pk=record.pk).update(kind=kind)
    form = desk.get(stories.send(cast, order=OrderFactory(shop=cast.shop, courier="中通")).path).context["reply_form"]
    assert (form["solved"].value(), form["reason"].value()) == ("no", reason)
    assert record.no in form["text"].value()


def test_without_an_approved_filing_the_reply_is_empty(cast, desk):
    filed(cast, state="submitted", regions=ZHEJIANG)
    form = desk.get(stories.send(cast).path).context["reply_form"]
    assert not form["solved"].value() and not form["text"].value()


def test_what_was_typed_counts_more_than_what_was_filled_in(cast, desk):
    filed(cast, regions=ZHEJIANG)
    request = stories.send(cast)
    answer = desk.post(f"{request.path}reply/", {"solved": "yes", "text": "已补发"})
    form = answer.context["reply_form"]
    assert (form["solved"].value(), form["text"].value()) == ("yes", "已补发")


def test_a_covered_requests_page_takes_at_most_twenty_statements(cast, desk, django_assert_max_num_queries):
    filed(cast, regions=ZHEJIANG)
    filed(cast, regions=ZHEJIANG)
    request = stories.send(cast)
    with django_assert_max_num_queries(20):
        assert "Covered by a filing" in text_of(desk.get(request.path))


def test_an_orders_page_leads_to_a_filing_about_it_for_who_may_file(cast, desk):
    order = OrderFactory(shop=cast.shop)
    link = f"{URL}new/?order={order.no}"
    assert link in text_of(desk.get(f"/s/S001/orders/{order.no}/"))
    desk.force_login(cast.bob)
    assert link not in text_of(desk.get(f"/s/S001/orders/{order.no}/"))
