"""Numbers as people read them: counts, shares with what they are of, means; in the reader's language."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from shop_cs.words import duration

NOTHING = "—"


def count(number):
    """12,345, with the separators of the reader's language."""
    return number_format(number, use_l10n=True, force_grouping=True)


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; of nothing there is no share."""

    part: int
    whole: int

    @property
    def value(self):
        """In per cent, to a tenth; None of nothing."""
        if not self.whole:
            return None
        return (Decimal(100 * self.part) / self.whole).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def __str__(self):
        return NOTHING if self.value is None else f"{number_format(self.value, 1, use_l10n=True)} %"

    @property
    def of(self):
        """What it is of: “3 of 24”."""
        return _("%(part)s of %(whole)s") % {"part": count(self.part), "whole": count(self.whole)}


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `number` times that are `minutes` together."""

    minutes: int
    number: int

    @property
    def value(self):
        """In hours, to a hundredth; None of nothing."""
        if not self.number:
            return None
        return (Decimal(self.minutes) / self.number / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def __str__(self):
        return duration(timedelta(minutes=round(self.minutes / self.number))) if self.number else NOTHING

    @property
    def of(self):
        return _("of %(number)s") % {"number": count(self.number)}
