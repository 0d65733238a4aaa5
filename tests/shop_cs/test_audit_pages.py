"""The auditor's pages: who sees them, what they answer to bad input, the export on record, the report of an order."""

from csv import DictReader
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from shop_cs.models import Disclosure, Evidence, ExportLog, Seal, SignIn, acting
from tests import stories
from tests.case_stories import compensated
from tests.factories import EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10
from tickets import actions

HOUR = timedelta(hours=1)
TRAIL, DAY = "/admin/trail/", "2026-03-03"


def record(table, pk):
    return reverse("platform:trail-record", args=[table, pk])


@pytest.fixture
def olive(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.olive)
    return client


@pytest.fixture
def request_(cast):
    """Sent at 10, urged by Pia at 12 in a web request."""
    made = stories.send(cast, order=OrderFactory(shop=cast.shop, no="6021777"))
    with acting(request_id="0a1b2c3d-0000-4000-8000-000000000001"):
        actions.urge(made, by=cast.as_pia, now=TUESDAY_10 + 2 * HOUR)
    return made


def pages(cast, made):
    yield TRAIL
    yield record("tickets_servicerequest", made.pk)
    yield f"/admin/trail/person/{cast.pia.pk}/"
    yield "/admin/trail/order/S001/6021777/"


EXPORTS = ("/admin/trail/export/csv/", "/admin/trail/export/xlsx/")


@pytest.mark.parametrize(
    ("who", "reads", "exports"),
    [("olive", 200, 200), ("rita", 200, 200), ("pia", 200, 403), ("alice", 403, 403)],
)
def test_who_reads_the_trail_and_who_takes_it_along(olive, cast, request_, who, reads, exports):
    if who != "olive":
        olive.force_login(getattr(cast, who))
    assert {olive.get(path).status_code for path in pages(cast, request_)} == {reads}
    assert {olive.get(path).status_code for path in EXPORTS} == {exports}
    assert ExportLog.everything.count() == (2 if exports == 200 else 0)
    shown = olive.get(TRAIL).content.decode()
    assert ("/admin/trail/export/" in shown) == (exports == 200)


def test_nothing_is_written_by_any_method(olive, cast, request_):
    for path in (*pages(cast, request_), *EXPORTS):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(olive, method)(path).status_code == 405, path
    # Looking whether there is an export takes none along.
    assert olive.head(EXPORTS[0]).status_code == 405 and not ExportLog.everything.exists()


def test_a_row_leads_to_its_record_to_the_persons_day_and_to_its_web_request(olive, cast, request_):
    text = olive.get(TRAIL, {"record": request_.no, "action": "urge"}).text
    for address in (
        reverse("platform:tickets_servicerequest_change", args=[request_.pk]),
        f"/admin/trail/person/{cast.pia.pk}/?day={DAY}",
        "/admin/trail/?request_id=0a1b2c3d-0000-4000-8000-000000000001",
        f"{record('tickets_servicerequest', request_.pk)}?version=",
    ):
        assert f'href="{address}' in text, address
    assert "1 change" in text and "2026-03-03 12:00:00" in text


def test_users_are_linked_for_who_sees_users_only(olive, cast):
    link = reverse("platform:shop_cs_user_change", args=[cast.bob.pk])
    asked = {"table": "shop_cs_user", "pk": cast.bob.pk}
    assert link not in olive.get(TRAIL, asked).text
    cast.olive.is_superuser = True
    cast.olive.save()
    assert link in olive.get(TRAIL, asked).text


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("shop", {"shop": "Nowhere"}),
        ("table", {"pk": "1"}),
        ("table", {"table": "auth_group"}),
        ("pk", {"table": "shop_cs_shop", "pk": str(2**63)}),
        ("pk", {"table": "shop_cs_shop", "pk": "0"}),
        ("pk", {"table": "shop_cs_shop", "pk": "x"}),
        ("field", {"field": "nothing"}),
        ("field", {"table": "shop_cs_shop", "field": "urges"}),
        ("action", {"action": "nothing"}),
        ("role", {"role": "king"}),
        ("since", {"since": "yesterday"}),
        ("since", {"since": "0001-01-01T00:00"}),
        ("until", {"until": "9999-12-31T23:59"}),
        ("until", {"since": "2026-03-03T10:01", "until": "2026-03-03T10:00"}),
        ("request_id", {"request_id": "'; drop"}),
        ("request_id", {"request_id": "a" * 37}),
        ("person", {"person": "a" * 101}),
        ("record", {"record": "a" * 65}),
        ("after", {"after": "x"}),
        ("user", {"user": str(2**63)}),
    ],
)
def test_what_is_not_understood_is_told_at_its_field(olive, field, asked):
    answer = olive.get(TRAIL, asked)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert "rows" not in answer.context and str(answer.context["form"].errors[field][0]) in answer.text


