"""Pieces marked with what they are, and the meter that merchant and reviewer see."""

import re

import pytest

from disputes import actions as disputes
from disputes.actions import filing, reporting
from disputes.models import Exhibit
from disputes.views.wanted import LABELS
from shop_cs.evidence import catalogue
from shop_cs.moves import Refused
from tests import case_stories, stories
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.tickets.test_request_page import picture
from tickets import actions
from tickets.models import Attachment, Reply

REFUNDED = {"solved": "yes", "settlement": "refunded", "text": "已全额退款"}


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


@pytest.fixture
def record(cast):
    return stories.send(cast)


def url(record, part=""):
    return f"/s/S001/requests/{record.no}/{part}"


def attach(cast, record, item="", side="merchant"):
    piece = EvidenceFactory(order=record.order, side=side)
    return actions.attach(record, evidence=piece, item=item, by=cast.as_alice, now=TUESDAY_10)


def meter_of(desk, record, claim):
    """The meter of a claim on the form of a request's page."""
    context = desk.get(url(record)).context
    return next(one.meter for one in context["asked_solved"] + context["asked_unsolved"] if one.claim == claim)


# Marking
@pytest.mark.parametrize("item", ["receipt", "REFUND_RECEIPT", " "])
def test_a_mark_that_the_catalogue_does_not_know_is_refused_and_nothing_is_attached(cast, record, item):
    piece = EvidenceFactory(order=record.order)
    said = {"solved": True, "settlement": "refunded", "text": "已退款"}
    by = {"by": cast.as_alice, "now": TUESDAY_10}
    case = case_stories.open_case(cast, order=record.order)
    for act in (
        lambda: actions.attach(record, evidence=piece, item=item, **by),
        lambda: actions.reply(record, **said, evidence=[(piece, "", item)], **by),
        lambda: disputes.show(case, evidence=piece, item=item, **by),
        lambda: disputes.state_case(case, text="已说明", evidence=[(piece, "", item)], **by),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.refusal.code, refused.value.refusal.status) == ("item", 400)
    assert not Attachment.everything.exists() and not Exhibit.everything.exists() and not Reply.everything.exists()


def test_a_mark_stays_with_the_piece_and_without_one_it_is_none(cast, record):
    case = case_stories.open_case(cast, order=record.order)
    for item in ("tracking", ""):
        piece = EvidenceFactory(order=record.order)
        shown = disputes.show(case, evidence=piece, item=item, by=cast.as_alice, now=TUESDAY_10)
        attached = actions.attach(record, evidence=piece, item=item, by=cast.as_alice, now=TUESDAY_10)
        assert (shown.item, attached.item) == (item, item)
        assert attached.history.get().item == item


def test_the_mark_typed_beside_a_file_or_a_tick_goes_with_it(cast, desk, record):
    piece = EvidenceFactory(order=record.order)
    ticked = {f"piece_{piece.pk}": "on", f"piece_{piece.pk}_item": "agreement"}
    answer = desk.post(
        url(record, "reply/"), {**REFUNDED, **ticked, "file_2": picture(), "file_2_item": "refund_receipt"}
    )
    assert answer.status_code == 302
    assert sorted(Attachment.everything.values_list("item", flat=True)) == ["agreement", "refund_receipt"]


def test_what_is_not_the_merchants_own_cannot_be_marked(cast, desk, record):
    theirs = EvidenceFactory(order=record.order, side="platform")
    case = case_stories.open_case(cast, order=record.order)
    disputes.show(case, evidence=theirs, by=cast.as_alice, now=TUESDAY_10)
    form = desk.get(url(record)).context["reply_form"]
    assert [(piece, mark) for piece, _tick, _proves, mark in form.pieces()] == [(theirs, None)]


def test_what_is_refused_keeps_the_file_and_its_mark(desk, record):
    said = {"solved": "yes", "text": "x", "file_1": picture(), "file_1_item": "waybill"}
    answer = desk.post(url(record, "reply/"), said)
    assert answer.status_code == 400
    assert [(tick.value(), mark.value()) for _piece, tick, _proves, mark in answer.context["reply_form"].pieces()] == [
        (True, "waybill")
    ]


def test_a_mark_that_the_form_does_not_offer_is_a_400_at_its_field(desk, record):
    answer = desk.post(url(record, "reply/"), {**REFUNDED, "file_1": picture(), "file_1_item": "nothing"})
    assert answer.status_code == 400 and not Attachment.everything.exists()
    assert answer.context["reply_form"].errors


# The meter on a request
def test_the_form_tells_of_every_answer_what_it_is_asked_for(desk, record):
    page = desk.get(url(record))
    told = {one.claim for one in page.context["asked_solved"] + page.context["asked_unsolved"]}
    assert told == {*Reply.Settlement.values, *Reply.Reason.values}
    text = page.content.decode()
    shown = set(re.findall(r'data-shown-when="(?:settlement|reason)=(\w+)"', text))
    assert shown == told and "/evidence/sample/refund_receipt/bad/" in text
    assert f"/s/S001/evidence/?about={record.category}" in text


def test_only_the_merchants_own_marked_pieces_count(cast, desk, record):
    attach(cast, record)
    attach(cast, record, "refund_receipt", side="consumer")
    assert meter_of(desk, record, "refunded").missing_required == ("refund_receipt",)
    attach(cast, record, "refund_receipt")
    meter = meter_of(desk, record, "refunded")
    assert (meter.percent, meter.missing_required) == (70, ())
    assert meter_of(desk, record, "agreed").missing_required == ("agreement",)


