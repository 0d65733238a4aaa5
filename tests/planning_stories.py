"""Plans and rehearsals for stories that need one of each."""

from tests.people import TUESDAY_10, shanghai
from tickets.planning import plans, rehearsals

# 240 refunds in two days, one person on shift who handles 80 a day.
SAID = {
    "name": "双十一",
    "first_day": shanghai("2026-11-11").date(),
    "orders": 2000,
    "refund_rate": 1200,
    "shares": [5000, 5000],
    "hours": [834] * 4 + [833] * 8,
    "per_agent_day": 80,
    "shifts": [{"from": 9, "to": 21, "people": 1, "days": [0, 1]}],
}


def planned(cast, *, now=TUESDAY_10, **changed):
    """A plan of Alice's."""
    return plans.make(shop=cast.shop, said={**SAID, **changed}, by=cast.as_alice, now=now)


def rehearsed(cast, rulebook, *, now=TUESDAY_10):
    """A rehearsal that waits for the worker."""
    return rehearsals.ask(rulebook=rulebook, days=90, by=cast.as_rita, now=now)
