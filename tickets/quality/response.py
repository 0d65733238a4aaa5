"""Response rates: effective conversations of all conversations, by day and month, as they were imported. [3]"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from ..models import ResponseDay


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """Of how many conversations how many were effective. The sources name no threshold."""

    effective: int
    conversations: int

    @property
    def value(self):
        """0 to 1; 0 of no conversations."""
        return self.effective / self.conversations if self.conversations else 0.0

    @property
    def percent(self):
        """ "98.25%", rounded down: 100% is said of all alone. "—" of no conversations."""
        if not self.conversations:
            return "—"
        whole, rest = divmod(self.effective * 10_000 // self.conversations, 100)
        return f"{whole}.{rest:02d}%"


def days_of(shop_id, month: date):
    """[(day, rate)] of a shop's month, the newest first; days without figures are left out."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    rows = ResponseDay.objects.of(shop_id).filter(day__range=(month, last)).order_by("-day")
    return [(row.day, ResponseRate(row.effective, row.conversations)) for row in rows]


def together(days):
    """The rate of several days: their sums, not the mean of their rates."""
    rates = [rate for _day, rate in days]
    return ResponseRate(sum(rate.effective for rate in rates), sum(rate.conversations for rate in rates))


def months_of(shop_id, most=12):
    """[(first day, rate)] of the newest months that have figures."""
    rows = (
        ResponseDay.objects.of(shop_id)
        .annotate(month=TruncMonth("day"))
        .order_by()
        .values("month")
        .annotate(done=Sum("effective"), all=Sum("conversations"))
        .order_by("-month")[:most]
    )
    return [(row["month"], ResponseRate(row["done"], row["all"])) for row in rows]
