"""Tenancy fails closed: without a shop nothing of a shop's data is read, however it is asked for."""

import pickle

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Subquery
from django.db.models.deletion import Collector

from shop_cs.models import ExportLog, Order, ScopedQuerySet, Shop, Transfer, Unscoped
from tests import stories
from tests.factories import OrderFactory
from tickets.models import Reply, ServiceRequest


@async_to_sync
async def in_a_row(rows):
    """All of them, by the iterator that waits."""
    return [row async for row in rows.aiterator()]


def copied(rows):
    """Their query, taken out, packed and put into another queryset."""
    other = Order.everything.all()
    other.query = pickle.loads(pickle.dumps(rows.query))
    return other


READS = {
    "iteration": list,
    "truth": bool,
    "length": len,
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "get": lambda rows: rows.get(pk=1),
    "latest": lambda rows: rows.latest("pk"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Order(pk=1)),
    "aggregate": lambda rows: rows.aggregate(),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "iterator": lambda rows: list(rows.iterator()),
    "values": lambda rows: list(rows.values("no")),
    "values_list": lambda rows: list(rows.values_list("no", flat=True)),
    "dates": lambda rows: list(rows.dates("paid_at", "day")),
    "slice": lambda rows: list(rows[:5]),
    "index": lambda rows: rows[0],
    "order_by": lambda rows: list(rows.order_by("no").distinct()),
    "update": lambda rows: rows.update(product="x"),
    "delete": lambda rows: rows.delete(),
    "get_or_create": lambda rows: rows.get_or_create(no="1"),
    "update_or_create": lambda rows: rows.update_or_create(no="1"),
    "bulk_update": lambda rows: rows.bulk_update([Order(pk=1, no="x")], ["no"]),
    "subquery": lambda rows: list(ServiceRequest.everything.filter(order__in=rows)),
    "subquery of a narrowed one": lambda rows: list(ServiceRequest.everything.filter(order__in=rows.filter(no="1"))),
    "or": lambda rows: list(Order.objects.of(1) | rows),
    "or the other way": lambda rows: list(rows | Order.objects.of(1)),
    "union": lambda rows: list(Order.objects.of(1).order_by().union(rows.order_by())),
    "xor": lambda rows: list(Order.objects.of(1) ^ rows),
    "intersection": lambda rows: list(Order.objects.of(1).order_by().intersection(rows.order_by())),
    "difference": lambda rows: list(rows.order_by().difference(Order.objects.of(1).order_by())),
    "union of three": lambda rows: list(Order.everything.order_by().union(Order.everything.order_by(), rows)),
    "earliest": lambda rows: rows.earliest("pk"),
    "datetimes": lambda rows: list(rows.datetimes("paid_at", "day")),
    "distinct figures": lambda rows: list(rows.values("shop").annotate(n=Count("pk"))),
    "only": lambda rows: rows.only("no").first(),
    "locked": lambda rows: list(rows.select_for_update()),
    "raw": lambda rows: list(rows.raw("SELECT * FROM shop_cs_order")),
    "explain": lambda rows: rows.explain(),
    "async count": lambda rows: async_to_sync(rows.acount)(),
    "async get": lambda rows: async_to_sync(rows.aget)(pk=1),
    "async exists": lambda rows: async_to_sync(rows.aexists)(),
    "async iterator": in_a_row,
    "pickle": pickle.dumps,
    "its query": lambda rows: list(copied(rows)),
    "its query in another": lambda rows: list(ServiceRequest.everything.filter(order__in=rows.query)),
    "in": lambda rows: Order(pk=1) in rows,
    "Subquery": lambda rows: list(Shop.objects.annotate(no_of=Subquery(rows.values("no")[:1]))),
    "Exists": lambda rows: Shop.objects.filter(Exists(rows)).count(),
    "exclude": lambda rows: list(ServiceRequest.everything.exclude(order__in=rows)),
    "fast delete": lambda rows: rows._raw_delete("default"),
    "collector": lambda rows: Collector("default").collect(rows),
    "writing over": lambda rows: Order.objects.bulk_create(
        [Order(pk=1)], update_conflicts=True, unique_fields=["id"], update_fields=["no"]
    ),
    "prefetch": lambda rows: list(Shop.objects.prefetch_related(Prefetch("orders", queryset=rows))),
}


