"""Traces of work that is nobody's record: the worker's pulse, exports made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Shop, User
from .scope import ScopedQuerySet, managers
from .trail import tracked


class Heartbeat(models.Model):
    """When a worker last made a pass. Kept without history: it would be all pulse and no record."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return f"{self.name} {self.at:%F %T}"


class ApiKey(models.Model):
    """A key of a system that sends requests by the API. Only its SHA-256 is kept; it is shown once, when made."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    history = tracked(excluded_fields=["sha256"])

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name"]

    def __str__(self):
        return self.name


class ExportLog(models.Model):
    """An export that somebody took: what was asked, how many rows left the house. [2] §二.4"""

    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="exports", verbose_name=_("shop"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    format = models.CharField(_("format"), max_length=8)
    query = models.TextField(_("filter"), blank=True)
    rows = models.PositiveIntegerField(_("rows"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["shop", "-at"], name="export_of_shop")]

    def __str__(self):
        return f"{self.format} {self.rows}"
