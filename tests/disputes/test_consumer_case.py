"""The consumer's page of a case: opening it changes nothing; he is heard, answers an offer, gives up."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from disputes import actions, messages
from disputes.models import CaseState, Exhibit, Outcome
from shop_cs import links
from shop_cs.models import ConsumerMessage, Evidence
from tests.case_pages import picture, text_of
from tests.case_stories import HOUR, SECOND, arbitrating, compensated, fresh, open_case, reach, ruled, unpaid
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import messages as tickets_messages

THURSDAY_10 = shanghai("2026-03-05 10:00")
STATE = {"act": "state", "text": "开箱即破损"}


@pytest.fixture
def web(client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def case(cast):
    return open_case(cast)


@pytest.fixture
def offer(cast, case):
    return actions.offer(case, remedy="amount", amount_fen=5_000, text="退一半", by=cast.as_bob, now=TUESDAY_10)


def url(case):
    return reverse("consumer-case", args=[messages.case_token(case)])


def answered(offer, act, **more):
    return {"act": act, "offer": offer.number, "comment": "谢谢", **more}


# What it tells
def test_the_message_leads_to_the_page(web, case):
    link = ConsumerMessage.everything.get(kind="case").link
    assert web.get("/" + link.split("/", 3)[3]).status_code == 200


def test_it_tells_order_shop_claim_and_where_it_stands_but_nothing_of_the_merchants(cast, web, case):
    mine = EvidenceFactory(order=case.order, name="warehouse.png")
    actions.state_case(case, text="商品出库完好", evidence=[(mine, "")], by=cast.as_bob, now=TUESDAY_10)
    text = text_of(web.get(url(case)))
    for told in (case.no, case.order.no, "洗发水", "向日葵家居", "¥99.00", case.claim, "until 2026-03-05 10:00"):
        assert told in text
    for hidden in ("商品出库完好", "warehouse.png", "鲍勃", "王小明", case.order.consumer.phone):
        assert hidden not in text


@pytest.mark.parametrize("state", list(CaseState))
def test_it_opens_in_every_state(cast, web, at, state):
    case = reach(cast, state)
    at(TUESDAY_10 + 4 * HOUR)
    assert web.get(url(case)).status_code == 200


def test_the_ruling_tells_outcome_and_amount_and_neither_blame_nor_reason(cast, web):
    text = text_of(web.get(url(ruled(cast))))
    assert "For the consumer" in text and "¥99.00" in text and "until 2026-03-05 13:00" in text
    assert "照片显示运输前已破损" not in text and "丽塔" not in text


@pytest.mark.parametrize("large", [True, False])
def test_what_the_platform_pays_is_told(cast, web, large):
    order = OrderFactory(shop=cast.shop, amount_fen=500_000)
    case = unpaid(cast, order=order, award_fen=400_000) if large else compensated(cast).case
    assert ("checks once more" if large else "The case was closed at") in text_of(web.get(url(case)))


def test_opening_the_link_changes_nothing(web, case, offer):
    before = case.history.count(), ConsumerMessage.everything.count()
    assert [web.get(url(case)).status_code, web.head(url(case)).status_code] == [200, 200]
    assert web.get(url(case), answered(offer, "accept", sure="yes")).status_code == 200
    assert (case.history.count(), ConsumerMessage.everything.count()) == before


# His statement
def test_he_is_heard_with_his_files_and_the_trail_names_him(cast, web, case):
    web.force_login(cast.bob)
    answer = web.post(url(case), {**STATE, "files": [picture("a.png"), picture("b.png", "blue")]})
    assert answer.status_code == 200 and "Thank you" in answer.text
    case = fresh(case)
    assert case.consumer_statement == "开箱即破损" and case.history.first().actor_role == "consumer"
    assert {one.evidence.name for one in case.exhibits.all()} == {"a.png", "b.png"}
    assert {one.evidence.side for one in case.exhibits.all()} == {Evidence.Side.CONSUMER}
    text = text_of(web.get(url(case)))
    assert "a.png" in text and "The platform has your statement" in text


def test_with_the_merchants_it_goes_to_the_platform(cast, web, case):
    actions.state_case(case, text="完好", by=cast.as_bob, now=TUESDAY_10)
    web.post(url(case), STATE)
    assert fresh(case).state == CaseState.ARBITRATING


def test_sent_twice_it_is_one_statement_and_changed_it_is_the_later(web, case):
    for text in ("开箱即破损", "开箱即破损", "更正"):
        assert web.post(url(case), {**STATE, "text": text, "files": [picture()]}).status_code == 200
    assert fresh(case).consumer_statement == "更正" and Exhibit.everything.count() == 1


@pytest.mark.parametrize(("number", "status"), [(6, 200), (7, 400)])
def test_six_files_at_a_time(web, case, number, status):
    files = [picture(f"{n}.png", f"#{n}{n}{n}") for n in range(number)]
    answer = web.post(url(case), {**STATE, "files": files})
    assert answer.status_code == status and Exhibit.everything.count() == (6 if status == 200 else 0)
    assert status == 200 or ("At most 6 files" in answer.text and STATE["text"] in answer.text)


def test_a_bad_file_is_refused_in_words_and_the_good_one_kept_ticked(web, case):
    files = [picture("good.png"), SimpleUploadedFile("virus.png", b"MZ\x90"), SimpleUploadedFile("empty.png", b"")]
    answer = web.post(url(case), {**STATE, "files": files})
    assert answer.status_code == 400 and "virus.png" in answer.text and STATE["text"] in answer.text
    piece = Evidence.everything.get(order=case.order)
    assert f'value="{piece.pk}" id="id_pieces_0" checked' in answer.text
    assert web.post(url(case), {**STATE, "pieces": [piece.pk]}).status_code == 200
    assert Exhibit.everything.get(case=case).evidence == piece


def test_a_file_too_large_is_413(web, case):
    type(case.rulebook).objects.update(picture_mb=0)
    assert web.post(url(case), {**STATE, "files": [picture()]}).status_code == 413
    assert not Evidence.everything.exists()


@pytest.mark.parametrize("text", ["", " ", "长" * 2001])
def test_an_empty_or_endless_statement_is_marked(web, case, text):
    answer = web.post(url(case), {**STATE, "text": text})
    assert answer.status_code == 400 and "Nothing was sent yet" in answer.text
    assert fresh(case).consumer_stated_at is None


def test_nobody_fills_the_vault_by_a_link(web, case):
    type(case.rulebook).objects.update(evidence_max=1)
    answer = web.post(url(case), {"act": "state", "text": "", "files": [picture(), picture("b.png", "blue")]})
    assert answer.status_code == 400 and "At most 1 files" in answer.text
    assert Evidence.everything.count() == 1


@pytest.mark.parametrize("side", ["merchant", "platform"])
def test_the_others_pieces_are_not_his_to_put_in(web, case, side):
    piece = EvidenceFactory(order=case.order, side=side)
    assert web.post(url(case), {**STATE, "pieces": [piece.pk]}).status_code == 400
    assert not Exhibit.everything.exists()


@pytest.mark.parametrize(("late", "status"), [(timedelta(0), 200), (timedelta(milliseconds=1), 409)])
def test_he_is_heard_up_to_the_last_instant_and_after_it_nothing_is_kept(web, at, case, late, status):
    at(THURSDAY_10 + late)
    answer = web.post(url(case), {**STATE, "files": [picture()]})
    assert answer.status_code == status and Evidence.everything.exists() == (status == 200)
    assert status == 200 or "was over at" in answer.text
    assert web.get(url(case)).status_code == 200


# The offer
def test_an_offer_is_accepted_in_two_steps(web, case, offer):
    asked = web.post(url(case), answered(offer, "accept"))
    assert asked.status_code == 200 and "Are you sure?" in asked.text and "¥50.00" in asked.text
    assert 'name="comment" value="谢谢"' in asked.text and fresh(case).state == CaseState.NEGOTIATING
    done = web.post(url(case), answered(offer, "accept", sure="yes"))
    assert done.status_code == 200 and "You have accepted" in done.text
    case = fresh(case)
    assert (case.state, case.outcome, case.award_fen) == (CaseState.PAYING, Outcome.SETTLED, 5_000)
    assert case.offers.get().comment == "谢谢"


def test_accepted_twice_is_harmless(web, case, offer):
    web.post(url(case), answered(offer, "accept", sure="yes"))
    again = web.post(url(case), answered(offer, "accept", sure="yes"))
    assert again.status_code == 409 and "no longer open" in again.text and "Agreed by both sides" in again.text


def test_an_offer_is_declined_and_the_shop_told(web, case, offer):
    assert "You have declined" in web.post(url(case), answered(offer, "decline")).text
    case = fresh(case)
    assert (case.state, case.offers.get().accepted) == (CaseState.COLLECTING, False)
    assert web.post(url(case), answered(offer, "decline")).status_code == 409


def test_it_is_the_offer_that_he_saw(cast, web, case, offer):
    actions.decline(offer, now=TUESDAY_10)
    later = actions.offer(case, remedy="resend", by=cast.as_bob, now=TUESDAY_10)
    for more in ({}, {"sure": "yes"}):
        answer = web.post(url(case), answered(offer, "accept", **more))
        assert answer.status_code == 409 and "not the offer that is open now" in answer.text
    later.refresh_from_db()
    assert later.is_open


@pytest.mark.parametrize("act", ["accept", "decline"])
@pytest.mark.parametrize(("late", "status"), [(timedelta(0), 200), (timedelta(milliseconds=1), 409)])
def test_an_offer_is_answered_up_to_the_last_instant(web, at, case, offer, act, late, status):
    at(offer.expires_at + late)
    assert ("Accept the offer" in web.get(url(case)).text) == (status == 200)
    answer = web.post(url(case), answered(offer, act, sure="yes"))
    assert answer.status_code == status and (status == 200 or "This offer was open until" in answer.text)


@pytest.mark.parametrize("act", ["accept", "decline", "withdraw"])
@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 400)])
def test_a_comment_has_at_most_500_characters_and_is_kept_when_longer(web, case, offer, act, length, status):
    answer = web.post(url(case), answered(offer, act, sure="yes", comment="好" * length))
    assert answer.status_code == status
    assert (fresh(case).state == CaseState.NEGOTIATING) == (status == 400)


# Giving up
def test_he_gives_up_in_two_steps(web, case, offer):
    asked = web.post(url(case), {"act": "withdraw"})
    assert "Are you sure?" in asked.text and fresh(case).state == CaseState.NEGOTIATING
    assert "given up" in web.post(url(case), {"act": "withdraw", "sure": "yes"}).text
    assert (fresh(case).state, fresh(case).outcome) == (CaseState.CLOSED, Outcome.WITHDRAWN)
    assert not fresh(offer.case).offers.get().is_open
    again = web.post(url(case), {"act": "withdraw", "sure": "yes"})
    assert again.status_code == 409 and "Withdrawn by the consumer" in again.text


@pytest.mark.parametrize(("make", "status"), [(arbitrating, 200), (ruled, 409)])
def test_he_gives_up_until_it_is_ruled(cast, web, make, status):
    case = make(cast)
    assert ("Give up my claim" in web.get(url(case)).text) == (status == 200)
    assert web.post(url(case), {"act": "withdraw", "sure": "yes"}).status_code == status


# The link
@pytest.mark.parametrize("token", ["forged", "1:forged", "MQ:1abcde:xxxxxxxxxxxxxxxxxxxxxxxxxxxx"])
def test_a_forged_link_is_not_valid(web, db, token):
    for answer in (web.get(f"/c/case/{token}/"), web.post(f"/c/case/{token}/", STATE)):
        assert answer.status_code == 404 and "This link is not valid" in answer.text


def test_a_surveys_link_opens_no_case(web, case):
    token = links.token(tickets_messages.SALT, case.pk)
    assert web.get(f"/c/case/{token}/").status_code == 404


@pytest.mark.parametrize("said", [{}, {"act": "rule"}])
def test_only_what_he_may_do_is_taken(web, case, said):
    assert web.post(url(case), said).status_code == 400
    assert web.delete(url(case)).status_code == 405
    assert fresh(case).history.count() == 1


def test_the_page_is_kept_by_nobody_and_found_by_nobody(web, case):
    for answer in (web.get(url(case)), web.post(url(case), STATE), web.get("/c/case/forged/")):
        assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"


def test_the_form_passes_with_its_token_and_not_without(at, case):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(case), STATE).status_code == 403
    token = strict.get(url(case)).cookies["csrftoken"].value
    assert strict.post(url(case), {**STATE, "csrfmiddlewaretoken": token}).status_code == 200


def test_the_language_is_the_browsers(client, at, case):
    assert 'lang="zh-hans"' in client.get(url(case)).text
    assert 'lang="en"' in client.get(url(case), headers={"accept-language": "en"}).text.split("<body")[0]


def test_the_page_takes_few_statements(cast, web, case, offer, django_assert_max_num_queries):
    for n in range(3):
        EvidenceFactory(order=case.order, side="consumer", name=f"{n}.png")
    with django_assert_max_num_queries(6):
        web.get(url(case))


def test_a_link_of_a_withdrawn_case_still_tells_how_it_ended(web, case):
    actions.withdraw(case, now=TUESDAY_10 + SECOND)
    text = text_of(web.get(url(case)))
    assert "Withdrawn by the consumer" in text and "Make your statement" not in text
