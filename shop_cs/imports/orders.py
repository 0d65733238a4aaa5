"""Orders from the shop platform: new ones, and newer facts of those that are here. Shops are made when new."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..history import record_many, update_many
from ..models import Consumer, Order, Shop
from . import cells
from .engine import Importer
from .table import Column

_FACTS = {
    "product": "product",
    "amount": "amount_fen",
    "paid_at": "paid_at",
    "shipped_at": "shipped_at",
    "signed_at": "signed_at",
    "courier": "courier",
}
_CONTACT = ("consumer_name", "consumer_phone", "consumer_address")


class OrderImport(Importer):
    """orders.csv. A row is the order as the shop platform knows it now: what it leaves empty is empty (assumed).

    A file without the column `courier` says nothing of it: what is known of it stays.
    """

    label = _("Orders")
    columns = (
        Column("shop_no", cells.number, max_length=32),
        Column("order_no", cells.number, max_length=64),
        Column("product", max_length=200),
        Column("amount", cells.fen),
        Column("paid_at", cells.moment, required=False),
        Column("shipped_at", cells.moment, required=False),
        Column("signed_at", cells.moment, required=False),
        Column("consumer_name", required=False, max_length=100, empty="", private=True),
        Column("consumer_phone", required=False, max_length=32, empty="", private=True),
        Column("consumer_address", required=False, max_length=300, empty="", private=True),
        Column("courier", required=False, max_length=60, empty="", may_lack=True),
    )
    key = ("shop_no", "order_no")

    def __init__(self, **more):
        super().__init__(**more)
        self.kept_erased = 0

    def judge(self, rows):
        here = _orders({row["shop_no"] for row in rows}, {row["order_no"] for row in rows})
        for row in rows:
            order, consumer = here.get((row["shop_no"], row["order_no"])), _consumer(row)
            if order and order.consumer and order.consumer.erased_at:
                self.kept_erased += consumer is not None
                consumer = order.consumer
            yield row, None if order and _same(order, row, consumer) else (row, order, consumer)

    def note(self):
        words = ngettext(
            "%(n)s row names the contact of a person who was erased: it was left out.",
            "%(n)s rows name the contact of a person who was erased: it was left out.",
            self.kept_erased,
        )
        return words % {"n": self.kept_erased} if self.kept_erased else ""

    def write(self, plans):
        shops = _shops({row["shop_no"] for row, _order, _consumer in plans}, self.now)
        consumers = _saved([consumer for _row, _order, consumer in plans if consumer])
        new, newer = [], []
        for row, order, consumer in plans:
            (newer if order else new).append(order or Order(shop=shops[row["shop_no"]], no=row["order_no"]))
            order = (newer if order else new)[-1]
            order.consumer_id = consumers[consumer.fingerprint] if consumer else None
            for fact, value in _facts(row).items():
                setattr(order, fact, value)
        Order.everything.bulk_create(new)
        record_many(new, created=True)
        if newer:
            update_many(newer, [*_FACTS.values(), "consumer"])
            record_many(newer, created=False)


def _orders(shop_nos, nos):
    """The orders that are here, by shop's number and own; neighbours, so that the index finds them."""
    shops = dict(Shop.objects.filter(no__in=shop_nos).values_list("pk", "no"))
    found = Order.everything.filter(shop__in=list(shops), no__in=nos).select_related("consumer")
    return {(shops[order.shop_id], order.no): order for order in found}


def _facts(row):
    """What the row says of its order."""
    return {fact: row[column] for column, fact in _FACTS.items() if column in row.values}


def _same(order, row, consumer):
    facts = all(getattr(order, fact) == value for fact, value in _facts(row).items())
    known = order.consumer.fingerprint if order.consumer else None
    return facts and known == (consumer.fingerprint if consumer else None)


def _consumer(row):
    name, phone, address = (row[column] for column in _CONTACT)
    return Consumer.of(name=name, phone=phone, address=address) if name or phone or address else None


def _shops(nos, now):
    """The shops by number; those that are new are made, and called by their number."""
    known = {shop.no: shop for shop in Shop.objects.filter(no__in=nos)}
    new = [Shop(no=no, name=no, created_at=now) for no in sorted(nos - known.keys())]
    Shop.objects.bulk_create(new)
    record_many(new, created=True)
    return known | {shop.no: shop for shop in new}


def _saved(consumers):
    """The ids of the consumers by fingerprint; those that are new are saved, each once."""
    wanted = {consumer.fingerprint: consumer for consumer in consumers}
    ids = _ids(wanted)
    missing = wanted.keys() - ids.keys()
    if missing:
        Consumer.objects.bulk_create([wanted[key] for key in sorted(missing)], ignore_conflicts=True)
        new = list(Consumer.objects.filter(fingerprint__in=missing))
        record_many(new, created=True)
        ids |= {consumer.fingerprint: consumer.pk for consumer in new}
    return ids


def _ids(fingerprints):
    return dict(Consumer.objects.filter(fingerprint__in=list(fingerprints)).values_list("fingerprint", "pk"))