@pytest.mark.parametrize("how", READS)
def test_without_a_shop_it_raises(cast, how):
    OrderFactory(shop=cast.shop)
    with pytest.raises(Unscoped):
        READS[how](Order.objects.all())


@pytest.mark.parametrize("how", ["iteration", "count", "exists", "values", "slice", "in_bulk", "subquery", "union"])
def test_with_a_shop_it_reads(cast, how):
    OrderFactory(shop=cast.shop)
    READS[how](Order.objects.of(cast.shop))


@pytest.mark.parametrize("shop", [None, F("shop"), OuterRef("shop"), "1", True, 1.0, [1], Shop(), Shop.objects.all()])
@pytest.mark.parametrize("model", [Order, Transfer, ExportLog])
def test_only_a_shop_is_a_shop(shop, model):
    """`shop=None` would find what is nobody's, `shop=F("shop")` what is everybody's."""
    with pytest.raises(Unscoped):
        model.objects.of(shop)


def test_a_copy_of_what_is_narrowed_stays_narrowed_and_whole(cast):
    mine, theirs = OrderFactory(shop=cast.shop), OrderFactory(shop=cast.other_shop)
    rows = Order.objects.of(cast.shop)
    assert list(copied(rows)) == list(pickle.loads(pickle.dumps(rows))) == [mine]
    both = rows | Order.objects.of(cast.other_shop)
    assert set(both) == {mine, theirs}
    assert list(both & rows) == [mine]


def test_the_manager_itself_is_guarded(cast):
    for read in (Order.objects.count, Order.objects.exists, Order.objects.first, Order.objects.iterator):
        with pytest.raises(Unscoped):
            read()


def test_what_is_narrowed_to_a_shop_has_nothing_of_another(cast):
    mine, theirs = OrderFactory(shop=cast.shop), OrderFactory(shop=cast.other_shop)
    assert list(Order.objects.of(cast.shop)) == list(Order.objects.of(cast.shop.pk)) == [mine]
    assert list(Order.objects.filter(amount_fen__gt=0).of(cast.other_shop)) == [theirs]
    assert set(Order.everything.all()) == {mine, theirs}


def test_the_words_of_the_business_keep_the_guard(cast):
    stories.send(cast)
    for words in ("pending", "closed", "open", "visible_to_merchant", "most_urgent_first"):
        with pytest.raises(Unscoped):
            list(getattr(ServiceRequest.objects, words)())
        list(getattr(ServiceRequest.objects.of(cast.shop), words)())


def test_from_a_record_one_goes_to_what_belongs_to_it(cast):
    request = stories.send(cast)
    stories.reply_unsolved(request, cast, now=request.created_at)
    assert request.replies.count() == request.replies.filter(round=1).count() == 1
    assert request.order.requests.get() == request
    assert cast.shop.orders.get() == request.order
    assert Reply.everything.get().request == request


def test_a_condition_on_other_shops_rows_stays_possible_for_the_platform(cast):
    stories.send(cast)
    asked = Exists(ServiceRequest.everything.filter(order=OuterRef("pk")))
    assert Order.objects.of(cast.shop).filter(asked).count() == 1


def shop_models():
    return [
        model
        for label in ("shop_cs", "tickets", "disputes")
        for model in apps.get_app_config(label).get_models()
        if any(field.name == "shop" for field in model._meta.concrete_fields) and not hasattr(model, "history_object")
    ]


@pytest.mark.parametrize("model", shop_models(), ids=lambda model: model.__name__)
def test_every_model_of_a_shops_data_has_both_managers(db, model):
    assert issubclass(model.objects.all().__class__, ScopedQuerySet)
    assert model._default_manager is model.everything
    model.everything.count()
    with pytest.raises(Unscoped):
        model.objects.count()
