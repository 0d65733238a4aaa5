"""The merchant contests a ruling, an advance compensation or a violation; another reviewer decides. [4] §三

Granted, the case leaves the liability rate and money comes back in full or in part; of a violation all is undone.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from shop_cs import ledger, notices
from shop_cs.ladders import Breach
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, begin, hold, locked, make, rulebook_in_force, why_not
from shop_cs.words import instant, yuan

from .. import deadlines
from ..models import Appeal, Case, CaseState, Compensation, Violation, ViolationState
from ..moves import appeals, cases
from ..numbers import APPEAL, numbered
from . import punishing
from .exhibits import put_in

# The column of an appeal that names such a subject.
COLUMNS = {Case: "case", Compensation: "compensation", Violation: "violation"}
UNPAID = (CaseState.PAYING, CaseState.CONFIRMING)


class How(TextChoices):
    """How money would come back: out of what is held, as less to pay, with the penalties, or not at all."""

    REFUND = "refund"
    LESS = "less"
    UNDO = "undo"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Stake:
    """What hangs on an appeal now: how money would come back, at most how much (fen), whether the case is cleared."""

    how: How
    fen: int
    clears: bool

    @property
    def can_be_parted(self):
        """Whether a part of it, at least one fen and not all, can be granted."""
        return self.how in {How.REFUND, How.LESS} and self.fen > 1


def column_of(subject):
    """The appeals' column that names such a subject: "case", "compensation" or "violation"."""
    return COLUMNS[subject._meta.concrete_model]


def appeal_until(subject):
    """The last instant at which it can be appealed against; None where there is nothing to appeal against yet."""
    if isinstance(subject, Case):
        return subject.ruled_at and deadlines.appeal_until(subject.rulebook.rules(), subject.ruled_at)
    return subject.appeal_until


def stake(subject):
    """What a granted appeal would change as things stand."""
    if isinstance(subject, Violation):
        return Stake(How.UNDO, punishing.refundable_fen(subject), clears=False)
    case = subject if isinstance(subject, Case) else subject.case
    clears = case.is_against_merchant and case.cleared_at is None
    if case.state in UNPAID:
        # What is to be resent has no amount.
        return Stake(How.LESS, case.award_fen or 0, clears)
    compensation = subject if isinstance(subject, Compensation) else getattr(case, "compensation", None)
    if compensation is None or compensation.settled_at:
        return Stake(How.NOTHING, 0, clears)
    return Stake(How.REFUND, compensation.left_fen, clears)


def why_no_appeal(subject, *, by, now):
    """The reason why `by` may not appeal against it now, or None: guards the act, greys the button."""
    if refusal := why_not(Appeal(shop_id=subject.shop_id), appeals.SUBMIT, by=by, now=now):
        return refusal
    if there_is := getattr(subject, "appeal", None):
        return Refusal("twice", _("Appeal %(no)s is about this already; there is one in all.") % {"no": there_is.no})
    return _not_contestable(subject) or _too_late(subject, now)


def _not_contestable(subject):
    if isinstance(subject, Violation):
        stands = subject.state == ViolationState.UPHELD
    elif isinstance(subject, Compensation):
        stands = subject.left_fen > 0
    else:
        left = stake(subject)
        stands = subject.is_against_merchant and (left.clears or left.fen > 0)
    words = _("There is nothing to appeal against: it does not stand against you.")
    return None if stands else Refusal("nothing", words)


def _too_late(subject, now):
    until = appeal_until(subject)
    if now > until:
        return Refusal("late", _("An appeal was possible until %(at)s.") % {"at": instant(until)})
    if isinstance(subject, Compensation) and subject.settled_at:
        return Refusal("settled", _("This compensation is settled: nothing can come back any more."))
    return None


def submit(*, subject, ground, text, by, now, evidence=()):
    """The merchant's one appeal against a ruling (its Case), a Compensation or an upheld Violation. [4] §三

    `evidence` are (Evidence, what it proves, its mark). Returns the appeal. Raises `Refused`: another shop's (404),
    post (403), a second appeal, nothing to appeal against, the window over (409), no text (400).
    """
    with transaction.atomic():
        # Of two at once one waits here, and then finds the appeal of the other.
        fresh = locked(subject)
        if refusal := why_no_appeal(fresh, by=by, now=now):
            raise Refused(refusal)
        if not text.strip():
            raise Refused(Refusal("text", _("Say why the decision should not stand."), 400))

        def make_it(no):
            record = Appeal(
                no=no,
                shop=fresh.shop,
                order=fresh.order,
                rulebook=rulebook_in_force(now),
                ground=ground,
                text=text,
                made_at=now,
                made_by_id=by.user_id,
                **{column_of(fresh): fresh},
            )
            return begin(record, appeals.SUBMIT, by=by, now=now, reason=text)

        record = numbered(APPEAL, now, make_it)
        for piece, *said in evidence:
            put_in(record, piece, *said, by=by, now=now, move=appeals.SUBMIT.name)
    return record


def grant(appeal, *, reason, by, now, refund_fen=None, expect=""):
    """In full: what is left comes back or needs not be paid, the case leaves the liability rate, penalties are undone.

    `refund_fen` is the amount that the reviewer was shown, where he was: another one meanwhile is refused (409). Raises
    `Refused`: no reason (400), own ruling (403), stale, decided already, a ruling that does not stand any more (409).
    """
    with transaction.atomic():
        fresh, left = _taken_up(appeal, appeals.GRANT, reason=reason, by=by, now=now, expect=expect)
        if refund_fen not in (None, left.fen):
            words = _("The amount has changed meanwhile: it is %(amount)s now. Nothing was changed.")
            raise Refused(Refusal("stale", words % {"amount": yuan(left.fen)}))
        return _win(fresh, appeals.GRANT, left, left.fen, reason=reason, by=by, now=now)