def test_an_export_of_what_is_not_understood_is_none(olive):
    answer = olive.get(EXPORTS[0], {"shop": "Nowhere"})
    assert answer.status_code == 400 and "There is no such shop." in answer.text
    assert not ExportLog.everything.exists()


def test_what_is_just_understood_is_searched(olive):
    for asked in (
        {"table": "shop_cs_shop", "pk": str(2**63 - 1)},
        {"since": "2026-03-03T10:00", "until": "2026-03-03T10:00"},
        {"request_id": "a" * 36, "person": "%_'\"\\" * 20, "record": "号" * 64, "user": str(2**63 - 1)},
    ):
        answer = olive.get(TRAIL, asked)
        assert answer.status_code == 200 and "No change matches this search." in answer.text


def test_a_nul_in_the_address_is_400(olive):
    for path in (TRAIL, EXPORTS[0]):
        assert olive.get(f"{path}?person=a%00b").status_code == 400


def test_too_many_people_of_a_name_are_told_so(olive, cast, monkeypatch):
    monkeypatch.setattr("shop_cs.audit.search.MOST_PEOPLE", 1)
    assert olive.get(TRAIL, {"person": "bob"}).status_code == 200
    answer = olive.get(TRAIL, {"person": "a"})
    assert answer.status_code == 400 and "write more of the name" in answer.text


def test_older_pages_keep_the_search(olive, cast):
    with acting(move="import", at=TUESDAY_10):
        orders = [OrderFactory(shop=cast.shop) for _n in range(26)]
    first = olive.get(TRAIL, {"action": "import"})
    assert len(first.context["rows"]) == 50 and "52 changes" in first.text
    second = olive.get(f"{TRAIL}?{first.context['older_query']}")
    assert len(second.context["rows"]) == 2 and "older_query" not in second.context
    seen = {(one.table, one.pk) for page in (first, second) for one, _address in page.context["rows"]}
    assert len(seen) == 52 and {("shop_cs_order", one.pk) for one in orders} < seen


def test_an_export_is_the_search_and_is_on_record(olive, cast, request_):
    asked = {"table": "tickets_servicerequest", "pk": request_.pk, "field": "urges", "action": "urge"}
    lines = list(DictReader(StringIO(olive.get(EXPORTS[0], asked).getvalue().decode("utf-8-sig"))))
    assert [(one["Column"], one["From"], one["To"], one["By"]) for one in lines] == [
        ("urges", "0", "1", "皮娅"),
        ("last_urged_at", "", "2026-03-03 12:00:00", "皮娅"),
    ]
    sheet = load_workbook(BytesIO(olive.get(EXPORTS[1], asked).getvalue())).active
    assert [row[11] for row in sheet.iter_rows(values_only=True)] == ["Column", "urges", "last_urged_at"]
    logs = ExportLog.everything.order_by("pk")
    assert [(one.format, one.rows, one.by, one.shop) for one in logs] == [
        ("csv", 2, cast.olive, None),
        ("xlsx", 2, cast.olive, None),
    ]
    assert "action=urge" in logs[0].query
    row = logs[0].history.get()
    assert (row.move, row.actor_name, row.actor_role) == ("export", "奥莉芙", "auditor")


