"""Statements that are composed once say the same as if they were composed each time, whoever asks."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.utils.safestring import SafeString

from shop_cs import composed as module
from shop_cs.composed import composed, composed_sizes
from shop_cs.counting import sizes
from shop_cs.models import Member, Notice, Order, Shop
from shop_cs.models.scope import Unscoped
from tests.factories import OrderFactory
from tests.people import TUESDAY_10

pytestmark = pytest.mark.django_db


def counted(make):
    """`make` with how often it was called."""

    def called(*values, **shape):
        called.times += 1
        return make(*values, **shape)

    called.times = 0
    return called


@pytest.fixture
def orders(cast):
    return [OrderFactory(shop=shop, no=f"A-{n}") for n, shop in enumerate((cast.shop, cast.shop, cast.other_shop))]


def test_each_gets_his_own_rows_by_one_composition(cast, orders, django_assert_num_queries):
    make = counted(lambda shop_id: Order.objects.of(shop_id).order_by("pk"))
    ask = composed(make)
    with django_assert_num_queries(3):
        assert ask(cast.shop.pk) == orders[:2]
        assert ask(cast.other_shop.pk) == orders[2:]
        assert ask(cast.shop.pk) == orders[:2]
    # Two stand-ins for the first; nothing for the others.
    assert make.times == 2


def test_records_come_with_what_is_selected_along_and_with_their_annotations(cast, django_assert_num_queries):
    @composed
    def ask(user_id):
        own = Exists(Shop.objects.filter(pk=OuterRef("shop")))
        return Member.everything.filter(user=user_id).select_related("user", "shop", "post").annotate(has_own=own)

    for user in (cast.alice, cast.bob, cast.alice):
        with django_assert_num_queries(1):
            (member,) = ask(user.pk)
            assert (member.user, member.shop, member.has_own) == (user, cast.shop, True)
            assert (member.post is None) == (user == cast.alice)
    assert not member._state.adding


def test_rows_of_values_are_tuples_and_texts_and_moments_are_values_too(cast, orders):
    early, late = TUESDAY_10, TUESDAY_10 + timedelta(days=1)
    Notice.objects.create(shop=cast.shop, kind="hello", created_at=early)
    Notice.objects.create(shop=cast.shop, kind="again", created_at=late)

    @composed
    def ask(shop_id, until, kind):
        rows = Notice.objects.of(shop_id).filter(created_at__lte=until).exclude(kind=kind)
        return rows.order_by("pk").values_list("kind", "created_at")

    assert ask(cast.shop.pk, early, "nothing") == [("hello", early)]
    assert ask(cast.shop.pk, late, "hello") == [("again", late)]
    assert ask(cast.shop.pk, early - timedelta(microseconds=1), "") == []
    assert ask(cast.other_shop.pk, late, "") == []


def test_the_shape_decides_about_the_conditions(cast, orders):
    @composed
    def ask(shop_id, *, begins, most):
        return Order.objects.of(shop_id).filter(no__startswith=begins).order_by("no")[:most]

    assert ask(cast.shop.pk, begins="A", most=1) == orders[:1]
    assert ask(cast.shop.pk, begins="A", most=2) == orders[:2]
    assert ask(cast.shop.pk, begins="B", most=2) == []


@pytest.mark.parametrize(
    ("make", "value", "there"),
    [
        (lambda text: Order.everything.filter(no__contains=text), "-1", 1),
        (lambda number: Order.everything.filter(pk__gte=number - 1_000_000), 1, 3),
        (lambda at: Order.everything.filter(pk__gt=0).exclude(paid_at__gt=at + timedelta(days=1)), TUESDAY_10, 3),
    ],
    ids=["a part of a text", "a sum", "a later moment"],
)
def test_what_is_worked_out_of_a_value_is_composed_each_time(orders, make, value, there):
    made = counted(make)
    ask = composed(made)
    for _time in range(2):
        assert len(ask(value)) == there
    assert made.times == 4


def test_sizes_are_told_in_one_statement(cast, orders, django_assert_num_queries):
    @composed_sizes
    def ask(shop_id, *, most):
        mine = Order.objects.of(shop_id)
        return [mine, mine.filter(no="A-0"), mine.order_by()[:most], mine.none()]

    with django_assert_num_queries(3):
        assert ask(cast.shop.pk, most=1) == (2, 1, 1, 0)
        assert ask(cast.shop.pk, most=5) == (2, 1, 2, 0)
        assert ask(cast.other_shop.pk, most=5) == (1, 0, 1, 0)
    assert ask.anew(cast.shop.pk, most=5) == sizes(ask.asks(cast.shop.pk, most=5))


def test_without_a_shop_nothing_is_composed(cast, orders):
    ask = composed(lambda order_id: Order.objects.filter(pk=order_id))
    with pytest.raises(Unscoped):
        ask(orders[0].pk)


def test_nothing_at_all_is_nothing_each_time(cast):
    made = counted(lambda shop_id: Order.objects.of(shop_id).none())
    ask = composed(made)
    assert ask(cast.shop.pk) == ask(cast.shop.pk) == []


def test_other_values_are_composed_each_time(orders):
    made = counted(lambda value: Order.everything.filter(product=value))
    ask = composed(made)
    for value in (None, SafeString("x"), "x"):
        assert ask(value) == []
    # Once, once, and two stand-ins.
    assert made.times == 4


def test_no_more_shapes_are_kept_than_fit(cast, orders, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    made = counted(lambda shop_id, *, most: Order.objects.of(shop_id).order_by("no")[:most])
    ask = composed(made)
    for most in (1, 2, 3, 1):
        assert len(ask(cast.shop.pk, most=most)) == min(most, 2)
    assert made.times == 8
