"""Response rates: imported by day, shown by day and month. [3]"""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from shop_cs import imports
from shop_cs.actors import Actor, Role
from tests.people import TUESDAY_10
from tickets.models import ResponseDay
from tickets.quality.importing import ResponseImport
from tickets.quality.response import ResponseRate

HEADER = [column.name for column in ResponseImport.columns]
GOOD = {"shop_no": "S001", "day": "2026-03-02", "conversations": "100", "effective": "98"}
PAGE = "/s/S001/quality/"


def sheet(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return out.getvalue().encode()


def load(*rows, now=TUESDAY_10, **options):
    by = Actor(Role.IMPORT, name="import_response_rates")
    return imports.run(ResponseImport, sheet(*rows), name="rates.csv", by=by, now=now, **options)


def counts(report):
    return report.imported, report.unchanged, report.rejected


@pytest.fixture
def browse(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return lambda path=PAGE, **query: client.get(path, query)


def words(answer):
    return " ".join(answer.content.decode().split())


# The import
def test_a_day_is_imported_with_its_history(cast):
    assert counts(load({}, {"day": "2026-03-01"})) == (2, 0, 0)
    day = ResponseDay.everything.get(day=date(2026, 3, 2))
    assert (day.shop, day.conversations, day.effective) == (cast.shop, 100, 98)
    row = day.history.get()
    assert (row.history_type, row.move, row.history_change_reason) == ("+", "import", "rates.csv")


def test_the_same_file_again_changes_nothing(cast):
    load({}, {"day": "2026-03-01"})
    assert counts(load({}, {"day": "2026-03-01"})) == (0, 2, 0)
    assert ResponseDay.history.count() == 2


def test_newer_figures_of_a_day_replace_the_older_and_the_trail_keeps_both(cast):
    load({})
    assert counts(load({"effective": "99"})) == (1, 0, 0)
    day = ResponseDay.everything.get()
    assert day.effective == 99
    assert list(day.history.values_list("effective", flat=True)) == [99, 98]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"shop_no": "S999"}, "shop_no"),
        ({"day": "2026-03-04"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "1989-12-31"}, "day"),
        ({"effective": "101"}, "effective"),
        ({"effective": "-1"}, "effective"),
        ({"conversations": "many"}, "conversations"),
        ({"conversations": "1000001"}, "conversations"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_the_file_is_written(cast, row, column):
    report = load({"day": "2026-03-01"}, row)
    assert (counts(report), [(one.line, one.column) for one in report.problems]) == ((0, 0, 1), [(3, column)])
    assert not ResponseDay.everything.exists()


@pytest.mark.parametrize("row", [{"day": "2026-03-03"}, {"effective": "100"}, {"conversations": "0", "effective": "0"}])
def test_at_its_edge_a_row_is_good(cast, row):
    assert counts(load(row)) == (1, 0, 0)


def test_a_day_twice_with_other_figures_is_refused(cast):
    assert [one.column for one in load({}, {"effective": "97"}).problems] == ["effective"]


def test_by_the_command_and_by_the_upload_page(cast, client, at, tmp_path, capsys):
    file = tmp_path / "rates.csv"
    file.write_bytes(sheet({}))
    call_command("import_response_rates", str(file))
    assert "imported 1, unchanged 0, rejected 0" in capsys.readouterr().out
    client.force_login(cast.pia)
    upload = SimpleUploadedFile("rates.csv", sheet({"effective": "97"}))
    assert client.post(reverse("platform:import"), {"kind": "response_rates", "file": upload}).status_code == 200
    assert ResponseDay.everything.get().effective == 97


# The rate and its page
@pytest.mark.parametrize(
    ("effective", "all_", "percent"),
    [(0, 0, "—"), (0, 5, "0.00%"), (5, 5, "100.00%"), (2, 3, "66.66%"), (99_999, 100_000, "99.99%")],
)
def test_a_rate_is_rounded_down(effective, all_, percent):
    assert ResponseRate(effective, all_).percent == percent


def test_a_month_is_the_sum_of_its_days_not_their_mean(cast, browse):
    load({}, {"day": "2026-03-01", "conversations": "300", "effective": "150"}, {"day": "2026-02-28"})
    page = browse()
    assert page.context["rate"] == ResponseRate(248, 400)
    assert "248 of 400 conversations were effective" in words(page) and "62.00%" in words(page)
    assert [day for day, _rate in page.context["days"]] == [date(2026, 3, 2), date(2026, 3, 1)]
    assert [month for month, _rate in page.context["months"]] == [date(2026, 3, 1), date(2026, 2, 1)]
    assert browse(month="2026-02").context["rate"] == ResponseRate(98, 100)


@pytest.mark.parametrize(("month", "status"), [("2000-01", 200), ("2099-12", 200), ("1999-12", 400), ("2026-13", 400)])
def test_a_month_that_is_none_is_refused(cast, browse, month, status):
    page = browse(month=month)
    assert page.status_code == status
    assert status == 200 or "There is no such month" in words(page)


def test_another_shops_figures_are_not_shown(cast, browse):
    load({"shop_no": "S002"})
    assert browse().context["days"] == browse().context["months"] == []
    assert browse("/s/S002/quality/").status_code == 404


def test_without_figures_the_page_says_so(cast, browse):
    assert "No figures of this month were imported yet." in words(browse())


def test_the_platform_reads_them(cast, browse, client):
    load({})
    client.force_login(cast.olive)
    assert "98.00%" in words(client.get("/admin/tickets/responseday/"))
