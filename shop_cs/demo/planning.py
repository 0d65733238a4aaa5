"""Looking ahead in the demo: a sale that has too few people on its first days, and a version to come, rehearsed."""

from datetime import timedelta

from django.utils.timezone import localtime

from shop_cs.models import Rulebook, acting
from tickets.planning import plans, rehearsals, shapes

BEFORE_SALE, BEFORE_VERSION = timedelta(days=10), timedelta(days=30)
DAYS = 7


def keep(cast, *, now):
    """Alice's plan for a sale, and Rita's rehearsal of a shorter limit, brought to its end."""
    _plan(cast, now=now)
    rita = cast.platform("rita")
    asked = rehearsals.ask(rulebook=_version(rita, now=now), days=90, by=rita, now=now)
    while not asked.ended_at:
        rehearsals.go_on([asked], now=now)


def _plan(cast, *, now):
    said = {
        "name": "年货节大促",
        "first_day": (localtime(now) + BEFORE_SALE).date(),
        "orders": 14_000,
        "refund_rate": 650,
        "shares": list(shapes.usual_days(DAYS)),
        "hours": list(shapes.usual_hours()),
        "per_agent_day": 80,
        "shifts": [
            {"from": 9, "to": 18, "people": 1, "days": [*range(DAYS)]},
            {"from": 12, "to": 21, "people": 1, "days": [*range(DAYS)]},
            {"from": 15, "to": 21, "people": 1, "days": [4, 5, 6]},
        ],
    }
    plans.make(shop=cast.shops["S001"], said=said, by=cast.merchant("alice", "S001"), now=now)


def _version(by, *, now):
    """The current version with product questions answered within ten hours."""
    book = Rulebook.objects.in_force(now)
    begins = (localtime(now) + BEFORE_VERSION).replace(hour=0, minute=0, second=0, microsecond=0)
    book.pk, book.effective_from = None, begins
    book.name, book.note = f"{begins:%Y-%m-%d}", "商品问题改为十小时内回复"
    book.categories = {**book.categories, "product": {"kind": "general", "minutes": 600}}
    with acting(by, move="create", reason=book.note, rulebook=book.name, at=now):
        book.save()
    return book
