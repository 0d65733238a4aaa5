"""The ledger: money moves by balanced entries between named accounts, in whole fen, once. [4]

Every function is one transaction, or a part of the caller's. What it finds written by its key already it does not
write again: a retry is answered with the entry of the first time. The database refuses by itself what is not covered,
not balanced or not allowed (`shop_cs.guards`), so that even a mistake in here loses no money.

Accounts are locked before they are read. That nobody waits in a ring, the first to be locked is always a gate: the
shop's deposit for all that is the shop's, then the platform's own money for all that is no shop's. Who has a gate has
what lies behind it until his transaction ends. So, in one transaction: `lock_shops` before anything is done to several
shops, and `pay_consumer` after what is done to a shop.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .models import Account, Transfer, acting
from .moves import Refusal, Refused
from .words import yuan

Kind, Cause = Account.Kind, Transfer.Cause
_GATES = (Kind.DEPOSIT, Kind.PLATFORM)

# Apps add a function () → list of problems as text, for what the floor does not know, as who may be refunded.
CHECKS = []


@dataclass(frozen=True, slots=True)
class Balances:
    """What a shop has and owes, in fen; all from zero up. `held` is what was taken and may still come back."""

    deposit: int = 0
    other: int = 0
    owed: int = 0
    held: int = 0


def balances(shop):
    """The `Balances` of a shop, in one reading."""
    rows = Account.objects.of(shop).order_by().values_list("kind").annotate(Sum("balance_fen"))
    return Balances(**{kind: abs(fen) for kind, fen in rows})


def split(amount, deposit, other):
    """What is taken from where, in fen: (from the deposit, from other funds, owed). Pure. [4]"""
    from_deposit = min(amount, deposit)
    from_other = min(amount - from_deposit, other)
    return from_deposit, from_other, amount - from_deposit - from_other


def account(kind, *, shop=None, subject="", by, now):
    """The account of that name, made when it is missing; of two who make it at once both get the one."""
    with transaction.atomic(), _telling(by, "open_account", now):
        return Account.everything.get_or_create(kind=kind, shop=shop, subject=subject)[0]


def lock_shops(shops, *, by, now):
    """For an act on several shops in one transaction, at its beginning: nobody else moves their money until it ends."""
    where = Q(kind=Kind.DEPOSIT, shop__in=shops)
    there = {shop_id for _kind, shop_id, _subject in _locked_where(where)}
    missing = [shop for shop in shops if shop.pk not in there]
    for shop in sorted(missing, key=lambda shop: shop.pk):
        account(Kind.DEPOSIT, shop=shop, by=by, now=now)
    if missing:
        _locked_where(where)


def transfer(*, debit, credit, amount_fen, key, cause, reference, by, now, path="", note="", rulebook=""):
    """Moves the amount from the account `debit` to `credit`. Returns the `Transfer`, of the first time for a retry.

    Raises `Refused`: 400 for no amount, 409 "same_key" for a key that has another content, 409 "not_covered".
    """
    with transaction.atomic():
        debit, credit = _locked(debit, credit)
        entry = Transfer(
            debit=debit, credit=credit, amount_fen=amount_fen, key=key, cause=cause, reference=reference,
            path=path, note=note, at=now,
        )  # fmt: skip
        return _book(entry, by=by, now=now, rulebook=rulebook)


def hold(*, shop, subject, amount_fen, key, by, now, path="", reference="", note="", rulebook=""):
    """Takes the amount from the shop and holds it for `subject`: from the deposit, then other funds; the rest is owed.

    Returns (from the deposit, from other funds, owed) in fen [4]. Raises `Refused` as `transfer` does.
    """
    with transaction.atomic():
        *payers, held = _accounts(
            (Kind.DEPOSIT, shop, ""), (Kind.OTHER, shop, ""), (Kind.OWED, shop, ""), (Kind.HELD, shop, subject),
            by=by, now=now,
        )  # fmt: skip
        if parts := _held_before(key, payers, held, amount_fen):
            return parts
        if amount_fen <= 0:
            raise Refused(_no_amount())
        parts = split(amount_fen, payers[0].balance_fen, payers[1].balance_fen)
        for payer, part in zip(payers, parts, strict=True):
            if part:
                entry = Transfer(
                    debit=payer, credit=held, amount_fen=part, key=f"{key}:{payer.kind}", cause=Cause.TAKEN,
                    reference=reference or subject, path=path, note=note, at=now,
                )  # fmt: skip
                _write(entry, by=by, now=now, rulebook=rulebook)
        return parts


def _held_before(key, payers, held, amount_fen):
    """The parts that were taken under this key, None when it is new. Refused when it was for something else."""
    known = {one.key: one for one in Transfer.everything.filter(key__in=[f"{key}:{payer.kind}" for payer in payers])}
    if not known:
        return None
    if {one.credit_id for one in known.values()} != {held.pk} or amount_fen != sum(
        one.amount_fen for one in known.values()
    ):
        raise Refused(_same_key(key))
    return tuple(one.amount_fen if (one := known.get(f"{key}:{payer.kind}")) else 0 for payer in payers)


def refund(*, shop, subject, amount_fen, appeal_no, by, now, path="", note="", rulebook=""):
    """Gives back of what is held for `subject`, to the deposit, once an appeal; what the shop owes is repaid from it.

    Raises `Refused` as `transfer` does: 409 "not_covered" for more than was taken and not given back yet.
    """
    with transaction.atomic():
        held, deposit, owed = _accounts(
            (Kind.HELD, shop, subject), (Kind.DEPOSIT, shop, ""), (Kind.OWED, shop, ""), by=by, now=now
        )
        entry = Transfer(
            debit=held, credit=deposit, amount_fen=amount_fen, key=f"refund:{appeal_no}", cause=Cause.REFUND,
            reference=appeal_no, path=path, note=note, at=now,
        )  # fmt: skip
        return _with_debt_repaid(entry, owed, by=by, now=now, rulebook=rulebook)


def receive(*, shop, account_kind, amount_fen, reference, at, by, now, note="", path="", rulebook=""):
    """Money that came in from outside at `at`, to the shop's deposit or other funds; what it owes is repaid from it.

    `reference` is the payment's own number, once a shop. Raises `Refused` as `transfer` does.
    """
    with transaction.atomic():
        outside, to, owed = _accounts(
            (Kind.OUTSIDE, None, ""), (account_kind, shop, ""), (Kind.OWED, shop, ""), by=by, now=now
        )
        entry = Transfer(
            debit=outside, credit=to, amount_fen=amount_fen, key=funds_key(shop, reference),
            cause=Cause.TOP_UP if account_kind == Kind.DEPOSIT else Cause.FUNDS,
            reference=reference, path=path, note=note, at=at,
        )  # fmt: skip
        return _with_debt_repaid(entry, owed, by=by, now=now, rulebook=rulebook)


def funds_key(shop, reference):
    """The key of the money that came in for a shop under that reference."""
    return f"funds:{shop.no}:{reference}"


def repay_debt(*, shop, cause_key, reference, by, now, account_kind=Kind.DEPOSIT, path="", rulebook=""):
    """Repays what the shop owes from what is in that account, as far as it reaches. None when there is nothing to do.

    *Assumed*: debts come first. `cause_key` is the key of the entry by which the money came in.
    """
    with transaction.atomic():
        payer, owed = _accounts((account_kind, shop, ""), (Kind.OWED, shop, ""), by=by, now=now)
        return _repay(payer, owed, cause_key, reference, by=by, now=now, path=path, rulebook=rulebook)


def settle(*, shop, subject, key, by, now, reference="", path="", note="", rulebook=""):
    """What is still held for `subject` goes to the platform for good: no appeal can come any more. None when nothing is
    held. A retry is answered with the entry of the first time.
    """
    with transaction.atomic():
        held, platform = _accounts((Kind.HELD, shop, subject), (Kind.PLATFORM, None, ""), by=by, now=now)
        known = Transfer.everything.filter(key=key).first()
        amount_fen = known.amount_fen if known else held.balance_fen
        if not amount_fen:
            return None
        entry = Transfer(
            debit=held, credit=platform, amount_fen=amount_fen, key=key, cause=Cause.SETTLED,
            reference=reference or subject, path=path, note=note, at=now,
        )  # fmt: skip
        return _book(entry, by=by, now=now, rulebook=rulebook)


def pay_consumer(*, amount_fen, key, reference, by, now, path="", note="", rulebook=""):
    """The platform pays a consumer; what it took from the shop for it is settled later."""
    with transaction.atomic():
        platform, consumers = _accounts((Kind.PLATFORM, None, ""), (Kind.CONSUMERS, None, ""), by=by, now=now)
        entry = Transfer(
            debit=platform, credit=consumers, amount_fen=amount_fen, key=key, cause=Cause.PAID_CONSUMER,
            reference=reference, path=path, note=note, at=now,
        )  # fmt: skip
        return _book(entry, by=by, now=now, rulebook=rulebook)


def _with_debt_repaid(entry, owed, *, by, now, rulebook):
    """Books money that comes in and, the first time, repays from it."""
    booked = _book(entry, by=by, now=now, rulebook=rulebook)
    # A retry finds the entry of the first time, which repaid what was owed then.
    if booked is entry:
        _repay(entry.credit, owed, entry.key, entry.reference, by=by, now=now, path=entry.path, rulebook=rulebook)
    return booked


def _repay(payer, owed, cause_key, reference, *, by, now, path, rulebook):
    key = f"{cause_key}:debt"
    known = Transfer.everything.filter(key=key).first()
    amount_fen = min(-owed.balance_fen, payer.balance_fen)
    if known or amount_fen <= 0:
        return known
    entry = Transfer(
        debit=payer, credit=owed, amount_fen=amount_fen, key=key, cause=Cause.DEBT_REPAID,
        reference=reference, path=path, at=now,
    )  # fmt: skip
    return _book(entry, by=by, now=now, rulebook=rulebook)


def _book(entry, *, by, now, rulebook):
    """Writes the unsaved `entry`, whose accounts are locked and fresh; returns it, or the one of its key."""
    if known := Transfer.everything.filter(key=entry.key).first():
        return _same(known, entry)
    return _write(entry, by=by, now=now, rulebook=rulebook)


def _write(entry, *, by, now, rulebook):
    if refusal := _why_not(entry):
        raise Refused(refusal)
    try:
        with transaction.atomic(), _telling(by, entry.cause, now, rulebook):
            entry.save(force_insert=True)
    except IntegrityError:
        # Between other accounts, so that no lock made us wait for it.
        if known := Transfer.everything.filter(key=entry.key).first():
            return _same(known, entry)
        raise
    # As the guard has moved them, for what follows in this transaction.
    entry.debit.balance_fen -= entry.amount_fen
    entry.credit.balance_fen += entry.amount_fen
    return entry


_CONTENT = ("debit_id", "credit_id", "amount_fen", "cause", "reference")


def _same(known, entry):
    if any(getattr(known, name) != getattr(entry, name) for name in _CONTENT):
        raise Refused(_same_key(entry.key))
    return known


def _why_not(entry):
    if entry.amount_fen <= 0:
        return _no_amount()
    payer, taker = entry.debit, entry.credit
    if payer.kind in Account.NOT_NEGATIVE and payer.balance_fen < entry.amount_fen:
        words = {"account": payer, "there": yuan(payer.balance_fen), "wanted": yuan(entry.amount_fen)}
        return Refusal("not_covered", _("“%(account)s” has %(there)s; %(wanted)s are not covered.") % words)
    if taker.kind in Account.NOT_POSITIVE and taker.balance_fen + entry.amount_fen > 0:
        words = {"account": taker, "there": yuan(-taker.balance_fen), "wanted": yuan(entry.amount_fen)}
        return Refusal("not_covered", _("“%(account)s” stands at %(there)s; %(wanted)s are more than that.") % words)
    return None


def _no_amount():
    return Refusal("amount", _("An amount of money is above zero."), 400)


def _same_key(key):
    return Refusal("same_key", _("“%(key)s” was booked already, with another content.") % {"key": key})


def _accounts(*places, by, now):
    """The accounts of these places (kind, shop, subject), in that order, locked; made when they are missing."""
    gates = {(Kind.DEPOSIT if shop else Kind.PLATFORM, shop, "") for _kind, shop, _subject in places}
    wanted = {_name(*place): place for place in [*gates, *places]}
    where = reduce(or_, (Q(kind=kind, shop=shop, subject=subject) for kind, shop, subject in wanted.values()))
    found = _locked_where(where)
    if len(found) < len(wanted):
        for name, (kind, shop, subject) in wanted.items():
            if name not in found:
                account(kind, shop=shop, subject=subject, by=by, now=now)
        found = _locked_where(where)
    return [found[_name(*place)] for place in places]


def _name(kind, shop, subject):
    return str(kind), shop and shop.pk, subject


def _locked(*accounts):
    """The accounts as they stand, in the order given, locked."""
    gates = Q(kind=Kind.DEPOSIT, shop__in=[one.shop_id for one in accounts if one.shop_id])
    if not all(one.shop_id for one in accounts):
        gates |= Q(kind=Kind.PLATFORM)
    found = {row.pk: row for row in _locked_where(gates | Q(pk__in=[one.pk for one in accounts])).values()}
    return [found[one.pk] for one in accounts]


def _locked_where(where):
    """The accounts by name, locked in the one order that all keep: by shops, no shop's last, each gate first."""
    rows = Account.everything.select_for_update(no_key=True).filter(where)
    behind = Case(When(kind__in=_GATES, then=0), default=1)
    rows = rows.order_by(F("shop").asc(nulls_last=True), behind, "pk")
    return {(row.kind, row.shop_id, row.subject): row for row in rows}


