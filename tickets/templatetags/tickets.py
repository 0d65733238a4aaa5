"""Filters of the request pages."""

from django import template

from .. import explaining

register = template.Library()


@register.filter
def counts_or_why(stretch):
    """Whether a stretch of time counts, or why it does not, in words."""
    return explaining.COUNTS[stretch.why]
