"""The filing centre: force majeure or a courier's failure, told before it is blamed. [4] §一"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked


class FilingState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Cause(models.TextChoices):
    EPIDEMIC = "epidemic", _("Epidemic")
    EXTREME_WEATHER = "extreme_weather", _("Extreme weather")
    TRAFFIC_CONTROL = "traffic_control", _("Traffic control")
    COURIER_STALLED = "courier_stalled", _("Courier stalled")
    COURIER_LOST = "courier_lost", _("Courier lost the parcel")
    COURIER_OVERTIME = "courier_overtime", _("Courier over time")


COURIER_CAUSES = (Cause.COURIER_STALLED, Cause.COURIER_LOST, Cause.COURIER_OVERTIME)
# What was approved covers what happened in its span, also when that span is over.
COVERING = (FilingState.APPROVED, FilingState.EXPIRED)


class FilingQuerySet(ScopedQuerySet):
    def waiting(self):
        return self.filter(state=FilingState.SUBMITTED)

    def covering(self):
        return self.filter(state__in=COVERING)

    def at(self, instant):
        """Whose span holds the instant; both ends belong to it."""
        return self.filter(starts_at__lte=instant, ends_at__gte=instant)

    def to_expire(self, now):
        return self.filter(state=FilingState.APPROVED, ends_at__lt=now)

    def oldest_first(self):
        return self.order_by("made_at", "pk")


class Filing(models.Model):
    """What stands in the way, where, and from when to when.

    It covers orders by one of three: those named (`FilingOrder`), those going to one of `regions` (a list of
    {"province": …, "city": … or ""}), those carried by `courier`. What covers nothing of these is refused.
    """

    no = models.CharField(_("filing number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="filings", verbose_name=_("shop"))
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    kind = models.CharField(_("kind"), max_length=16, choices=Cause)
    text = models.TextField(_("what happened"))
    regions = models.JSONField(_("regions"), default=list, blank=True)
    courier = models.CharField(_("courier"), max_length=60, blank=True)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))

    state = models.CharField(_("status"), max_length=16, choices=FilingState)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision = models.TextField(_("reason of the decision"), blank=True)

    everything, objects = managers(FilingQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "starts_at", "ends_at"], name="filing_span"),
            models.Index(fields=["made_at"], condition=Q(state="submitted"), name="filing_queue"),
            models.Index(fields=["ends_at"], condition=Q(state="approved"), name="filing_to_expire"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FilingState.values), name="filing_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Cause.values), name="filing_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="filing_ends_later"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, state__in=["submitted", "withdrawn"])
                | Q(decided_at__isnull=False, decided_by__isnull=False, state__in=["approved", "rejected", "expired"]),
                name="filing_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(decision=""), name="filing_rejection_has_reason"
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def path(self):
        """Its page on the workbench."""
        return f"/s/{self.shop.no}/filings/{self.no}/"


class FilingOrder(models.Model):
    """An order that a filing names."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="filing_orders", verbose_name=_("filing"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="filing_orders", verbose_name=_("order"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("filed order")
        verbose_name_plural = _("filed orders")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["filing", "order"], name="filing_order_once")]

    def __str__(self):
        return f"{self.filing_id} {self.order_id}"
