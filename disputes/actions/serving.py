"""Penalties end by themselves, and deductions become final. The door reads the time itself: nothing binds too long."""

from shop_cs import ledger, notices
from shop_cs.actors import CLOCK
from shop_cs.history import record_many, update_many
from shop_cs.models import Account, Shop, acting

from ..models import Violation
from .punishing import rewrite_bars


def end_penalties(rows, *, now, by=CLOCK):
    """Their time is over: `ended_at` is the instant at which it was, not when a worker noticed; the bars are rewritten.

    Shops that are being judged at this moment are left to the next pass. Returns the rows that ended.
    """
    shops = _free_shops(rows)
    over = [row for row in rows if row.shop_id in shops]
    for row in over:
        row.ended_at = row.until_at
    update_many(over, ["ended_at"])
    by_rulebook = {}
    for row in over:
        by_rulebook.setdefault(row.violation.rulebook.name, []).append(row)
    for rulebook, some in by_rulebook.items():
        with acting(by, move="penalty_over", rulebook=rulebook, at=now):
            record_many(some, created=False)
    for shop in shops.values():
        rewrite_bars(shop, by=by, now=now)
    _tell_over(over, shops, now=now)
    return over


def _tell_over(rows, shops, *, now):
    """One notice for a violation, however many of its measures end at once."""
    told = {row.violation_id: row.violation for row in rows}
    if told:
        items = [
            (one.shop_id, f"/s/{shops[one.shop_id].no}/violations/{one.no}/", {"no": one.no}) for one in told.values()
        ]
        notices.tell_many(
            "penalty_over", items, now=now, gathered_path=lambda shop_id: f"/s/{shops[shop_id].no}/violations/"
        )


def to_settle(now):
    """Upheld violations with a deduction still held although no appeal can come any more, and none is open."""
    held = Account.everything.filter(kind=Account.Kind.HELD, balance_fen__gt=0)
    rows = Violation.everything.select_related("shop").prefetch_related("rulebook").upheld()
    return rows.filter(no__in=held.order_by().values("subject"), appeal_until__lt=now).exclude(appeal__state="open")


def settle_deductions(rows, *, now, by=CLOCK):
    """What was deducted goes to the platform for good. Returns the rows of shops that nobody judges at this moment."""
    shops = _free_shops(rows)
    # Asked again under the lock: an appeal of the last instant may have come in since the worker looked.
    still = set(to_settle(now).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    free = [row for row in rows if row.shop_id in shops and row.pk in still]
    # Before the platform's own account is touched for the first of them: so nobody waits in a ring.
    ledger.lock_shops(shops.values(), by=by, now=now)
    for row in free:
        ledger.settle(
            shop=row.shop,
            subject=row.no,
            key=f"settle:{row.no}",
            reference=row.no,
            by=by,
            now=now,
            path=row.path,
            rulebook=row.rulebook.name,
        )
    return free


def _free_shops(rows):
    """{pk: shop} of these rows, held until the transaction ends; those that somebody else holds are left out."""
    mine = Shop.objects.filter(pk__in={row.shop_id for row in rows}).order_by("pk")
    return {shop.pk: shop for shop in mine.select_for_update(no_key=True, skip_locked=True)}
