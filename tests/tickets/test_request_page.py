"""A request's page: what it tells, and what a merchant does on it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shop_cs import panels
from shop_cs.models import Evidence
from tests import stories
from tests.factories import AfterSaleFactory, EvidenceFactory, MemberFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai, user
from tickets import actions, deadlines
from tickets.forms import PROOF
from tickets.models import Attachment, ContactAttempt, Reply, State
from tickets.timeline import timeline

THURSDAY_10 = shanghai("2026-03-05 10:00")
UNSOLVED = {"solved": "no", "reason": "unreachable", "text": "电话三次无人接听"}
REFUNDED = {"solved": "yes", "settlement": "refunded", "text": "已全额退款"}


@pytest.fixture
def desk(cast, at, client):
    """Bob's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def record(cast):
    return stories.send(cast)


@pytest.fixture
def intern(cast):
    person = user("ivy", "merchant", "艾维")
    MemberFactory(shop=cast.shop, user=person, post=cast.interns)
    return person


def url(record, part=""):
    return f"/s/S001/requests/{record.no}/{part}"


def text_of(answer):
    return answer.content.decode()


def picture(name="proof.png", colour="red"):
    data = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue())


# What it tells
def test_the_page_tells_claim_order_masked_consumer_turn_and_time(cast, desk, record):
    text = text_of(desk.get(url(record)))
    for told in (record.detail, record.order.no, "¥199.00", "王**", "The merchant&#x27;s turn", "24 h left"):
        assert told in text
    assert record.order.consumer.phone not in text and record.order.consumer.address not in text


@pytest.mark.parametrize("sent_at", [TUESDAY_10, shanghai("2026-03-03 20:00"), shanghai("2026-03-03 23:30")])
def test_the_reasons_of_a_deadline_end_at_the_deadline(cast, sent_at):
    record = stories.send(cast, now=sent_at)
    stories.sweep_at(THURSDAY_10 - timedelta(hours=1))
    record = stories.fresh(record)
    why = deadlines.explain(record.rulebook.rules(), record.counts_from, record.limit)
    assert why.deadline == record.deadline
    assert sum((part.length for part in why.stretches if part.counts), timedelta()) == record.limit


def test_a_later_round_explains_its_own_deadline(cast, desk, at, record):
    night = shanghai("2026-03-03 22:00")
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    record = actions.reject(record, reason="请补充凭证", by=cast.as_rita, now=night)
    assert deadlines.explain(record.rulebook.rules(), record.counts_from, record.limit).deadline == record.deadline
    at(night)
    text = text_of(desk.get(url(record)))
    assert "The platform sent it back:" in text and "stopped until 09:00" in text


def test_merchants_read_of_the_platforms_people_their_role_only(cast, desk, record):
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    actions.reject(record, reason="请补充凭证", by=cast.as_rita, now=TUESDAY_10)
    text = text_of(desk.get(url(record)))
    assert "请补充凭证" in text and "鲍勃" in text
    assert "丽塔" not in text and "皮娅" not in text
    assert "丽塔" in {entry.who for entry in timeline(record, for_platform=True)}


def test_what_happened_is_told_newest_first_and_overdue_at_its_deadline(cast, desk, at, record):
    stories.sweep_at(THURSDAY_10 + timedelta(hours=5))
    at(THURSDAY_10 + timedelta(hours=6))
    entries = desk.get(url(record)).context["entries"]
    assert [(str(entry.what), entry.at) for entry in entries if entry.what != "notice before the deadline"] == [
        ("overdue", THURSDAY_10),
        ("create", TUESDAY_10),
    ]


def test_recommended_solutions_fit_the_type(cast, desk):
    stalled = stories.send(cast, category="courier")
    assert "Logistics stalled" in text_of(desk.get(url(stalled)))


