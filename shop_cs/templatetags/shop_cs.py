"""Filters and tags of our templates: `{{ order.amount_fen|yuan }}`, `{% contact_link order %}`."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from shop_cs import bars, privacy, words
from shop_cs.access import actor_for, may
from shop_cs.actors import Role
from shop_cs.evidence import catalogue
from shop_cs.kept import Kept
from shop_cs.moves import no_permission
from shop_cs.sites import platform

register = template.Library()
register.filter("yuan", words.yuan)
register.filter("duration", words.duration)
register.filter("bars_in_words", bars.in_words)
register.filter("own_in_words", bars.own_in_words)
register.filter("piece_title", catalogue.title_of)
register.filter("name_shown", privacy.name_shown)


@register.filter
def why_may_not(by, act):
    """Why a merchant may not do what his post must allow, in words; "" where he may."""
    return "" if may(by, act, by.shop_id) else no_permission(by, act)


@register.simple_tag
def samples(item):
    """The drawn examples of a piece of the catalogue: a page may show a hundred, and each is the same everywhere."""
    return _samples(item, get_language())


@cache
def _samples(item, _language):
    return render_to_string("evidence/_samples.html", {"item": item})


_HEADERS, _WANTED = Kept(500), Kept(1_000)


@register.simple_tag(takes_context=True)
def header(context):
    """Unfold's header of a page of the workbench: all that differs in it are the title and what stands at its end."""
    at_the_end = context.get("nav_global_side", "")
    key = get_language(), str(context["title"]), str(at_the_end), *map(str, context["environment"] or ())
    return _HEADERS.get(key, lambda: context.template.engine.get_template("unfold/helpers/header.html").render(context))


@register.simple_tag
def wanted(asked):
    """What is wanted for one claim, with the meter and samples: a form has one for each answer that could be given."""
    there = tuple(line.is_there for line in asked.lines)
    key = get_language(), asked.about, asked.claim, str(asked.label), there
    return _WANTED.get(key, lambda: render_to_string("evidence/_asked.html", {"asked": asked}))


@register.inclusion_tag("_contact_link.html", takes_context=True)
def contact_link(context, order):
    """The way to the order's unmasked contact, for who may see it; to a merchant whose post may not, why not."""
    if order.consumer is None or order.consumer.erased_at:
        return {}
    by = context.get("by")
    if by is None or by.role != Role.MERCHANT:
        may = actor_for(context["request"].user, privacy.ACT)
        shop_no = (getattr(context.get("record"), "shop", None) or order.shop).no
        return {"address": may and reverse(f"{platform.name}:contact", args=[shop_no, order.no])}
    refusal = privacy.why_not_reveal(order, by=by)
    if refusal:
        return {"why_not": refusal.text}
    return {"address": reverse("contact", args=[context["shop"].no, order.no])}
