"""A shop's cases: the list, a case's page, and what a merchant does on it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from disputes import actions
from disputes.models import CaseState, Exhibit, Offer
from disputes.standing import standing
from disputes.timeline import timeline
from shop_cs import panels
from shop_cs.models import Evidence, Notice
from tests.case_pages import OFFER, SAID, picture, text_of, url
from tests.case_stories import (
    DAY,
    HOUR,
    SECOND,
    arbitrating,
    compensated,
    fresh,
    fund,
    open_case,
    reach,
    ruled,
    unpaid,
)
from tests.factories import EvidenceFactory, MemberFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai, user
from tests.stories import send, sweep_at

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


@pytest.fixture
def intern(cast):
    person = user("ivy", "merchant", "艾维")
    MemberFactory(shop=cast.shop, user=person, post=cast.interns)
    return person


def shows(case, now):
    with translation.override("en"):
        return standing(case, case.rulebook.rules(), now=now)


# What it tells
def test_the_page_tells_claim_order_masked_consumer_turn_and_time(desk, case):
    text = text_of(desk.get(url(case)))
    for told in (case.claim, "¥99.00", case.order.no, "王**", "The merchant's turn", "24 h left", case.after_sale.no):
        assert told in text
    assert case.order.consumer.phone not in text and case.order.consumer.address not in text


def test_it_leads_to_the_order_and_the_request_that_it_came_from(cast, desk):
    request = send(cast)
    case = open_case(cast, order=request.order, request=request)
    text = text_of(desk.get(url(case)))
    assert f"/s/S001/requests/{request.no}/" in text and f"/s/S001/orders/{case.order.no}/" in text


def test_a_request_that_is_not_sent_yet_is_not_named(cast, desk):
    request = send(cast, now=shanghai("2026-03-03 22:00"))
    case = open_case(cast, order=request.order, request=request)
    assert request.no not in text_of(desk.get(url(case)))


def test_both_sides_are_shown_what_the_other_has_said_and_put_in(cast, desk, case):
    theirs = EvidenceFactory(order=case.order, side="consumer", name="broken.png")
    EvidenceFactory(order=case.order, side="consumer", name="hidden.png")
    actions.consumer_states(case, text="开箱即破损", evidence=[(theirs, "")], now=TUESDAY_10)
    text = text_of(desk.get(url(case)))
    assert "开箱即破损" in text and "broken.png" in text and "hidden.png" not in text
    assert desk.get(f"/evidence/{theirs.pk}/").status_code == 200


def test_of_anothers_piece_the_merchant_sees_nothing_before_it_is_put_in(cast, desk, case):
    theirs = EvidenceFactory(order=case.order, side="consumer")
    assert desk.get(f"/evidence/{theirs.pk}/").status_code == 404
    actions.consumer_states(case, text="开箱即破损", evidence=[(theirs, "")], now=TUESDAY_10)
    desk.force_login(cast.charlie)
    assert desk.get(f"/evidence/{theirs.pk}/").status_code == 404


def test_why_the_evidence_ends_then_is_explained_up_to_the_deadline(desk, case):
    explanation = desk.get(url(case)).context["explanation"]
    assert explanation.deadline == case.deadline


@pytest.mark.parametrize("state", list(CaseState))
def test_the_page_opens_in_every_state(cast, desk, at, state):
    case = reach(cast, state)
    at(case.closed_at or TUESDAY_10 + 4 * HOUR)
    page = desk.get(url(case))
    assert page.status_code == 200 and case.get_state_display() == CaseState(state).label
    assert [entry.what for entry in page.context["entries"]][-1] == "open the case"


def test_the_ruling_tells_amount_blame_reason_scene_and_the_time_to_pay(cast, desk):
    case = ruled(cast, counts=False, scene="courier")
    text = text_of(desk.get(url(case)))
    for told in ("For the consumer", "¥99.00", "Does not count: The courier's fault", "照片显示运输前已破损"):
        assert told in text
    assert "Pay the consumer ¥99.00 until 2026-03-05 13:00" in text


def test_what_follows_from_not_paying_is_told_in_money_to_who_may_see_it(cast, desk):
    fund(cast.shop, deposit=6_000, other=2_000)
    case = ruled(cast)
    assert "(now" not in text_of(desk.get(url(case)))
    desk.force_login(cast.alice)
    text = text_of(desk.get(url(case)))
    assert "¥60.00 (now ¥60.00)" in text and "¥20.00 (now ¥20.00)" in text and "¥19.00" in text


def test_above_its_amount_the_second_reviewer_is_told_of(cast, desk):
    order = OrderFactory(shop=cast.shop, amount_fen=500_000)
    assert "second reviewer" in text_of(desk.get(url(ruled(cast, order=order, award_fen=100_001))))


def test_an_advance_compensation_tells_whence_to_who_may_see_money(cast, desk):
    made = compensated(cast, deposit=6_000)
    text = text_of(desk.get(url(made.case)))
    assert made.no in text and "From the deposit" not in text
    desk.force_login(cast.alice)
    text = text_of(desk.get(url(made.case)))
    assert "¥60.00" in text and "¥39.00" in text and "taken first from the next top-up" in text


def test_merchants_read_of_the_platforms_people_their_role_only(cast, desk):
    case = ruled(cast)
    text = text_of(desk.get(url(case)))
    assert "Reviewer" in text and "丽塔" not in text and "皮娅" not in text
    assert {"丽塔", "皮娅"} <= {entry.who for entry in timeline(case, for_platform=True)}


def test_what_happened_is_told_newest_first_and_at_its_own_time(cast, desk, at):
    case = open_case(cast)
    actions.offer(case, remedy="resend", by=cast.as_alice, now=TUESDAY_10 + HOUR)
    sweep_at(THURSDAY_10 + DAY)
    at(THURSDAY_10 + DAY)
    told = [(str(entry.what), entry.at) for entry in desk.get(url(case)).context["entries"]]
    assert [one for one in told if "notice" not in one[0]] == [
        ("time for evidence over", THURSDAY_10),
        ("no answer to the offer", TUESDAY_10 + DAY + HOUR),
        ("make an offer", TUESDAY_10 + HOUR),
        ("open the case", TUESDAY_10),
    ]


def test_other_parts_show_their_panels_here(desk, case, monkeypatch):
    monkeypatch.setattr(panels, "_PANELS", {})
    panels.register("case", lambda record, actor, now: ("tickets/_playbooks.html", {}) if actor.post else None)
    assert len(desk.get(url(case)).context["panels"]) == 1


def test_the_page_takes_at_most_twenty_five_statements(cast, desk, at, django_assert_max_num_queries):
    case = open_case(cast)
    for n in range(3):
        piece = EvidenceFactory(order=case.order)
        actions.show(case, evidence=piece, by=cast.as_bob, now=TUESDAY_10)
        offer = actions.offer(case, remedy="resend", by=cast.as_bob, now=TUESDAY_10)
        actions.decline(offer, now=TUESDAY_10 + n * SECOND)
    desk.force_login(cast.alice)
    desk.get(url(case))
    with django_assert_max_num_queries(25):
        desk.get(url(case))


def test_a_notice_opens_the_case(cast, desk, case):
    notice = Notice.everything.get(shop=cast.shop, kind="case_new")
    assert desk.get(f"/s/S001/notices/{notice.pk}/").url == url(case)


# Time left
def test_the_evidence_runs_by_the_working_clock_and_the_payment_by_the_wall_clock(cast):
    case = open_case(cast)
    assert shows(case, shanghai("2026-03-03 22:00")).text == "stopped until 09:00"
    case = ruled(cast)
    at_night = shows(case, shanghai("2026-03-04 01:00"))
    assert (at_night.text, at_night.detail) == ("36 h left", "until 2026-03-05 13:00")


@pytest.mark.parametrize(("late", "tone"), [(timedelta(0), "red"), (SECOND, "red")])
def test_at_its_very_end_the_evidence_is_in_time_and_after_it_over(cast, late, tone):
    told = shows(open_case(cast), THURSDAY_10 + late)
    assert (told.text, told.tone) == ("time for evidence over" if late else "0 min left", tone)


@pytest.mark.parametrize(("late", "text"), [(timedelta(0), "0 min left"), (SECOND, "not paid in time")])
def test_at_its_very_end_the_payment_is_in_time_and_after_it_not(cast, late, text):
    case = ruled(cast)
    assert shows(case, case.pay_due + late).text == text


# Statement
def test_bob_makes_his_statement_with_a_new_file(cast, desk, case):
    files = {"file_1": picture(), "file_1_proves": "出库照片"}
    answer = desk.post(url(case, "state/"), {**SAID, **files}, follow=True)
    assert "is made" in text_of(answer) and SAID["text"] in text_of(answer)
    assert fresh(case).merchant_statement == SAID["text"]
    exhibit = Exhibit.everything.get(case=case)
    assert (exhibit.proves, exhibit.evidence.side) == ("出库照片", Evidence.Side.MERCHANT)


def test_with_both_statements_it_goes_to_the_platform_and_no_more_can_be_said(cast, desk, case):
    actions.consumer_states(case, text="开箱即破损", now=TUESDAY_10)
    assert "with yours the case goes to the platform at once" in text_of(desk.get(url(case)))
    desk.post(url(case, "state/"), SAID)
    assert fresh(case).state == CaseState.ARBITRATING
    again = desk.post(url(case, "state/"), {**SAID, "text": "还有一句"})
    assert again.status_code == 409 and "Both sides have been heard" in text_of(again) and "还有一句" in text_of(again)


def test_a_statement_can_be_changed_until_then(cast, desk, case):
    desk.post(url(case, "state/"), SAID)
    assert SAID["text"] in text_of(desk.get(url(case)))
    assert desk.post(url(case, "state/"), {**SAID, "text": "更正"}).status_code == 302
    assert fresh(case).merchant_statement == "更正"


@pytest.mark.parametrize("text", ["", " ", "长" * 2001])
def test_an_empty_or_endless_statement_is_marked_and_good_files_stay_ticked(desk, case, text):
    answer = desk.post(url(case, "state/"), {"text": text, "file_1": picture()})
    assert answer.status_code == 400
    form = answer.context["statement_form"]
    assert list(form.errors) == ["text"] and [tick.value() for _piece, tick, *_rest in form.pieces()] == [True]
    assert fresh(case).merchant_stated_at is None and not Exhibit.everything.exists()


def test_a_bad_file_is_refused_in_words_and_the_good_one_kept(desk, case):
    files = {"file_1": picture(), "file_2": SimpleUploadedFile("virus.png", b"MZ\x90")}
    answer = desk.post(url(case, "state/"), {**SAID, **files})
    assert answer.status_code == 400 and "virus.png" in text_of(answer) and SAID["text"] in text_of(answer)
    piece = Evidence.everything.get(order=case.order)
    again = {**SAID, f"piece_{piece.pk}": "on"}
    assert desk.post(url(case, "state/"), again).status_code == 302


def test_a_file_too_large_is_413(desk, case):
    type(case.rulebook).objects.update(picture_mb=0)
    answer = desk.post(url(case, "state/"), {**SAID, "file_1": picture("gross.png")})
    assert answer.status_code == 413 and not Evidence.everything.exists()


def test_in_the_last_instant_it_is_taken_and_after_it_refused_with_the_text_kept(desk, at, case):
    at(THURSDAY_10 + timedelta(milliseconds=1))
    late = desk.post(url(case, "state/"), {**SAID, "file_1": picture()})
    assert late.status_code == 409 and "was over at" in text_of(late) and SAID["text"] in text_of(late)
    assert not Evidence.everything.exists()
    at(THURSDAY_10)
    assert desk.post(url(case, "state/"), SAID).status_code == 302


def test_a_statement_for_an_earlier_round_is_stale(cast, desk, at):
    case = arbitrating(cast)
    actions.ask_more(case, reason="请补充面单", by=cast.as_rita, now=TUESDAY_10 + 3 * HOUR)
    at(TUESDAY_10 + 4 * HOUR)
    assert "Not yet again in this round." in text_of(desk.get(url(case)))
    answer = desk.post(url(case, "state/"), SAID)
    assert answer.status_code == 409 and "out of date" in text_of(answer)
    assert 'name="expect" value="collecting:2"' in text_of(answer)
    assert desk.post(url(case, "state/"), {**SAID, "expect": "collecting:2"}).status_code == 302


@pytest.mark.parametrize(("part", "said"), [("state/", SAID), ("offer/", OFFER), ("exhibit/", {})])
def test_a_post_that_may_not_is_named(cast, desk, case, intern, part, said):
    desk.force_login(intern)
    assert "This post (实习生) may not answer arbitration cases" in text_of(desk.get(url(case)))
    answer = desk.post(url(case, part), {**said, "file_1": picture(), "exhibit-file_1": picture()})
    assert answer.status_code == 403 and "实习生" in text_of(answer)
    assert not Evidence.everything.exists() and not Offer.everything.exists()


@pytest.mark.parametrize("act", [actions.send_back, actions.confirm])
def test_what_reviewers_write_to_each_other_is_not_the_merchants(cast, desk, at, act):
    case = unpaid(cast, order=OrderFactory(shop=cast.shop, amount_fen=500_000), award_fen=400_000)
    act(case, reason="第一审核员看错了照片", by=cast.as_ray, now=case.pay_due + DAY)
    at(case.pay_due + 2 * DAY)
    assert "第一审核员看错了照片" not in text_of(desk.get(url(case)))
    desk.force_login(cast.olive)
    assert "第一审核员看错了照片" in text_of(desk.get(f"/admin/disputes/case/{case.pk}/change/"))
