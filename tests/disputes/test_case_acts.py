"""What a merchant does on a case's page beside his statement: evidence, offers, payment; and who may not."""

from datetime import timedelta

import pytest

from disputes import actions
from disputes.models import CaseState, Exhibit, Offer
from tests.case_pages import OFFER, PAID, SAID, picture, text_of, url
from tests.case_stories import HOUR, SECOND, arbitrating, fresh, open_case, ruled
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai

THURSDAY_10 = shanghai("2026-03-05 10:00")


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def case(cast):
    return open_case(cast)


# Evidence
def test_evidence_can_be_added_alone_and_taken_back(desk, case):
    assert desk.post(url(case, "exhibit/"), {"exhibit-file_1": picture()}).status_code == 302
    exhibit = Exhibit.everything.get(case=case)
    assert f"take-back/{exhibit.pk}/" in text_of(desk.get(url(case)))
    assert desk.post(url(case, f"take-back/{exhibit.pk}/")).status_code == 302
    assert not Exhibit.everything.exists()
    told = [str(entry.what) for entry in desk.get(url(case)).context["entries"]]
    assert told[:2] == ["evidence taken back", "evidence added"]


def test_a_piece_of_the_orders_vault_is_ticked_and_not_uploaded_twice(desk, case):
    piece = EvidenceFactory(order=case.order)
    ticked = {f"exhibit-piece_{piece.pk}": "on", f"exhibit-piece_{piece.pk}_proves": "回执"}
    assert desk.post(url(case, "exhibit/"), ticked).status_code == 302
    assert Exhibit.everything.get(case=case).proves == "回执"


def test_adding_nothing_is_said(desk, case):
    answer = desk.post(url(case, "exhibit/"), {})
    assert answer.status_code == 400 and "Choose a file" in text_of(answer)


def test_another_orders_piece_cannot_be_ticked(cast, desk, case):
    strange = EvidenceFactory(order=OrderFactory(shop=cast.shop))
    assert desk.post(url(case, "exhibit/"), {f"exhibit-piece_{strange.pk}": "on"}).status_code == 400
    assert not Exhibit.everything.exists()


def test_above_the_most_pieces_it_is_refused(desk, case):
    type(case.rulebook).objects.update(evidence_max=1)
    files = {"exhibit-file_1": picture("a.png"), "exhibit-file_2": picture("b.png", "blue")}
    answer = desk.post(url(case, "exhibit/"), files)
    assert answer.status_code == 400 and "At most 1 pieces" in text_of(answer)
    assert not Exhibit.everything.exists()


@pytest.mark.parametrize(("when", "status"), [(THURSDAY_10, 302), (THURSDAY_10 + SECOND, 409)])
def test_evidence_is_taken_back_while_it_may_be_added(desk, at, case, when, status):
    desk.post(url(case, "exhibit/"), {"exhibit-file_1": picture()})
    at(when)
    exhibit = Exhibit.everything.get(case=case)
    assert (f"take-back/{exhibit.pk}/" in text_of(desk.get(url(case)))) == (status == 302)
    assert desk.post(url(case, f"take-back/{exhibit.pk}/")).status_code == status


def test_the_consumers_piece_and_another_cases_are_not_ones_own_to_take_back(cast, desk, case):
    theirs = EvidenceFactory(order=case.order, side="consumer")
    actions.consumer_states(case, text="破损", evidence=[(theirs, "")], now=TUESDAY_10)
    other = open_case(cast)
    shown = actions.show(other, evidence=EvidenceFactory(order=other.order), by=cast.as_bob, now=TUESDAY_10)
    assert desk.post(url(case, f"take-back/{theirs.exhibits.get().pk}/")).status_code == 409
    assert desk.post(url(case, f"take-back/{shown.pk}/")).status_code == 404


# Offers
def test_an_offer_is_made_told_and_open(desk, case):
    answer = desk.post(url(case, "offer/"), OFFER, follow=True)
    assert "The offer is made" in text_of(answer) and "open until 2026-03-04 10:00" in text_of(answer)
    offer = Offer.everything.get(case=case)
    assert (offer.remedy, offer.amount_fen, offer.text) == ("amount", 5_000, "退一半")
    assert fresh(case).state == CaseState.NEGOTIATING


def test_a_resend_has_no_amount_even_if_one_was_typed(desk, case):
    desk.post(url(case, "offer/"), {**OFFER, "offer-remedy": "resend"})
    assert Offer.everything.get(case=case).amount_fen is None


def test_the_orders_amount_is_told_before(desk, case):
    assert "At most the order's ¥199.00; the consumer claims ¥99.00." in text_of(desk.get(url(case)))


@pytest.mark.parametrize(("amount", "status"), [("0.01", 302), ("199.00", 302), ("199.01", 400), ("1e30", 400)])
def test_an_offer_is_at_most_the_orders_amount(desk, case, amount, status):
    answer = desk.post(url(case, "offer/"), {**OFFER, "offer-amount": amount})
    assert answer.status_code == status and Offer.everything.count() == (1 if status == 302 else 0)
    assert status == 302 or ("退一半" in text_of(answer) and amount in text_of(answer))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"offer-remedy": "amount", "offer-amount": ""}, "amount"),
        ({"offer-remedy": "amount", "offer-amount": "0"}, "amount"),
        ({"offer-remedy": "amount", "offer-amount": "-1"}, "amount"),
        ({"offer-remedy": "amount", "offer-amount": "0.001"}, "amount"),
        ({"offer-remedy": "amount", "offer-amount": "NaN"}, "amount"),
        ({"offer-remedy": "amount", "offer-amount": "五十"}, "amount"),
        ({"offer-remedy": "gift", "offer-amount": "5"}, "remedy"),
        ({"offer-amount": "5"}, "remedy"),
        ({"offer-remedy": "resend", "offer-text": "长" * 2001}, "text"),
    ],
)
def test_an_offer_that_says_too_little_is_marked_at_its_field(desk, case, said, field):
    answer = desk.post(url(case, "offer/"), said)
    assert answer.status_code == 400 and list(answer.context["offer_form"].errors) == [field]
    assert not Offer.everything.exists()


