"""The seals of the trail: a chain in which each link names all that was written since the one before."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Seal(models.Model):
    """One link. `hash` covers the link before and the parts; `mac` is made of it with a key the database never sees.

    Numbered by ourselves, without a gap. Seals are the proof of history and have none of their own.
    """

    no = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("sealed at"))
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(_("hash"), max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-no"]
        constraints = [models.CheckConstraint(condition=models.Q(no__gte=1), name="seal_numbered_from_1")]

    def __str__(self):
        return f"{self.no}:{self.hash}"


class SealedPart(models.Model):
    """Of one history table: the rows with `after` < id ≤ `upto`, how many they are, and the SHA-256 of them all.

    `columns` says which columns the digest covers, "" where they are those of the part before.
    """

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="parts")
    table = models.CharField(max_length=63)
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    rows = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    columns = models.TextField(blank=True)

    class Meta:
        verbose_name = _("sealed part")
        verbose_name_plural = _("sealed parts")
        constraints = [
            models.UniqueConstraint(fields=["table", "upto"], name="sealed_part_once"),
            models.CheckConstraint(condition=models.Q(after__lt=models.F("upto")), name="sealed_part_goes_forward"),
            models.CheckConstraint(condition=models.Q(rows__gte=0), name="sealed_part_rows_not_negative"),
        ]

    def __str__(self):
        return f"{self.table} {self.after}–{self.upto}"
