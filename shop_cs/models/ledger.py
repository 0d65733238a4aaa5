"""Accounts and the entries between them: money in whole fen. The database moves the balances (`shop_cs.guards`)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .people import Shop
from .scope import ScopedQuerySet, managers
from .trail import tracked


class Account(models.Model):
    """Whose money it is. A shop has one of each of its kinds, and a held one for each thing that money is held for.

    `balance_fen` is what it received less what it paid; nobody writes it but the guard of each new transfer.
    """

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("Deposit")
        OTHER = "other", _("Other funds")
        OWED = "owed", _("Owed to the platform")
        HELD = "held", _("Held")
        PLATFORM = "platform", _("The platform's own money")
        CONSUMERS = "consumers", _("Paid to consumers")
        OUTSIDE = "outside", _("Outside")

    # The accounts that are nobody's shop's; there is one of each.
    SHOPLESS = (Kind.PLATFORM, Kind.CONSUMERS, Kind.OUTSIDE)
    # Never below zero. The platform's own is free: it pays consumers first and books in what it settles later.
    NOT_NEGATIVE = (Kind.DEPOSIT, Kind.OTHER, Kind.HELD, Kind.CONSUMERS)
    # Never above zero: what a shop owes, and what has come in from outside.
    NOT_POSITIVE = (Kind.OWED, Kind.OUTSIDE)

    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="accounts", verbose_name=_("shop"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    subject = models.CharField(_("held for"), max_length=64, blank=True)
    balance_fen = models.BigIntegerField(_("balance"), default=0)
    # A plain number: a foreign key each way would tie the two tables in a knot.
    last_transfer = models.BigIntegerField(_("last transfer"), null=True)

    everything, objects = managers(ScopedQuerySet)
    # What moved a balance is a transfer, with a trail of its own.
    history = tracked(excluded_fields=["balance_fen", "last_transfer"])

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["shop", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "shop", "subject"], name="account_once_a_shop"),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(shop__isnull=True), name="account_once_without_shop"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["deposit", "other", "owed", "held", "platform", "consumers", "outside"]),
                name="account_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["platform", "consumers", "outside"], shop__isnull=True)
                | (~Q(kind__in=["platform", "consumers", "outside"]) & Q(shop__isnull=False)),
                name="account_of_a_shop_or_nobodys",
            ),
            models.CheckConstraint(
                condition=(Q(kind="held") & ~Q(subject="")) | (~Q(kind="held") & Q(subject="")),
                name="account_held_for_something",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["deposit", "other", "held", "consumers"]) | Q(balance_fen__gte=0),
                name="account_not_below_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["owed", "outside"]) | Q(balance_fen__lte=0), name="account_not_above_zero"
            ),
        ]

    def __str__(self):
        return " · ".join(map(str, filter(None, [self.get_kind_display(), self.shop, self.subject])))


class TransferQuerySet(ScopedQuerySet):
    def belonging_to(self, key):
        """What moved money of the shop with this key, in or out."""
        return self.filter(Q(debit__shop=key) | Q(credit__shop=key))


class Transfer(models.Model):
    """One entry: `debit` pays, `credit` receives. Written once; never changed, never deleted.

    `key` makes writing it twice harmless; `reference` is the number of what caused it; `path` is that thing's page on
    the workbench; `at` is when the money moved. Who booked it, and when, is in its history.
    """

    class Cause(models.TextChoices):
        TOP_UP = "top_up", _("Deposit topped up")
        FUNDS = "funds", _("Other funds came in")
        TAKEN = "taken", _("Taken from the shop")
        PAID_CONSUMER = "paid_consumer", _("Paid to the consumer")
        DEBT_REPAID = "debt_repaid", _("Debt repaid")
        REFUND = "refund", _("Refunded to the shop")
        SETTLED = "settled", _("Settled for good")

    debit = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="paid", verbose_name=_("paid from"))
    credit = models.ForeignKey(
        Account, models.PROTECT, db_index=False, related_name="received", verbose_name=_("paid to")
    )
    amount_fen = models.BigIntegerField(_("amount"))
    key = models.CharField(_("key"), max_length=160, unique=True)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)
    reference = models.CharField(_("reference"), max_length=64)
    path = models.CharField(max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))

    everything, objects = managers(TransferQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["debit", "id"], name="transfer_paid_by"),
            models.Index(fields=["credit", "id"], name="transfer_received_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=1), name="transfer_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_between_two"),
            models.CheckConstraint(
                condition=Q(
                    cause__in=["top_up", "funds", "taken", "paid_consumer", "debt_repaid", "refund", "settled"]
                ),
                name="transfer_cause_known",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="transfer_has_reference"),
            # The reference of a refund is the appeal's number: an appeal is refunded once.
            models.UniqueConstraint(fields=["reference"], condition=Q(cause="refund"), name="transfer_refund_once"),
        ]

    def __str__(self):
        return f"{self.get_cause_display()} {self.reference}"


_KIND, _CAUSE = Account.Kind, Transfer.Cause
# Which money may go where: cause → (kinds that pay, kinds that receive). A guard in the database reads this table.
ROUTES = {
    _CAUSE.TOP_UP: ((_KIND.OUTSIDE,), (_KIND.DEPOSIT,)),
    _CAUSE.FUNDS: ((_KIND.OUTSIDE,), (_KIND.OTHER,)),
    # [4]: from the deposit first, then from other funds; what neither covers is owed.
    _CAUSE.TAKEN: ((_KIND.DEPOSIT, _KIND.OTHER, _KIND.OWED), (_KIND.HELD,)),
    _CAUSE.PAID_CONSUMER: ((_KIND.PLATFORM,), (_KIND.CONSUMERS,)),
    _CAUSE.DEBT_REPAID: ((_KIND.DEPOSIT, _KIND.OTHER), (_KIND.OWED,)),
    _CAUSE.REFUND: ((_KIND.HELD,), (_KIND.DEPOSIT,)),
    _CAUSE.SETTLED: ((_KIND.HELD,), (_KIND.PLATFORM,)),
}
