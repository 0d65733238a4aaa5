"""Daily roll-ups: what the figures' pages add up. Derived, so without history; a recount gives the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop_cs.models import ScopedQuerySet, Shop, managers


class DailyFigure(models.Model):
    """Of a shop (None: of the platform, the sum of its shops), a local day and a type: how what began that day fared.

    Service requests count by the day they were created, from when they are sent; each column is a number of requests
    but `urges`, `replies` and `reply_minutes`, working minutes from a round's opening to its reply, summed over
    `replies`. What is of no type has "": refunds by the day they were applied for (`refund_minutes` of the wall clock),
    orders by the day they were paid, conversations by their day.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, null=True, related_name="+", verbose_name=_("shop"))
    day = models.DateField(_("day"))
    category = models.CharField(_("type"), max_length=32, blank=True)
    created = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    urged = models.PositiveIntegerField(default=0)
    urges = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    replied = models.PositiveIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)
    reply_minutes = models.BigIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    surveyed = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    refunds = models.PositiveIntegerField(default=0)
    refunds_done = models.PositiveIntegerField(default=0)
    refund_minutes = models.BigIntegerField(default=0)
    refunds_disputed = models.PositiveIntegerField(default=0)
    paid_orders = models.PositiveIntegerField(default=0)
    counting_orders = models.PositiveIntegerField(default=0)
    conversations = models.PositiveIntegerField(default=0)
    effective = models.PositiveIntegerField(default=0)

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("daily figure")
        verbose_name_plural = _("daily figures")
        ordering = ["day", "category"]
        # The platform's day is added up from all shops'.
        indexes = [models.Index(fields=["day", "category"], name="figure_of_day")]
        constraints = [
            models.UniqueConstraint(fields=["shop", "day", "category"], name="figure_once_a_day"),
            models.UniqueConstraint(
                fields=["day", "category"], condition=models.Q(shop__isnull=True), name="figure_once_the_platform"
            ),
        ]

    def __str__(self):
        return f"{self.shop_id} {self.day} {self.category}"


class FigureDay(models.Model):
    """A day of a shop that is to be counted again, because something that it counts has changed."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    day = models.DateField(_("day"))

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("day to be counted again")
        verbose_name_plural = _("days to be counted again")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["shop", "day"], name="figure_day_once")]

    def __str__(self):
        return f"{self.shop_id} {self.day}"
