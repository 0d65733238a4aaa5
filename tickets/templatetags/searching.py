"""The box of the search in the header of both sites."""

from django import template
from django.urls import reverse

from shop_cs.access import actor_for
from shop_cs.sites import platform

register = template.Library()


@register.inclusion_tag("tickets/_search_box.html", takes_context=True)
def search_box(context):
    """The box of the site and shop that one is in; nothing on pages of neither, and for who may not search."""
    request = context.get("request")
    return {"address": _address(request) if request else "", "q": request.GET.get("q", "") if request else ""}


def _address(request):
    if member := getattr(request, "member", None):
        return reverse("search", args=[member.shop.no])
    in_desk = request.path.startswith(reverse(f"{platform.name}:index"))
    if in_desk and request.user.is_authenticated and actor_for(request.user, "see_requests"):
        return reverse(f"{platform.name}:search")
    return ""
