"""Reads the daily figures of a period: two statements, whatever its length and however many requests there were."""

from collections import Counter

from django.conf import settings
from django.db.models import Sum

from shop_cs.rules import Category

from ..models import DailyFigure
from .keeping import COLUMNS


def _rows(asked):
    """The rows of a period: a shop's own, or the platform's sums."""
    rows = DailyFigure.everything.filter(shop__isnull=True)
    if asked.shop is not None:
        rows = DailyFigure.objects.of(asked.shop)
    rows = rows.using(settings.FIGURES_DATABASE).filter(day__gte=asked.first, day__lte=asked.last).order_by()
    return rows.filter(category__in=[asked.category, ""]) if asked.category else rows


def _grouped(rows, key):
    sums = [Sum(name) for name in COLUMNS]
    told = rows.values(key).annotate(**{f"all_{name}": total for name, total in zip(COLUMNS, sums, strict=True)})
    return {row[key]: {name: row[f"all_{name}"] for name in COLUMNS} for row in told}


def by_span(asked):
    """[((first day, last day), numbers)] of each piece of the period, in order; and the numbers of the whole."""
    days, pieces, whole = _grouped(_rows(asked), "day"), [], nothing()
    spans = asked.spans()
    found = iter(sorted(days.items()))
    day, numbers = next(found, (None, None))
    for first, last in spans:
        piece = nothing()
        while day is not None and day <= last:
            piece.update(numbers)
            day, numbers = next(found, (None, None))
        whole.update(piece)
        pieces.append(((first, last), piece))
    return pieces, whole


def by_type(asked):
    """[(type, numbers)] of the types of which there was something, in their usual order."""
    found = _grouped(_rows(asked), "category")
    return [(code, Counter(found[code])) for code in Category.values if code in found]


def nothing():
    return Counter(dict.fromkeys(COLUMNS, 0))
