"""The report centre on the workbench: list, a new report, its page; and that no other shop reads any of it."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from disputes.actions import reporting
from disputes.models import Exhibit, Report
from shop_cs.models import Evidence, ExportLog
from tests.disputes.test_reporting import fresh, submit, upheld
from tests.factories import PNG, ConsumerFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10

URL = "/s/S001/reports/"
CANARIES = ("多次调包退货", "三次退货均为空盒", "CANARYFILE")


@pytest.fixture
def person(db):
    return ConsumerFactory(name="赵六", phone="13800001234")


@pytest.fixture
def order(cast, person):
    return OrderFactory(shop=cast.shop, no="6021777", consumer=person)


@pytest.fixture
def desk(cast, at, client):
    """Alice's browser, in English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def picture(name="box.png"):
    return SimpleUploadedFile(name, PNG, "image/png")


def typed(**said):
    return {"orders": "6021777", "kind": "refund_fraud", "text": "多次调包退货", **said}


def words(answer):
    return answer.content.decode()


# The list
def test_the_list_has_a_tab_a_state_each_with_its_count(cast, desk, order):
    upheld(cast, order)
    waiting = submit(cast, order)
    page = desk.get(URL)
    assert {str(tab.label): tab.count for tab in page.context["tabs"]} == {
        "All": 2,
        "Submitted": 1,
        "Under investigation": 0,
        "Upheld": 1,
        "Dismissed": 0,
        "Withdrawn": 0,
    }
    assert desk.get(URL, {"tab": "submitted"}).context["rows"] == [waiting]
    assert "138****1234" in words(page) and "13800001234" not in words(page)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ({"order": "02177"}, 1),
        ({"order": "999"}, 0),
        ({"kind": "refund_fraud"}, 1),
        ({"kind": "abuse"}, 0),
        ({"made_from": "2026-03-03", "made_to": "2026-03-03"}, 1),
        ({"made_from": "2026-03-04"}, 0),
    ],
)
def test_the_filters_narrow_the_list(cast, desk, order, query, there):
    submit(cast, order, OrderFactory(shop=cast.shop, no="6021778", consumer=order.consumer))
    assert len(desk.get(URL, query).context["rows"]) == there


@pytest.mark.parametrize("query", [{"tab": "nonsense"}, {"made_from": "2026-03-04", "made_to": "2026-03-03"}])
def test_filters_that_make_no_sense_are_400_and_show_nothing(cast, desk, order, query):
    record = submit(cast, order)
    page = desk.get(URL, query)
    assert page.status_code == 400 and record.no not in words(page)


def test_a_list_without_reports_says_so_and_offers_the_first(desk):
    text = words(desk.get(URL))
    assert "No user has been reported by your shop yet." in text and "/s/S001/reports/new/" in text


def test_bob_reads_but_sees_why_he_may_not_report(cast, desk, order):
    record = submit(cast, order)
    desk.force_login(cast.bob)
    assert "may not report malicious users" in words(desk.get(URL))
    assert "may not report malicious users" in words(desk.get(f"{URL}{record.no}/"))
    assert desk.get(f"{URL}new/").status_code == 403
    for act in ("exhibit", "withdraw"):
        assert desk.post(f"{URL}{record.no}/{act}/").status_code == 403
    assert fresh(record).state == "submitted"


def test_many_reports_cost_no_more_statements(cast, desk, django_assert_max_num_queries):
    for _n in range(4):
        submit(cast, OrderFactory(shop=cast.shop))
    with django_assert_max_num_queries(12):
        assert len(desk.get(URL).context["rows"]) == 4


# A new one
def test_from_an_orders_page_its_number_and_its_evidence_are_there(cast, desk, order):
    piece = EvidenceFactory(order=order, name="chat.png")
    link = "/s/S001/reports/new/?order=6021777"
    assert link in words(desk.get("/s/S001/orders/6021777/"))
    page = desk.get(link)
    assert page.context["form"].initial["orders"] == "6021777"
    assert f'name="piece_{piece.pk}"' in words(page)
    desk.force_login(cast.bob)
    assert link not in words(desk.get("/s/S001/orders/6021777/"))


def test_a_report_is_submitted_with_ticked_and_new_evidence(cast, desk, order):
    piece, again = EvidenceFactory(order=order), OrderFactory(shop=cast.shop, no="6021778", consumer=order.consumer)
    said = typed(orders="6021777\n 6021778，6021777", file_1=picture(), file_1_proves="空盒")
    answer = desk.post(f"{URL}new/", {**said, f"piece_{piece.pk}": "on"})
    record = Report.everything.get()
    assert (answer.status_code, answer.url) == (302, f"{URL}{record.no}/")
    assert {one.order for one in record.report_orders.all()} == {order, again}
    new = Exhibit.everything.exclude(evidence=piece).get(report=record)
    assert (new.evidence.order, new.evidence.side, new.proves) == (order, "merchant", "空盒")
    assert "is submitted" in words(desk.get(answer.url))


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ({"orders": "6021777\nNOWHERE"}, 404, "There is no such order in your shop: NOWHERE."),
        ({"orders": "6021777\nCHARLIES1"}, 404, "There is no such order in your shop: CHARLIES1."),
        ({"orders": "6021777\nOTHERS1"}, 400, "One report is about one user."),
        ({"orders": " , "}, 400, "Name the orders that the report is about."),
        ({"orders": "<b>"}, 400, "This is no order number"),
        ({"kind": ""}, 400, "look at the marked fields"),
        ({"file_1": SimpleUploadedFile("x.png", b"no picture", "image/png")}, 400, "x.png"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, desk, order, said, status, told):
    OrderFactory(shop=cast.other_shop, no="CHARLIES1", consumer=order.consumer)
    OrderFactory(shop=cast.shop, no="OTHERS1")
    answer = desk.post(f"{URL}new/", typed(**said))
    assert answer.status_code == status
    assert told in words(answer) and "多次调包退货" in words(answer)
    assert not Report.everything.exists()


