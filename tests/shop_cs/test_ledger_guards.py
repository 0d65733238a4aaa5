"""What the database refuses by itself, in raw SQL, as one who has passed by all of our code would write it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from shop_cs import guards, ledger
from shop_cs.ledger import Kind
from shop_cs.models import Account, Transfer
from tests.people import TUESDAY_10

SQLITE = connection.vendor == "sqlite"
on_sqlite = pytest.mark.skipif(not SQLITE, reason="only SQLite has INSERT OR …")


@pytest.fixture(autouse=True)
def _the_floors_own_questions(monkeypatch):
    """The appeals and compensations of these stories are numbers alone: the apps' checks would miss them."""
    monkeypatch.setattr(ledger, "CHECKS", [])


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def put(verb="INSERT", **columns):
    """A transfer by raw SQL: 1 fen from the deposit for AC1, but for what is said."""
    row = {
        "amount_fen": 1, "key": "raw", "cause": "taken", "reference": "AC1", "path": "", "note": "", "at": TUESDAY_10,
        **{name: getattr(value, "pk", value) for name, value in columns.items()},
    }  # fmt: skip
    run(
        f"{verb} INTO shop_cs_transfer ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})",
        *(value.isoformat() if value is TUESDAY_10 else value for value in row.values()),
    )


def books():
    return (
        list(Account.everything.order_by("pk").values_list("kind", "balance_fen", "last_transfer")),
        list(Transfer.everything.values_list("pk", "key", "amount_fen")),
    )


@pytest.fixture
def money(cast):
    """Alice's shop has 100.00 in its deposit; 30.00 more were taken for AC1 and 10.00 of them refunded."""
    said = {"by": cast.as_rita, "now": TUESDAY_10, "shop": cast.shop}
    ledger.receive(account_kind="deposit", amount_fen=12_000, reference="P1", at=TUESDAY_10, **said)
    ledger.hold(subject="AC1", amount_fen=3_000, key="AC1", **said)
    ledger.refund(subject="AC1", amount_fen=1_000, appeal_no="AP1", **said)
    ledger.account(Kind.OTHER, shop=cast.other_shop, by=cast.as_rita, now=TUESDAY_10)
    ledger.account(Kind.PLATFORM, by=cast.as_rita, now=TUESDAY_10)
    return cast


def of(kind, shop="S001", subject=""):
    return Account.everything.get(kind=kind, shop__no=None if kind in Account.SHOPLESS else shop, subject=subject)


def held():
    return of("held", subject="AC1")


