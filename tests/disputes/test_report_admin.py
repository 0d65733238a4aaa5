"""Reports in the platform's desk: the queue, the page of one, and deciding."""

import pytest
from django.urls import reverse

from disputes import actions
from disputes.actions import reporting
from disputes.models import Exhibit
from tests.disputes.test_reporting import fresh, investigated, submit, upheld
from tests.factories import ConsumerFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10


def url(name, *args):
    return reverse(f"platform:disputes_report_{name}", args=args)


@pytest.fixture
def person(db):
    return ConsumerFactory(name="赵六", phone="13800001234")


@pytest.fixture
def order(cast, person):
    return OrderFactory(shop=cast.shop, no="6021777", consumer=person)


@pytest.fixture
def rita(cast, at, client):
    """Rita's browser, in English."""
    client.force_login(cast.rita)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def words(answer):
    return answer.content.decode()


def listed(answer):
    return [record.no for record in answer.context["cl"].result_list]


def test_what_waits_comes_first_the_oldest_on_top(cast, rita):
    first, second, third = (
        submit(cast, OrderFactory(shop=cast.shop), now=TUESDAY_10.replace(hour=h)) for h in (8, 9, 10)
    )
    reporting.dismiss(first, reason="证据不足", by=cast.as_rita, now=TUESDAY_10)
    assert listed(rita.get(url("changelist"))) == [second.no, third.no, first.no]
    assert listed(rita.get(url("changelist"), {"state__exact": "dismissed"})) == [first.no]


def test_many_reports_cost_no_more_statements(cast, rita, django_assert_max_num_queries):
    for _n in range(6):
        submit(cast, OrderFactory(shop=cast.shop))
    with django_assert_max_num_queries(12):
        rita.get(url("changelist"))


def test_the_page_shows_orders_evidence_and_what_others_reported(cast, rita, order, person):
    theirs = OrderFactory(shop=cast.other_shop, consumer=person)
    submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie)
    record = submit(cast, order)
    actions.show(record, evidence=EvidenceFactory(order=order, name="box.png"), by=cast.as_alice, now=TUESDAY_10)
    text = words(rita.get(url("change", record.pk)))
    for told in ("6021777", "box.png", "多次调包退货", "1 other report about this user", "by 1 other shop", "0 upheld"):
        assert told in text
    assert "13800001234" not in text and reverse("platform:dossier", args=[person.key]) in text


def test_rita_takes_it_up_upholds_it_and_reopens_it(cast, rita, order):
    record = submit(cast, order)
    rita.get(url("take_up", record.pk))
    assert fresh(record).state == "submitted"
    assert rita.post(url("take_up", record.pk), {"expect": "submitted:1"}).status_code == 302
    said = {"reason": "三次退货均为空盒", "expect": "investigating:1"}
    assert rita.post(url("uphold", record.pk), said).status_code == 302
    assert (fresh(record).state, fresh(record).decided_by) == ("upheld", cast.rita)
    assert rita.post(url("reopen", record.pk), {"reason": "新证据", "expect": "upheld:1"}).status_code == 302
    assert (fresh(record).state, fresh(record).round) == ("investigating", 2)


@pytest.mark.parametrize("verb", ["uphold", "dismiss"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_decided(cast, rita, order, verb, reason):
    record = investigated(cast, order)
    answer = rita.post(url(verb, record.pk), {"reason": reason, "expect": "investigating:1"})
    assert answer.status_code == 400 and fresh(record).state == "investigating"


def test_the_second_of_two_reviewers_is_refused_and_keeps_her_words(cast, rita, order):
    record = investigated(cast, order)
    reporting.dismiss(record, reason="证据不足", by=cast.as_ray, now=TUESDAY_10)
    answer = rita.post(url("uphold", record.pk), {"reason": "我认为成立", "expect": "investigating:1"})
    assert answer.status_code == 409 and "我认为成立" in words(answer)
    assert fresh(record).state == "dismissed"
    assert rita.get(url("uphold", record.pk)).status_code == 409


def test_a_page_from_before_the_reopening_decides_nothing(cast, rita, order):
    record = reporting.reopen(upheld(cast, order), reason="新证据", by=cast.as_ray, now=TUESDAY_10)
    answer = rita.post(url("dismiss", record.pk), {"reason": "不成立", "expect": "investigating:1"})
    assert answer.status_code == 409 and fresh(record).state == "investigating"
    assert 'value="investigating:2"' in words(answer)


def test_a_button_that_does_not_fit_is_grey_and_says_why(cast, rita, order):
    text = words(rita.get(url("change", submit(cast, order).pk)))
    assert "“uphold” is not possible while it is “Submitted”." in text


@pytest.mark.parametrize("who", ["pia", "olive"])
def test_agents_and_auditors_read_and_decide_nothing(cast, rita, order, who, person):
    record = submit(cast, order)
    rita.force_login(getattr(cast, who))
    text = words(rita.get(url("change", record.pk)))
    assert "多次调包退货" in text and url("dismiss", record.pk) not in text and person.key not in text
    for verb in ("take_up", "uphold", "dismiss", "reopen"):
        assert rita.post(url(verb, record.pk), {"reason": "理由", "expect": "submitted:1"}).status_code == 403
    assert fresh(record).state == "submitted"


@pytest.mark.parametrize("who", ["alice", "charlie"])
def test_merchants_do_not_come_to_the_desk(cast, rita, order, who):
    record = submit(cast, order)
    rita.force_login(getattr(cast, who))
    assert rita.get(url("change", record.pk)).status_code == 403
    assert rita.get(url("changelist")).status_code == 403


def test_a_report_is_neither_edited_nor_added_nor_deleted(cast, rita, order):
    record = submit(cast, order)
    assert rita.post(url("change", record.pk), {"text": "x"}).status_code == 403
    assert rita.get(url("add")).status_code == 403
    assert rita.post(url("delete", record.pk)).status_code == 403
    assert rita.get(url("change", 999_999)).status_code == 404


def test_the_history_tells_of_the_evidence_too(cast, rita, order):
    record = submit(cast, order, evidence=[(EvidenceFactory(order=order), "空盒")])
    assert Exhibit.everything.filter(report=record).exists()
    text = words(rita.get(url("history", record.pk)))
    assert "exhibit" in text and "爱丽丝" in text


@pytest.mark.parametrize(("who", "is_told"), [("rita", True), ("pia", False), ("olive", False)])
def test_what_others_reported_is_told_to_reviewers_alone(cast, rita, order, person, who, is_told):
    theirs = OrderFactory(shop=cast.other_shop, consumer=person)
    other = submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie)
    reporting.uphold(
        reporting.take_up(other, by=cast.as_rita, now=TUESDAY_10), reason="属实", by=cast.as_rita, now=TUESDAY_10
    )
    record = submit(cast, order)
    rita.force_login(getattr(cast, who))
    text = words(rita.get(url("change", record.pk)))
    assert record.no in text and "No other report about this user." not in text
    assert ("1 other report about this user" in text) is is_told
    assert ("1 upheld" in text) is is_told