def test_a_second_report_is_409_and_its_good_file_stays_ticked(cast, desk, order):
    first = submit(cast, order)
    answer = desk.post(f"{URL}new/", typed(file_1=picture()))
    piece = Evidence.everything.get(order=order)
    assert answer.status_code == 409 and first.no in words(answer)
    assert answer.context["form"][f"piece_{piece.pk}"].value()
    assert Report.everything.count() == 1


# Its page
def test_the_page_tells_where_the_report_stands_but_not_who_decided(cast, desk, order):
    record = upheld(cast, order)
    text = words(desk.get(f"{URL}{record.no}/"))
    assert "The platform upheld your report:" in text and "三次退货均为空盒" in text
    assert "丽塔" not in text and "13800001234" not in text


def test_evidence_is_added_and_taken_back(cast, desk, order):
    record = submit(cast, order)
    page = f"{URL}{record.no}/"
    assert desk.post(f"{page}exhibit/", {"file_1": picture(), "file_1_proves": "空盒"}).status_code == 302
    exhibit = Exhibit.everything.get(report=record)
    assert "Take back" in words(desk.get(page))
    assert desk.post(f"{page}take-back/{exhibit.pk}/").status_code == 302
    assert not Exhibit.everything.exists() and Evidence.everything.filter(order=order).exists()
    assert desk.post(f"{page}take-back/{exhibit.pk}/").status_code == 404


def test_nothing_chosen_is_400_and_after_the_decision_nothing_reaches_even_the_vault(cast, desk, order):
    record = submit(cast, order)
    assert desk.post(f"{URL}{record.no}/exhibit/").status_code == 400
    reporting.dismiss(record, reason="证据不足", by=cast.as_rita, now=TUESDAY_10)
    late = desk.post(f"{URL}{record.no}/exhibit/", {"file_1": picture()})
    assert late.status_code == 409 and "nothing can be added any more" in words(late)
    assert not Evidence.everything.exists()


def test_withdrawing_asks_first_and_refuses_a_page_from_before(cast, desk, order):
    record = submit(cast, order)
    page = f"{URL}{record.no}/withdraw/"
    assert f"Withdraw report {record.no}?" in words(desk.get(page))
    assert fresh(record).state == "submitted"
    assert desk.post(page, {"expect": "submitted:2"}).status_code == 409
    assert desk.post(page, {"expect": "submitted:1"}).status_code == 302
    assert fresh(record).state == "withdrawn"
    assert desk.post(page, {"expect": "submitted:1"}).status_code == 409


# The export
def test_the_export_takes_what_is_filtered_and_masks_the_user(cast, desk, order):
    record = submit(cast, order)
    answer = desk.get(f"{URL}export/csv/", {"tab": "submitted"})
    raw = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(raw, newline=""))
    told = dict(zip(header, row, strict=True))
    assert (told["Report number"], told["Order numbers"], told["Status"]) == (record.no, "6021777", "Submitted")
    assert (told["Consumer's name"], told["Consumer's phone"]) == ("赵**", "138****1234")
    assert ExportLog.everything.get().rows == 1
    desk.force_login(cast.bob)
    assert desk.get(f"{URL}export/csv/").status_code == 403


# Nobody else's
def test_another_shop_finds_none_of_it_by_its_number(cast, desk, order):
    record = upheld(cast, order)
    desk.force_login(cast.charlie)
    for path in ("", f"{record.no}/", f"{record.no}/withdraw/", "new/", "export/csv/"):
        assert desk.get(f"{URL}{path}").status_code == 404
    for act in ("exhibit/", "withdraw/", "take-back/1/"):
        assert desk.post(f"/s/S002/reports/{record.no}/{act}").status_code == 404


def test_another_shop_with_the_same_user_reads_nothing_of_the_report(cast, desk, order, person):
    theirs = OrderFactory(shop=cast.other_shop, no="CHARLIES1", consumer=person)
    record = upheld(cast, order)
    own = submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie, text="查理的举报")
    EvidenceFactory(order=order, name="CANARYFILE.png")
    desk.force_login(cast.charlie)
    paths = ("", f"{own.no}/", "new/?order=CHARLIES1")
    told = [words(desk.get(f"/s/S002/reports/{path}")) for path in paths]
    told.append(words(desk.get("/s/S002/orders/CHARLIES1/")))
    told.append(b"".join(desk.get("/s/S002/reports/export/csv/").streaming_content).decode())
    assert "查理的举报" in told[1] and own.no in told[0] and own.no in told[-1]
    for canary in (*CANARIES, record.no, "6021777", person.key):
        assert not [text for text in told if canary in text]


def test_the_two_shops_neither_see_nor_block_each_other_in_a_new_report(cast, desk, order, person):
    theirs = OrderFactory(shop=cast.other_shop, consumer=person)
    submit(cast, theirs, shop=cast.other_shop, by=cast.as_charlie)
    assert desk.post(f"{URL}new/", typed()).status_code == 302
    assert Report.everything.filter(shop=cast.shop).count() == 1
