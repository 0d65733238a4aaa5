"""What is searched: the words of cases, appeals, reports, filings and violations. Derived: no history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop_cs.models import ScopedQuerySet, Shop, managers


class RecordText(models.Model):
    """The words of a record of this app, blank between them; twin of `tickets.models.SearchText`.

    `kind` is the name of its model, `record` its key. Of what a merchant may not know of, the shop's word is missing.
    """

    kind = models.CharField(_("kind"), max_length=16)
    record = models.PositiveBigIntegerField(_("record"))
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False, verbose_name=_("shop"))
    # When the record came to be, for what is newest.
    created_at = models.DateTimeField(_("created at"))
    words = models.TextField(_("words"))

    everything, objects = managers(ScopedQuerySet)

    class Meta:
        verbose_name = _("searched text of a case")
        verbose_name_plural = _("searched texts of cases")
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="record_text_once")]

    def __str__(self):
        return f"{self.kind} {self.record}"