def grant_part(appeal, *, refund_fen, reason, by, now, expect=""):
    """In part: `refund_fen` comes back or is less to pay, at least 1 fen and less than all; the case leaves the rate.

    Raises `Refused` as `grant`; 400 for another amount, and where there is no money of which a part could come back.
    """
    with transaction.atomic():
        fresh, left = _taken_up(appeal, appeals.GRANT_PART, reason=reason, by=by, now=now, expect=expect)
        if refusal := why_no_part(left):
            raise Refused(refusal)
        if refund_fen is None or not 0 < refund_fen < left.fen:
            words = _("A part is above 0 and below %(amount)s, which would be all.")
            raise Refused(Refusal("amount", words % {"amount": yuan(left.fen)}, 400))
        return _win(fresh, appeals.GRANT_PART, left, refund_fen, reason=reason, by=by, now=now)


def why_no_part(left):
    """The reason why nothing of this `Stake` can be granted in part, or None."""
    if left.can_be_parted:
        return None
    if left.how == How.UNDO:
        return Refusal("part", _("A violation is revoked in full or not at all."), 400)
    return Refusal("part", _("No money is left of which a part could come back: grant in full, or deny."), 400)


def deny(appeal, *, reason, by, now, expect=""):
    """All stays as it is. Raises `Refused` as `grant`."""
    _refuse_unreasoned(reason)
    with transaction.atomic():
        record = make(
            appeal, appeals.DENY, by=by, now=now, expect=expect, reason=reason, changes=_decision(reason, by, now)
        )
        notices.tell(record.shop_id, "appeal_denied", now=now, path=record.path, no=record.no, reason=reason)
    return record


def _refuse_unreasoned(reason):
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: the merchant must be able to understand the decision."), 400))


def _decision(reason, by, now):
    return {"decision": reason, "decided_at": now, "decided_by_id": by.user_id}


def _taken_up(appeal, move, *, reason, by, now, expect):
    """(the locked appeal with its locked subject, its `Stake`). Raises `Refused` where it cannot be granted."""
    _refuse_unreasoned(reason)
    fresh = hold(appeal, move, by=by, now=now, expect=expect)
    if fresh.violation_id:
        # As all that judges a shop: its row first.
        punishing.locked_shop(fresh.shop_id)
        return fresh, stake(fresh.violation)
    # Always the case before its compensation: of two appeals decided at once one waits for the other.
    case = locked(fresh.case or fresh.compensation.case)
    compensation = Compensation.everything.select_for_update(of=("self",)).filter(case=case).first()
    if compensation:
        compensation.case, case.compensation = case, compensation
    if fresh.case_id:
        fresh.case = case
        _refuse_fallen(case)
        return fresh, stake(case)
    fresh.compensation = compensation
    return fresh, stake(compensation)


def _refuse_fallen(case):
    """A second reviewer may have sent the ruling back since."""
    if not case.is_against_merchant:
        words = _("The ruling in %(no)s does not stand against the shop now: wait for the next one, or deny.")
        raise Refused(Refusal("fallen", words % {"no": case.no}))


def _win(appeal, move, left, fen, *, reason, by, now):
    """All that follows from a granted appeal whose rows are locked, in the caller's transaction."""
    changes = {**_decision(reason, by, now), "refund_fen": fen}
    record = make(appeal, move, by=by, now=now, reason=reason, changes=changes)
    if left.how == How.UNDO:
        punishing.undo(appeal.violation, by=by, now=now, appeal_no=record.no)
    else:
        case = appeal.case or appeal.compensation.case
        said = {"by": by, "now": now, "reason": reason}
        if left.how == How.LESS:
            case = _lessen(case, fen, **said)
        if left.clears:
            make(case, cases.CLEAR, **said, changes={"cleared_at": now})
        if left.how == How.REFUND and fen:
            _give_back(record, case.compensation, fen, by=by, now=now)
        if move is appeals.GRANT:
            _clear_of_blame(record, case, by=by, now=now)
    kind = f"appeal_{record.state}_{left.how}" if fen else f"appeal_{record.state}"
    notices.tell(record.shop_id, kind, now=now, path=record.path, no=record.no, amount=yuan(fen))
    return record


def _lessen(case, fen, *, reason, by, now):
    """What is not paid yet need not be paid, or not all of it."""
    if fen == case.award_fen:
        changes = {"closed_at": now, "pay_due": None}
        return make(case, cases.RELEASE, by=by, now=now, reason=reason, changes=changes)
    changes = {"award_fen": case.award_fen - fen}
    return make(case, cases.REDUCE, by=by, now=now, reason=reason, changes=changes)


def _clear_of_blame(appeal, case, *, by, now):
    """Who need not have paid has not failed to pay in time: what was found for that falls with the ruling."""
    for violation in case.violations.filter(kind=Breach.UNPAID_RULING):
        if violation.state == ViolationState.PROPOSED:
            punishing.dismiss(violation, reason=appeal.no, by=by, now=now)
        elif violation.state == ViolationState.UPHELD:
            # A reference of its own: the appeal's number is that of the compensation's refund.
            punishing.undo(violation, by=by, now=now, appeal_no=punishing.fallen_reference(appeal, violation))


def _give_back(appeal, compensation, fen, *, by, now):
    compensation.refunded_fen += fen
    with acting(by, move="refund", reason=appeal.decision, rulebook=appeal.rulebook.name, at=now):
        compensation.save()
    ledger.refund(
        shop=appeal.shop,
        subject=compensation.no,
        amount_fen=fen,
        appeal_no=appeal.no,
        by=by,
        now=now,
        path=appeal.path,
        rulebook=appeal.rulebook.name,
    )
