"""From a figure to the list that it counts: each site has its own lists, which take the same filters."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

# In what a list is asked for, the name of another list than that of requests; its value is a state, or "".
AFTER_SALES, ORDERS = "after_sales", "orders"


@dataclass(frozen=True)
class ShopLinks:
    """To a shop's own lists on the workbench, which has none of after-sales and orders."""

    shop: object

    @cached_property
    def requests(self):
        return reverse("requests", args=[self.shop.no])

    def to(self, where, first=None, last=None, category=""):
        """The list of what `where` filters, created within these days; "" where there is none."""
        if AFTER_SALES in where or ORDERS in where:
            return ""
        query = {"tab": "all", **where, **_days("created", first, last), **_given(category=category)}
        return f"{self.requests}?{urlencode(query)}"

    def conversations(self, first, last):
        """The conversations day by day; the shop's page has a month of them."""
        return f"{reverse('quality', args=[self.shop.no])}?month={last:%Y-%m}"


@dataclass(frozen=True)
class DeskLinks:
    """To the platform's lists, of a shop or of all."""

    shop: object = None

    @cached_property
    def requests(self):
        return reverse("platform:tickets_servicerequest_changelist")

    def to(self, where, first=None, last=None, category=""):
        of_shop = _given(shop=self.shop.no if self.shop else "")
        if AFTER_SALES in where:
            asked = _given(state__exact=where[AFTER_SALES], disputed=where.get("disputed", ""))
            query = {"refunds": "yes", **asked, **_days("applied", first, last)}
            return f"{reverse('platform:shop_cs_aftersale_changelist')}?{urlencode({**query, **of_shop})}"
        if ORDERS in where:
            query = {**_given(counting=where.get("counting", "")), **_days("paid", first, last), **of_shop}
            return f"{reverse('platform:shop_cs_order_changelist')}?{urlencode(query)}"
        rest = {name: value for name, value in where.items() if name != "tab"}
        query = {"sent": "yes", **_given(state__exact=where.get("tab", ""), category__exact=category), **rest}
        query |= {**_days("created", first, last), **of_shop}
        return f"{self.requests}?{urlencode(query)}"

    def conversations(self, first, last):
        query = {"day__gte": f"{first:%Y-%m-%d}", "day__lte": f"{last:%Y-%m-%d}"}
        query |= _given(shop__id__exact=self.shop.pk if self.shop else "")
        return f"{reverse('platform:tickets_responseday_changelist')}?{urlencode(query)}"


def _given(**values):
    return {name: value for name, value in values.items() if value}


def _days(field, first, last):
    return _given(**{f"{field}_from": first and f"{first:%Y-%m-%d}", f"{field}_to": last and f"{last:%Y-%m-%d}"})