def test_the_fourth_offer_is_refused_and_the_form_gone(cast, desk, case):
    for _n in range(3):
        actions.decline(actions.offer(case, remedy="resend", by=cast.as_bob, now=TUESDAY_10), now=TUESDAY_10)
    answer = desk.post(url(case, "offer/"), OFFER)
    assert answer.status_code == 409 and "At most 3 offers" in text_of(answer)
    assert "offer/" not in text_of(desk.get(url(case))) and "At most 3 offers" in text_of(desk.get(url(case)))


def test_two_at_once_make_one_offer(desk, case):
    desk.post(url(case, "offer/"), OFFER)
    answer = desk.post(url(case, "offer/"), OFFER)
    assert answer.status_code == 409 and "An offer is open" in text_of(answer)
    assert Offer.everything.count() == 1


def test_an_offer_from_the_page_of_an_earlier_round_is_stale(cast, desk, at):
    case = arbitrating(cast)
    actions.ask_more(case, reason="请补充面单", by=cast.as_rita, now=TUESDAY_10 + 3 * HOUR)
    at(TUESDAY_10 + 4 * HOUR)
    answer = desk.post(url(case, "offer/"), OFFER)
    assert answer.status_code == 409 and "out of date" in text_of(answer) and not Offer.everything.exists()


def test_what_the_consumer_answered_is_told_with_his_words(cast, desk, case):
    offer = actions.offer(case, remedy="amount", amount_fen=5_000, by=cast.as_bob, now=TUESDAY_10)
    actions.decline(offer, comment="太少了", now=TUESDAY_10)
    text = text_of(desk.get(url(case)))
    assert "Declined" in text and "The consumer: 太少了" in text and "Offers made: 1 of at most 3." in text


# Payment
def test_paid_with_proof_it_is_closed_and_the_proof_marked(cast, desk):
    case = ruled(cast)
    answer = desk.post(url(case, "pay/"), {**PAID, "pay-file_1": picture()}, follow=True)
    assert fresh(case).state == CaseState.CLOSED
    assert "proof of payment" in text_of(answer) and PAID["pay-note"] in text_of(answer)


def test_without_proof_it_is_refused_and_what_was_typed_is_kept(cast, desk):
    case = ruled(cast)
    answer = desk.post(url(case, "pay/"), PAID)
    assert answer.status_code == 400 and "Attach the proof" in text_of(answer) and PAID["pay-note"] in text_of(answer)
    assert fresh(case).state == CaseState.PAYING


@pytest.mark.parametrize("note", ["", " ", "长" * 501])
def test_how_it_was_paid_is_said(cast, desk, note):
    case = ruled(cast)
    answer = desk.post(url(case, "pay/"), {"pay-note": note, "pay-file_1": picture()})
    assert answer.status_code == 400 and list(answer.context["pay_form"].errors) == ["note"]
    assert fresh(case).state == CaseState.PAYING


@pytest.mark.parametrize(("late", "status"), [(timedelta(0), 302), (timedelta(milliseconds=1), 409)])
def test_it_is_paid_up_to_the_last_instant(cast, desk, at, late, status):
    case = ruled(cast)
    at(case.pay_due + late)
    answer = desk.post(url(case, "pay/"), {**PAID, "pay-file_1": picture()})
    assert answer.status_code == status
    assert status == 302 or "the platform pays in advance" in text_of(answer)


def test_paying_twice_is_refused_by_name(cast, desk):
    case = ruled(cast)
    for _n in range(2):
        answer = desk.post(url(case, "pay/"), {**PAID, "pay-file_1": picture()})
    assert answer.status_code == 409 and "Already paid." in text_of(answer)


def test_a_resend_is_proved_in_its_own_words(cast, desk, case):
    offer = actions.offer(case, remedy="resend", by=cast.as_bob, now=TUESDAY_10)
    actions.accept(offer, now=TUESDAY_10)
    text = text_of(desk.get(url(case)))
    assert "Resend it until 2026-03-05 10:00." in text and "It is resent" in text and "(now" not in text


def test_a_post_that_may_not_pay_is_named(cast, desk):
    case = ruled(cast)
    cast.clerks.permissions = []
    cast.clerks.save()
    answer = desk.post(url(case, "pay/"), {**PAID, "pay-file_1": picture()})
    assert answer.status_code == 403 and "This post (售后客服) may not answer arbitration cases" in text_of(answer)
    assert fresh(case).state == CaseState.PAYING


# Who
PARTS = ["", "state/", "exhibit/", "take-back/1/", "offer/", "pay/"]


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_finds_nothing(cast, desk, case, part):
    desk.force_login(cast.charlie)
    assert desk.post(url(case, part), SAID).status_code == 404
    assert desk.get(url(case, part)).status_code == 404
    assert desk.post(url(case, part).replace("S001", "S002"), SAID).status_code in {404, 405}


@pytest.mark.parametrize("part", PARTS[1:])
def test_what_is_done_by_a_form_is_not_done_by_a_link(desk, case, part):
    assert desk.get(url(case, part)).url == url(case)