def test_other_requests_of_the_order_are_linked_but_not_what_is_still_scheduled(cast, desk, record):
    earlier = stories.send(cast, order=record.order)
    later = stories.send(cast, order=record.order, now=shanghai("2026-03-03 22:00"))
    text = text_of(desk.get(url(record)))
    assert url(earlier) in text and url(later) not in text


def test_what_proof_an_answer_needs_is_told_before_it_is_sent(cast, desk, record):
    text = text_of(desk.get(url(record))).replace("&#x27;", "'")
    for told in PROOF.values():
        assert str(told) in text
    assert "JPEG, PNG and WebP pictures" in text


def test_other_apps_show_their_panels_here(cast, desk, record, monkeypatch):
    monkeypatch.setattr(panels, "_PANELS", {})
    panels.register("request", lambda record, actor, now: ("tickets/_playbooks.html", {}) if actor.post else None)
    panels.register("request", lambda record, actor, now: None)
    assert len(desk.get(url(record)).context["panels"]) == 1


def test_the_page_takes_at_most_twenty_statements(cast, desk, record, django_assert_max_num_queries):
    for _n in range(3):
        attach(cast, record)
        log(cast, record)
        AfterSaleFactory(order=record.order)
        stories.send(cast, order=record.order)
    with django_assert_max_num_queries(20):
        desk.get(url(record))


def test_an_answer_takes_at_most_twenty_statements(desk, record, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert desk.post(url(record, "reply/"), {**UNSOLVED, "expect": "pending:1"}).status_code == 302


def attach(cast, record):
    piece = EvidenceFactory(order=record.order)
    return actions.attach(record, evidence=piece, proves="退款截图", by=cast.as_bob, now=TUESDAY_10)


def log(cast, record):
    said = {"channel": "call", "result": "no_answer", "contacted_at": TUESDAY_10}
    return actions.log_contact(record, **said, by=cast.as_bob, now=TUESDAY_10)


# The answer
def test_bob_answers_unsolved_and_it_goes_to_the_platform(cast, desk, record):
    answer = desk.post(url(record, "reply/"), {**UNSOLVED, "expect": "pending:1"}, follow=True)
    assert stories.fresh(record).state == State.REVIEWING
    assert "is sent" in text_of(answer)
    assert "Already replied" in text_of(answer)


def test_refunded_with_a_new_file_is_taken(cast, desk, record):
    files = {"file_1": picture(), "file_1_proves": "退款截图"}
    assert desk.post(url(record, "reply/"), {**REFUNDED, **files}).status_code == 302
    attachment = Attachment.everything.get(request=record)
    assert (attachment.proves, attachment.evidence.side) == ("退款截图", Evidence.Side.MERCHANT)


def test_refunded_with_a_ticked_piece_of_the_vault_is_taken(cast, desk, record):
    piece = EvidenceFactory(order=record.order)
    ticked = {f"piece_{piece.pk}": "on", f"piece_{piece.pk}_proves": "回执"}
    assert desk.post(url(record, "reply/"), {**REFUNDED, **ticked}).status_code == 302
    assert Attachment.everything.get(request=record).proves == "回执"


def test_refunded_without_proof_is_refused_and_what_was_typed_is_kept(cast, desk, record):
    answer = desk.post(url(record, "reply/"), REFUNDED)
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer) and "need proof" in text_of(answer)
    assert "已全额退款" in text_of(answer)
    assert stories.fresh(record).state == State.PENDING


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "x"}, "solved"),
        ({"solved": "yes", "text": "x"}, "settlement"),
        ({"solved": "no", "text": "x"}, "reason"),
        ({**UNSOLVED, "text": " "}, "text"),
        ({**UNSOLVED, "text": "长" * 2001}, "text"),
        ({**UNSOLVED, "after_sale": "999999"}, "after_sale"),
    ],
)
def test_an_incomplete_answer_is_marked_at_its_field(cast, desk, record, said, field):
    answer = desk.post(url(record, "reply/"), said)
    assert answer.status_code == 400
    assert list(answer.context["reply_form"].errors) == [field]
    assert not Reply.everything.exists()


