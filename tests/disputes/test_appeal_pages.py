"""Appeals on the workbench: the way to one, its form with what it would change, its page, the list and the export."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from disputes.actions import appealing
from disputes.models import Appeal, Exhibit
from shop_cs.models import Evidence
from tests.appeal_stories import AFTER, grant, grant_part, punished, submit
from tests.case_stories import DAY, HOUR, SECOND, compensated, fresh, open_case, proof, ruled
from tests.factories import PNG, OrderFactory
from tests.people import TUESDAY_10, shanghai

URL = "/s/S001/appeals/"
LATER = TUESDAY_10 + 4 * HOUR


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser on Tuesday at 14:00, in English."""
    at(LATER)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def typed(**said):
    return {"ground": "misjudged", "text": "包装完好，破损是运输所致", "sure": "on", **said}


def words(answer):
    return " ".join(answer.content.decode().split())


def addresses(subject):
    """The form's address of each kind of subject."""
    kind = appealing.column_of(subject)
    if kind == "violation":
        return f"/s/S001/violations/{subject.no}/appeal/"
    case = subject if kind == "case" else subject.case
    return f"/s/S001/cases/{case.no}/{'appeal' if kind == 'case' else 'appeal-compensation'}/"


def subject_of(cast, kind):
    return {"case": ruled, "compensation": compensated, "violation": punished}[kind](cast)


def paid_in_march(cast):
    return OrderFactory(shop=cast.shop, paid_at=shanghai("2026-03-01 12:00"))


# The form
@pytest.mark.parametrize("kind", ["case", "compensation", "violation"])
def test_an_appeal_is_made_on_the_page_of_what_it_is_against(cast, desk, at, kind):
    subject = subject_of(cast, kind)
    at(AFTER)
    assert desk.get(addresses(subject)).status_code == 200
    answer = desk.post(addresses(subject), typed())
    appeal = Appeal.everything.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{URL}{appeal.no}/")
    assert (appeal.subject, appeal.made_by, appeal.made_at) == (subject, cast.alice, AFTER)


def test_the_form_tells_before_what_it_would_change_and_that_there_is_one_in_all(cast, desk, at):
    compensation = compensated(cast, order=paid_in_march(cast))
    at(AFTER)
    text = words(desk.get(addresses(compensation)))
    assert "¥99.00 come back to the deposit" in text
    assert "Liability rate of 2026-03: 100.00% before (1 of 1 orders), 0.00% after (0 of 1)" in text
    assert "If it is granted in part, it is less than that." in text
    assert "An appeal is possible until 2026-03-20 13:00." in text
    assert "the one appeal against it" in text
    assert compensation.case.ruling_reason in text


def test_before_it_is_paid_it_tells_what_need_not_be_paid(cast, desk):
    assert "¥99.00 need not be paid any more." in words(desk.get(addresses(ruled(cast))))


def test_of_a_violation_it_tells_the_measures_that_are_undone(cast, desk):
    text = words(desk.get(addresses(punished(cast))))
    assert "Deducted from the deposit" in text and "¥1,000.00 come back" in text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": ""}, "Say why the decision should not stand."),
        ({"sure": ""}, "Confirm that you know this."),
        ({"ground": "nonsense"}, "Nothing was saved yet"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast, desk, wrong, told):
    case = ruled(cast)
    answer = desk.post(addresses(case), typed(**wrong))
    assert answer.status_code == 400
    assert told in words(answer)
    assert wrong.get("text", typed()["text"]) == answer.context["form"]["text"].value()
    assert not Appeal.everything.exists()


def test_evidence_is_ticked_or_uploaded_with_it(cast, desk):
    case = ruled(cast)
    piece = proof(case)
    picture = SimpleUploadedFile("box.png", PNG + b"new", "image/png")
    said = typed(**{f"piece_{piece.pk}": "on", f"piece_{piece.pk}_proves": "出库录像", "file_1": picture})
    assert desk.post(addresses(case), said).status_code == 302
    assert [one.proves for one in Exhibit.everything.filter(appeal__isnull=False)] == ["出库录像", ""]


