"""Money that came in, from a file: each payment once, what is owed is repaid first, a faulty file brings nothing."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from shop_cs import imports, ledger, notices
from shop_cs.actors import Actor, Role
from shop_cs.imports.funds import FundsImport
from shop_cs.ledger import Balances
from shop_cs.models import Notice, Transfer
from tests.people import TUESDAY_10, shanghai

HEADER = [column.name for column in FundsImport.columns]
GOOD = {"shop_no": "S001", "account": "deposit", "amount": "100.50", "reference": "P 1", "at": "2026-03-01 10:00"}


def sheet(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return out.getvalue().encode()


def load(*rows, **options):
    by = Actor(Role.IMPORT, name="import_funds")
    return imports.run(FundsImport, sheet(*rows), name="funds.csv", by=by, now=TUESDAY_10, **options)


def counts(report):
    return report.imported, report.unchanged, report.rejected


def test_money_comes_in_with_its_trail_and_a_notice(cast):
    assert counts(load({}, {"reference": "P2", "account": "other", "amount": "1"})) == (2, 0, 0)
    assert ledger.balances(cast.shop) == Balances(deposit=10_050, other=100)
    one = Transfer.everything.get(reference="P 1")
    assert (one.cause, one.at) == ("top_up", shanghai("2026-03-01 10:00"))
    told = one.history.get()
    assert (told.actor_role, told.actor_name, told.history_date) == ("import", "import_funds", TUESDAY_10)
    texts = {notices.text(notice) for notice in Notice.objects.of(cast.shop)}
    assert any("¥100.50" in text and "P 1" in text for text in texts)
    assert ledger.check() == []


def test_what_is_owed_is_repaid_from_it(cast):
    ledger.hold(shop=cast.shop, subject="AC1", amount_fen=10_051, key="AC1", by=cast.as_rita, now=TUESDAY_10)
    load({})
    assert ledger.balances(cast.shop) == Balances(owed=1, held=10_051)
    load({"reference": "P2", "account": "other", "amount": "0.03"})
    assert ledger.balances(cast.shop) == Balances(other=2, held=10_051)


def test_the_same_file_again_changes_nothing(cast):
    load({})
    assert counts(load({})) == (0, 1, 0)
    assert Transfer.everything.count() == Notice.everything.count() == 1


def test_two_shops_may_have_the_same_reference(cast):
    assert counts(load({}, {"shop_no": "S002"})) == (2, 0, 0)
    assert ledger.balances(cast.other_shop) == Balances(deposit=10_050)


def test_many_payments_ring_once(cast):
    assert counts(load(*({"reference": f"P{number}"} for number in range(410)))) == (410, 0, 0)
    notice = Notice.objects.of(cast.shop).get()
    assert (notice.kind, notice.params["count"]) == ("funds_received_many", 410)
    assert ledger.balances(cast.shop).deposit == 410 * 10_050


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"shop_no": "S999"}, "shop_no"),
        ({"shop_no": ""}, "shop_no"),
        ({"account": "held"}, "account"),
        ({"account": "owed"}, "account"),
        ({"account": ""}, "account"),
        ({"amount": "0"}, "amount"),
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "1e5"}, "amount"),
        ({"amount": "1,000"}, "amount"),
        ({"amount": "100000000.01"}, "amount"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 65}, "reference"),
        ({"at": "2026-03-03 10:00:01"}, "at"),
        ({"at": "yesterday"}, "at"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(cast, row, column):
    report = load({}, {"reference": "P2", **row})
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, column)]
    assert not Transfer.everything.exists()
    assert not Notice.everything.exists()


def test_to_the_instant_of_the_import_and_to_the_least_amount_it_is_taken(cast):
    rows = {"at": "2026-03-03 10:00", "amount": "0.01"}, {"reference": "x" * 64, "amount": "100000000"}
    assert counts(load(*rows)) == (2, 0, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [({"account": "other"}, "account"), ({"amount": "100.51"}, "amount"), ({"at": "2026-03-01 10:01"}, "at")],
)
def test_a_reference_that_is_here_with_another_value_is_refused(cast, row, column):
    load({})
    report = load(row)
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, column)]
    assert [problem.column for problem in load({"reference": "P2"}, {"reference": "P2", **row}).problems] == [column]
    assert ledger.balances(cast.shop) == Balances(deposit=10_050)


def test_a_trial_run_writes_nothing(cast):
    assert counts(load({}, dry_run=True)) == (1, 0, 0)
    assert not Transfer.everything.exists()


def test_by_the_command_and_by_the_upload_page(cast, client, at, tmp_path, capsys):
    file = tmp_path / "funds.csv"
    file.write_bytes(sheet({}))
    call_command("import_funds", str(file))
    assert "imported 1, unchanged 0, rejected 0" in capsys.readouterr().out
    at(TUESDAY_10 + timedelta(days=1))
    client.force_login(cast.pia)
    upload = SimpleUploadedFile("funds.csv", sheet({"reference": "P2"}))
    assert client.post(reverse("platform:import"), {"kind": "funds", "file": upload}).status_code == 200
    assert ledger.balances(cast.shop) == Balances(deposit=20_100)


def test_the_command_names_what_is_wrong_and_ends_with_1(cast, tmp_path, capsys):
    file, errors = tmp_path / "funds.csv", tmp_path / "errors.csv"
    file.write_bytes(sheet({"amount": "0"}))
    with pytest.raises(SystemExit) as ended:
        call_command("import_funds", str(file), "--errors", str(errors))
    assert ended.value.code == 1
    assert "line 2, column amount" in capsys.readouterr().out
    assert "amount" in errors.read_text()
