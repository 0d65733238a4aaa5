"""The merchant contests a ruling, an advance compensation or a violation. [4] §三"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked

from .cases import Case
from .compensations import Compensation
from .violations import Violation


class AppealState(models.TextChoices):
    OPEN = "open", _("In review")
    GRANTED = "granted", _("Granted in full")
    PART = "part", _("Granted in part")
    DENIED = "denied", _("Denied")


WON = (AppealState.GRANTED, AppealState.PART)


class Ground(models.TextChoices):
    """Why the decision should not stand."""

    MISJUDGED = "misjudged", _("The evidence was misjudged")
    NEW_EVIDENCE = "new_evidence", _("There is new evidence")
    INFLUENCER = "influencer", _("The influencer's false promise is to blame")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    ALREADY_PAID = "already_paid", _("The consumer was paid already")
    OTHER = "other", _("Other")


class AppealQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state=AppealState.OPEN)

    def won(self):
        return self.filter(state__in=WON)

    def oldest_first(self):
        return self.order_by("made_at", "pk")


class Appeal(models.Model):
    """One appeal a subject, in all (assumed). `refund_fen` is what came back, or need not be paid any more, in fen.

    Exactly one of `case` (its ruling), `compensation` and `violation` is the subject.
    """

    no = models.CharField(_("appeal number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="appeals", verbose_name=_("shop"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name=_("order")
    )
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="appeal", verbose_name=_("ruling")
    )
    compensation = models.OneToOneField(
        Compensation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appeal",
        verbose_name=_("advance compensation"),
    )
    violation = models.OneToOneField(
        Violation, models.PROTECT, null=True, blank=True, related_name="appeal", verbose_name=_("violation")
    )
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    ground = models.CharField(_("ground"), max_length=16, choices=Ground)
    text = models.TextField(_("reasons"))

    state = models.CharField(_("status"), max_length=16, choices=AppealState)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision = models.TextField(_("reason of the decision"), blank=True)
    refund_fen = models.BigIntegerField(_("refunded"), default=0)

    everything, objects = managers(AppealQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "-made_at"], name="appeal_newest"),
            models.Index(fields=["made_at"], condition=Q(state="open"), name="appeal_queue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, compensation__isnull=True, violation__isnull=True)
                | Q(case__isnull=True, compensation__isnull=False, violation__isnull=True)
                | Q(case__isnull=True, compensation__isnull=True, violation__isnull=False),
                name="appeal_has_one_subject",
            ),
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state_known"),
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="appeal_ground_known"),
            models.CheckConstraint(condition=Q(refund_fen__gte=0), name="appeal_refund_not_negative"),
            models.CheckConstraint(
                condition=Q(refund_fen=0) | Q(state__in=["granted", "part"]), name="appeal_refund_only_when_won"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(state="open") & ~Q(decision="")),
                name="appeal_decision_is_whole",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def subject(self):
        """The case, compensation or violation that it is against."""
        return self.case or self.compensation or self.violation

    @property
    def path(self):
        """Its page on the workbench."""
        return f"/s/{self.shop.no}/appeals/{self.no}/"
