"""The vault: one per order; a file is uploaded once and attached wherever it is wanted. [4] §四"""

from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..evidence.checks import Kind
from .orders import Order
from .people import Shop, User
from .scope import ScopedQuerySet, managers
from .trail import tracked


def evidence_path(sha256):
    """Where the bytes lie in the private storage; the same bytes lie there once."""
    return f"{sha256[:2]}/{sha256}"


class Evidence(models.Model):
    """A file that proves something about an order. Its bytes are in the private storage under their SHA-256."""

    class Side(models.TextChoices):
        MERCHANT = "merchant", _("Merchant")
        PLATFORM = "platform", _("Platform")
        CONSUMER = "consumer", _("Consumer")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="evidence", verbose_name=_("shop"))
    # None: a piece of the shop's own, for what concerns no single order (a filing about a region).
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("order")
    )
    side = models.CharField(_("from"), max_length=16, choices=Side)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    size = models.BigIntegerField(_("size"))
    name = models.CharField(_("file name"), max_length=100)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "sha256", "side"], name="evidence_once_an_order_and_side"),
            models.UniqueConstraint(
                fields=["shop", "sha256", "side"], condition=Q(order__isnull=True), name="evidence_once_a_shop_and_side"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_picture(self):
        return self.kind in {Kind.JPEG, Kind.PNG, Kind.WEBP}

    def open(self):
        return storages["evidence"].open(evidence_path(self.sha256))
