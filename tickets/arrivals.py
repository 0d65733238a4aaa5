"""Before a shop's requests are shown: what waited for the opening is sent when its time has come."""

from django.db import transaction

from shop_cs.composed import composed_sizes

from . import actions
from .models import ServiceRequest


def waiting(shop_id, now):
    """The first that is due, if any: pages that count beside it anyway count it along."""
    return ServiceRequest.objects.of(shop_id).to_send(now).order_by()[:1]


@composed_sizes
def _sizes(shop_id, now):
    return [waiting(shop_id, now)]


def send_what_is_due(shop, *, now):
    """Time decides, not the worker: nobody looks at a list in which a request is missing that is due. [2] §一.1

    Returns whether there was any.
    """
    if _sizes(shop.pk, now) == (0,):
        return False
    with transaction.atomic():
        due = ServiceRequest.objects.of(shop).to_send(now)
        rows = due.select_related("rulebook", "shop").select_for_update(of=("self",)).order_by("pk")
        actions.send_due(list(rows), now=now)
    return True
