"""What this app counts for the daily figures: orders that count against a shop, refunds that went to arbitration."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.models import AfterSale, Order
from tickets.figures import sections
from tickets.figures.counting import refunds
from tickets.figures.days import within
from tickets.figures.links import ORDERS, ShopLinks
from tickets.figures.sources import Source, days_held, days_of, extent_of, of_shops, register

from .models import Case


def connect():
    register(
        Source(
            "disputes",
            {Order: lambda rows: days_held(rows, "paid_at"), Case: _of_cases},
            count,
            lambda: extent_of(Order.everything.filter(paid_at__isnull=False), "paid_at"),
        )
    )
    if LIABILITY not in sections.MORE:
        sections.MORE.append(LIABILITY)


def _month(asked, links):
    """The way to the cases behind the rate, of the last month asked; for all shops to the list of their rates."""
    shop, month = links.shop, f"?month={asked.last:%Y-%m}"
    if isinstance(links, ShopLinks):
        address = reverse("liability", args=[shop.no])
    else:
        address = reverse("platform:liability", args=[shop.no]) if shop else reverse("platform:liability-list")
    return _("The cases of %(month)s") % {"month": f"{asked.last:%Y-%m}"}, f"{address}{month}"


LIABILITY = sections.Section(
    "liability",
    gettext_lazy("Merchant liability rate"),
    gettext_lazy("Of the orders paid then, the share with a case that counts against the shop. An order counts once."),
    (
        sections.Count(gettext_lazy("Orders that count"), "counting_orders", {ORDERS: "", "counting": "yes"}),
        sections.Count(gettext_lazy("Paid orders"), "paid_orders", {ORDERS: ""}),
        sections.Rate(gettext_lazy("Liability rate"), "counting_orders", "paid_orders"),
    ),
    drawn=(2,),
    unit="%",
    typed=False,
    way=_month,
)


def _of_cases(rows):
    """The days of a case's order and of its after-sale: in the one it may count, in the other it is a dispute."""
    orders = days_of(Order, {row.order_id for row in rows}, "paid_at")
    return orders | days_of(AfterSale, {row.after_sale_id for row in rows}, "applied_at")


def count(day, shops):
    """Of the orders paid on a day those that have a case which counts ([0], as `figures`); of the refunds applied for
    those that went to arbitration.

    [1] names the refund dispute rate and does not define it; assumed: refunds with a case out of refunds applied for.
    """
    paid = of_shops(Order.everything, shops).filter(**within("paid_at", day)).order_by()
    counts = Exists(Case.everything.counting().filter(order=OuterRef("pk")))
    disputed = Exists(Case.everything.filter(after_sale=OuterRef("pk")))
    rows = {
        (shop, ""): {"paid_orders": orders, "counting_orders": counting}
        for shop, orders, counting in paid.values("shop_id")
        .annotate(orders_=Count("pk"), counting_=Count("pk", filter=counts))
        .values_list("shop_id", "orders_", "counting_")
    }
    asked = of_shops(refunds(), shops).filter(Q(disputed), **within("applied_at", day)).order_by()
    for shop, n in asked.values("shop_id").annotate(n=Count("pk")).values_list("shop_id", "n"):
        rows.setdefault((shop, ""), {})["refunds_disputed"] = n
    return rows
