"""In-site notices to shops [2] §二.6, and messages to consumers."""

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from .orders import Order
from .people import Shop, User
from .scope import ScopedQuerySet, managers
from .trail import tracked


class NoticeQuerySet(ScopedQuerySet):
    def unread_by(self, user):
        return self.exclude(reads__user=user)


class Notice(models.Model):
    """Something a shop should know. One row for the shop; who has read it is told apart in `NoticeRead`.

    `kind` names its text in `shop_cs.notices`, `params` fill it in, so that each reads it in his own language.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="notices", verbose_name=_("shop"))
    kind = models.CharField(_("kind"), max_length=40)
    params = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"))

    everything, objects = managers(NoticeQuerySet)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["shop", "-created_at"], name="notice_of_shop")]

    def __str__(self):
        return self.kind


class NoticeRead(models.Model):
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reads")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once")]

    def __str__(self):
        return f"{self.notice_id} {self.user_id}"


class ConsumerMessage(models.Model):
    """A message to a consumer: what a text-message gateway would send. Until one is joined, agents read it here.

    The link opens the consumer's page for whoever holds it, so the trail, which others read, is without it.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="messages", verbose_name=_("order"))
    kind = models.CharField(_("kind"), max_length=40)
    link = models.CharField(_("link"), max_length=300)
    sent_at = models.DateTimeField(_("sent at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked(excluded_fields=["link"])

    class Meta:
        verbose_name = _("message to a consumer")
        verbose_name_plural = _("messages to consumers")
        ordering = ["-sent_at", "-pk"]

    def __str__(self):
        return f"{localtime(self.sent_at):%Y-%m-%d %H:%M}"