def test_a_bad_file_keeps_the_good_one_ticked_and_sends_nothing(cast, desk):
    case = ruled(cast)
    files = {
        "file_1": SimpleUploadedFile("good.png", PNG + b"new", "image/png"),
        "file_2": SimpleUploadedFile("bad.exe", b"MZ", "image/png"),
    }
    answer = desk.post(addresses(case), typed(**files))
    assert answer.status_code == 400
    kept = Evidence.everything.get(order=case.order)
    assert answer.context["form"][f"piece_{kept.pk}"].value()
    assert not Appeal.everything.exists()


def test_evidence_of_a_violation_without_an_order_is_kept_in_the_shops_own_vault(cast, desk):
    violation = punished(cast)
    picture = SimpleUploadedFile("chat.png", PNG + b"chat", "image/png")
    assert desk.post(addresses(violation), typed(file_1=picture)).status_code == 302
    kept = Evidence.everything.get()
    assert (kept.shop, kept.order) == (cast.shop, None)


def test_over_the_window_nothing_is_sent_nor_kept_in_the_vault(cast, desk, at):
    case = ruled(cast)
    at(case.ruled_at + 15 * DAY + SECOND)
    assert "An appeal was possible until 2026-03-18 13:00." in words(desk.get(addresses(case)))
    answer = desk.post(addresses(case), typed(file_1=SimpleUploadedFile("box.png", PNG, "image/png")))
    assert answer.status_code == 409
    assert typed()["text"] in words(answer)
    assert not Evidence.everything.exists() and not Appeal.everything.exists()


def test_the_second_appeal_is_told_the_first(cast, desk):
    case = ruled(cast)
    first = submit(case, cast)
    assert first.no in words(desk.get(addresses(case)))
    answer = desk.post(addresses(case), typed())
    assert answer.status_code == 409 and first.no in words(answer)


def test_without_the_permission_the_post_is_named(cast, desk):
    case = ruled(cast)
    desk.force_login(cast.bob)
    for answer in (desk.get(addresses(case)), desk.post(addresses(case), typed())):
        assert answer.status_code == 403
        assert "售后客服" in words(answer)
    assert not Appeal.everything.exists()


def test_a_post_that_may_appeal_does(cast, desk):
    cast.clerks.permissions = ["appeal"]
    cast.clerks.save()
    desk.force_login(cast.bob)
    assert desk.post(addresses(ruled(cast)), typed()).status_code == 302


def test_nothing_of_another_shop_is_there(cast, desk):
    case = ruled(cast)
    appeal = submit(case, cast)
    violation = punished(cast)
    desk.force_login(cast.charlie)
    for address in (addresses(case), addresses(violation), f"{URL}{appeal.no}/"):
        assert desk.get(address).status_code == 404
        assert desk.get(address.replace("S001", "S002")).status_code == 404
        assert desk.post(address.replace("S001", "S002"), typed()).status_code in {404, 405}


def test_where_nothing_was_paid_in_advance_there_is_no_such_form(cast, desk):
    assert desk.get(f"/s/S001/cases/{ruled(cast).no}/appeal-compensation/").status_code == 404


# Its page
def test_while_it_is_open_evidence_is_added_and_taken_back(cast, desk):
    case = ruled(cast)
    appeal = submit(case, cast)
    page, piece = f"{URL}{appeal.no}/", proof(case)
    said = {f"piece_{piece.pk}": "on", f"piece_{piece.pk}_proves": "称重记录"}
    assert desk.post(f"{page}exhibit/", said).status_code == 302
    assert "称重记录" in words(desk.get(page))
    assert desk.post(f"{page}take-back/{appeal.exhibits.get().pk}/").status_code == 302
    assert not appeal.exhibits.exists()


