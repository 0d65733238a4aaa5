"""This app's entries in the workbench's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shop_cs import sites

from .models import ServiceRequest


def connect():
    if _items not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_items)


def _items(request, member):
    waiting = ServiceRequest.objects.of(member.shop_id).pending()
    link = reverse("requests", args=[member.shop.no])
    return [
        sites.item(
            _("Service requests"),
            "support_agent",
            link,
            badge=waiting,
            active=lambda asked: asked.path.startswith(link),
        )
    ]
