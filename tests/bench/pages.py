"""The pages that are measured, and how many times the floor each may take."""

from shop_cs.models import Member
from tickets.models import ServiceRequest

from .measure import Page


def pages():
    """Lists and records of the large shop, of a usual one, and of the platform."""
    found = []
    for who in ("large", "usual"):
        shop = Member.everything.get(user__username=who).shop
        mine = ServiceRequest.everything.filter(shop=shop)
        base, pending = f"/s/{shop.no}/requests/", mine.pending().order_by("pk").first()
        last = max(1, mine.count() // 50 - 1)
        found += [
            Page(f"{who} shop: pending", who, base, 2, 12),
            Page(f"{who} shop: all", who, f"{base}?tab=all", 2, 12),
            Page(f"{who} shop: filtered", who, f"{base}?tab=all&category=product&urged=yes", 2, 12),
            Page(f"{who} shop: deep page", who, f"{base}?tab=all&page={last}", 2, 12),
            Page(f"{who} shop: a request", who, f"{base}{pending.no}/", 2.5, 20),
        ]
    record = ServiceRequest.everything.pending().order_by("pk").first()
    desk = "/admin/tickets/servicerequest/"
    return [
        *found,
        Page("platform: all requests", "reviewer", desk, 8),
        Page("platform: review queue", "reviewer", "/admin/tickets/inreview/", 8),
        Page("platform: a request", "reviewer", f"{desk}{record.pk}/change/", 4),
    ]