def test_an_export_that_breaks_leaves_neither_a_file_nor_a_log(olive, request_, monkeypatch):
    def breaks(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shop_cs.sheets.write", breaks)
    with pytest.raises(OSError, match="No space"):
        olive.get(EXPORTS[0])
    assert not ExportLog.everything.exists()
    assert olive.get("/admin/trail/export/pdf/").status_code == 404


def test_a_record_is_shown_as_it_stood_with_what_is_otherwise_today(olive, request_):
    path = record("tickets_servicerequest", request_.pk)
    answer = olive.get(path, {"at": "2026-03-03T11:59"})
    assert "Version 1 of 2" in answer.text and "2 fields are otherwise today" in answer.text
    assert "Pending" in answer.text and "皮娅" in answer.text
    later = olive.get(f"{path}?version={answer.context['told'].later}")
    assert "Version 2 of 2" in later.text and "Every field is the same today." in later.text
    assert "It was not there yet" in olive.get(path, {"at": "2026-03-03T09:59"}).text


def test_a_record_that_is_gone_is_said_to_be_gone(olive, cast):
    pk = cast.interns.pk
    with acting(cast.as_alice, move="delete_post", at=TUESDAY_10):
        cast.interns.delete()
    path = record("shop_cs_post", pk)
    assert "It was not there any more: it was deleted at 2026-03-03 10:00:00." in olive.get(path).text
    was = cast.shop.posts.model.history.filter(id=pk).order_by("history_id").first()
    assert "Today it is not there any more." in olive.get(path, {"version": was.history_id}).text


def test_a_record_that_never_was_is_404_and_an_instant_that_is_none_is_400(olive, request_):
    path = record("tickets_servicerequest", request_.pk)
    for wrong in (record("tickets_servicerequest", 2**70), record("auth_group", 1), f"{path}?version=1000000"):
        assert olive.get(wrong).status_code == 404, wrong
    for asked in ({"at": "noon"}, {"at": "0001-01-01T00:00"}, {"version": "x"}, {"version": str(2**63)}):
        assert olive.get(path, asked).status_code == 400, asked


def test_a_persons_day_shows_what_he_did_was_shown_took_along_and_where_he_was(olive, cast, request_):
    told = {"shop": cast.shop, "order": request_.order, "consumer": request_.order.consumer}
    Disclosure.everything.create(by=cast.pia, role="agent", reason="回访消费者", at=TUESDAY_10, **told)
    ExportLog.everything.create(shop=cast.shop, by=cast.pia, at=TUESDAY_10, format="csv", rows=7)
    SignIn.objects.create(user=cast.pia, session="s", address="203.0.113.9", at=TUESDAY_10, seen_at=TUESDAY_10)
    path = f"/admin/trail/person/{cast.pia.pk}/"
    text = olive.get(path, {"day": DAY}).text
    for words in ("皮娅 on 2026-03-03", "回访消费者", "7 rows", "203.0.113.9", request_.no, "12:00"):
        assert words in text, words
    other = olive.get(path, {"day": "2026-03-04"}).text
    assert "Nothing was changed by this person on this day." in other and "203.0.113.9" not in other
    olive.force_login(cast.pia)
    assert "203.0.113.9" not in olive.get(path, {"day": DAY}).text


def test_a_day_that_is_none_is_400_and_a_person_who_never_was_404(olive, cast):
    assert olive.get(f"/admin/trail/person/{cast.pia.pk}/", {"day": "2026-02-30"}).status_code == 400
    assert olive.get(f"/admin/trail/person/{cast.pia.pk}/", {"day": "0001-01-01"}).status_code == 400
    assert olive.get(f"/admin/trail/person/{2**70}/").status_code == 404


def test_the_report_of_an_order_has_all_of_it_and_nothing_of_another(olive, cast):
    order = OrderFactory(shop=cast.shop, no="6021777")
    compensation = compensated(cast, order=order)
    other = stories.send(cast, order=OrderFactory(shop=cast.shop, no="6021888"))
    piece = EvidenceFactory(order=order)
    with acting(cast.as_bob, move="detach", at=TUESDAY_10):
        Evidence.everything.filter(pk=EvidenceFactory(order=order, name="gone.png").pk).first().delete()
    Seal.objects.create(no=1, at=TUESDAY_10, previous="0" * 64, hash="ab" * 32, mac="cd" * 32)
    answer = olive.get("/admin/trail/order/S001/6021777/")
    told = {(entry.table, entry.called) for entry in answer.context["trail"]}
    assert ("disputes_compensation", compensation.no) in told
    assert ("shop_cs_evidence", "gone.png") in told
    assert {"shop_cs_transfer", "shop_cs_account", "shop_cs_aftersale", "disputes_case"} < {
        table for table, _no in told
    }
    for words in (piece.sha256, "1:" + "ab" * 32, "奥莉芙", "王**", "¥99.00", "2026-03-03 10:00:00", "data-print"):
        assert words in answer.text, words
    for words in (other.no, "6021888", "王小明", order.consumer.phone):
        assert words not in answer.text, words


def test_the_report_takes_as_many_statements_for_much_as_for_little(olive, cast, django_assert_max_num_queries):
    order = OrderFactory(shop=cast.shop, no="6021777")
    compensated(cast, order=order)
    stories.send(cast, order=order)
    with django_assert_max_num_queries(60) as first:
        olive.get("/admin/trail/order/S001/6021777/")
    stories.send(cast, order=order)
    for _n in range(3):
        EvidenceFactory(order=order)
    with django_assert_max_num_queries(len(first.captured_queries)):
        olive.get("/admin/trail/order/S001/6021777/")


def test_the_report_of_no_order_is_404_and_of_anothers_shop_too(olive, cast, request_):
    for path in ("S001/1", "S002/6021777", "S009/6021777"):
        assert olive.get(f"/admin/trail/order/{path}/").status_code == 404


def test_an_orders_page_and_its_case_file_lead_to_the_report(olive, cast, request_):
    address = "/admin/trail/order/S001/6021777/"
    order = request_.order
    for name in ("shop_cs_order_change", "order-file"):
        assert f'href="{address}"' in olive.get(reverse(f"platform:{name}", args=[order.pk])).text, name
    olive.force_login(cast.alice)
    assert "/admin/" not in olive.get("/s/S001/orders/6021777/").text
