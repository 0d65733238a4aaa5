"""A shop's money as its pages tell it: what each account has, how many entries, and what is held for what. [4] §三"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shop_cs.ladders import Measure
from shop_cs.ledger import Balances
from shop_cs.models import Account, Transfer

from .models import Appeal, Compensation, Violation

Kind = Account.Kind
# The accounts that have a statement; what is held is told by what it is held for.
STATEMENTS = (Kind.DEPOSIT, Kind.OTHER, Kind.OWED)
MOST_HELD = 50
COMPENSATION, DEDUCTION = _("Advance compensation"), Measure.DEDUCT.label


def counts(shop, only=None):
    """{account kind: (balance in fen, its entries, those that the Q `only` leaves)} in one statement."""
    sides = ("debit", "credit")
    whole = {f"whole_{side}": _number(side, None) for side in sides}
    left = {f"left_{side}": _number(side, only) for side in sides}
    rows = Account.objects.of(shop).filter(kind__in=STATEMENTS).order_by()
    return {
        row["kind"]: (
            row["balance_fen"],
            row["whole_debit"] + row["whole_credit"],
            row["left_debit"] + row["left_credit"],
        )
        for row in rows.values("kind", "balance_fen", **whole, **left)
    }


def _number(side, only):
    rows = Transfer.everything.filter(**{side: OuterRef("pk")}).order_by().values(side)
    if only is not None:
        rows = rows.filter(only)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a shop's money, in fen, for the compensation or violation with the number `no`.

    `path` is its page on the workbench. `appeal_until` is the last instant of an appeal, None when it had one;
    `appeal_no` names the open appeal that keeps the money where it is.
    """

    no: str
    what: str
    fen: int
    path: str
    appeal_until: datetime | None
    appeal_no: str

    def can_appeal(self, now):
        return self.appeal_until is not None and now <= self.appeal_until


def held(shop, *, most=MOST_HELD):
    """(all that is held of the shop's money, in fen; the newest `most` things that it is held for): one statement."""
    named = {"no": OuterRef("subject")}
    compensation, violation = Compensation.everything.filter(**named), Violation.everything.filter(**named)
    own = Q(compensation__no=OuterRef("subject")) | Q(violation__no=OuterRef("subject"))
    # An appeal against the case's ruling may bring the compensation back as well.
    bringing_back = Appeal.everything.open().filter(own | Q(case__compensation__no=OuterRef("subject")))
    rows = (
        Account.objects.of(shop)
        .filter(kind=Kind.HELD, balance_fen__gt=0)
        .annotate(
            total=Window(Sum("balance_fen")),
            case_no=Subquery(compensation.values("case__no")),
            until=Coalesce(Subquery(compensation.values("appeal_until")), Subquery(violation.values("appeal_until"))),
            had_appeal=Exists(Appeal.everything.filter(own)),
            open_appeal=Subquery(bringing_back.order_by("pk").values("no")[:1]),
        )
    )
    rows = list(rows.order_by("-pk")[:most])
    return (rows[0].total if rows else 0), [_held(shop, row) for row in rows]


def _held(shop, row):
    folder, no = ("cases", row.case_no) if row.case_no else ("violations", row.subject)
    return Held(
        no=row.subject,
        what=str(COMPENSATION if row.case_no else DEDUCTION),
        fen=row.balance_fen,
        path=f"/s/{shop.no}/{folder}/{no}/",
        appeal_until=None if row.had_appeal else row.until,
        appeal_no=row.open_appeal or "",
    )


def balances(told, all_held):
    """The shop's `Balances` from what `counts` and `held` have told."""
    deposit, other, owed = (told[kind][0] if kind in told else 0 for kind in STATEMENTS)
    return Balances(deposit=deposit, other=other, owed=-owed, held=all_held)
