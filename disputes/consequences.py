"""What follows from a violation: how many there are by then, the step that they reach, each measure with its dates.

What is counted are upheld violations of the kind, by their quantity, from the instant at which they were upheld until
the ladder's window after it; where a ladder counts by account, of the same account [1]. Each upheld violation applies
the step that its count has reached, also when the one before it had reached that step already.

How long a measure lasts may depend on how many of the owner's other accounts were suspended before [1]; as owner we
take the shop (assumed).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shop_cs import ledger
from shop_cs.access import SUSPENDED_MAY_NOT
from shop_cs.ladder_text import FOR_A_TIME, days_words, what_words
from shop_cs.ladders import DAY, LASTING, Action, Breach, Ladder, Measure, Step, actions_of
from shop_cs.models import PERMISSIONS
from shop_cs.words import instant, listed

from .models import Penalty, Violation


@dataclass(frozen=True, slots=True)
class Coming:
    """A measure as it would be, or was, applied: from when until when; None is for ever, or done once."""

    action: Action
    from_at: datetime
    until_at: datetime | None

    @property
    def what(self):
        return measure_words(self.action)

    @property
    def span(self):
        return span_words(self.action.measure, self.from_at, self.until_at)

    @property
    def effect(self):
        return effect_words(self.action.measure)

    @property
    def text(self):
        """What and until when, as one piece: "Suspension (until 2026-03-10 10:00)"."""
        return f"{self.what} ({self.span})" if self.span else self.what

    @property
    def lasting(self):
        """What and for how long, for what is not sure to come: "Suspension, for 7 days"."""
        if self.action.measure not in FOR_A_TIME:
            return self.what
        days = None if self.until_at is None else (self.until_at - self.from_at).days
        return _("%(what)s, %(long)s") % {"what": self.what, "long": days_words(days)}


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a shop at an instant, under one version of the rulebook. Money in fen.

    `counts` are upheld complaints by (kind, account) within each ladder's window, `suspended` the accounts that a
    kind's ladder suspended before, `points` what is taken of the `credit` of a shop.
    """

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    suspended: dict[str, set[str]] = field(default_factory=dict)
    credit: int = 0
    points: int = 0
    money: ledger.Balances = field(default_factory=ledger.Balances)

    def count(self, ladder, account):
        return sum(
            n
            for (kind, where), n in self.counts.items()
            if kind == ladder.breach and (not ladder.by_account or where == account)
        )

    def nth_account(self, ladder, account):
        """Which of the owner's accounts this one is, among those that were suspended. [1]"""
        return 1 + len(self.suspended.get(ladder.breach, set()) - {account})


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one violation brings: counted before it and with it, the step it reaches and what is above it.

    `points_before` and `points_after` are what is left of the shop's credit; money in fen.
    """

    kind: str
    account: str
    before: int
    after: int
    ladder: Ladder | None
    step: Step | None
    next_step: Step | None
    measures: tuple[Coming, ...]
    points_before: int
    points_after: int
    credit: int
    money: ledger.Balances
    deducted: tuple[int, int, int]

    @property
    def kind_label(self):
        return Breach(self.kind).label

    @property
    def threshold(self):
        """The step's own name: the count from which it applies; 0 where no step is reached."""
        return self.step.at if self.step else 0

    @property
    def deduct_fen(self):
        return sum(self.deducted)

    @property
    def deposit_after(self):
        return self.money.deposit - self.deducted[0]

    @property
    def other_after(self):
        return self.money.other - self.deducted[1]

    @property
    def owed_after(self):
        return self.money.owed + self.deducted[2]

    @property
    def binds(self):
        """Whether it keeps the shop from anything for a time."""
        return any(one.action.measure in LASTING for one in self.measures)

    @property
    def next_in_words(self):
        """What the step above would bring, without its dates; "" on the last."""
        if self.next_step is None:
            return ""
        what = listed(measure_words(action) for action in self.next_step.actions)
        return _("from %(n)s on: %(what)s") % {"n": self.next_step.at, "what": what}


def follows(ladder, against, *, kind, account="", quantity=1, now):
    """The `Consequence` of one more violation. Pure: the ladder (None: the rulebook has none), what stands against."""
    before = against.count(ladder, account) if ladder else 0
    after = before + quantity
    step = ladder.step_at(after) if ladder else None
    nth = against.nth_account(ladder, account) if ladder else 1
    measures = tuple(_dated(action, nth, now) for action in actions_of(step))
    points = sum(one.action.points for one in measures)
    return Consequence(
        kind=kind,
        account=account,
        before=before,
        after=after,
        ladder=ladder,
        step=step,
        next_step=ladder.step_after(after) if ladder else None,
        measures=measures,
        points_before=max(0, against.credit - against.points),
        points_after=max(0, against.credit - against.points - points),
        credit=against.credit,
        money=against.money,
        deducted=ledger.split(sum(one.action.fen for one in measures), against.money.deposit, against.money.other),
    )


