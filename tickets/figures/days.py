"""Local days as instants and back: a day is one of Shanghai."""

from datetime import datetime, time, timedelta

from shop_cs.clock import SHANGHAI

ONE_DAY = timedelta(days=1)


def day_of(instant):
    """The local day in which an instant lies."""
    return instant.astimezone(SHANGHAI).date()


def span(first, last):
    """The instants from which and up to which, without it, the days `first` to `last` last."""
    return tuple(datetime.combine(day, time(), tzinfo=SHANGHAI) for day in (first, last + ONE_DAY))


def within(field, first, last=None):
    """Conditions for a queryset: the instant `field` lies in these days."""
    begins, ends = span(first, last or first)
    return {f"{field}__gte": begins, f"{field}__lt": ends}
