"""Both sides are heard: statements and evidence, until the limit or until both have spoken."""

from django.db import transaction

from shop_cs import notices
from shop_cs.actors import CLOCK, CONSUMER
from shop_cs.moves import hold, make, make_many, why_not

from ..models import CaseState
from ..moves import cases
from .exhibits import put_in
from .telling import tell_each


def state_case(case, *, text, by, now, evidence=(), expect=""):
    """The merchant's statement, with pieces (Evidence, what it proves, its mark); replaceable until both were heard.

    Returns the case; it goes to the reviewer at once when the consumer has spoken too. Raises `Refused`: too late,
    stale (409), post (403), too many pieces (400).
    """
    with transaction.atomic():
        fresh = hold(case, cases.STATE, by=by, now=now, expect=expect)
        for piece, *said in evidence:
            put_in(fresh, piece, *said, by=by, now=now)
        changes = {"merchant_statement": text, "merchant_stated_at": now}
        return heard(make(fresh, cases.STATE, by=by, now=now, changes=changes), now=now)


def consumer_states(case, *, text, now, evidence=(), by=CONSUMER):
    """The consumer's statement, by his link, with pieces. Raises `Refused`: too late (409), too many pieces (400)."""
    with transaction.atomic():
        fresh = hold(case, cases.CONSUMER_STATES, by=by, now=now)
        for piece, *said in evidence:
            put_in(fresh, piece, *said, by=by, now=now)
        changes = {"consumer_statement": text, "consumer_stated_at": now}
        record = make(fresh, cases.CONSUMER_STATES, by=by, now=now, changes=changes)
        notices.tell(record.shop_id, "case_consumer_stated", now=now, path=record.path, no=record.no)
        return heard(record, now=now)


def heard(case, *, now):
    """On to the reviewer when both sides have spoken; else the case as it is. In the caller's transaction."""
    if why_not(case, cases.BOTH_HEARD, by=CLOCK, now=now):
        return case
    record = make(case, cases.BOTH_HEARD, by=CLOCK, now=now, changes={"arbitrating_since": now})
    notices.tell(record.shop_id, "case_arbitrating", now=now, path=record.path, no=record.no)
    return record


def evidence_over(rows, *, now, by=CLOCK):
    """The time for evidence is over: the platform arbitrates from that instant; who was silent is late for ever."""

    def changes(record):
        silent = {
            "merchant_late_at": record.merchant_stated_at is None,
            "consumer_late_at": record.consumer_stated_at is None,
        }
        late = {name: getattr(record, name) or (record.deadline if is_so else None) for name, is_so in silent.items()}
        return {"arbitrating_since": record.deadline, **late}

    moved = make_many(rows, cases.EVIDENCE_OVER, by=by, now=now, changes=changes)
    tell_each(f"case_{CaseState.ARBITRATING}", moved, now=now, folder="cases")
    return moved


def tell_due_soon(rows, *, now, by=CLOCK):
    """Less than 12 working hours are left for evidence: told once a round, and not when the deadline has passed."""
    told = make_many(rows, cases.CASE_DUE_SOON, by=by, now=now, changes={"due_soon_told_at": now})
    tell_each("case_due_soon", [one for one in told if one.deadline >= now], now=now, folder="cases")
    return told