@contextmanager
def _telling(by, move, now, rulebook=""):
    with acting(by, move=str(move), at=now, **({"rulebook": rulebook} if rulebook else {})):
        yield


def check():
    """What is wrong with the books, as text that names the rows; an empty list when they hold."""
    questions = (_sum_is_zero, _balances_are_sums, _signs, _refunds, *CHECKS)
    return [problem for question in questions for problem in question()]


# Each asks one statement: what is booked meanwhile is seen as a whole or not at all.
def _sum_is_zero():
    total = Account.everything.aggregate(total=Sum("balance_fen"))["total"] or 0
    return [f"the balances of all accounts sum up to {total} fen, not to zero"] if total else []


def _sum_of(side, **narrower):
    """Of the transfers of an account on that side, the sum in fen."""
    rows = Transfer.everything.filter(**{side: OuterRef("pk")}, **narrower).order_by().values(side)
    return Coalesce(
        Subquery(rows.annotate(total=Sum("amount_fen")).values("total")), Value(0), output_field=BigIntegerField()
    )


def _balances_are_sums():
    booked = Account.everything.annotate(booked=_sum_of("credit") - _sum_of("debit"))
    return [
        f"account {one.pk} ({one.kind}) has {one.balance_fen} fen, its transfers sum up to {one.booked}"
        for one in booked.exclude(balance_fen=F("booked")).order_by("pk")
    ]


def _signs():
    wrong = Q(kind__in=Account.NOT_NEGATIVE, balance_fen__lt=0) | Q(kind__in=Account.NOT_POSITIVE, balance_fen__gt=0)
    return [
        f"account {one.pk} ({one.kind}) stands at {one.balance_fen} fen"
        for one in Account.everything.filter(wrong).order_by("pk")
    ]


def _refunds():
    held = Account.everything.filter(kind=Kind.HELD).annotate(
        taken=_sum_of("credit", cause=Cause.TAKEN), back=_sum_of("debit", cause=Cause.REFUND)
    )
    return [
        f"account {one.pk} (held for {one.subject}): {one.back} fen were refunded, {one.taken} taken"
        for one in held.filter(back__gt=F("taken")).order_by("pk")
    ]
