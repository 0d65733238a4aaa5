"""Filters of the request pages."""

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

from shop_cs.kept import Kept

from .. import explaining

register = template.Library()
_EXPLAINED = Kept(1_000)


@register.filter
def counts_or_why(stretch):
    """Whether a stretch of time counts, or why it does not, in words."""
    return explaining.COUNTS[stretch.why]


@register.simple_tag
def why_deadline(explanation):
    """Why a deadline is that instant, stretch by stretch: it is drawn once for each deadline."""
    key = get_language(), explanation
    return _EXPLAINED.get(key, lambda: render_to_string("tickets/_deadline.html", {"explanation": explanation}))
