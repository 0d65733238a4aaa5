"""Too many rows cut into spans of whole days that each fit: by months, a month that is still too large by its days."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count
from django.db.models.functions import TruncDate

from ..clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last day, both among them, and how many rows lie there."""

    first: date
    last: date
    rows: int
    fits: bool = True
    is_month: bool = False

    @property
    def label(self):
        """ "2026-03" for what is a month's, else its days."""
        if self.is_month:
            return f"{self.first:%Y-%m}"
        if self.first == self.last:
            return f"{self.first:%Y-%m-%d}"
        return f"{self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"


def by_day(records, when):
    """{day in Shanghai: rows} of a queryset by its column `when`."""
    days = records.order_by().annotate(day=TruncDate(when, tzinfo=SHANGHAI)).values_list("day").annotate(n=Count("pk"))
    return {day: rows for day, rows in days if day is not None}


def cut(counts, most):
    """The spans of {day: rows}, oldest first, each of at most `most` rows; a day above it does not fit anywhere."""
    spans = []
    for _month, days in groupby(sorted(counts.items()), key=lambda one: (one[0].year, one[0].month)):
        days = list(days)
        rows = sum(n for _day, n in days)
        if rows <= most:
            spans.append(Span(days[0][0], days[-1][0], rows, is_month=True))
        else:
            spans += _days(days, most)
    return spans


def _days(days, most):
    """Runs of days, each as long as it fits."""
    runs = []
    for day, rows in days:
        if runs and runs[-1].fits and rows <= most and runs[-1].rows + rows <= most:
            runs[-1] = Span(runs[-1].first, day, runs[-1].rows + rows)
        else:
            runs.append(Span(day, day, rows, fits=rows <= most))
    return runs
