"""What reviewers know of a person across shops, and the mark that an upheld report leaves."""

import pytest
from django.urls import reverse

from disputes import persons
from disputes.actions import reporting
from shop_cs import panels
from tests.case_stories import open_case, ruled
from tests.disputes.test_reporting import submit, upheld
from tests.factories import AfterSaleFactory, ConsumerFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send
from tickets import actions

MARK = "A report about this user was upheld."


@pytest.fixture
def person(db):
    return ConsumerFactory(name="赵六", phone="13800001234", address="浙江省杭州市余杭区文一西路100号")


@pytest.fixture
def order(cast, person):
    return OrderFactory(shop=cast.shop, no="6021777", consumer=person)


@pytest.fixture
def theirs(cast, person):
    """The same person's order at Charlie's, to another address."""
    elsewhere = ConsumerFactory(name="赵六", phone="138 0000 1234", address="上海市")
    return OrderFactory(shop=cast.other_shop, no="CHARLIES1", consumer=elsewhere)


@pytest.fixture
def rita(cast, at, client):
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def dossier(client, key):
    return client.get(reverse("platform:dossier", args=[key]))


def page_of(client, request):
    return client.get(reverse("platform:tickets_servicerequest_change", args=[request.pk])).content.decode()


# The dossier
def test_it_gathers_what_every_shop_has_of_the_person_and_masks_him(cast, rita, order, theirs, person):
    record, request = upheld(cast, order), send(cast, order=theirs)
    case = ruled(cast, order=order, outcome="merchant")
    AfterSaleFactory(order=theirs, kind="return", no="AFTERSALE1")
    text = dossier(rita, person.key).content.decode()
    for told in (record.no, request.no, case.no, "6021777", "CHARLIES1", "AFTERSALE1", "向日葵家居", "蓝海数码"):
        assert told in text
    assert "赵**" in text and "138****1234" in text
    for hidden in ("13800001234", "138 0000 1234", "赵六", "文一西路"):
        assert hidden not in text


def test_its_figures_count_the_returns_refused_and_the_cases_won_and_lost(cast, order, theirs, person):
    upheld(cast, order)
    submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie)
    AfterSaleFactory(order=theirs, kind="return")
    AfterSaleFactory(order=theirs, kind="return", state="done")
    ruled(cast, order=order, outcome="merchant")
    ruled(cast, order=order)
    told = persons.dossier(person.key).figures
    assert (told["after_sales"], told["refused"], told["refused_returns"]) == (4, 3, 1)
    assert (told["cases"], told["won"], told["lost"], told["shared"]) == (2, 1, 1, 0)
    assert (told["orders"], told["requests"], told["reports"], told["upheld"]) == (2, 0, 2, 1)


def test_of_somebody_else_nothing_is_in_it(cast, rita, order, person):
    other = OrderFactory(shop=cast.shop, no="SOMEBODYELSES")
    submit(cast, other, text="别人的举报")
    text = dossier(rita, person.key).content.decode()
    assert "6021777" in text
    assert "SOMEBODYELSES" not in text and "别人的举报" not in text


def test_more_rows_cost_no_more_statements_and_the_oldest_are_only_counted(
    cast, rita, order, person, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(persons, "MOST", 3)
    for _n in range(5):
        send(cast, order=OrderFactory(shop=cast.shop, consumer=person))
    with django_assert_max_num_queries(20):
        text = dossier(rita, person.key).content.decode()
    told = persons.dossier(person.key)
    assert (len(told.orders.rows), told.orders.total, told.orders.left_out) == (3, 6, 3)
    assert "… and 3 older" in text


@pytest.mark.parametrize(("who", "status"), [("rita", 200), ("ray", 200), ("pia", 403), ("olive", 403), ("alice", 403)])
def test_only_reviewers_read_it(cast, rita, order, person, who, status):
    rita.force_login(getattr(cast, who))
    assert dossier(rita, person.key).status_code == status


def test_a_key_that_nobody_has_is_not_found_and_nothing_is_posted(cast, rita, person):
    assert dossier(rita, "0" * 40).status_code == 404
    assert rita.post(reverse("platform:dossier", args=[person.key])).status_code == 405


# The mark
def test_an_upheld_report_marks_the_user_on_the_open_requests_of_every_shop(cast, rita, order, theirs, person):
    mine, other = send(cast, order=order), send(cast, order=theirs)
    record = upheld(cast, order)
    for request in (mine, other):
        text = page_of(rita, request)
        assert MARK in text and record.no in text
        assert reverse("platform:dossier", args=[person.key]) in text


def test_a_report_that_is_not_upheld_marks_nobody(cast, rita, order):
    request, record = send(cast, order=order), submit(cast, order)
    assert MARK not in page_of(rita, request)
    reporting.dismiss(record, reason="证据不足", by=cast.as_rita, now=TUESDAY_10)
    assert MARK not in page_of(rita, request)


def test_the_mark_is_gone_when_the_report_is_reopened(cast, rita, order):
    request, record = send(cast, order=order), upheld(cast, order)
    assert MARK in page_of(rita, request)
    reporting.reopen(record, reason="新证据", by=cast.as_ray, now=TUESDAY_10)
    assert MARK not in page_of(rita, request)


def test_somebody_else_and_nobody_known_are_not_marked(cast, rita, order):
    upheld(cast, order)
    for consumer in (ConsumerFactory(), None):
        request = send(cast, order=OrderFactory(shop=cast.shop, consumer=consumer))
        assert MARK not in page_of(rita, request)


def test_a_closed_request_is_not_marked(cast, rita, order):
    request = reply_unsolved(send(cast, order=order), cast, now=TUESDAY_10)
    upheld(cast, order)
    decide = reverse("platform:tickets_servicerequest_approve", args=[request.pk])
    assert MARK in page_of(rita, request) and MARK in rita.get(decide).content.decode()
    actions.approve(request, by=cast.as_rita, now=TUESDAY_10)
    assert MARK not in page_of(rita, request)


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_agents_and_auditors_do_not_see_the_mark(cast, rita, order, person, who):
    request, record = send(cast, order=order), upheld(cast, order)
    rita.force_login(getattr(cast, who))
    text = page_of(rita, request)
    assert request.no in text
    assert MARK not in text and record.no not in text and person.key not in text


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_merchants_see_no_mark_on_their_requests(cast, rita, order, theirs, person, who):
    requests = {"alice": send(cast, order=order), "charlie": send(cast, order=theirs)}
    record = upheld(cast, order)
    rita.force_login(getattr(cast, who))
    text = rita.get(requests[who].path).content.decode()
    assert requests[who].no in text
    for canary in (MARK, record.no, "三次退货均为空盒", person.key):
        assert canary not in text


def test_an_open_case_is_marked_for_reviewers_and_a_closed_one_is_not(cast, order):
    upheld(cast, order)
    opened, closed = open_case(cast, order=order), ruled(cast, order=order, outcome="merchant")

    def marks(case, actor):
        shown = panels.panels("case_platform", case, actor=actor, now=TUESDAY_10)
        return [panel for panel in shown if panel.template == "admin/disputes/_mark.html"]

    assert len(marks(opened, cast.as_rita)) == 1
    assert not marks(opened, cast.as_pia) and not marks(opened, cast.as_olive) and not marks(closed, cast.as_rita)
