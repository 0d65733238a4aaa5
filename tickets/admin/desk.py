"""The platform's first page: what waits, as figures that lead to the lists. And this app's sidebar entries."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop_cs import moment
from shop_cs.access import actor_for
from shop_cs.admin import waiting
from shop_cs.admin.navigation import entry
from shop_cs.sites import PLATFORM_ITEMS, platform

from ..models import ServiceRequest
from .filters import platform_late

REQUESTS, SENDING = "tickets_servicerequest_changelist", "tickets_servicerequest_send"
waiting.WAITING["in_review"] = lambda _user_id: ServiceRequest.everything.reviewing()
WORK = (
    _("Work"),
    [
        entry("see_requests", _("Review queue"), "fact_check", "tickets_inreview_changelist", badge="in_review"),
        entry("see_requests", _("All requests"), "support_agent", REQUESTS, not_under=SENDING),
        entry("send_requests", _("Send a request"), "send", SENDING),
        entry("see_figures", _("Figures"), "monitoring", "figures"),
        entry("see_playbooks", _("Playbooks"), "route", "tickets_playbook_changelist"),
        entry("see_playbooks", _("Quick phrases"), "chat_bubble", "tickets_phrase_changelist"),
    ],
)
PLATFORM_ITEMS.insert(0, WORK)
# What other apps show on the first page: functions (request) → list of figures. They register themselves.
MORE_FIGURES = []


def figures(request, context):
    """The first page's figures (title, number, tone, link); one statement of ours. Nothing for who sees no requests."""
    if actor_for(request.user, "see_requests") is None:
        return context
    now = moment.asked_at(request)
    rows = ServiceRequest.everything
    told = waiting.sizes(
        {
            "reviewing": rows.reviewing(),
            "platform_late": rows.filter(platform_late(now)),
            "over": rows.past_deadline(now),
            "pending": rows.pending(),
            "urged": rows.open().filter(urges__gt=0),
            "scheduled": rows.scheduled(),
        }
    )
    queue = reverse(f"{platform.name}:tickets_inreview_changelist")
    requests = reverse(f"{platform.name}:tickets_servicerequest_changelist")
    context["figures"] = [
        (_("In review"), told["reviewing"], "", queue),
        (_("Platform late"), told["platform_late"], "is-red", f"{queue}?platform_late=yes"),
        (_("Pending beyond the deadline"), told["over"], "is-red", f"{requests}?over=yes"),
        (_("Pending"), told["pending"], "", f"{requests}?state__exact=pending"),
        (_("Open and urged"), told["urged"], "is-amber", f"{requests}?open=yes&urged=yes"),
        (_("Scheduled"), told["scheduled"], "", f"{requests}?state__exact=scheduled"),
    ]
    for more in MORE_FIGURES:
        context["figures"] += more(request)
    context["may_send"] = actor_for(request.user, "send_requests") is not None
    return context
