"""Cases from a file: limits from `opened_at`, the rules of their time, messages only to who can still speak."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from disputes.imports import LONGEST_CLAIM, CaseImport
from disputes.models import Case, CaseState
from disputes.timeline import timeline
from shop_cs import imports
from shop_cs.actors import Actor, Role
from shop_cs.imports import IMPORTERS
from shop_cs.models import ConsumerMessage, Notice, Rulebook
from shop_cs.moves import Refused
from tests.case_stories import open_case
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import sweep_at

HEADER = [column.name for column in CaseImport.columns]
GOOD = {
    "case_no": "AR1",
    "shop_no": "S001",
    "order_no": "6021",
    "after_sale_no": "AS1",
    "claim": "收到时外箱破损,商家不退",
    "amount": "99",
    "opened_at": "2026-03-02 11:00:00",
}


@pytest.fixture
def order(cast):
    """An order of 199 yuan with two refused after-sales and one that was agreed; another order with a refused one."""
    order = OrderFactory(shop=cast.shop, no="6021")
    AfterSaleFactory(order=order, no="AS1")
    AfterSaleFactory(order=order, no="AS2")
    AfterSaleFactory(order=order, no="AS3", state="agreed")
    AfterSaleFactory(order=OrderFactory(shop=cast.shop, no="6022"), no="AS4")
    return order


def sheet(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return out.getvalue().encode()


def load(*rows, now=TUESDAY_10, **options):
    by = Actor(Role.IMPORT, name="import_cases")
    return imports.run(CaseImport, sheet(*rows), name="cases.csv", by=by, now=now, **options)


def counts(report):
    return report.imported, report.unchanged, report.rejected


def problems(report):
    return [(problem.line, problem.column) for problem in report.problems]


def the(no="AR1"):
    return Case.everything.select_related("rulebook", "shop", "order", "after_sale").get(no=no)


SECOND_ROW = {"case_no": "AR2", "after_sale_no": "AS2"}


def test_a_case_gets_its_limit_from_the_time_it_was_opened(order):
    assert counts(load({})) == (1, 0, 0)
    case = the()
    assert (case.state, case.opened_at, case.opened_by) == (CaseState.COLLECTING, shanghai("2026-03-02 11:00"), None)
    assert case.deadline == shanghai("2026-03-04 11:00")
    assert case.due_soon_at == shanghai("2026-03-03 11:00")
    assert (case.order, case.after_sale.no, case.claim_fen) == (order, "AS1", 9_900)
    assert (case.claim, case.rulebook.name) == (GOOD["claim"], "current")


def test_its_trail_names_the_import_the_file_and_the_rulebook(order):
    load({})
    row = the().history.get()
    assert (row.history_type, row.move, row.actor_role, row.actor_name) == ("+", "open_case", "import", "import_cases")
    assert (row.history_change_reason, row.rulebook_name, row.history_date) == ("cases.csv", "current", TUESDAY_10)


def test_the_name_of_the_imported_file_is_the_platforms_to_read(order):
    load({})
    why = {seen: [entry.why for entry in timeline(the(), for_platform=seen)] for seen in (True, False)}
    assert why == {True: ["cases.csv"], False: [""]}


def test_the_same_file_again_changes_nothing_even_after_work_on_it(order):
    load({}, SECOND_ROW)
    sweep_at(shanghai("2026-03-04 12:00"))
    assert the().state == CaseState.ARBITRATING
    before = Case.history.count()
    assert counts(load({}, SECOND_ROW, now=shanghai("2026-03-04 12:00"))) == (0, 2, 0)
    assert Case.history.count() == before


@pytest.mark.parametrize(
    ("other", "columns"),
    [
        ({"claim": "别的"}, ["claim"]),
        ({"amount": "98.99"}, ["amount"]),
        ({"after_sale_no": "AS2", "opened_at": "2026-03-02 11:00:01"}, ["after_sale_no", "opened_at"]),
        ({"shop_no": "S002"}, ["shop_no"]),
        ({"order_no": "6022"}, ["order_no"]),
    ],
)
def test_a_number_that_is_here_with_other_content_is_refused_by_column(order, other, columns):
    load({})
    report = load(other, SECOND_ROW)
    assert counts(report) == (0, 0, 1)
    assert sorted(problem.column for problem in report.problems) == columns
    assert not Case.everything.filter(no="AR2").exists()


@pytest.mark.parametrize(
    ("bad", "columns"),
    [
        ({"shop_no": "S999"}, ["shop_no"]),
        ({"shop_no": "S002"}, ["after_sale_no"]),
        ({"after_sale_no": "AS9"}, ["after_sale_no"]),
        ({"order_no": "6022"}, ["order_no"]),
        ({"after_sale_no": "AS3"}, ["after_sale_no"]),
        ({"amount": "0"}, ["amount"]),
        ({"amount": "199.01"}, ["amount"]),
        ({"amount": "-1"}, ["amount"]),
        ({"opened_at": "2026-03-03 10:00:01"}, ["opened_at"]),
        ({"opened_at": "1999-01-01 10:00:00"}, ["opened_at"]),
        ({"claim": "长" * (LONGEST_CLAIM + 1)}, ["claim"]),
        ({"claim": ""}, ["claim"]),
        (
            {"after_sale_no": "AS3", "amount": "200", "opened_at": "2027-01-01 10:00"},
            ["after_sale_no", "amount", "opened_at"],
        ),
    ],
)
def test_a_bad_row_is_named_by_its_columns(order, bad, columns):
    report = load(bad)
    assert counts(report) == (0, 0, 1)
    assert problems(report) == [(2, column) for column in columns]
    assert all(problem.reason for problem in report.problems)
    assert not Case.everything.exists()


@pytest.mark.parametrize(
    "good",
    [{"amount": "199"}, {"amount": "0.01"}, {"opened_at": "2026-03-03 10:00:00"}, {"claim": "长" * LONGEST_CLAIM}],
)
def test_what_is_just_within_the_rules_is_taken(order, good):
    assert counts(load(good)) == (1, 0, 0)


def test_a_case_keeps_the_rulebook_of_its_time(order):
    old, current = Rulebook.objects.order_by("effective_from")
    before = current.effective_from - timedelta(seconds=1)
    load({"opened_at": before.isoformat()}, {**SECOND_ROW, "opened_at": current.effective_from.isoformat()})
    assert (the().rulebook, the("AR2").rulebook) == (old, current)


def test_one_case_an_after_sale_also_within_the_file(order):
    report = load({}, {"case_no": "AR2"})
    assert problems(report) == [(3, "after_sale_no")]
    assert "line 2" in report.problems[0].reason
    assert not Case.everything.exists()


def test_an_after_sale_with_a_case_opened_here_is_refused(cast, order):
    there = open_case(cast, order=order)
    report = load({"after_sale_no": there.after_sale.no})
    assert problems(report) == [(2, "after_sale_no")]
    assert there.no in report.problems[0].reason


def test_only_who_can_still_speak_is_written_to(order):
    load({"opened_at": "2026-01-05 10:00"}, {**SECOND_ROW, "opened_at": "2026-03-01 10:00"})
    # The second one's time ends at this very instant: it is still his.
    assert the("AR2").deadline == TUESDAY_10
    message = ConsumerMessage.everything.get()
    assert (message.order, message.kind, message.sent_at) == (order, "case", TUESDAY_10)
    assert ConsumerMessage.history.get().id == message.pk
    assert [notice.params["no"] for notice in Notice.everything.all()] == ["AR2"]


def test_what_time_has_decided_goes_on_with_the_first_sweep(order):
    load({"opened_at": "2026-01-05 10:00"})
    sweep_at(TUESDAY_10)
    case = the()
    assert (case.state, case.arbitrating_since, case.merchant_late_at) == (
        CaseState.ARBITRATING,
        case.deadline,
        case.deadline,
    )


def many(cast, number):
    """So many refused after-sales, and a row for each."""
    made = [AfterSaleFactory(order=OrderFactory(shop=cast.shop)) for _ in range(number)]
    return [{"case_no": f"N{one.no}", "order_no": one.order.no, "after_sale_no": one.no} for one in made]


def test_many_rows_need_few_statements(cast, django_assert_max_num_queries):
    rows = many(cast, 100)
    with django_assert_max_num_queries(40):
        assert counts(load(*rows)) == (100, 0, 0)
    assert Case.history.count() == ConsumerMessage.history.count() == 100
    assert sum(notice.params.get("count", 1) for notice in Notice.everything.all()) == 100


def test_a_dry_run_writes_nothing(order):
    assert counts(load({}, dry_run=True)) == (1, 0, 0)
    assert not Case.everything.exists()


def test_who_may_not_open_cases_imports_none(order, cast):
    with pytest.raises(Refused):
        imports.run(CaseImport, sheet({}), name="cases.csv", by=cast.as_bob, now=TUESDAY_10)
    assert not Case.everything.exists()


def test_the_upload_page_offers_cases():
    assert IMPORTERS["cases"] is CaseImport


def test_the_command_imports_a_gb18030_file(order, tmp_path, capsys, at):
    file = tmp_path / "cases.csv"
    file.write_bytes(sheet({}).decode().encode("gb18030"))
    call_command("import_cases", str(file))
    assert capsys.readouterr().out.splitlines()[-1] == "imported 1, unchanged 0, rejected 0"
    assert the().claim == GOOD["claim"]
