"""Exports of the demo: one that was cancelled, and two that the worker makes as soon as it runs."""

from datetime import timedelta

from shop_cs.exporting import asking
from shop_cs.exporting.kinds import KINDS, params_of

SHOP, CHINESE = "S001", "zh-hans"
MINUTE = timedelta(minutes=1)


def keep(cast, *, now):
    """Alice asked for her requests and, after a change of mind, for her cases; Olive for all requests that wait."""
    alice, olive = cast.merchant("alice", SHOP), cast.platform("olive")
    hers = {"shop": cast.shops[SHOP], "language": CHINESE, "by": alice}
    first = asking.ask(KINDS["requests"], params=params_of("tab=all"), fmt="csv", **hers, now=now - 5 * MINUTE)
    asking.cancel(first, by=alice, now=now - 4 * MINUTE)
    asking.ask(KINDS["cases"], params=params_of("tab=all"), fmt="xlsx", **hers, now=now - 3 * MINUTE)
    said = {"shop": None, "language": CHINESE, "by": olive, "now": now - 2 * MINUTE}
    asking.ask(KINDS["desk-requests"], params=params_of("state__exact=pending"), fmt="xlsx", **said)