def test_what_belongs_to_the_other_choice_is_not_taken(cast, desk, record):
    desk.post(url(record, "reply/"), {**UNSOLVED, "text": "长" * 2000, "settlement": "agreed"})
    reply = Reply.everything.get(request=record)
    assert (reply.solved, reply.settlement, reply.reason) == (False, "", "unreachable")


def test_good_files_stay_and_are_ticked_when_a_bad_one_is_refused(cast, desk, record):
    files = {"file_1": picture(), "file_1_proves": "截图", "file_2": SimpleUploadedFile("virus.png", b"MZ\x90")}
    answer = desk.post(url(record, "reply/"), {**REFUNDED, **files})
    assert answer.status_code == 400 and "virus.png" in text_of(answer)
    piece = Evidence.everything.get(order=record.order)
    form = answer.context["reply_form"]
    assert form[f"piece_{piece.pk}"].value() and form[f"piece_{piece.pk}_proves"].value() == "截图"
    again = {name: form[name].value() for name in form.fields if form[name].value()}
    assert desk.post(url(record, "reply/"), again).status_code == 302


def test_good_files_stay_also_when_the_words_are_missing(cast, desk, record):
    answer = desk.post(url(record, "reply/"), {"solved": "yes", "file_1": picture()})
    assert answer.status_code == 400
    assert [tick.value() for _piece, tick, *_rest in answer.context["reply_form"].pieces()] == [True]


def test_a_file_too_large_is_413(cast, desk, record):
    type(record.rulebook).objects.update(picture_mb=0)
    answer = desk.post(url(record, "reply/"), {**REFUNDED, "file_1": picture("gross.png")})
    assert answer.status_code == 413 and "gross.png" in text_of(answer)
    assert not Evidence.everything.exists()


def test_in_the_deadlines_instant_it_is_taken_and_after_it_refused_with_the_text_kept(cast, desk, at, record):
    at(THURSDAY_10 + timedelta(milliseconds=1))
    late = desk.post(url(record, "reply/"), {**UNSOLVED, "file_1": picture()})
    assert late.status_code == 409
    assert "was over at" in text_of(late) and UNSOLVED["text"] in text_of(late)
    assert not Evidence.everything.exists()
    at(THURSDAY_10)
    assert desk.post(url(record, "reply/"), UNSOLVED).status_code == 302


def test_a_second_answer_is_refused_by_name(cast, desk, record):
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    answer = desk.post(url(record, "reply/"), {**UNSOLVED, "expect": "pending:1"})
    assert answer.status_code == 409 and "Already replied" in text_of(answer)


def test_an_answer_to_an_earlier_round_is_stale_and_can_be_sent_again_from_the_new_page(cast, desk, record):
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    actions.reject(record, reason="请补充凭证", by=cast.as_rita, now=TUESDAY_10)
    answer = desk.post(url(record, "reply/"), {**UNSOLVED, "expect": "pending:1"})
    assert answer.status_code == 409 and "out of date" in text_of(answer)
    assert UNSOLVED["text"] in text_of(answer) and 'name="expect" value="pending:2"' in text_of(answer)


def test_a_post_that_may_not_answer_is_named(cast, desk, record, intern):
    desk.force_login(intern)
    assert "This post (实习生) may not answer service requests" in text_of(desk.get(url(record)))
    answer = desk.post(url(record, "reply/"), {**UNSOLVED, "file_1": picture()})
    assert answer.status_code == 403 and "实习生" in text_of(answer)
    assert not Evidence.everything.exists() and stories.fresh(record).state == State.PENDING


PARTS = ["", "reply/", "contact/", "attach/", "detach/1/", "link/", "remind/"]


@pytest.mark.parametrize("part", PARTS)
def test_a_stranger_finds_nothing(cast, desk, record, part):
    desk.force_login(cast.charlie)
    assert desk.post(url(record, part)).status_code == 404
    assert desk.get(url(record, part)).status_code == 404
    assert desk.post(url(record, part).replace("S001", "S002")).status_code in {404, 405}


