"""What is composed is prepared on PostgreSQL, constants in its text, and says the same."""

from datetime import timedelta

import pytest
from django.db import connection

from shop_cs.composed import composed, composed_sizes
from shop_cs.models import Order, Shop
from shop_cs.prepared import inlined, prepares
from tests.factories import OrderFactory
from tests.people import TUESDAY_10

pytestmark = pytest.mark.django_db
NASTY = ["100%", "%s", "'", "\\", "%(x)s", "快递'%%", "a\nb", ""]


@pytest.mark.parametrize("word", NASTY)
def test_constants_are_what_they_were(cast, word):
    there = OrderFactory(shop=cast.shop, product=f"{word}x")
    OrderFactory(shop=cast.shop, product="other")
    ask = composed(lambda shop_id, *, word: Order.objects.of(shop_id).filter(product=f"{word}x"))
    parts = composed(lambda shop_id, *, word: Order.objects.of(shop_id).filter(product__startswith=word).order_by("pk"))
    count = composed_sizes(lambda shop_id, *, word: [Order.objects.of(shop_id).filter(product=f"{word}x")])
    for _time in range(3):
        assert ask(cast.shop.pk, word=word) == [there]
        assert there in parts(cast.shop.pk, word=word)
        assert count(cast.shop.pk, word=word) == (1,)
        assert ask(cast.other_shop.pk, word=word) == []


@pytest.mark.parametrize("word", NASTY)
def test_values_are_what_they_are(cast, word):
    there = OrderFactory(shop=cast.shop, product=f"{word}x")
    ask = composed(lambda shop_id, product: Order.objects.of(shop_id).filter(product=product, amount_fen__gte=0))
    for _time in range(2):
        assert ask(cast.shop.pk, f"{word}x") == [there]


def test_moments_numbers_and_truths_stand_in_the_text(cast):
    there = OrderFactory(shop=cast.shop, paid_at=TUESDAY_10, amount_fen=-0 + 7)
    late = TUESDAY_10 + timedelta(microseconds=1)
    ask = composed(
        lambda shop_id, *, at: Order.objects.of(shop_id).filter(paid_at__lt=at, amount_fen=7, shipped_at__isnull=True)
    )
    assert ask(cast.shop.pk, at=late) == [there]
    assert ask(cast.shop.pk, at=TUESDAY_10) == []
    slots = ((None, late), (0, int), (None, 7), (None, True), (None, None))
    text, left = inlined("%s %s %s %s %s", slots, "default")
    if connection.vendor == "postgresql":
        assert left == ((0, int),) and text.count("%s") == 1 and " 7 true NULL" in text
    else:
        assert (text, left) == ("%s %s %s %s %s", slots)


def test_what_cannot_stand_in_a_text_is_left_as_it_is():
    slots = ((None, [1]), (0, int))
    assert inlined("%s %s", slots, "default") == ("%s %s", slots)


def test_it_is_prepared_once_and_counted_as_a_statement(cast, django_assert_num_queries):
    ask = composed(lambda shop_id: Shop.objects.filter(pk=shop_id, no="S001"))
    for _time in range(3):
        with django_assert_num_queries(1):
            assert ask(cast.shop.pk) == [cast.shop]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            mine = [text for (text,) in cursor.fetchall() if "'S001'" in text]
        assert len(mine) == 1 and "$1" in mine[0]
        assert prepares("default").vendor == "postgresql"