FORBIDDEN = {
    "more than was taken": lambda: put(
        debit_id=held(), credit_id=of("deposit"), amount_fen=2_001, cause="refund", reference="AP2"
    ),
    "an appeal refunded twice": lambda: put(
        debit_id=held(), credit_id=of("deposit"), cause="refund", reference="AP1", key="another"
    ),
    "the same key again": lambda: put(debit_id=of("deposit"), credit_id=held(), key="AC1:deposit"),
    "a deposit below zero": lambda: put(debit_id=of("deposit"), credit_id=held(), amount_fen=10_001),
    "more repaid than owed": lambda: put(debit_id=of("deposit"), credit_id=of("owed"), cause="debt_repaid"),
    "to itself": lambda: put(debit_id=held(), credit_id=held()),
    "nothing": lambda: put(debit_id=of("deposit"), credit_id=held(), amount_fen=0),
    "backwards": lambda: put(debit_id=of("deposit"), credit_id=held(), amount_fen=-1),
    "a cause that is none": lambda: put(debit_id=of("deposit"), credit_id=held(), cause="gift"),
    "a route that is none": lambda: put(debit_id=held(), credit_id=of("deposit"), cause="taken"),
    "a route of another cause": lambda: put(debit_id=of("deposit"), credit_id=of("platform"), cause="settled"),
    "into another shop": lambda: put(debit_id=of("deposit", "S001"), credit_id=of("owed", "S002"), cause="debt_repaid"),
    "from an account that is none": lambda: put(debit_id=999_999, credit_id=held()),
    "without a reference": lambda: put(debit_id=of("deposit"), credit_id=held(), reference=""),
    "another amount": lambda: run("UPDATE shop_cs_transfer SET amount_fen = 1"),
    "another note": lambda: run("UPDATE shop_cs_transfer SET note = 'x' WHERE cause = 'refund'"),
    "a transfer deleted": lambda: run("DELETE FROM shop_cs_transfer WHERE cause = 'refund'"),
    "a balance written": lambda: run("UPDATE shop_cs_account SET balance_fen = balance_fen + 1 WHERE kind = 'deposit'"),
    "the same transfer counted again": lambda: run(
        "UPDATE shop_cs_account SET balance_fen = balance_fen + 1000 WHERE kind = 'deposit' AND shop_id IS NOT NULL"
    ),
    "an older transfer counted again": lambda: run(
        "UPDATE shop_cs_account SET balance_fen = balance_fen + 12000, last_transfer ="
        " (SELECT id FROM shop_cs_transfer WHERE cause = 'top_up') WHERE kind = 'deposit'"
    ),
    "the last transfer forgotten": lambda: run("UPDATE shop_cs_account SET last_transfer = NULL WHERE kind = 'held'"),
    "another kind": lambda: run("UPDATE shop_cs_account SET kind = 'platform', shop_id = NULL WHERE kind = 'owed'"),
    "another subject": lambda: run("UPDATE shop_cs_account SET subject = 'AC2' WHERE kind = 'held'"),
    "another shop": lambda: run(
        "UPDATE shop_cs_account SET shop_id = (SELECT id FROM shop_cs_shop WHERE no = 'S002') WHERE kind = 'held'"
    ),
    "an account deleted": lambda: run("DELETE FROM shop_cs_account WHERE kind = 'held'"),
    "an account that is born rich": lambda: run(
        "INSERT INTO shop_cs_account (shop_id, kind, subject, balance_fen)"
        " SELECT id, 'deposit', '', 5 FROM shop_cs_shop WHERE no = 'S002'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_database_refuses(money, what):
    ledger.account(Kind.OWED, shop=money.shop, by=money.as_rita, now=TUESDAY_10)
    ledger.account(Kind.OWED, shop=money.other_shop, by=money.as_rita, now=TUESDAY_10)
    before = books()
    with pytest.raises(IntegrityError):
        FORBIDDEN[what]()
    assert books() == before
    assert ledger.check() == []


def test_to_the_last_fen_it_takes_what_is_covered(money):
    put(debit_id=of("deposit"), credit_id=held(), amount_fen=10_000)
    put(debit_id=held(), credit_id=of("deposit"), amount_fen=12_000, cause="refund", reference="AP2", key="all")
    assert ledger.balances(money.shop) == ledger.Balances(deposit=12_000)
    assert ledger.check() == []


@on_sqlite
@pytest.mark.parametrize("way", ["REPLACE", "IGNORE", "FAIL", "ABORT", "ROLLBACK"])
@pytest.mark.parametrize(
    "row",
    [
        {"key": "AC1:deposit", "amount_fen": 7},
        {"id": 2, "key": "new", "amount_fen": 7},
        {"key": "new", "amount_fen": 10_001},
        {"key": "new", "cause": "settled"},
    ],
    ids=["key", "id", "not covered", "route"],
)
def test_no_way_of_inserting_walks_past_the_guards(money, way, row):
    before = books()
    with pytest.raises(IntegrityError):
        put(f"INSERT OR {way}", debit_id=of("deposit"), credit_id=held(), **row)
    if way != "ROLLBACK":
        assert books() == before


@on_sqlite
def test_a_second_refund_does_not_take_the_place_of_the_first(money):
    before = books()
    with pytest.raises(IntegrityError):
        put("INSERT OR REPLACE", debit_id=held(), credit_id=of("deposit"), cause="refund", reference="AP1", key="new")
    assert books() == before


@on_sqlite
@pytest.mark.parametrize("column", ["id", "name"])
def test_an_account_is_not_replaced_by_an_empty_one(money, column):
    account = of("deposit")
    pk = account.pk if column == "id" else 999
    with pytest.raises(IntegrityError):
        run(
            "INSERT OR REPLACE INTO shop_cs_account (id, shop_id, kind, subject, balance_fen)"
            " VALUES (%s, %s, %s, '', 0)",
            pk, account.shop_id, "deposit" if column == "name" else "other",
        )  # fmt: skip
    assert of("deposit").balance_fen == 10_000


@pytest.mark.skipif(SQLITE, reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("tables", ["shop_cs_transfer", "shop_cs_account CASCADE", "shop_cs_shop CASCADE"])
def test_the_books_are_not_emptied(money, tables):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError):
        run(f"TRUNCATE {tables}")
    assert Transfer.everything.count() == 3


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_up_what_was_taken_down(transactional_db):
    guards.drop(connection)
    assert "guard_account_delete" in guards.missing(connection)
    assert {found.id for found in guards.check_guards(databases=["default"])} == {"shop_cs.W001"}
    call_command("migrate", verbosity=0)
    assert guards.missing(connection) == guards.check_guards(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_flush_is_refused_where_there_are_books(transactional_db):
    from tests.people import make_cast

    cast = make_cast()
    ledger.receive(
        shop=cast.shop, account_kind="other", amount_fen=1, reference="P", at=TUESDAY_10, by=cast.as_pia, now=TUESDAY_10
    )
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)
    assert Transfer.everything.count() == 1


def test_a_guard_that_was_weakened_is_missed(db):
    with connection.cursor() as cursor:
        if SQLITE:
            cursor.execute("DROP TRIGGER guard_account_update")
            cursor.execute("CREATE TRIGGER guard_account_update BEFORE UPDATE ON shop_cs_account BEGIN SELECT 1; END")
        else:
            cursor.execute("ALTER TABLE shop_cs_account DISABLE TRIGGER guard_account_update")
    assert guards.missing(connection) == ["guard_account_update"]
    guards.install(connection)
    assert guards.missing(connection) == []
