"""What a filing covers, and which filings cover an order: looked up each time, so what comes later is covered too. [4]

A filing covers orders by one of three ways, for the time of its span: orders named, regions, a courier. A request
counts from its creation to its round's deadline, a case from its opening to the end of its evidence: it is covered
when that time touches the span.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from shop_cs.composed import composed
from shop_cs.ladders import Breach
from shop_cs.words import listed
from tickets.models import ServiceRequest

from . import regions
from .models import COVERING, Case, Filing, FilingOrder, Source, Violation, ViolationState

# Covered requests, and cases, on a page.
ON_A_PAGE = 20


def filings_covering(order, at, until=None):
    """Approved filings, also expired ones, of the order's shop whose span holds `at` and that cover the order.

    With `until`, the filings whose span touches the time from `at` to it. Each has `.why` in words. One statement,
    with the order's consumer loaded; the earliest span first.
    """
    rows = _in_span(order.shop_id, order.pk, at, until or at)
    return [filing for filing in rows if _explained(filing, order, named=filing.names_order)]


@composed
def _in_span(shop_id, order_id, since, until):
    named = Exists(FilingOrder.everything.filter(filing=OuterRef("pk"), order=order_id))
    return _in_time(Filing.objects.of(shop_id), since, until).annotate(names_order=named)


def covering(record):
    """The filings that cover a request or a case, asked once for each record in memory."""
    if not hasattr(record, "_filings_covering"):
        record._filings_covering = filings_covering(record.order, *_time_of(record))
    return record._filings_covering


def covering_many(requests):
    """{pk of a request: its covering filings} for many requests in two statements; who has none is left out.

    The requests bring their order and its consumer.
    """
    if not requests:
        return {}
    by_shop = {}
    times = [_time_of(record) for record in requests]
    first, last = min(since for since, _until in times), max(until for _since, until in times)
    shops = {record.shop_id for record in requests}
    for filing in _in_time(Filing.everything.filter(shop__in=shops), first, last):
        by_shop.setdefault(filing.shop_id, []).append(filing)
    named = set(
        FilingOrder.everything.filter(
            filing__in=[filing.pk for filings in by_shop.values() for filing in filings]
        ).values_list("filing_id", "order_id")
    )
    found = {}
    for record, (since, until) in zip(requests, times, strict=True):
        for filing in by_shop.get(record.shop_id, ()):
            touches = filing.starts_at <= until and filing.ends_at >= since
            if touches and _covers(filing, record.order, named=(filing.pk, record.order_id) in named):
                found.setdefault(record.pk, []).append(filing)
    return found


def covered_requests(filing):
    """The requests of its shop that it covers, or would if it were approved; what waits for the opening aside."""
    sent = ServiceRequest.everything.filter(shop=filing.shop_id).visible_to_merchant()
    return sent.filter(_touched(filing, "created_at"), _orders(filing))


def covered_cases(filing):
    """The cases of its shop that it covers, or would if it were approved."""
    return Case.everything.filter(_touched(filing, "opened_at"), _orders(filing), shop=filing.shop_id)


def explained_violations(filing):
    """Overdue handling that it explains and that is still held against the shop, or may come to be.

    An evasive reply was given in time: no filing explains that. What the worker found is overdue.
    """
    overdue = Q(found_by__isnull=True) | Q(request_round=F("request__last_overdue_round"))
    return Violation.everything.filter(
        overdue,
        shop=filing.shop_id,
        source=Source.REQUEST,
        kind=Breach.NEGATIVE_HANDLING,
        state__in=[ViolationState.PROPOSED, ViolationState.UPHELD],
        request__in=covered_requests(filing).order_by().values("pk"),
    )


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a filing covers; of it how many opened after its approval, and the violations that it explains."""

    requests: int
    later_requests: int
    cases: int
    later_cases: int
    violations: int


def extent(filing):
    """What it covers now, or would if it were approved now, as numbers; three statements."""
    requests, later_requests = _counted(covered_requests(filing), filing, "created_at")
    cases, later_cases = _counted(covered_cases(filing), filing, "opened_at")
    excused = filing.violations.filter(state=ViolationState.EXCUSED)
    violations = excused if filing.state in COVERING else explained_violations(filing)
    return Extent(requests, later_requests, cases, later_cases, violations.count())


def pages(filing, params):
    """A page of the requests, and one of the cases, that it covers: newest first, each with `begun`.

    Raises `InvalidPage` for a number in `params` ("requests", "cases") that is none.
    """
    found = {
        "requests": covered_requests(filing).annotate(begun=F("created_at")),
        "cases": covered_cases(filing).annotate(begun=F("opened_at")),
    }
    newest = {name: rows.select_related("order", "shop").order_by("-begun", "-pk") for name, rows in found.items()}
    return {name: Paginator(rows, ON_A_PAGE).page(params.get(name, 1)) for name, rows in newest.items()}


def _counted(rows, filing, begun):
    """How many rows, and how many of them began after the decision; before one none is later."""
    since = Q(**{f"{begun}__gt": filing.decided_at}) if filing.decided_at else Q(pk__in=[])
    told = rows.order_by().aggregate(whole=Count("pk"), later=Count("pk", filter=since))
    return told["whole"], told["later"]


def way(filing, orders=None):
    """By what it covers, in words; `orders` is how many are named, where that is known."""
    if filing.regions:
        return _("Regions: %(regions)s") % {"regions": listed(regions.words(one) for one in filing.regions)}
    if filing.courier:
        return _("Courier: %(courier)s") % {"courier": filing.courier}
    return _("Orders named") if orders is None else _("Orders named: %(n)s") % {"n": orders}


def _in_time(filings, since, until):
    return filings.covering().filter(starts_at__lte=until, ends_at__gte=since).order_by("starts_at", "pk")


def _time_of(record):
    if isinstance(record, ServiceRequest):
        return record.created_at, record.deadline or record.created_at
    return record.opened_at, record.deadline


def _touched(filing, begun):
    """That the record's time, from `begun` to its deadline, touches the span."""
    return Q(**{f"{begun}__lte": filing.ends_at}, deadline__gte=filing.starts_at)


def _orders(filing):
    """That the record's order is covered, as a condition."""
    if filing.regions:
        where = Q()
        for region in filing.regions:
            where |= Q(order__consumer__address__regex=regions.pattern(region))
        return where
    if filing.courier:
        return Q(order__courier__iregex=_courier_pattern(filing.courier))
    return Q(order__in=FilingOrder.everything.filter(filing=filing.pk).values("order"))


def _explained(filing, order, *, named):
    filing.why = _covers(filing, order, named=named)
    return filing.why


def _covers(filing, order, *, named):
    """Why the filing covers the order, in words; "" where it does not."""
    if filing.regions:
        return _in_regions(filing.regions, order.consumer)
    if filing.courier:
        same = re.search(_courier_pattern(filing.courier), order.courier, re.IGNORECASE)
        return _("it goes by %(courier)s") % {"courier": filing.courier} if same else ""
    return _("it is one of the orders named") if named else ""


def _in_regions(filed, consumer):
    address = consumer.address if consumer else ""
    there = next((region for region in filed if regions.holds(region, address)), None)
    return _("it goes to %(region)s") % {"region": regions.words(there)} if there else ""


def _courier_pattern(name):
    """A courier's name, however it is spaced and in capitals or not. [4]"""
    signs = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    return r"^\s*" + r"\s*".join(re.escape(sign) for sign in signs) + r"\s*$"
