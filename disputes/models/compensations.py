"""Advance compensation: the platform paid the consumer, out of the shop's deposit or other funds. [4] §三"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked

from .cases import Case


class CompensationQuerySet(ScopedQuerySet):
    def to_settle(self, now):
        """The window for an appeal is over and none is open: what is still held goes to the platform."""
        return (
            self.filter(settled_at__isnull=True, appeal_until__lt=now)
            .exclude(appeal__state="open")
            .exclude(case__appeal__state="open")
        )


class Compensation(models.Model):
    """What was taken for one case, whence, and what came back. Whole fen; the money itself is in the ledger.

    Taken from the deposit first, then from other funds; the rest is owed and taken from the next top-up (assumed).
    """

    no = models.CharField(_("compensation number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="compensations", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="compensations", verbose_name=_("order"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="compensation", verbose_name=_("case"))
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    amount_fen = models.BigIntegerField(_("amount"))
    from_deposit_fen = models.BigIntegerField(_("from the deposit"))
    from_other_fen = models.BigIntegerField(_("from other funds"))
    owed_fen = models.BigIntegerField(_("owed"))
    refunded_fen = models.BigIntegerField(_("refunded"), default=0)
    paid_at = models.DateTimeField(_("paid at"))
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    appeal_until = models.DateTimeField(_("appeal until"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    everything, objects = managers(CompensationQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("advance compensation")
        verbose_name_plural = _("advance compensations")
        ordering = ["-paid_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "-paid_at"], name="compensation_newest"),
            models.Index(fields=["appeal_until"], condition=Q(settled_at__isnull=True), name="compensation_to_settle"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="compensation_positive"),
            models.CheckConstraint(
                condition=Q(from_deposit_fen__gte=0, from_other_fen__gte=0, owed_fen__gte=0),
                name="compensation_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen=F("from_deposit_fen") + F("from_other_fen") + F("owed_fen")),
                name="compensation_parts_make_the_whole",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("amount_fen")),
                name="compensation_refund_within",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def path(self):
        """On the workbench it stands on its case's page."""
        return f"/s/{self.shop.no}/cases/{self.case.no}/"

    @property
    def left_fen(self):
        """What could still be refunded."""
        return self.amount_fen - self.refunded_fen