def test_after_the_answer_merchant_and_reviewer_see_how_complete_it_is(cast, desk, record):
    piece = EvidenceFactory(order=record.order)
    said = {"solved": True, "settlement": "agreed", "text": "已协商"}
    actions.reply(record, **said, evidence=[(piece, "", "agreement")], by=cast.as_alice, now=TUESDAY_10)
    pages = [desk.get(url(record))]
    desk.force_login(cast.rita)
    address = f"/admin/tickets/servicerequest/{record.pk}"
    pages += [desk.get(f"{address}/change/"), desk.get(f"{address}/approve/")]
    for page in pages:
        asked = page.context["asked"]
        assert (asked.claim, asked.meter.percent, asked.meter.missing_required) == ("agreed", 70, ())
        text = page.content.decode()
        assert "<output data-percent>70</output>" in text and "Would help:" in text
        assert "Agreement with the consumer" in text


def test_the_meter_refuses_nothing_that_the_action_takes(cast, record):
    piece = EvidenceFactory(order=record.order)
    said = {"solved": True, "settlement": "refunded", "text": "已退款", "evidence": [(piece, "", "tracking")]}
    assert actions.reply(record, **said, by=cast.as_alice, now=TUESDAY_10).state == "reviewing"


def test_an_unanswered_request_has_no_meter_for_the_reviewer(cast, desk, record):
    desk.force_login(cast.rita)
    assert desk.get(f"/admin/tickets/servicerequest/{record.pk}/change/").context["asked"] is None


# Cases, payments, appeals, reports, filings
def test_a_case_is_asked_by_its_after_sale_and_its_payment_by_the_remedy(cast, desk):
    case = case_stories.ruled(cast)
    receipt = EvidenceFactory(order=case.order)
    page = desk.get(f"/s/S001/cases/{case.no}/").context
    assert (page["asked_case"].claim, page["asked_payment"].claim) == (case.after_sale.kind, "amount")
    disputes.pay(case, note="已退", evidence=[(receipt, "", "refund_receipt")], by=cast.as_alice, now=case.ruled_at)
    desk.force_login(cast.rita)
    page = desk.get(f"/admin/disputes/case/{case.pk}/change/").context
    assert (page["asked_payment"].meter.percent, page["asked"].meter.percent) == (70, 0)


def test_an_appeal_is_asked_by_its_ground(cast, desk):
    case = case_stories.ruled(cast)
    address = f"/s/S001/cases/{case.no}/appeal/"
    page = desk.get(address)
    assert [one.claim for one in page.context["claims"]] == list(catalogue.GROUNDS)
    typed = {"ground": "already_paid", "text": "已付", "sure": "on", "file_1": picture(), "file_1_item": "agreement"}
    page = desk.get(desk.post(address, typed).url)
    assert (page.context["asked"].claim, page.context["asked"].meter.percent) == ("already_paid", 10)
    assert page.context["asked"].meter.missing_required == ("refund_receipt",)


def test_a_report_and_a_filing_are_asked_by_their_kind(cast, desk):
    order = OrderFactory(shop=cast.shop)
    piece = EvidenceFactory(order=order)
    said = {"shop": cast.shop, "orders": [order], "text": "见附件", "by": cast.as_alice, "now": TUESDAY_10}
    report = reporting.submit(kind="abuse", evidence=[(piece, "", "chat")], **said)
    span = {"starts_at": TUESDAY_10, "ends_at": TUESDAY_10 + case_stories.DAY}
    filed = filing.submit(kind="courier_lost", evidence=[(piece, "", "waybill")], **span, **said)
    found = {"reports": (report, 70), "filings": (filed, 15)}
    for folder, (made, percent) in found.items():
        assert desk.get(f"/s/S001/{folder}/new/").context["claims"]
        assert desk.get(f"/s/S001/{folder}/{made.no}/").context["asked"].meter.percent == percent
    desk.force_login(cast.rita)
    for folder, (made, percent) in found.items():
        page = desk.get(f"/admin/disputes/{folder[:-1]}/{made.pk}/change/")
        assert page.context["asked"].meter.percent == percent


# The catalogue's page
def test_the_catalogue_shows_every_subject_with_its_claims_and_drawings(desk, cast):
    assert {*LABELS} == {*catalogue.subjects()} - {*catalogue.FACTS}
    for about in catalogue.subjects():
        page = desk.get("/s/S001/evidence/", {"about": about})
        text = page.content.decode()
        assert page.status_code == 200
        assert re.findall(r'id="claim-(\w+)"', text) == list(catalogue.claims(about))
        assert set(re.findall(r'id="piece-(\w+)"', text)) == set(catalogue.codes_about(about))
        assert set(re.findall(r'href="#piece-(\w+)"', text)) == set(catalogue.codes_about(about))


def test_the_catalogue_is_in_the_sidebar_and_knows_no_other_subject(desk):
    assert 'href="/s/S001/evidence/"' in desk.get("/s/S001/requests/").content.decode()
    assert [desk.get("/s/S001/evidence/", {"about": about}).status_code for about in ("nothing", "a\0b")] == [404, 404]
    assert desk.get("/s/S002/evidence/").status_code == 404


def test_the_catalogue_costs_few_statements(desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        desk.get("/s/S001/evidence/")
