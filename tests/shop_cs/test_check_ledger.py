"""`manage.py check_ledger`: says what it looked at, that the books hold, or what is wrong with them."""

import pytest
from django.core.management import call_command
from django.db import connection

from shop_cs import guards, ledger
from shop_cs.models import Account
from tests.people import TUESDAY_10


@pytest.fixture
def money(cast):
    said = {"shop": cast.shop, "by": cast.as_rita, "now": TUESDAY_10}
    ledger.receive(account_kind="deposit", amount_fen=100, reference="P1", at=TUESDAY_10, **said)
    ledger.hold(subject="AC1", amount_fen=60, key="AC1", **said)
    return cast


def test_it_says_what_it_looked_at_and_that_the_ledger_holds(money, capsys):
    call_command("check_ledger")
    first, last = capsys.readouterr().out.splitlines()
    accounts = Account.everything.count()
    assert first == f"checked {accounts} accounts, 2 transfers; the balances sum up to 0 fen"
    assert last == "the ledger holds"


def test_empty_books_hold(db, capsys):
    call_command("check_ledger")
    assert "checked 0 accounts, 0 transfers" in capsys.readouterr().out


def test_each_finding_is_a_line_and_the_end_is_1(money, capsys):
    connection.check_constraints()
    guards.drop(connection)
    held = Account.everything.get(kind="held")
    Account.everything.filter(pk=held.pk).update(balance_fen=59)
    guards.install(connection)
    with pytest.raises(SystemExit) as ended:
        call_command("check_ledger")
    assert ended.value.code == 1
    _counts, *findings = capsys.readouterr().out.splitlines()
    assert findings == [
        "the balances of all accounts sum up to -1 fen, not to zero",
        f"account {held.pk} (held) has 59 fen, its transfers sum up to 60",
    ]


def test_a_guard_that_does_not_stand_is_a_finding(money, capsys):
    connection.check_constraints()
    guards.drop(connection)
    with pytest.raises(SystemExit):
        call_command("check_ledger")
    assert "the guard guard_transfer_moves does not stand" in capsys.readouterr().out.splitlines()
