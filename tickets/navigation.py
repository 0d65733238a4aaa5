"""This app's entries in the workbench's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shop_cs import sites

from .models import Exam, ServiceRequest


def connect():
    if _items not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_items)
    if _figures not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_figures)
    if _planning not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_planning)
    if _quality not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_quality)
    if _groups not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_groups)
    if _phrases not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.insert(1, _phrases)


def _waiting(shop_id, user_id):
    return ServiceRequest.objects.of(shop_id).pending()


def _exams_to_pass(shop_id, user_id):
    return Exam.objects.of(shop_id).filter(member__user=user_id, passed_at__isnull=True)


def _items(request, member):
    link = reverse("requests", args=[member.shop.no])
    return [
        sites.item(
            _("Service requests"),
            "support_agent",
            link,
            badge=_waiting,
            active=lambda asked: asked.path.startswith(link),
        )
    ]


def _groups(request, member):
    """Groups, and the tags and views that are kept beside the list."""
    link = reverse("groups", args=[member.shop.no])
    under = (link, reverse("tags", args=[member.shop.no]), reverse("views", args=[member.shop.no]))
    return [sites.item(_("Groups and tags"), "group_work", link, active=lambda asked: asked.path.startswith(under))]


def _phrases(request, member):
    link = reverse("phrases", args=[member.shop.no])
    return [sites.item(_("Quick phrases"), "chat_bubble", link, active=lambda asked: asked.path.startswith(link))]


def _figures(request, member):
    link = reverse("figures", args=[member.shop.no])
    return [sites.item(_("Figures"), "monitoring", link, active=lambda asked: asked.path.startswith(link))]


def _quality(request, member):
    def entry(title, icon, name, badge=None):
        link = reverse(name, args=[member.shop.no])
        return sites.item(title, icon, link, badge=badge, active=lambda asked: asked.path.startswith(link))

    return [
        entry(_("Response rate"), "speed", "quality"),
        entry(_("Robot answers"), "smart_toy", "robot"),
        entry(_("Exams"), "school", "exams", badge=_exams_to_pass),
    ]


def _planning(request, member):
    """Planning is for those whose post allows it: nobody else has a page to look at."""
    if "plan_staffing" not in member.permissions:
        return []
    link = reverse("staffing", args=[member.shop.no])
    return [sites.item(_("Staffing for sales"), "groups", link, active=lambda asked: asked.path.startswith(link))]
