"""What a granted appeal would change, or what a decided one has changed: told before anything is sent or decided."""

from dataclasses import dataclass
from datetime import date, datetime

from shop_cs.models import Transfer
from shop_cs.moves import Refusal

from . import figures
from .actions.appealing import How, appeal_until, column_of, stake, why_no_appeal
from .awards import Effect
from .models import WON, Appeal, Compensation, Penalty, Violation


@dataclass(frozen=True, slots=True)
class Prospect:
    """The money and the rate: `fen` in full (or in truth, once decided), `effect` on the rate of `month`.

    `can_be_parted`: whether less could be granted. Of a violation there is no rate but the `penalties` that are undone;
    of a case without a paid order no month.
    """

    how: How
    fen: int
    month: date | None = None
    effect: Effect | None = None
    penalties: tuple[Penalty, ...] = ()
    can_be_parted: bool = False


@dataclass(frozen=True, slots=True)
class Contested:
    """What stands against the shop in a case: its appeal, or until when one is possible, or why none is."""

    kind: str
    appeal: Appeal | None
    until: datetime
    why_not: Refusal | None


def case_of(subject):
    """The case behind a ruling or a compensation; None of a violation."""
    if isinstance(subject, Violation):
        return None
    return subject.case if isinstance(subject, Compensation) else subject


def prospect(subject):
    """What would change if an appeal against it were granted in full now."""
    left = stake(subject)
    case = case_of(subject)
    if case is None:
        return Prospect(left.how, left.fen, penalties=tuple(subject.penalties.filter(undone_at__isnull=True)))
    effect = figures.effect(case, counts=case.is_counting and not left.clears)
    return Prospect(left.how, left.fen, figures.month_of_case(case), effect, can_be_parted=left.can_be_parted)


def result(appeal: Appeal):
    """What a decided appeal has changed; nothing when it was denied."""
    subject, won = appeal.subject, appeal.state in WON
    case = case_of(subject)
    if case is None:
        undone = subject.penalties.filter(undone_at__isnull=False) if won else ()
        return Prospect(How.UNDO, appeal.refund_fen, penalties=tuple(undone))
    effect = figures.effect_had(case) if won else figures.effect(case, counts=case.is_counting)
    return Prospect(_how(appeal), appeal.refund_fen, figures.month_of_case(case), effect)


def _how(appeal):
    """Whether money came back or less had to be paid: what came back stands in the ledger."""
    if not appeal.refund_fen:
        return How.NOTHING
    came_back = Transfer.everything.filter(cause=Transfer.Cause.REFUND, reference=appeal.no).exists()
    return How.REFUND if came_back else How.LESS


def contested(case, *, by, now):
    """The ruling and the compensation of a case as far as they stand against the shop; asks nothing of a whole case."""
    subjects = [case] if case.is_against_merchant else []
    subjects += filter(None, [getattr(case, "compensation", None)])
    return [
        Contested(
            column_of(subject),
            getattr(subject, "appeal", None),
            appeal_until(subject),
            why_no_appeal(subject, by=by, now=now),
        )
        for subject in subjects
    ]


def shown(case, *, by, now):
    """What the panel of a case says of appeals, with the effect on the rate; None where nothing stands against it."""
    told = contested(case, by=by, now=now)
    if not told:
        return None
    cleared = case.cleared_at is not None
    effect = figures.effect_had(case) if cleared else figures.effect(case, counts=False)
    return {"contested": told, "effect": effect, "month": figures.month_of_case(case), "is_cleared": cleared}
