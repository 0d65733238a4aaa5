"""The statement of a shop's account: each entry with what it changed and what was there afterwards."""

from decimal import Decimal

from django.db.models import Case, F, Q, Sum, When, Window
from django.utils.translation import gettext_lazy

from .models import Account, Transfer

CHUNK = 1000


def lines(shop, account_kind, *, only=None):
    """The transfers of that account of the shop, newest first, each with `change_fen` and `balance_after_fen`.

    Both as the account counts, in fen: what it received less what it paid; of the account of what is owed they are
    below zero. `only` is a Q that narrows what is listed (a period, a cause); the balance runs over all entries.
    Do not `.filter()` the answer: that would narrow what the balance runs over.
    """
    account = Account.objects.of(shop).filter(kind=account_kind).first()
    if account is None:
        return Transfer.everything.none()
    change = Case(When(credit=account.pk, then=F("amount_fen")), default=-F("amount_fen"))
    entries = (
        Transfer.everything.filter(Q(debit=account.pk) | Q(credit=account.pk))
        .annotate(change_fen=change, balance_after_fen=Window(Sum(change), order_by="pk"))
        .select_related("debit", "credit")
        .order_by("-pk")
    )
    # Joined by OR to a question about the window it is asked after the window is drawn, not before.
    return entries if only is None else entries.filter(only | Q(balance_after_fen__isnull=True))


def _yuan(fen):
    return Decimal(fen).scaleb(-2)


COLUMNS = {
    gettext_lazy("At"): lambda line: line.at,
    gettext_lazy("Cause"): lambda line: line.get_cause_display(),
    gettext_lazy("Reference"): lambda line: line.reference,
    gettext_lazy("Change in yuan"): lambda line: _yuan(line.change_fen),
    gettext_lazy("Balance afterwards in yuan"): lambda line: _yuan(line.balance_after_fen),
    gettext_lazy("Note"): lambda line: line.note,
}


def header():
    """The columns' names in the reader's language."""
    return [str(name) for name in COLUMNS]


def rows(entries, most):
    """The first `most` of `lines` as rows for a sheet, in constant memory."""
    for line in entries.all()[:most].iterator(chunk_size=CHUNK):
        yield [value(line) for value in COLUMNS.values()]