def test_nothing_chosen_is_said(cast, desk):
    appeal = submit(ruled(cast), cast)
    answer = desk.post(f"{URL}{appeal.no}/exhibit/", {})
    assert answer.status_code == 400 and "Choose a file" in words(answer)


def test_once_decided_nothing_is_added_or_taken_back(cast, desk, at):
    case = ruled(cast)
    piece = proof(case)
    appeal = submit(case, cast, evidence=[(piece, "")])
    appealing.deny(appeal, reason="证据不足", by=cast.as_ray, now=LATER)
    page = f"{URL}{appeal.no}/"
    assert desk.post(f"{page}exhibit/", {f"piece_{proof(case).pk}": "on"}).status_code == 409
    assert desk.post(f"{page}take-back/{appeal.exhibits.get().pk}/").status_code == 409
    assert appeal.exhibits.get().evidence == piece


def test_a_decided_appeal_tells_reason_money_and_rate(cast, desk, at):
    compensation = compensated(cast, order=paid_in_march(cast))
    appeal = grant_part(submit(compensation, cast), cast, 4_000)
    at(AFTER + HOUR)
    text = words(desk.get(f"{URL}{appeal.no}/"))
    assert "Granted in part" in text and "双方都有责任" in text
    assert "¥40.00 came back to the deposit." in text
    assert "100.00% before (1 of 1 orders), 0.00% after (0 of 1)" in text


def test_what_need_not_be_paid_is_not_said_to_have_come_back(cast, desk):
    appeal = grant_part(submit(ruled(cast), cast), cast, 4_000, now=LATER)
    assert "¥40.00 need not be paid any more." in words(desk.get(f"{URL}{appeal.no}/"))


def test_a_revoked_violation_tells_what_was_undone(cast, desk, at):
    appeal = grant(submit(punished(cast), cast), cast)
    at(AFTER)
    text = words(desk.get(f"{URL}{appeal.no}/"))
    assert "These measures were undone:" in text and "¥1,000.00 came back" in text


def test_a_denied_one_changed_nothing(cast, desk, at):
    case = ruled(cast, order=paid_in_march(cast))
    appeal = appealing.deny(submit(case, cast), reason="证据不足", by=cast.as_ray, now=LATER)
    text = words(desk.get(f"{URL}{appeal.no}/"))
    assert "No money came back." in text and "The liability rate of 2026-03 does not change: 100.00%" in text


# On the case's page
def test_the_case_leads_to_an_appeal_while_one_is_possible(cast, desk, at):
    case = ruled(cast, order=paid_in_march(cast))
    page = f"/s/S001/cases/{case.no}/"
    text = words(desk.get(page))
    assert addresses(case) in text and "An appeal is possible until 2026-03-18 13:00." in text
    assert "100.00% before (1 of 1 orders), 0.00% after (0 of 1)" in text
    at(case.ruled_at + 15 * DAY + SECOND)
    text = words(desk.get(page))
    assert addresses(case) not in text and "An appeal was possible until 2026-03-18 13:00." in text


def test_the_case_shows_both_appeals_and_how_they_were_decided(cast, desk, at):
    compensation = compensated(cast)
    won, open_ = grant_part(submit(compensation.case, cast), cast, 4_000), submit(compensation, cast)
    at(AFTER)
    text = words(desk.get(f"/s/S001/cases/{compensation.case.no}/"))
    assert won.no in text and won.decision in text and open_.no in text
    assert "What the granted appeal changed" in text


def test_where_nothing_stands_against_the_shop_nothing_is_said_of_appeals(cast, desk):
    for case in (open_case(cast), ruled(cast, outcome="merchant")):
        assert 'id="appeals"' not in words(desk.get(f"/s/S001/cases/{case.no}/"))


