"""Filters of the planning pages."""

from datetime import timedelta

from django import template

from shop_cs.words import duration

from ..planning import showing

register = template.Library()
register.filter("refunds", showing.number)
register.filter("whole", showing.whole)


@register.filter
def of_minutes(minutes):
    """Minutes of the working clock in words."""
    return duration(timedelta(minutes=minutes))
