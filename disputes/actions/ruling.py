"""The reviewer rules on a case, or asks for more. Never one who opened it."""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import clock, notices
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, hold, make

from .. import deadlines, messages
from ..models import Blame, Outcome, Remedy
from ..moves import cases
from .opening import refuse_beyond

MOVES = {
    Outcome.CONSUMER: cases.RULE_CONSUMER,
    Outcome.SHARED: cases.RULE_SHARED,
    Outcome.MERCHANT: cases.RULE_MERCHANT,
}
# What a case says of its decision, before there is one.
UNDECIDED = {
    "outcome": "",
    "remedy": "",
    "award_fen": None,
    "blame": "",
    "counts": True,
    "scene": "",
    "ruling_reason": "",
    "ruled_at": None,
    "ruled_by_id": None,
    "pay_due": None,
}


def rule(case, *, outcome, blame, reason, by, now, award_fen=None, counts=True, scene="", expect=""):
    """The ruling: for the consumer or shared (an amount, at most the order's), or for the merchant (none).

    `blame` is one of the open API's five; a ruling against the merchant that does not count in the liability rate
    names its `scene`. Raises `Refused`: what does not fit (400), own case (403), already decided, stale (409).
    """
    move = MOVES[outcome]
    with transaction.atomic():
        fresh = hold(case, move, by=by, now=now, expect=expect)
        _refuse_unfit(
            fresh, outcome=outcome, blame=blame, reason=reason, award_fen=award_fen, counts=counts, scene=scene
        )
        changes = {
            "outcome": outcome,
            "blame": blame,
            "ruling_reason": reason,
            "ruled_at": now,
            "ruled_by_id": by.user_id,
            "counts": counts,
            "scene": scene,
        }
        if outcome == Outcome.MERCHANT:
            changes |= {"closed_at": now, "remedy": "", "award_fen": None, "counts": True, "scene": ""}
        else:
            due = deadlines.pay_due(fresh.rulebook.rules(), now)
            changes |= {"remedy": Remedy.AMOUNT, "award_fen": award_fen, "pay_due": due}
        record = make(fresh, move, by=by, now=now, reason=reason, changes=changes)
        notices.tell(record.shop_id, f"case_ruled_{outcome}", now=now, path=record.path, no=record.no)
    return record


def _refuse_unfit(case, *, outcome, blame, reason, award_fen, counts, scene):
    """Raises `Refused` (400) for a ruling that contradicts itself or says too little."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: both sides must be able to understand the ruling."), 400))
    if not blame:
        raise Refused(Refusal("blame", _("Say who is to blame."), 400))
    if outcome == Outcome.MERCHANT:
        if award_fen is not None:
            raise Refused(Refusal("amount", _("A ruling for the merchant awards nothing."), 400))
        if blame in {Blame.MERCHANT, Blame.BOTH}:
            raise Refused(Refusal("blame", _("A ruling for the merchant does not blame the merchant."), 400))
        return
    refuse_beyond(award_fen, case.order)
    # [0] §三: some scenes rule for the consumer yet do not count.
    if not counts and not scene:
        raise Refused(Refusal("scene", _("Name the scene for which this does not count."), 400))
    if counts and scene:
        raise Refused(Refusal("scene", _("A scene is named only where the ruling does not count."), 400))


def ask_more(case, *, reason, by, now, expect=""):
    """More evidence is wanted: the next round of evidence for both sides, with a fresh limit. Raises `Refused`."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say what is missing."), 400))
    with transaction.atomic():
        fresh = hold(case, cases.ASK_MORE, by=by, now=now, expect=expect)
        rules = fresh.rulebook.rules()
        changes = {
            "round": fresh.round + 1,
            "arbitrating_since": None,
            "merchant_stated_at": None,
            "consumer_stated_at": None,
            **deadlines.evidence_from(rules, clock.next_opening(rules.calendar, now)),
        }
        record = make(fresh, cases.ASK_MORE, by=by, now=now, reason=reason, changes=changes)
        with acting(by, move=cases.ASK_MORE.name, reason=reason, rulebook=record.rulebook.name, at=now):
            messages.write_to_consumer(record, "case", now=now)
        notices.tell(record.shop_id, "case_more", now=now, path=record.path, no=record.no, reason=reason)
    return record
