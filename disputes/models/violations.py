"""A breach found, and what follows from it. [0][3]; ladders are the rulebook's."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.ladders import Breach, Measure
from shop_cs.models import Order, Rulebook, ScopedQuerySet, Shop, User, managers, tracked
from tickets.models import ServiceRequest

from .cases import Case
from .filings import Filing
from .reports import Report


class ViolationState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    EXCUSED = "excused", _("Excused by a filing")
    REVOKED = "revoked", _("Revoked on appeal")


# The reviewers' business.
HIDDEN = (ViolationState.PROPOSED, ViolationState.DISMISSED)


class Source(models.TextChoices):
    """What it was found by."""

    REQUEST = "request", _("Service request")
    CASE = "case", _("Arbitration case")
    REPORT = "report", _("Report")
    REVIEWER = "reviewer", _("Reviewer")


class ViolationQuerySet(ScopedQuerySet):
    def proposed(self):
        return self.filter(state=ViolationState.PROPOSED)

    def upheld(self):
        return self.filter(state=ViolationState.UPHELD)

    def visible_to_merchant(self):
        """What is only proposed or was dismissed is the reviewers' business."""
        return self.exclude(state__in=HIDDEN)


class Violation(models.Model):
    """A breach, proposed to a reviewer and decided by him; never punished by itself.

    `account` names the account it was found on, where a ladder counts by account [1]; `quantity` is how many upheld
    complaints it stands for. `step` is the ladder's step that was applied, as its threshold; 0 where none was.
    """

    no = models.CharField(_("violation number"), max_length=64, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="violations", verbose_name=_("shop"))
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("order")
    )
    source = models.CharField(_("found by"), max_length=16, choices=Source)
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("request")
    )
    request_round = models.PositiveSmallIntegerField(_("round of the request"), null=True, blank=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("case")
    )
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("report")
    )
    rulebook = models.ForeignKey(Rulebook, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    kind = models.CharField(_("kind"), max_length=32, choices=Breach)
    account = models.CharField(_("account"), max_length=100, blank=True)
    quantity = models.PositiveIntegerField(_("upheld complaints"), default=1)
    detail = models.TextField(_("what was found"))

    state = models.CharField(_("status"), max_length=16, choices=ViolationState)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    found_at = models.DateTimeField(_("found at"))
    found_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("found by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision = models.TextField(_("reason of the decision"), blank=True)
    step = models.PositiveIntegerField(_("step of the ladder"), null=True, blank=True)
    appeal_until = models.DateTimeField(_("appeal until"), null=True, blank=True)
    filing = models.ForeignKey(
        Filing, models.PROTECT, null=True, blank=True, related_name="violations", verbose_name=_("filing")
    )

    everything, objects = managers(ViolationQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")
        ordering = ["-found_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "kind", "-found_at"], name="violation_of_kind"),
            models.Index(fields=["found_at"], condition=Q(state="proposed"), name="violation_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "request_round", "kind"],
                condition=Q(request__isnull=False),
                name="violation_once_a_round",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(case__isnull=False), name="violation_once_a_case"
            ),
            models.CheckConstraint(condition=Q(state__in=ViolationState.values), name="violation_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Breach.values), name="violation_kind_known"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="violation_quantity_positive"),
            models.CheckConstraint(
                condition=Q(source="request", request__isnull=False, request_round__isnull=False)
                | Q(source="case", case__isnull=False)
                | Q(source="report", report__isnull=False)
                | Q(source="reviewer"),
                name="violation_source_is_named",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(~Q(state="proposed"), decided_at__isnull=False),
                name="violation_decided_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "revoked"])
                | Q(step__isnull=False, appeal_until__isnull=False, decided_by__isnull=False),
                name="violation_upheld_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | Q(filing__isnull=False), name="violation_excuse_names_filing"
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(decision=""), name="violation_dismissal_has_reason"
            ),
        ]

    def __str__(self):
        return self.no

    @property
    def path(self):
        """Its page on the workbench."""
        return f"/s/{self.shop.no}/violations/{self.no}/"


class PenaltyQuerySet(ScopedQuerySet):
    def in_force(self, now):
        """Begun, not undone, and not over: `until_at` itself is the first instant that is free again."""
        return self.filter(undone_at__isnull=True, from_at__lte=now).filter(
            Q(until_at__isnull=True) | Q(until_at__gt=now)
        )

    def to_end(self, now):
        return self.filter(undone_at__isnull=True, ended_at__isnull=True, until_at__lte=now)


class Penalty(models.Model):
    """One measure of an upheld violation. No `until_at`: for ever, or done once (a warning, a deduction)."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="penalties", verbose_name=_("shop"))
    violation = models.ForeignKey(Violation, models.PROTECT, related_name="penalties", verbose_name=_("violation"))
    measure = models.CharField(_("measure"), max_length=16, choices=Measure)
    permission = models.CharField(_("restricted permission"), max_length=40, blank=True)
    points = models.PositiveIntegerField(_("credit points"), default=0)
    amount_fen = models.BigIntegerField(_("deducted"), default=0)
    refunded_fen = models.BigIntegerField(_("refunded"), default=0)
    from_at = models.DateTimeField(_("begins at"))
    until_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    everything, objects = managers(PenaltyQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("penalty")
        verbose_name_plural = _("penalties")
        ordering = ["-from_at", "pk"]
        indexes = [
            models.Index(
                fields=["until_at"],
                condition=Q(ended_at__isnull=True, undone_at__isnull=True),
                name="penalty_to_end",
            ),
            models.Index(fields=["shop", "-from_at"], name="penalty_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="penalty_measure_known"),
            models.CheckConstraint(
                condition=Q(measure="restrict") & ~Q(permission="") | ~Q(measure="restrict") & Q(permission=""),
                name="penalty_restricts_a_permission",
            ),
            models.CheckConstraint(
                condition=Q(measure="points", points__gt=0) | ~Q(measure="points") & Q(points=0),
                name="penalty_points_positive",
            ),
            models.CheckConstraint(
                condition=Q(measure="deduct", amount_fen__gt=0) | ~Q(measure="deduct") & Q(amount_fen=0),
                name="penalty_deduction_positive",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=models.F("amount_fen")),
                name="penalty_refund_within",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=models.F("from_at")), name="penalty_ends_later"
            ),
        ]

    def __str__(self):
        return f"{self.violation_id} {self.measure}"

    def is_in_force(self, now):
        """As `in_force`, of this row."""
        return self.undone_at is None and self.from_at <= now and (self.until_at is None or now < self.until_at)
