"""What `check_ledger` asks beside the floor's own questions: each refund has a granted appeal, each granted appeal its
refund. Each asks one statement, and names what is wrong."""

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from shop_cs import ledger
from shop_cs.models import Transfer

from .models import Appeal, Case, Compensation, Penalty, Violation, ViolationState
from .moves import cases

CHECKS = []
_FEN = BigIntegerField()


def connect():
    ledger.CHECKS.extend(check for check in CHECKS if check not in ledger.CHECKS)


def check(question):
    """Marks a question of `check_ledger`: () → list of problems as text."""
    CHECKS.append(question)
    return question


def _refunds():
    return Transfer.everything.filter(cause=Transfer.Cause.REFUND)


def _sum_of(rows, by):
    """The sum in fen of the transfers `rows`, which belong together by the column `by`."""
    total = rows.order_by().values(by).annotate(total=Sum("amount_fen")).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=BigIntegerField())


@check
def refunds_are_of_won_appeals():
    """What was held for a violation may come back without an appeal too: when a filing excuses it."""
    won = Appeal.everything.won().filter(no=OuterRef("reference"))
    violation = Violation.everything.filter(no=OuterRef("debit__subject"))
    stray = _refunds().filter(~Exists(won), ~Exists(violation)).order_by("pk")
    return [f"transfer {one.pk}: {one.amount_fen} fen refunded, {one.reference} is no granted appeal" for one in stray]


@check
def won_appeals_are_refunded():
    """To the fen; where nothing had been paid yet, the award was lessened instead, as the case's trail says."""
    instead = Case.history.filter(id=OuterRef("case"), move__in=[cases.REDUCE.name, cases.RELEASE.name])
    booked = _sum_of(_refunds().filter(reference=OuterRef("no")), "reference")
    rows = Appeal.everything.annotate(booked=booked, lessened=Exists(instead))
    wrong = rows.filter(~Q(booked=F("refund_fen")) & Q(lessened=False) | Q(lessened=True, booked__gt=0))
    return [f"appeal {one.no}: {one.refund_fen} fen granted, {one.booked} fen refunded" for one in wrong.order_by("pk")]


@check
def compensations_say_what_came_back():
    booked = _sum_of(_refunds().filter(debit__shop=OuterRef("shop"), debit__subject=OuterRef("no")), "debit__subject")
    wrong = Compensation.everything.annotate(booked=booked).exclude(booked=F("refunded_fen")).order_by("pk")
    return [f"compensation {one.no}: refunded {one.refunded_fen} fen, its transfers {one.booked}" for one in wrong]


@check
def penalty_refunds():
    """What a violation's penalties say was taken and came back is what was booked; back comes only what is undone."""
    said = Penalty.everything.filter(violation=OuterRef("pk")).order_by().values("violation")
    taken = Transfer.everything.filter(cause=Transfer.Cause.TAKEN, **_held_for_it("credit"))
    rows = Violation.everything.annotate(
        deducted=Coalesce(Subquery(said.annotate(n=Sum("amount_fen")).values("n")), Value(0), output_field=_FEN),
        given=Coalesce(Subquery(said.annotate(n=Sum("refunded_fen")).values("n")), Value(0), output_field=_FEN),
        taken=_sum_of(taken, "credit__subject"),
        back=_sum_of(_refunds().filter(**_held_for_it("debit")), "debit__subject"),
    )
    undone = Q(state__in=[ViolationState.REVOKED, ViolationState.EXCUSED])
    wrong = rows.filter(~Q(taken=F("deducted")) | ~Q(back=F("given")) | Q(back__gt=0) & ~undone)
    return [
        f"violation {one.no} ({one.state}): {one.deducted} fen deducted, {one.taken} booked;"
        f" {one.given} fen refunded, {one.back} booked"
        for one in wrong.order_by("pk")
    ]


@check
def penalty_refunds_name_what_undid_it():
    """An appeal against this very violation or against the ruling behind it, or the filing that excused it."""
    appeals = Appeal.everything.won().filter(no=OuterRef("reference"), violation__no=OuterRef("debit__subject"))
    excused = Violation.everything.filter(no=OuterRef("debit__subject"), state=ViolationState.EXCUSED).annotate(
        by=Concat("filing__no", Value("/"), "no")
    )
    fallen = Violation.everything.filter(no=OuterRef("debit__subject"), state=ViolationState.REVOKED).annotate(
        by_ruling=Concat("case__appeal__no", Value("/"), "no"),
        by_payment=Concat("case__compensation__appeal__no", Value("/"), "no"),
    )
    with_its_ruling = fallen.filter(Q(by_ruling=OuterRef("reference")) | Q(by_payment=OuterRef("reference")))
    of_violations = _refunds().filter(Exists(Violation.everything.filter(no=OuterRef("debit__subject"))))
    excuses = excused.filter(by=OuterRef("reference"))
    stray = of_violations.filter(~Exists(appeals), ~Exists(excuses), ~Exists(with_its_ruling))
    return [
        f"transfer {one.pk}: {one.amount_fen} fen refunded, {one.reference} undid no violation"
        for one in stray.order_by("pk")
    ]


def _held_for_it(side):
    return {f"{side}__shop": OuterRef("shop"), f"{side}__subject": OuterRef("no")}
