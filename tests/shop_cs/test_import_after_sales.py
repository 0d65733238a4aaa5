"""After-sales from a file: of known orders only, as the shop platform knows them now."""

import csv
import io

import pytest

from shop_cs import imports
from shop_cs.actors import Actor, Role
from shop_cs.imports.after_sales import AfterSaleImport
from shop_cs.models import AfterSale
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai

HEADER = [column.name for column in AfterSaleImport.columns]
GOOD = {
    "shop_no": "S001",
    "order_no": "6021",
    "after_sale_no": "AS1",
    "kind": "refund",
    "state": "applied",
    "amount": "99.00",
    "reason": "少件",
    "applied_at": "2026-03-01 10:00",
}


@pytest.fixture(autouse=True)
def order(cast):
    return OrderFactory(shop=cast.shop, no="6021")


def load(*rows, **options):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER)
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    by = Actor(Role.IMPORT, name="import_after_sales")
    data = out.getvalue().encode()
    return imports.run(AfterSaleImport, data, name="after_sales.csv", by=by, now=TUESDAY_10, **options)


def counts(report):
    return report.imported, report.unchanged, report.rejected


def test_a_new_one_comes_with_its_facts_and_its_trail(order):
    assert counts(load({})) == (1, 0, 0)
    one = AfterSale.everything.get()
    assert (one.order, one.shop, one.kind, one.state, one.amount_fen) == (order, order.shop, "refund", "applied", 9_900)
    assert (one.reason, one.applied_at) == ("少件", shanghai("2026-03-01 10:00"))
    assert (one.history.get().actor_role, one.history.get().move) == ("import", "import")


def test_the_same_file_again_changes_nothing():
    load({})
    assert counts(load({})) == (0, 1, 0)
    assert AfterSale.history.count() == 1


def test_what_the_merchant_refused_meanwhile_is_known_after_the_next_file():
    load({})
    assert counts(load({"state": "refused"})) == (1, 0, 0)
    assert AfterSale.everything.get().state == "refused"
    assert [row.state for row in AfterSale.history.order_by("history_id")] == ["applied", "refused"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"shop_no": "S999"}, "shop_no"),
        ({"shop_no": "S002"}, "order_no"),
        ({"order_no": "6022"}, "order_no"),
        ({"kind": "gift"}, "kind"),
        ({"state": "lost"}, "state"),
        ({"amount": "-1"}, "amount"),
        ({"applied_at": ""}, "applied_at"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(row, column):
    report = load({}, {"after_sale_no": "AS2", **row})
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, column)]
    assert not AfterSale.everything.exists()


def test_it_never_moves_to_another_order(cast):
    OrderFactory(shop=cast.shop, no="6022")
    load({})
    assert [problem.column for problem in load({"order_no": "6022"}).problems] == ["order_no"]
