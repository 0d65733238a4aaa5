"""Before a shop's requests are shown: what waited for the opening is sent when its time has come."""

from django.db import transaction

from shop_cs.composed import composed

from . import actions
from .models import ServiceRequest


@composed
def _waits(shop_id, now):
    return ServiceRequest.objects.of(shop_id).to_send(now).order_by().values_list("pk")[:1]


def send_what_is_due(shop, *, now):
    """Time decides, not the worker: nobody looks at a list in which a request is missing that is due. [2] §一.1"""
    if not _waits(shop.pk, now):
        return
    with transaction.atomic():
        waiting = ServiceRequest.objects.of(shop).to_send(now)
        rows = waiting.select_related("rulebook", "shop").select_for_update(of=("self",)).order_by("pk")
        actions.send_due(list(rows), now=now)
