"""A piece of the vault, shown in a case, an appeal, a report or a filing. [4] §四: a paper is asked for once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Evidence, ScopedQuerySet, Shop, User, managers, tracked

from .appeals import Appeal
from .cases import Case
from .filings import Filing
from .reports import Report

SUBJECTS = ("case", "appeal", "report", "filing")


def _exactly_one(names):
    """That one of the columns is filled and the others are not."""
    whole = Q()
    for filled in names:
        whole |= Q(**{f"{name}__isnull": name != filled for name in names})
    return whole


class Exhibit(models.Model):
    """Evidence, what it proves, and in which round it was shown; `is_payment` marks the proof of a payment."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="exhibits", verbose_name=_("evidence"))
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="exhibits", verbose_name=_("case")
    )
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, null=True, blank=True, related_name="exhibits", verbose_name=_("appeal")
    )
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="exhibits", verbose_name=_("report")
    )
    filing = models.ForeignKey(
        Filing, models.PROTECT, null=True, blank=True, related_name="exhibits", verbose_name=_("filing")
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    proves = models.CharField(_("what it proves"), max_length=200, blank=True)
    # Which piece of the catalogue it is, by its code; "" for none of them.
    item = models.CharField(_("piece of the catalogue"), max_length=40, blank=True)
    is_payment = models.BooleanField(_("proof of payment"), default=False)
    attached_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("attached by"))
    attached_at = models.DateTimeField(_("attached at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        ordering = ["attached_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=_exactly_one(SUBJECTS), name="exhibit_has_one_subject"),
            *(models.UniqueConstraint(fields=[name, "evidence"], name=f"exhibit_once_a_{name}") for name in SUBJECTS),
        ]

    def __str__(self):
        return f"{self.evidence_id}"
