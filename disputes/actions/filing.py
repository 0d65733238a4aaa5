"""The filing centre: a merchant says what stands in the way, before he is blamed for it; a reviewer decides. [4] §一"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.actors import CLOCK
from shop_cs.models import Order, acting
from shop_cs.moves import Refusal, Refused, begin, hold, make, make_many, rulebook_in_force, why_not

from .. import regions as places
from ..coverage import explained_violations
from ..models import COURIER_CAUSES, Cause, Filing, FilingOrder, ViolationState
from ..moves import filings, violations
from ..numbers import FILING, numbered
from .exhibits import put_in
from .punishing import excuse, locked_shop
from .telling import tell_each

COURIER_LENGTH = Filing._meta.get_field("courier").max_length


def submit(*, shop, kind, text, starts_at, ends_at, by, now, regions=(), courier="", orders=(), evidence=()):
    """A filing that covers by exactly one of `regions` ({"province", "city"} as typed), `courier` or `orders`.

    `evidence` are (piece of these orders' or of the shop's own vault, what it proves, its mark). Raises `Refused`:
    another shop's order or piece (404), post (403), no text, a span or a coverage that does not fit (400), the same one
    waiting already, no rulebook (409).
    """
    if refusal := why_not(Filing(shop_id=shop.pk), filings.SUBMIT, by=by, now=now):
        raise Refused(refusal)
    rulebook = rulebook_in_force(now)
    orders, courier = _own(shop, orders), " ".join(courier.split())
    _refuse_unfit(kind, text, starts_at, ends_at, rulebook, now)
    _refuse_way(kind, regions=regions, courier=courier, orders=orders, rulebook=rulebook)
    said = {"kind": kind, "starts_at": starts_at, "ends_at": ends_at, "courier": courier}
    said |= {"text": text.strip(), "regions": _places(regions, rulebook)}
    with transaction.atomic():
        # The shop's row is the queue: of two submissions of the same filing one waits and is refused.
        locked_shop(shop.pk)
        _refuse_twice(shop, said, orders)

        def begun(no):
            record = Filing(no=no, shop=shop, rulebook=rulebook, made_at=now, made_by_id=by.user_id, **said)
            return begin(record, filings.SUBMIT, by=by, now=now)

        record = numbered(FILING, now, begun)
        with acting(by, move=filings.SUBMIT.name, rulebook=rulebook.name, at=now):
            for order in orders:
                FilingOrder.everything.create(shop=shop, filing=record, order=order)
        for piece, *said in evidence:
            put_in(record, piece, *said, by=by, now=now)
    return record


def withdraw(filing, *, by, now, expect=""):
    """The merchant takes it back before it is decided. Raises `Refused`: too late, stale (409), post (403)."""
    return make(filing, filings.WITHDRAW, by=by, now=now, expect=expect)


def approve(filing, *, by, now, reason="", expect=""):
    """It is true: what it covers is shown so, and overdue handling that it explains is held against nobody.

    All in one transaction. Raises `Refused`: decided already, stale (409), role (403).
    """
    with transaction.atomic():
        # Whatever judges violations of a shop holds the shop's row first.
        locked_shop(filing.shop_id)
        fresh = hold(filing, filings.APPROVE, by=by, now=now, expect=expect)
        decided = _decision(by=by, now=now, reason=reason)
        record = make(fresh, filings.APPROVE, by=by, now=now, reason=reason, changes=decided)
        excused = _excuse(record, by=by, now=now)
        kind = "filing_approved_excusing" if excused else "filing_approved"
        notices.tell(record.shop_id, kind, now=now, path=record.path, no=record.no, count=excused)
    return record


def reject(filing, *, reason, by, now, expect=""):
    """It is not true, or not shown. Raises `Refused`: no reason (400), decided already, stale (409), role (403)."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: the merchant must be able to understand it."), 400))
    with transaction.atomic():
        decided = _decision(by=by, now=now, reason=reason)
        record = make(filing, filings.REJECT, by=by, now=now, expect=expect, reason=reason, changes=decided)
        notices.tell(record.shop_id, "filing_rejected", now=now, path=record.path, no=record.no, reason=reason)
    return record


def expire(rows, *, now, by=CLOCK):
    """Approved filings whose span is over. What happened in it stays covered. Returns those that moved."""
    moved = make_many(rows, filings.EXPIRE, by=by, now=now)
    tell_each("filing_expired", moved, now=now, folder="filings")
    return moved


def _decision(*, by, now, reason):
    return {"decided_at": now, "decided_by_id": by.user_id, "decision": reason}


