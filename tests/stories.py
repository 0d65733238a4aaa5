"""Beginnings of stories about service requests, through the actions as in life."""

from datetime import timedelta

from django.db.models import F

from shop_cs import sweep
from shop_cs.models import Rulebook
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.models import ServiceRequest, State, Survey


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


def sweep_at(instant):
    """A worker's pass at that instant; what it moved, by job."""
    return sweep.one_pass(now=lambda: instant)


def survey_of(request):
    """The survey of the round in which the request stands."""
    return Survey.everything.get(request=request, round=fresh(request).round)


def confirming(cast, *, now=TUESDAY_10 + timedelta(hours=1), **more):
    """A request with a solved reply whose survey was sent at once; needs `confirming_rules`."""
    request = reply_solved(send(cast, **more), cast, now=now)
    sweep_at(now)
    return fresh(request)


def reach(cast, state):
    """A request brought to `state` by the acts that lead there, from the night before Tuesday to Tuesday noon."""
    if state == State.SCHEDULED:
        return send(cast, now=shanghai("2026-03-02 22:00"))
    if state == State.CONFIRMING:
        return confirming(cast)
    request = send(cast)
    if state in {State.REVIEWING, State.CLOSED}:
        request = reply_unsolved(request, cast, now=TUESDAY_10 + timedelta(hours=1))
    if state == State.CLOSED:
        request = actions.approve(request, by=cast.as_rita, now=TUESDAY_10 + timedelta(hours=2))
    return fresh(request)