def _dated(action, nth, now):
    lasts = action.lasts(nth) if action.measure in FOR_A_TIME else None
    return Coming(action, now, None if lasts is None else now + lasts)


def against(shop, rulebook, *, now, without=None):
    """What stands against the shop at `now`, the violation with the pk `without` left out; without its money.

    One statement: penalties that were not undone are those of upheld violations.
    """
    mine = Penalty.everything.filter(violation=OuterRef("pk")).order_by()
    points = mine.filter(measure=Measure.POINTS).in_force(now).values("violation").annotate(n=Sum("points"))
    upheld = Violation.everything.filter(shop=shop).upheld().exclude(pk=without)
    rows = (
        upheld.annotate(
            points=Subquery(points.values("n"), output_field=IntegerField()),
            was_suspended=Exists(mine.filter(measure=Measure.SUSPEND, undone_at__isnull=True)),
        )
        .order_by()
        .values("kind", "account")
        .annotate(
            n=Coalesce(Sum("quantity", filter=_counted(rulebook, now)), 0),
            taken=Coalesce(Sum("points"), 0),
            suspensions=Count("pk", filter=Q(was_suspended=True)),
        )
    )
    found = Against(credit=rulebook.credit_points, points=sum(row["taken"] for row in rows))
    for row in rows:
        found.counts[row["kind"], row["account"]] = row["n"]
        if row["suspensions"]:
            found.suspended.setdefault(row["kind"], set()).add(row["account"])
    return found


def _counted(rulebook, now):
    """Which upheld violations count still, each kind within its own ladder's window."""
    counted = Q(pk__in=())
    for ladder in rulebook.penalty_ladders().values():
        mine = Q(kind=ladder.breach)
        counted |= mine & Q(decided_at__gt=now - ladder.window_days * DAY) if ladder.window_days else mine
    return counted


def points_taken(shop, *, now):
    """Credit points that penalties in force take from the shop."""
    rows = Penalty.everything.filter(shop=shop, measure=Measure.POINTS).in_force(now)
    return rows.aggregate(n=Sum("points"))["n"] or 0


def points_left(shop, rulebook, *, now):
    """What is left of the shop's credit points; never below 0."""
    return max(0, rulebook.credit_points - points_taken(shop, now=now))


def weigh(shop, rulebook, *, kind, now, account="", quantity=1, without=None):
    """The `Consequence` of a violation of that kind, under that version of the rulebook."""
    ladder = rulebook.penalty_ladders().get(Breach(kind))
    stands = against(shop, rulebook, now=now, without=without)
    return follows(
        ladder,
        replace(stands, money=ledger.balances(shop)),
        kind=kind,
        account=account,
        quantity=quantity,
        now=now,
    )


def warnings_for(shop, rulebook, *, now):
    """What the next violation of each kind would bring, for the merchant: by account where one is known by name.

    One statement; of money only what is deducted is said, not whence.
    """
    stands = against(shop, rulebook, now=now)
    told = []
    for kind, ladder in rulebook.penalty_ladders().items():
        known = sorted(account for of, account in stands.counts if of == kind and account) if ladder.by_account else []
        told += [follows(ladder, stands, kind=kind, account=account, now=now) for account in [*known, ""]]
    return told


def measure_words(action):
    """A ladder's action, or a `Penalty`, with what belongs to it, in words."""
    fen = action.fen if isinstance(action, Action) else action.amount_fen
    return what_words(action.measure, permission=action.permission, points=action.points, fen=fen)


def effect_words(measure):
    """What a measure does to the shop's work here, in words; "" for what the label says already."""
    if measure == Measure.SUSPEND:
        what = listed(PERMISSIONS[name] for name in SUSPENDED_MAY_NOT)
        return _("The shop may not: %(what)s. It still answers, pays and appeals.") % {"what": what}
    if measure == Measure.CLOSE:
        return _("As a suspension, for good; what is open is brought to its end.")
    if measure in {Measure.TAKE_DOWN, Measure.EXPOSURE}:
        return _("Done on the shop platform itself.")
    return ""


def span_words(measure, from_at, until_at):
    """Until when a measure lasts, in words; "" for what is done once."""
    if measure not in FOR_A_TIME:
        return ""
    return _("until %(at)s") % {"at": instant(until_at)} if until_at else _("for ever")