# The list
def three(cast):
    """An open appeal, a denied one, and one that was granted in part, against one of each."""
    compensation = compensated(cast)
    part = grant_part(submit(compensation, cast), cast, 4_000)
    denied = submit(punished(cast, reference="P"), cast, now=LATER + timedelta(days=1))
    denied = appealing.deny(denied, reason="证据不足", by=cast.as_ray, now=AFTER)
    return submit(ruled(cast), cast, now=LATER + timedelta(days=2)), denied, part


def listed(answer):
    return [record.no for record in answer.context.get("rows", ())]


def test_the_list_has_a_tab_a_state_each_with_its_count(cast, desk):
    open_, denied, part = three(cast)
    page = desk.get(URL)
    told = {str(tab.label): tab.count for tab in page.context["tabs"]}
    assert told == {"All": 3, "In review": 1, "Granted in full": 0, "Granted in part": 1, "Denied": 1}
    assert listed(page) == [open_.no, denied.no, part.no]
    assert listed(desk.get(URL, {"tab": "part"})) == [part.no]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"subject": "case"}, [0]),
        ({"subject": "compensation"}, [2]),
        ({"subject": "violation"}, [1]),
        ({"made_to": "2026-03-03"}, [2]),
        ({"made_from": "2026-03-04"}, [0, 1]),
        ({"made_from": "2026-03-04", "made_to": "2026-03-04"}, [1]),
        ({"ground": "other"}, []),
    ],
)
def test_the_list_is_filtered(cast, desk, asked, left):
    appeals = three(cast)
    assert listed(desk.get(URL, asked)) == [appeals[place].no for place in left]


def test_by_number_and_by_order(cast, desk):
    open_, denied, _part = three(cast)
    assert listed(desk.get(URL, {"no": denied.no})) == [denied.no]
    assert listed(desk.get(URL, {"order": open_.order.no})) == [open_.no]


@pytest.mark.parametrize(
    "asked",
    [{"tab": "nonsense"}, {"subject": "x"}, {"made_from": "2026-03-05", "made_to": "2026-03-04"}, {"made_from": "?"}],
)
def test_filters_that_cannot_be_understood_show_nothing(cast, desk, asked):
    submit(ruled(cast), cast)
    answer = desk.get(URL, asked)
    assert answer.status_code == 400 and listed(answer) == []


def test_an_empty_list_says_where_an_appeal_is_made(cast, desk):
    assert "No appeal yet." in words(desk.get(URL))


def test_the_list_costs_few_statements_however_many_there_are(cast, desk, django_assert_max_num_queries):
    three(cast)
    with django_assert_max_num_queries(12):
        desk.get(URL, {"made_from": "2026-03-01"})


def test_the_appeals_page_costs_few_statements(cast, desk, at, django_assert_max_num_queries):
    appeal = submit(compensated(cast), cast, evidence=[])
    at(AFTER)
    with django_assert_max_num_queries(16):
        desk.get(f"{URL}{appeal.no}/")


# The export
def test_the_export_has_what_is_filtered(cast, desk):
    _open, _denied, part = three(cast)
    answer = desk.get(f"{URL}export/csv/", {"tab": "part"})
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (row["Appeal number"], row["Against"]) == (part.no, "Advance compensation")
    assert row["Number of what it is against"] == part.compensation.no
    assert float(row["Refunded or no longer to pay, in yuan"]) == 40


def test_the_export_is_for_posts_that_may(cast, desk):
    desk.force_login(cast.bob)
    assert desk.get(f"{URL}export/csv/").status_code == 403
    assert "may not" in words(desk.get(URL))


def test_the_export_is_free_again_after_a_minute(cast, desk, at):
    submit(ruled(cast), cast)
    assert desk.get(f"{URL}export/csv/").status_code == 200
    at(LATER + timedelta(seconds=59))
    assert desk.get(f"{URL}export/csv/").status_code == 429
    at(LATER + timedelta(seconds=60))
    assert desk.get(f"{URL}export/xlsx/").status_code == 200
    assert fresh(Appeal.everything.get()).state == "open"
