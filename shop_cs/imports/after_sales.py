"""After-sales from the shop platform: new ones, and how the known ones stand now. Their orders must be here."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..history import record_many
from ..models import AfterSale, Order, Shop
from . import cells
from .engine import Importer
from .table import Column, Problem

_FACTS = {"kind": "kind", "state": "state", "amount": "amount_fen", "reason": "reason", "applied_at": "applied_at"}


class AfterSaleImport(Importer):
    """after_sales.csv. A row is the after-sale as the shop platform knows it now; it never changes its order."""

    label = gettext_lazy("After-sales")
    columns = (
        Column("shop_no", cells.number, max_length=32),
        Column("order_no", cells.number, max_length=64),
        Column("after_sale_no", cells.number, max_length=64),
        Column("kind", cells.choice(AfterSale.Kind)),
        Column("state", cells.choice(AfterSale.State)),
        Column("amount", cells.fen),
        Column("reason", required=False, max_length=500, empty=""),
        Column("applied_at", cells.moment),
    )
    key = ("shop_no", "after_sale_no")

    def judge(self, rows):
        shops = {shop.no: shop for shop in Shop.objects.filter(no__in={row["shop_no"] for row in rows})}
        orders = _by_no(Order, shops, {row["order_no"] for row in rows})
        here = _by_no(AfterSale, shops, {row["after_sale_no"] for row in rows})
        for row in rows:
            shop = shops.get(row["shop_no"])
            order = shop and orders.get((shop.pk, row["order_no"]))
            yield row, _plan(row, shop, order, shop and here.get((shop.pk, row["after_sale_no"])))

    def write(self, plans):
        new = [after_sale for after_sale in plans if after_sale.pk is None]
        newer = [after_sale for after_sale in plans if after_sale.pk is not None]
        AfterSale.everything.bulk_create(new)
        record_many(new, created=True)
        if newer:
            AfterSale.everything.bulk_update(newer, list(_FACTS.values()), batch_size=100)
            record_many(newer, created=False)


def _by_no(model, shops, nos):
    found = model.everything.filter(shop__in=[shop.pk for shop in shops.values()], no__in=nos)
    return {(one.shop_id, one.no): one for one in found}


def _plan(row, shop, order, known):
    """None when it stands as the row says, a list of problems, or the after-sale to write."""
    if shop is None:
        return [Problem(row.line, "shop_no", _("There is no such shop: import its orders first."))]
    if order is None:
        return [Problem(row.line, "order_no", _("There is no such order in this shop."))]
    if known is not None and known.order_id != order.pk:
        return [Problem(row.line, "order_no", _("This after-sale is here already, of another order."))]
    if known is not None and all(getattr(known, fact) == row[column] for column, fact in _FACTS.items()):
        return None
    after_sale = known or AfterSale(shop=shop, order=order, no=row["after_sale_no"])
    for column, fact in _FACTS.items():
        setattr(after_sale, fact, row[column])
    return after_sale
