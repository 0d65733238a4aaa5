"""Ten thousand movements of money by fifty at once, killed ten times: no fen is lost, made or moved twice."""

import pytest

from tests.crowd import ON_POSTGRESQL

LOAD = "tests.shop_cs.ledger_load"


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_fifty_at_once_and_ten_killed_leave_books_that_hold(program):
    found = program(LOAD, "books", 10_000, 10)
    assert found["killed"] == 10
    assert found["done"] == 10_000
    assert found["again"] > 100
    assert found["readings"] > 20
    assert found["wrong_readings"] == 0
    assert found["problems"] == []
    assert found["answers"] > 5_000
    assert found["differing"] == []
    assert found["transfers"] == found["told"] >= found["answers"]


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_the_same_load_on_a_naive_ledger_is_found_out(program):
    found = program(LOAD, "naive", 2_000, 0)
    assert found["done"] == 2_000
    assert any("sum up to" in problem and problem.startswith("the balances") for problem in found["problems"])
    assert any(problem.startswith("account") for problem in found["problems"])
    assert found["wrong_readings"] > 0
