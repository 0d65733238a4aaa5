"""The search box and what it leads to, on both sites."""

import pytest

from tests import stories
from tests.case_stories import open_case
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.searching import asking

SHOP, DESK = "/s/S001/search/", "/admin/search/"


@pytest.fixture
def browser(client, at):
    """`browser(user)`: somebody's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def of(user):
        client.force_login(user)
        return client

    return of


@pytest.fixture
def bob(cast, browser):
    return browser(cast.bob)


def text_of(page):
    return page.content.decode()


def order(cast, no, **more):
    return OrderFactory(shop=more.pop("shop", cast.shop), no=no, **more)


def groups(page):
    return {str(group.label): [hit.no for hit in group.hits] for group in page.context["answer"].groups}


# Numbers
def test_a_requests_number_leads_straight_to_it(cast, bob):
    record = stories.send(cast)
    answer = bob.get(SHOP, {"q": f" {record.no.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, record.path)


def test_the_numbers_of_orders_after_sales_and_cases_lead_to_their_pages(cast, bob):
    bought = order(cast, "60210001")
    after_sale, case = AfterSaleFactory(order=bought, no="AS7001"), open_case(cast)
    for number, page in (
        ("60210001", "/s/S001/orders/60210001/"),
        (after_sale.no, "/s/S001/orders/60210001/"),
        (case.no, f"/s/S001/cases/{case.no}/"),
    ):
        assert bob.get(SHOP, {"q": number})["Location"] == page


def test_in_the_desk_they_lead_to_the_records_there(cast, browser):
    rita, record = browser(cast.rita), stories.send(cast, order=order(cast, "60210001"))
    after_sale, case = AfterSaleFactory(order=record.order, no="AS7001"), open_case(cast)
    for number, page in (
        (record.no, f"/admin/tickets/servicerequest/{record.pk}/change/"),
        ("60210001", f"/admin/shop_cs/order/{record.order_id}/change/"),
        (after_sale.no, f"/admin/shop_cs/aftersale/{after_sale.pk}/change/"),
        (case.no, f"/admin/disputes/case/{case.pk}/change/"),
    ):
        assert rita.get(DESK, {"q": number})["Location"] == page
        assert rita.get(page).status_code == 200


def test_a_number_of_several_records_shows_them_all(cast, bob, browser):
    AfterSaleFactory(order=order(cast, "60210001"), no="60210001")
    page = bob.get(SHOP, {"q": "60210001"})
    assert groups(page) == {"Orders": ["60210001"], "After-sales": ["60210001"]}
    assert text_of(page).count("exactly this number") == 2
    order(cast, "70000001"), order(cast, "70000001", shop=cast.other_shop)
    page = browser(cast.olive).get(DESK, {"q": "70000001"})
    assert groups(page) == {"Orders": ["70000001", "70000001"]}
    assert "S002" in text_of(page)


@pytest.mark.parametrize(("beginning", "there"), [("6021", ["60210001", "60210002"]), ("602", []), ("60210002", None)])
def test_four_signs_of_the_beginning_are_enough(cast, bob, beginning, there):
    order(cast, "60210001"), order(cast, "60210002"), order(cast, "16021000")
    page = bob.get(SHOP, {"q": beginning})
    if there is None:
        assert page.status_code == 302
    else:
        assert groups(page).get("Orders", []) == there


@pytest.mark.parametrize(("many", "is_more"), [(asking.MOST_NUMBERS, False), (asking.MOST_NUMBERS + 1, True)])
def test_of_many_with_the_same_beginning_some_are_shown_and_that_there_are_more_is_said(cast, bob, many, is_more):
    for n in range(many):
        order(cast, f"8000{n:04}")
    page = bob.get(SHOP, {"q": "8000"})
    assert len(groups(page)["Orders"]) == asking.MOST_NUMBERS
    assert ("type more of the number" in text_of(page)) is is_more


def test_the_exact_number_is_shown_however_many_begin_with_it(cast, bob):
    for n in range(asking.MOST_NUMBERS + 5):
        order(cast, f"80000{n:04}")
    order(cast, "80000")
    assert bob.get(SHOP, {"q": "80000"})["Location"] == "/s/S001/orders/80000/"


def test_anothers_number_is_not_there(cast, bob):
    record = stories.send(cast, order=order(cast, "90000001", shop=cast.other_shop))
    for number in (record.no, "90000001", "9000"):
        page = bob.get(SHOP, {"q": number})
        assert page.status_code == 200
        assert "Nothing was found" in text_of(page)


def test_what_is_not_sent_yet_has_no_number_for_the_merchant(cast, bob, browser, at):
    at(shanghai("2026-03-02 22:30"))
    record = stories.send(cast, now=shanghai("2026-03-02 22:00"))
    assert "Nothing was found" in text_of(bob.get(SHOP, {"q": record.no}))
    assert browser(cast.rita).get(DESK, {"q": record.no}).status_code == 302
    at(TUESDAY_10)
    assert browser(cast.bob).get(SHOP, {"q": record.no}).status_code == 302


# Words
def test_words_are_marked_where_they_were_found(cast, bob):
    record = stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    page = text_of(bob.get(SHOP, {"q": "破损"}))
    assert f'href="{record.path}"' in page
    assert "收到的商品有<mark>破损</mark>，要求退款" in page
    page = text_of(bob.get(SHOP, {"q": "无人接听"}))
    assert "电话三次<mark>无人接听</mark>" in page


def test_what_a_consumer_wrote_is_shown_as_text(cast, bob):
    said = {"kind": "general", "category": "product", "by": cast.as_pia, "now": TUESDAY_10}
    actions.create(order=OrderFactory(shop=cast.shop), detail="<script>alert(1)</script>漏水<b>", **said)
    page = text_of(bob.get(SHOP, {"q": "漏水"}))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>漏水</mark>&lt;b&gt;" in page
    assert "<script>alert" not in text_of(bob.get(SHOP, {"q": "<script>alert(1)</script>"}))


def test_the_platform_reads_whose_request_it_is(cast, browser):
    stories.send(cast), stories.send(cast, order=OrderFactory(shop=cast.other_shop))
    page = text_of(browser(cast.olive).get(DESK, {"q": "破损"}))
    assert page.count("<mark>破损</mark>") == 2
    assert "向日葵家居" in page and "蓝海数码" in page


def test_the_second_page_is_reached_and_left(cast, bob):
    for _n in range(asking.PAGE + 1):
        stories.send(cast)
    first = bob.get(SHOP, {"q": "破损", "category": "product"})
    second = bob.get(f"{SHOP}?{first.context['older_query']}")
    assert [len(page.context["answer"].results) for page in (first, second)] == [asking.PAGE, 1]
    assert (first.context["newest_query"], second.context["older_query"]) == ("", "")
    assert bob.get(f"{SHOP}?{second.context['newest_query']}").context["answer"].results[0].record.pk > 0


# What is not understood, and what is not there
@pytest.mark.parametrize(
    ("params", "status", "words"),
    [
        ({}, 200, "Type a number or some words"),
        ({"q": "   "}, 200, "Type a number or some words"),
        ({"q": "退"}, 400, "Too short"),
        ({"q": "😀！"}, 400, "There is no word and no number in this"),
        ({"q": "退" * 100}, 200, "Nothing was found"),
        ({"q": "退" * 101}, 400, "At most 100 characters"),
        ({"q": "a\0b"}, 400, "Null characters"),
        ({"q": "雷暴"}, 200, "Nothing was found for “雷暴”"),
        ({"q": "破损", "state": "scheduled"}, 400, "not one of the available choices"),
        ({"q": "破损", "category": "exchange"}, 200, "Search in every status and type"),
        ({"q": "破损", "before": "x"}, 400, "The list has no such page"),
        ({"q": "破损", "before": "1-1"}, 200, "Nothing older was found"),
    ],
)
def test_every_question_has_an_answer_in_words(cast, bob, params, status, words):
    stories.send(cast)
    page = bob.get(SHOP, params)
    assert page.status_code == status
    assert words in text_of(page)
    typed = params.get("q", "").strip().replace("\0", "")
    assert not typed or typed in text_of(page) or "\0" in params["q"]


@pytest.mark.parametrize("before", ["99999999999999999-1", "0-999999999999999999", "1", "-", "1-1-1"])
def test_no_place_between_pages_breaks_it(cast, bob, before):
    assert bob.get(SHOP, {"q": "破损", "before": before}).status_code in (200, 400)


# The box
def test_the_box_is_in_the_header_of_both_sites(cast, browser):
    assert f'action="{SHOP}"' in text_of(browser(cast.bob).get("/s/S001/requests/"))
    for user in (cast.pia, cast.rita, cast.olive):
        assert f'action="{DESK}"' in text_of(browser(user).get("/admin/"))


def test_outside_a_shop_there_is_no_box(cast, browser):
    assert 'id="header-search"' not in text_of(browser(cast.bob).get("/account/sessions/"))


def test_the_shells_own_search_answers_still(cast, browser):
    page = browser(cast.rita).get(DESK, {"s": "order", "extended": "1"})
    assert page.status_code == 200
    assert 'id="header-search"' not in text_of(page)


# Its cost
def test_a_full_page_takes_at_most_twelve_statements(cast, bob, browser, django_assert_max_num_queries):
    for _n in range(asking.PAGE + 1):
        stories.reply_unsolved(stories.send(cast), cast, now=TUESDAY_10)
    for question in ("退款 三次", "6021"):
        with django_assert_max_num_queries(12):
            assert bob.get(SHOP, {"q": question}).status_code == 200
    rita = browser(cast.rita)
    rita.get(DESK)
    with django_assert_max_num_queries(12):
        assert rita.get(DESK, {"q": "退款 三次"}).status_code == 200
