"""When things are due in a dispute. Pure: rules and instants come in, instants go out."""

from datetime import datetime, timedelta

from shop_cs.rules import Rules
from tickets.deadlines import round_from

DAY = timedelta(days=1)


def evidence_from(rules: Rules, opened_at: datetime) -> dict:
    """The moments of a round of evidence: `round_opened_at`, `deadline`, `due_soon_at`, `due_soon_told_at`.

    The limit runs on the working clock (24 h, assumed); the notice comes as for requests, for longer limits. [2] §二.6
    """
    return round_from(rules, opened_at, rules.evidence_limit)


def offer_until(rules: Rules, at: datetime) -> datetime:
    """Until when the consumer can answer an offer made then: wall clock, assumed."""
    return at + rules.offer_limit


def pay_due(rules: Rules, at: datetime) -> datetime:
    """Until when what was ruled then must be paid: wall clock (48 h, assumed)."""
    return at + rules.payment_limit


def appeal_until(rules: Rules, at: datetime) -> datetime:
    """The last instant at which a decision of then can be appealed against (15 days, assumed)."""
    return at + rules.appeal_days * DAY
