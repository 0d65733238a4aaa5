"""Thousands of movements of money by fifty at once, killed ten times: no fen is lost, made or moved twice.

`make chaos` does it with 10,000.
"""

import os

import pytest

from tests.crowd import ON_POSTGRESQL

LOAD = "tests.shop_cs.ledger_load"
ACTS = int(os.environ.get("LEDGER_ACTS", "2500"))


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_fifty_at_once_and_ten_killed_leave_books_that_hold(program):
    found = program(LOAD, "books", ACTS, 10)
    assert found["killed"] == 10
    assert found["done"] == ACTS
    assert found["again"] > 100
    assert found["readings"] > 20
    assert found["wrong_readings"] == 0
    assert found["problems"] == []
    assert found["answers"] > ACTS // 2
    assert found["differing"] == []
    assert found["transfers"] == found["told"] >= found["answers"]


@pytest.mark.django_db(transaction=ON_POSTGRESQL)
def test_the_same_load_on_a_naive_ledger_is_found_out(program):
    found = program(LOAD, "naive", 1_000, 0)
    assert found["done"] == 1_000
    assert any("sum up to" in problem and problem.startswith("the balances") for problem in found["problems"])
    assert any(problem.startswith("account") for problem in found["problems"])
    assert found["wrong_readings"] > 0
