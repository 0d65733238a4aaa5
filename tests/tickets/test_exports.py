"""The export of the filtered list: who, how much, how often, and cells that no spreadsheet takes for a formula."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shop_cs import sheets
from shop_cs.models import ExportLog, Member, Rulebook
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send
from tickets import exports
from tickets.models import ServiceRequest


def take(client, fmt="csv", shop="S001", **query):
    return client.get(reverse("requests-export", args=[shop, fmt]), {"tab": "all", **query})


def body(answer):
    return b"".join(answer.streaming_content)


def table(answer):
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"), newline="")))


@pytest.fixture
def alice(cast, client, at):
    client.force_login(cast.alice)
    client.cookies["django_language"] = "en"
    return client


def test_alice_takes_what_the_list_shows_as_csv(alice, cast):
    request = send(cast, order=OrderFactory(shop=cast.shop, no="=1+1", product="@SUM(A1)", amount_fen=19_950))
    reply_unsolved(request, cast, now=TUESDAY_10)
    answer = take(alice)
    assert answer.status_code == 200
    assert 'filename="requests-S001-20260303-100000.csv"' in answer["Content-Disposition"]
    raw = body(answer)
    assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n")
    header, row = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    told = dict(zip(header, row, strict=True))
    assert (told["Request number"], told["Order number"], told["Product"]) == (request.no, "'=1+1", "'@SUM(A1)")
    assert (told["Open API status"], told["Amount in yuan"], told["Limit in hours"]) == ("10", "199.50", "24")
    assert (told["Sent at"], told["Deadline"]) == ("2026-03-03 10:00:00", "2026-03-05 10:00:00")
    assert (told["Last reply"], told["Reply text"]) == ("Unsolved", "电话三次无人接听")
    assert (told["Consumer's name"], "****" in told["Consumer's phone"]) == ("王**", True)


def test_the_workbook_has_typed_cells(alice, cast):
    request = send(cast, order=OrderFactory(shop=cast.shop, no="602142220176695828", product="=cmd|' /C calc'!A0"))
    book = openpyxl.load_workbook(io.BytesIO(body(take(alice, "xlsx"))))
    header, row = book.active.iter_rows()
    told = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert (told["Request number"].value, told["Request number"].data_type) == (request.no, "s")
    assert (told["Order number"].value, told["Order number"].data_type) == ("602142220176695828", "s")
    assert (told["Product"].value, told["Product"].data_type) == ("=cmd|' /C calc'!A0", "s")
    assert (told["Amount in yuan"].value, told["Amount in yuan"].data_type) == (199.0, "n")
    assert (told["Created at"].value, told["Created at"].data_type) == (datetime(2026, 3, 3, 10), "d")  # noqa: DTZ001
    assert told["Last reply"].value is None


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_an_export_without_rows_has_its_header(alice, fmt):
    raw = body(take(alice, fmt))
    if fmt == "xlsx":
        assert [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(raw)).active.iter_rows()] == [
            exports.header()
        ]
    else:
        assert raw.decode("utf-8-sig").count("\r\n") == 1


def test_the_filters_and_the_tab_of_the_list_decide(alice, cast):
    price, product = send(cast, category="price"), send(cast)
    reply_unsolved(product, cast, now=TUESDAY_10)
    send(cast, order=OrderFactory(shop=cast.other_shop))
    assert [row[0] for row in table(take(alice, tab="pending"))[1:]] == [price.no]
    ExportLog.everything.all().delete()
    assert [row[0] for row in table(take(alice, category="product"))[1:]] == [product.no]
    ExportLog.everything.all().delete()
    assert {row[0] for row in table(take(alice))[1:]} == {price.no, product.no}


@pytest.mark.parametrize(("minutes", "rows"), [(-1, 0), (0, 1)])
def test_what_waits_for_the_opening_is_exported_from_the_opening_on(alice, cast, at, minutes, rows):
    send(cast, now=TUESDAY_10 - timedelta(hours=12))
    at(TUESDAY_10.replace(hour=9) + timedelta(minutes=minutes))
    assert len(table(take(alice))) == 1 + rows
    assert ExportLog.everything.get().rows == rows


def test_an_export_is_on_record_with_history(alice, cast):
    send(cast)
    take(alice, category="product")
    log = ExportLog.everything.get()
    assert (log.shop, log.by, log.at, log.format, log.rows) == (cast.shop, cast.alice, TUESDAY_10, "csv", 1)
    assert "category=product" in log.query
    row = ExportLog.history.get()
    assert (row.move, row.actor_name, row.history_user_id) == ("export", "爱丽丝", cast.alice.pk)


@pytest.mark.parametrize(("seconds", "status"), [(0, 429), (59.999999, 429), (60, 200), (61, 200)])
def test_within_a_minute_the_next_export_is_refused(alice, cast, at, seconds, status):
    take(alice)
    at(TUESDAY_10 + timedelta(seconds=seconds))
    answer = take(alice, "xlsx")
    assert answer.status_code == status
    if status == 429:
        assert answer["Retry-After"] == str(60 if seconds == 0 else 1)
        assert "10:01:00" in answer.content.decode()
    assert ExportLog.everything.count() == (1 if status == 429 else 2)


def test_the_minute_is_the_shops_not_the_persons(alice, cast, client):
    cast.clerks.permissions = ["export_requests"]
    cast.clerks.save()
    take(alice)
    client.force_login(cast.bob)
    assert take(client).status_code == 429
    client.force_login(cast.charlie)
    assert take(client, shop="S002").status_code == 200


@pytest.mark.parametrize(("requests", "status"), [(2, 200), (3, 400)])
def test_above_the_most_rows_it_is_refused_and_the_minute_not_used(alice, cast, requests, status):
    Rulebook.objects.update(export_rows=2)
    for _n in range(requests):
        send(cast)
    answer = take(alice)
    assert answer.status_code == status
    if status == 400:
        assert "3" in answer.content.decode() and not ExportLog.everything.exists()
        assert take(alice, category="price").status_code == 200


def test_a_filter_that_is_not_understood_is_refused(alice):
    assert take(alice, created_from="someday").status_code == 400
    assert not ExportLog.everything.exists()


def test_another_format_is_not_found(alice):
    assert take(alice, "pdf").status_code == 404


def test_head_takes_no_export(alice):
    assert alice.head(reverse("requests-export", args=["S001", "csv"])).status_code == 405
    assert not ExportLog.everything.exists()


def test_a_post_without_the_permission_is_named_and_strangers_find_nothing(client, cast, at):
    Member.everything.filter(user=cast.bob).update(post=cast.interns)
    client.force_login(cast.bob)
    answer = take(client)
    assert answer.status_code == 403
    assert "实习生" in answer.content.decode()
    client.force_login(cast.charlie)
    assert take(client).status_code == 404
    client.logout()
    assert take(client).status_code == 302


def test_many_rows_need_few_statements(alice, cast, django_assert_max_num_queries):
    for _n in range(12):
        reply_unsolved(send(cast), cast, now=TUESDAY_10)
    with django_assert_max_num_queries(20):
        assert len(table(take(alice))) == 13


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_two_columns_are_called_alike(language):
    with translation.override(language):
        assert len(set(exports.header())) == len(exports.COLUMNS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="two writers at once need a server")
def test_of_two_exports_at_the_same_moment_one_comes_too_soon(cast):
    together = threading.Barrier(2)

    def start(_n):
        try:
            together.wait(10)
            requests = ServiceRequest.objects.of(cast.shop)
            exports.start(cast.shop, requests=requests, fmt="csv", query="", by=cast.as_alice, now=TUESDAY_10)
            return "done"
        except exports.TooSoon:
            return "too soon"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, range(2))) == ["done", "too soon"]
    assert ExportLog.everything.count() == 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=4))
def test_no_text_becomes_a_formula_and_every_text_comes_back(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    sheets.write("csv", path, ["h"] * len(cells), [cells])
    _header, back = csv.reader(io.StringIO(_raw(path), newline=""))
    assert all(cell[:1] not in sheets.FORMULA_STARTS for cell in back if cell)
    assert [cell[1:] if cell != text else cell for cell, text in zip(back, cells, strict=True)] == cells


def _raw(path):
    return path.read_bytes().decode("utf-8-sig")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_text_stays_text_in_a_workbook(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("xlsx") / "x.xlsx"
    sheets.write("xlsx", path, ["a", "b"], [[text, "end"]])
    cell, end = list(openpyxl.load_workbook(path).active.iter_rows())[1]
    assert end.value == "end"
    assert cell.data_type == ("s" if text.replace("\r\n", "\n") else "n")


def test_a_cell_longer_than_a_workbook_takes_is_cut(tmp_path):
    path = tmp_path / "x.xlsx"
    sheets.write("xlsx", path, ["a"], [["长" * 40_000]])
    assert len(openpyxl.load_workbook(path).active["A2"].value) == sheets.MOST_CHARACTERS


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["plain", None, ""], ["plain", None, None]),
        (["a\r", "\nb"], ["a_x000D_", "\nb"]),
        (["a\r\nb", "c"], ["a\nb", "c"]),
        (["x" * sheets.MOST_CHARACTERS, None], ["x" * sheets.MOST_CHARACTERS, None]),
        (["x" * (sheets.MOST_CHARACTERS + 1), "c\r\n"], ["x" * sheets.MOST_CHARACTERS, "c\n"]),
        ([TUESDAY_10, None, "later"], [TUESDAY_10.replace(tzinfo=None), None, "later"]),
        ([TUESDAY_10, None], [TUESDAY_10.replace(tzinfo=None), None]),
    ],
)
def test_a_column_is_written_as_each_of_its_cells_wants_it(tmp_path, texts, written):
    path = tmp_path / "a.xlsx"
    sheets.write("xlsx", path, ["text", "n"], ([text, 1] for text in texts))
    rows = list(openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True))
    assert [text for text, _one in rows] == written
