"""Looking ahead: staffing for a sale, and a draft rulebook rehearsed on real requests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Rulebook, ScopedQuerySet, Shop, User, managers, tracked


class StaffingPlan(models.Model):
    """A sale and who is needed for it. [1]: refunds of a day = orders × expected refund rate × that day's share;
    people = refunds of the day / refunds that one agent handles a day."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    name = models.CharField(_("name"), max_length=60)
    first_day = models.DateField(_("first day"))
    orders = models.PositiveIntegerField(_("expected orders"))
    # In hundredths of a per cent, as all rates that are typed: 12.5 % is 1250.
    refund_rate = models.PositiveIntegerField(_("expected refund rate"))
    # Shares of the refunds by day, hundredths of a per cent, from the first day on.
    shares = models.JSONField(_("share of each day"), default=list)
    # Shares of a day by working hour (09 … 20), hundredths of a per cent.
    hours = models.JSONField(_("share of each hour"), default=list)
    per_agent_day = models.PositiveIntegerField(_("refunds one agent handles a day"))
    # [{"from": "09:00", "to": "18:00", "people": 3, "days": [0, 1, …]}, …], days counted from the first.
    shifts = models.JSONField(_("shifts"), default=list)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("staffing plan")
        verbose_name_plural = _("staffing plans")
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="staffing_name_once_a_shop"),
            models.CheckConstraint(condition=Q(refund_rate__lte=10_000), name="staffing_rate_within_all"),
            models.CheckConstraint(condition=Q(per_agent_day__gte=1), name="staffing_agent_handles_some"),
        ]

    def __str__(self):
        return self.name


class Rehearsal(models.Model):
    """A rulebook replayed over requests that there are: what would move, before it is in force.

    `findings` are counts and some examples. Derived, and made anew at will: no history.
    """

    rulebook = models.ForeignKey(Rulebook, models.CASCADE, related_name="rehearsals", verbose_name=_("rulebook"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    created_from = models.DateTimeField(_("requests created from"))
    total = models.PositiveIntegerField(_("requests"), null=True, blank=True)
    done = models.PositiveIntegerField(_("replayed"), default=0)
    upto = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    findings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["asked_at"], condition=Q(ended_at__isnull=True), name="rehearsal_open")]

    def __str__(self):
        return f"{self.rulebook_id} {self.asked_at:%F}"
