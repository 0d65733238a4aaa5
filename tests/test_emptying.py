"""What a test that commits leaves behind: the database as migrations made it."""

import pytest
from django.db import connection
from django.test import TransactionTestCase

from shop_cs import guards
from tests.factories import OrderFactory
from tests.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def rows():
    """{table: its rows, in words}."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: _rows(cursor, table) for table in tables}


def _rows(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return sorted(map(repr, cursor.fetchall()))


def put_back():
    TransactionTestCase._fixture_teardown(None)


def test_rows_that_came_went_or_were_changed_are_put_back():
    before = rows()
    OrderFactory(shop=make_cast().shop)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_cs_rulebook SET note = 'changed'")
        cursor.execute("DELETE FROM auth_permission")
    assert rows() != before
    put_back()
    assert rows() == before


def test_numbers_begin_anew_and_it_can_be_done_again():
    for _again in range(2):
        found = OrderFactory(shop=make_cast().shop).pk
        put_back()
        assert OrderFactory(shop=make_cast().shop).pk == found
        put_back()


def test_the_guards_stand_though_a_test_took_them_down():
    guards.drop(connection)
    assert guards.missing(connection)
    put_back()
    assert guards.missing(connection) == []