@pytest.mark.parametrize("part", PARTS[1:])
def test_what_is_done_by_a_form_is_not_done_by_a_link(cast, desk, record, part):
    assert desk.get(url(record, part)).url == url(record)


# Beside the answer
def test_evidence_can_be_added_now_and_taken_back(cast, desk, record):
    assert desk.post(url(record, "attach/"), {"attach-file_1": picture()}).status_code == 302
    attachment = Attachment.everything.get(request=record)
    assert desk.post(url(record, f"detach/{attachment.pk}/")).status_code == 302
    assert not Attachment.everything.exists()
    told = [str(entry.what) for entry in desk.get(url(record)).context["entries"]]
    assert told[:2] == ["evidence taken back", "evidence added"]


def test_adding_nothing_is_said(cast, desk, record):
    answer = desk.post(url(record, "attach/"), {})
    assert answer.status_code == 400 and "Choose a file" in text_of(answer)


def test_another_orders_piece_cannot_be_ticked(cast, desk, record):
    strange = EvidenceFactory(order=OrderFactory(shop=cast.shop))
    assert desk.post(url(record, "attach/"), {f"attach-piece_{strange.pk}": "on"}).status_code == 400
    assert not Attachment.everything.exists()


def test_another_requests_attachment_cannot_be_taken_back_from_here(cast, desk, record):
    other = attach(cast, stories.send(cast))
    assert desk.post(url(record, f"detach/{other.pk}/")).status_code == 404


def contact(when):
    return {
        "contact-channel": "call",
        "contact-result": "reached",
        "contact-contacted_at": when,
        "contact-note": "约好",
    }


@pytest.mark.parametrize(("when", "status"), [("2026-03-03T10:00", 302), ("2026-03-03T10:01", 400)])
def test_a_contact_attempt_lies_in_the_past(cast, desk, record, when, status):
    answer = desk.post(url(record, "contact/"), contact(when))
    assert answer.status_code == status
    assert ContactAttempt.everything.filter(contacted_at=TUESDAY_10).exists() == (status == 302)


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "soon", ""])
def test_a_moment_that_is_none_is_marked_and_the_note_kept(cast, desk, record, when):
    answer = desk.post(url(record, "contact/"), contact(when))
    assert answer.status_code == 400 and "约好" in text_of(answer)


def test_one_of_the_orders_after_sales_can_be_linked_and_unlinked(cast, desk, record):
    after_sale = AfterSaleFactory(order=record.order)
    desk.post(url(record, "link/"), {"link-after_sale": after_sale.pk})
    assert stories.fresh(record).after_sale == after_sale
    desk.post(url(record, "link/"), {"link-after_sale": ""})
    assert stories.fresh(record).after_sale is None


def test_another_orders_after_sale_cannot_be_linked(cast, desk, record):
    strange = AfterSaleFactory(order=OrderFactory(shop=cast.shop))
    assert desk.post(url(record, "link/"), {"link-after_sale": strange.pk}).status_code == 400


def test_the_consumer_is_reminded_and_the_button_then_says_when_again(cast, desk, at):
    stories.confirming_rules()
    record = stories.confirming(cast, now=TUESDAY_10)
    assert desk.post(url(record, "remind/")).status_code == 302
    text = text_of(desk.get(url(record)))
    assert "Reminded once." in text and text.count("Possible again after") == 2
    assert desk.post(url(record, "remind/")).status_code == 409


def test_anothers_piece_that_was_not_shown_to_the_merchant_is_not_offered(cast, desk, record):
    EvidenceFactory(order=record.order, side="consumer", name="hidden.png")
    EvidenceFactory(order=record.order, side="merchant", name="mine.png")
    text = text_of(desk.get(url(record)))
    assert "mine.png" in text and "hidden.png" not in text
