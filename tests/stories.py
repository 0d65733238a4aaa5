"""Beginnings of stories about service requests, through the actions as in life."""

from datetime import timedelta

from django.db.models import F

from shop_cs.models import Rulebook
from tests.factories import OrderFactory
from tests.people import TUESDAY_10
from tickets import actions
from tickets.models import ServiceRequest


def confirming_rules():
    """From here on the version with the consumer's confirmation is in force, as in 2022-12."""
    Rulebook.objects.filter(name="current").update(effective_from=F("effective_from") + timedelta(days=36500))
    return Rulebook.objects.get(name="2022-12")


def send(cast, *, now=TUESDAY_10, order=None, kind="general", category="product", **more):
    """Pia sends Alice's shop a request."""
    order = order or OrderFactory(shop=cast.shop)
    return actions.create(
        order=order,
        kind=kind,
        category=category,
        detail="收到的商品有破损，要求退款",
        by=cast.as_pia,
        now=now,
        **more,
    )


def reply_unsolved(request, cast, *, now):
    return actions.reply(request, solved=False, reason="unreachable", text="电话三次无人接听", by=cast.as_bob, now=now)


def reply_solved(request, cast, *, now):
    return actions.reply(request, solved=True, settlement="done", text="已补发新品", by=cast.as_bob, now=now)


def fresh(record):
    return ServiceRequest.everything.select_related("rulebook", "shop").get(pk=record.pk)
