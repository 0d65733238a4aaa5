"""Before a shop's requests are shown: what waited for the opening is sent when its time has come."""

from django.db import transaction

from . import actions
from .models import ServiceRequest


def send_what_is_due(shop, *, now):
    """Time decides, not the worker: nobody looks at a list in which a request is missing that is due. [2] §一.1"""
    waiting = ServiceRequest.objects.of(shop).to_send(now)
    if not waiting.exists():
        return
    with transaction.atomic():
        rows = waiting.select_related("rulebook", "shop").select_for_update(of=("self",)).order_by("pk")
        actions.send_due(list(rows), now=now)
