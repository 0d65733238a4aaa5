"""Work that the worker does beside the web: exports being made, and how far who follows the trail has read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import Shop, User
from .scope import ScopedQuerySet, managers
from .work import ExportLog


class ExportJob(models.Model):
    """An export that was asked for, and how far it is. What leaves the house is told of in `ExportLog`.

    `kind` names what is exported (`shop_cs.exporting`), `params` is the query string of the list. Shop None: the
    platform's. `as_of` is the one moment that all of its rows show. `log` is what the trail tells of it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")

    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+", verbose_name=_("shop"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    role = models.CharField(_("role"), max_length=16)
    language = models.CharField(_("language"), max_length=16)
    kind = models.CharField(_("kind"), max_length=40)
    format = models.CharField(_("format"), max_length=8)
    params = models.TextField(_("filter"), blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(_("cancelling asked at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("to be fetched until"), null=True, blank=True)
    file = models.CharField(_("file"), max_length=200, blank=True)
    size = models.BigIntegerField(_("bytes"), null=True, blank=True)
    trouble = models.CharField(_("what went wrong"), max_length=200, blank=True)
    fetched_at = models.DateTimeField(_("fetched at"), null=True, blank=True)
    log = models.OneToOneField(ExportLog, models.PROTECT, related_name="job", verbose_name=_("export"))

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("export job")
        verbose_name_plural = _("export jobs")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="export_job_of"),
            models.Index(fields=["status", "beat_at"], name="export_job_alive"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "ready", "failed", "cancelled", "expired"]),
                name="export_job_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="ready") | Q(~Q(file=""), expires_at__isnull=False, as_of__isnull=False),
                name="export_job_ready_has_file",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class FollowMark(models.Model):
    """How far a follower has read a history table (`shop_cs.following`)."""

    follower = models.CharField(max_length=40)
    table = models.CharField(max_length=80)
    upto = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "table"], name="follow_mark_once")]

    def __str__(self):
        return f"{self.follower} {self.table} {self.upto}"
