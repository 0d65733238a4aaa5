"""How refunds spread over days and hours: the usual shape, evenly, or as the shop's own past says."""

from collections import Counter
from datetime import timedelta

from django.utils.timezone import localtime

from shop_cs.clock import SHANGHAI
from shop_cs.models import AfterSale

from .staffing import ALL, HOURS, MOST_DAYS

# Assumed: most is asked back on the first days after a sale, and little after two weeks.
USUAL_DAYS = (26, 19, 14, 10, 7, 5, 4, 3, 3, 2, 2, 1, 1, 1, *[1] * (MOST_DAYS - 14))
# Assumed: more before noon, after work and in the evening.
USUAL_HOURS = (6, 9, 11, 10, 7, 7, 9, 9, 8, 7, 8, 9)
# How far back the own past is looked at, and how much of it says anything. Assumed.
LOOK_BACK, AT_LEAST, AT_MOST = timedelta(days=365), 10, 50_000


def spread(weights):
    """Whole hundredths of a per cent in proportion to the weights, which add up to exactly 100 %.

    What rounding leaves over goes to the largest remainders, the earlier first.
    """
    total = sum(weights)
    parts = [divmod(weight * ALL, total) for weight in weights]
    left = ALL - sum(whole for whole, _rest in parts)
    first = sorted(range(len(parts)), key=lambda n: -parts[n][1])[:left]
    return tuple(whole + (n in first) for n, (whole, _rest) in enumerate(parts))


def usual_days(days):
    return spread(USUAL_DAYS[:days])


def usual_hours():
    return spread(USUAL_HOURS)


def evenly(parts):
    return spread([1] * parts)


def own_past(shop, *, now):
    """[(days after the payment, hour)] of the shop's refunds of the last year, the newest 50,000."""
    refunds = AfterSale.objects.of(shop).filter(
        kind__in=[AfterSale.Kind.REFUND, AfterSale.Kind.RETURN],
        applied_at__gt=now - LOOK_BACK,
        applied_at__lte=now,
        order__paid_at__isnull=False,
    )
    rows = refunds.order_by("-applied_at").values_list("order__paid_at", "applied_at")[:AT_MOST]
    return [_after(paid_at, applied_at) for paid_at, applied_at in rows]


def _after(paid_at, applied_at):
    paid, applied = localtime(paid_at, SHANGHAI), localtime(applied_at, SHANGHAI)
    return max(0, (applied.date() - paid.date()).days), applied.hour


def own_days(past, days):
    """The shares of so many days from the own past; None when too little is known."""
    counts = Counter(after for after, _hour in past)
    weights = [counts[day] for day in range(days)]
    return spread(weights) if sum(weights) >= AT_LEAST else None


def own_hours(past):
    """The shares of the hours; what came outside them waits for the next hour of the desk. None: too little known."""
    counts = Counter(hour if hour in HOURS else HOURS[0] for _after, hour in past)
    return spread([counts[hour] for hour in HOURS]) if len(past) >= AT_LEAST else None
