"""Who was shown a consumer's name, phone or address unmasked, and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .orders import Consumer, Order
from .people import Shop, User
from .scope import ScopedQuerySet, managers
from .trail import tracked


class Disclosure(models.Model):
    """Somebody saw the consumer of an order unmasked, for the reason that he gave."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="disclosures", verbose_name=_("order"))
    consumer = models.ForeignKey(Consumer, models.PROTECT, related_name="disclosures", verbose_name=_("consumer"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    role = models.CharField(_("role"), max_length=16)
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(_("at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="disclosure_has_a_reason")]

    def __str__(self):
        return f"{self.order_id} {self.at:%F %T}"
