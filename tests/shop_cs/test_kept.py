"""What is kept is made once for a key, and no more of it than fits."""

import pytest

from shop_cs.kept import Kept
from shop_cs.known import known
from shop_cs.models.scope import Unscoped
from tests.factories import OrderFactory


def test_it_is_made_once_for_each_key():
    made, kept = [], Kept(2)
    for key in "abab":
        assert kept.get(key, lambda key=key: made.append(key) or key.upper()) == key.upper()
    assert made == ["a", "b"]
    assert kept.get("nothing", lambda: None) is None and kept.get("nothing", lambda: made.append("again")) is None
    assert made == ["a", "b"]


def test_with_more_than_fit_it_begins_anew():
    made, kept = [], Kept(2)
    for key in "abbacaab":
        kept.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "a", "b"]


@pytest.mark.django_db
def test_what_is_known_is_not_asked_for_and_nothing_beyond_it(cast, django_assert_num_queries):
    order = OrderFactory(shop=cast.shop)
    one, other = OrderFactory(shop=cast.shop), OrderFactory(shop=cast.other_shop)
    known(cast.shop, "orders", [order, one])
    with django_assert_num_queries(0):
        assert list(cast.shop.orders.all()) == [order, one]
        assert order.shop is cast.shop
        with pytest.raises(Unscoped):
            cast.shop.orders.filter(pk=other.pk).exists()
        with pytest.raises(Unscoped):
            cast.shop.orders.count() and list(cast.shop.orders.order_by("no"))
