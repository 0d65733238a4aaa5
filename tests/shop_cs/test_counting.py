"""How many rows there are: whole, cut off, told apart, none at all."""

import pytest

from shop_cs.counting import Counts, sizes
from shop_cs.models import Shop
from tests.factories import OrderFactory


def test_many_are_counted_in_one_statement_each_to_its_cut(cast, django_assert_num_queries):
    for _order in range(3):
        OrderFactory(shop=cast.shop)
    shops, with_orders = Shop.objects.all(), Shop.objects.filter(orders__isnull=False)
    with django_assert_num_queries(1):
        found = sizes([shops, shops[:1], with_orders, with_orders.distinct(), shops.none()])
    assert found == (2, 1, 3, 1, 0)
    assert sizes([]) == ()


@pytest.mark.parametrize(("there", "said", "is_more"), [(4, 4, False), (5, "4+", True)])
def test_one_more_than_was_counted_means_more(there, said, is_more):
    counts = Counts({"pending": there, "closed": 2}, most=4)
    assert (counts.said(("pending",)), counts.is_more(("pending",))) == (said, is_more)
    assert counts.said(("closed",)) == 2
    assert counts.said() == ("4+" if is_more else 6)
    assert counts.of() == there + 2


def test_what_was_counted_to_the_end_is_the_number():
    assert Counts({"pending": 5_000}).said() == 5_000
    assert not Counts({"pending": 5_000}).is_more()
