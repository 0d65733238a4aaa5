"""Filters of our templates: `{{ order.amount_fen|yuan }}`, `{{ stretch.length|duration }}`."""

from django import template

from shop_cs import words

register = template.Library()
register.filter("yuan", words.yuan)
register.filter("duration", words.duration)
