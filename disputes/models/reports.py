"""The report centre: a merchant reports a malicious user, with orders and evidence. [4] §一"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Consumer, Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked


class ReportState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    INVESTIGATING = "investigating", _("Under investigation")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Malice(models.TextChoices):
    """What the user is reported for. Assumed."""

    REFUND_FRAUD = "refund_fraud", _("Refund fraud")
    SWAPPED_GOODS = "swapped_goods", _("Swapped or damaged returns")
    FALSE_COMPLAINT = "false_complaint", _("False complaints")
    EXTORTION = "extortion", _("Extortion by bad reviews")
    ABUSE = "abuse", _("Abuse and harassment")
    OTHER = "other", _("Other")


class ReportQuerySet(ScopedQuerySet):
    def waiting(self):
        return self.filter(state__in=[ReportState.SUBMITTED, ReportState.INVESTIGATING])

    def upheld(self):
        return self.filter(state=ReportState.UPHELD)

    def about(self, key):
        """Of the person behind a consumer's key, whatever the shop."""
        return self.filter(consumer_key=key)

    def oldest_first(self):
        return self.order_by("made_at", "pk")


class Report(models.Model):
    """A report of a user. `consumer_key` finds the same person in every shop; upheld, it marks him for reviewers."""

    no = models.CharField(_("report number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="reports", verbose_name=_("shop"))
    consumer = models.ForeignKey(Consumer, models.PROTECT, related_name="reports", verbose_name=_("consumer"))
    consumer_key = models.CharField(max_length=40, db_index=True, editable=False)
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    kind = models.CharField(_("kind"), max_length=16, choices=Malice)
    text = models.TextField(_("what happened"))

    state = models.CharField(_("status"), max_length=16, choices=ReportState)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    taken_up_at = models.DateTimeField(_("taken up at"), null=True, blank=True)
    taken_up_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken up by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision = models.TextField(_("reason of the decision"), blank=True)

    everything, objects = managers(ReportQuerySet)
    history = tracked(excluded_fields=["consumer_key"])

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "-made_at"], name="report_newest"),
            models.Index(
                fields=["made_at"], condition=Q(state__in=["submitted", "investigating"]), name="report_queue"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Malice.values), name="report_kind_known"),
            models.CheckConstraint(
                condition=Q(taken_up_at__isnull=True, taken_up_by__isnull=True)
                | Q(taken_up_at__isnull=False, taken_up_by__isnull=False),
                name="report_taken_up_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=False, decided_by__isnull=False, state__in=["upheld", "dismissed"])
                & ~Q(decision="")
                | Q(decided_at__isnull=True, decided_by__isnull=True)
                & Q(state__in=["submitted", "investigating", "withdrawn"]),
                name="report_decision_is_whole",
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def path(self):
        """Its page on the workbench."""
        return f"/s/{self.shop.no}/reports/{self.no}/"


class ReportOrder(models.Model):
    """An order that a report is about; all of one report are of the same person."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    report = models.ForeignKey(Report, models.PROTECT, related_name="report_orders", verbose_name=_("report"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="report_orders", verbose_name=_("order"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("reported order")
        verbose_name_plural = _("reported orders")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="report_order_once")]

    def __str__(self):
        return f"{self.report_id} {self.order_id}"
