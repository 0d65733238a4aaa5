"""What is searched: the words of a request and its replies, made by `tickets.searching.words`. Derived: no history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop_cs.models import ScopedQuerySet, Shop, managers

from .requests import ServiceRequest


class SearchText(models.Model):
    """The words of a request, blank between them: `shop_…` for its shop, then those of its claim and its replies.

    What finds a row by them is no field of this model: `tickets.searching.store`.
    """

    request = models.OneToOneField(
        ServiceRequest, models.CASCADE, primary_key=True, related_name="search_text", verbose_name=_("request")
    )
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False, verbose_name=_("shop"))
    # The request's own, for what is newest.
    created_at = models.DateTimeField(_("created at"))
    words = models.TextField(_("words"))

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("searched text")
        verbose_name_plural = _("searched texts")
        indexes = [
            models.Index(fields=["-created_at", "-request"], name="search_newest"),
            models.Index(fields=["shop", "-created_at", "-request"], name="search_newest_of_shop"),
        ]

    def __str__(self):
        return str(self.request_id)