def _excuse(filing, *, by, now):
    """Excuses what the filing explains and returns how many: those only proposed in bulk, as nothing follows from
    them yet; of those upheld what followed is undone one by one."""
    rows = explained_violations(filing).select_related("rulebook", "shop").order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    proposed = [row for row in found if row.state == ViolationState.PROPOSED]
    changes = {"filing": filing, **_decision(by=by, now=now, reason=filing.decision)}
    done = make_many(proposed, violations.EXCUSE, by=by, now=now, reason=filing.no, changes=changes)
    upheld = [row for row in found if row.state == ViolationState.UPHELD]
    for row in upheld:
        excuse(row, filing=filing, by=by, now=now, reason=filing.no)
    return len(done) + len(upheld)


def _own(shop, orders):
    """The orders, each once. Raises `Refused` (404) for one of another shop."""
    pks = dict.fromkeys(order.pk for order in orders)
    found = Order.everything.filter(shop=shop).in_bulk(pks)
    if len(found) < len(pks):
        raise Refused(Refusal("stranger", _("There is no such order in your shop."), 404))
    return [found[pk] for pk in pks]


def _refuse_unfit(kind, text, starts_at, ends_at, rulebook, now):
    """Raises `Refused` (400) for what says too little, or a span that is none, too long or too far away."""
    if kind not in Cause.values:
        raise Refused(Refusal("kind", _("Say what stands in the way."), 400))
    if not text.strip():
        raise Refused(Refusal("text", _("Tell what happened."), 400))
    if ends_at <= starts_at:
        raise Refused(Refusal("span", _("The end must lie after the beginning."), 400))
    most = timedelta(days=rulebook.filing_days_max)
    if ends_at - starts_at > most:
        raise Refused(Refusal("span", _("A filing spans at most %(n)s days.") % {"n": most.days}, 400))
    # [4] §一: it is told before it is blamed. How long before or afterwards is assumed: the longest span.
    if abs(starts_at - now) > most:
        words = _("A filing begins at most %(n)s days before or after today.")
        raise Refused(Refusal("span", words % {"n": most.days}, 400))


def _refuse_way(kind, *, regions, courier, orders, rulebook):
    """Raises `Refused` (400) unless it covers by exactly one way, that fits the kind and its size."""
    ways = [way for way in (regions, courier, orders) if way]
    if len(ways) != 1:
        words = _("A filing covers by exactly one of: regions, a courier, orders named.")
        raise Refused(Refusal("way", words, 400))
    if kind in COURIER_CAUSES and regions:
        words = _("A courier's failure is filed for the courier or for orders, not for regions.")
        raise Refused(Refusal("way", words, 400))
    if len(courier) > COURIER_LENGTH:
        words = _("A courier's name has at most %(n)s characters.")
        raise Refused(Refusal("courier", words % {"n": COURIER_LENGTH}, 400))
    if len(orders) > rulebook.filing_orders_max:
        words = _("At most %(n)s orders can be named here.")
        raise Refused(Refusal("orders", words % {"n": rulebook.filing_orders_max}, 400))


def _places(regions, rulebook):
    """The regions as they are kept, each once. Raises `Refused` (400): no province, no city, the whole country."""
    kept = []
    for typed in regions:
        if places.is_country(typed["province"]):
            raise Refused(Refusal("country", _("A filing never covers the whole country: name the provinces."), 400))
        province, city = places.province(typed["province"]), places.city(typed.get("city", ""))
        if province is None:
            raise Refused(Refusal("region", _("“%(name)s” is no province.") % {"name": typed["province"][:20]}, 400))
        if city is None:
            raise Refused(Refusal("region", _("“%(name)s” is no city.") % {"name": typed["city"][:20]}, 400))
        kept.append({"province": province, "city": city})
    whole = {one["province"] for one in kept if not one["city"]}
    if whole == places.PROVINCES.keys():
        raise Refused(Refusal("country", _("A filing never covers the whole country: name the provinces."), 400))
    kept = [one for at, one in enumerate(kept) if one not in kept[:at]]
    if len(kept) > rulebook.filing_regions_max:
        words = _("At most %(n)s regions can be named here.")
        raise Refused(Refusal("regions", words % {"n": rulebook.filing_regions_max}, 400))
    return kept


def _refuse_twice(shop, said, orders):
    """Raises `Refused` (409) when the very same filing waits already: a form that was sent twice."""
    for other in Filing.objects.of(shop).waiting().filter(**said).prefetch_related("filing_orders"):
        if {one.order_id for one in other.filing_orders.all()} == {order.pk for order in orders}:
            words = _("Filing %(no)s says the same and is waiting already.")
            raise Refused(Refusal("twice", words % {"no": other.no}))
