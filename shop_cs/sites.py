"""The two sites and their navigation: the workbench of the merchants, the desk of the platform."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from .access import actor_for, roles_of
from .actors import Role
from .models import Member, Notice


def stylesheet(request):
    return static("shop_cs/app.css")


def script(request):
    return static("shop_cs/app.js")


def environment(request):
    return [_("Demo"), "warning"] if settings.DEMO else None


class WorkbenchSite(UnfoldAdminSite):
    """For merchants: ordinary views in the shell of the admin. Nothing is registered here."""

    settings_name = "WORKBENCH"
    final_catch_all_view = False

    def has_permission(self, request):
        return Role.MERCHANT in roles_of(request.user)


class PlatformSite(UnfoldAdminSite):
    """For agents, reviewers and auditors: ModelAdmins, read-only unless opted in."""

    settings_name = "PLATFORM"

    def has_permission(self, request):
        user = request.user
        return user.is_active and (bool(roles_of(user) - {Role.MERCHANT}) or user.is_superuser)


workbench = WorkbenchSite(name="workbench")
platform = PlatformSite(name="platform")


# Navigation. Entries are (title, icon, link, badge); apps add theirs below.
def memberships(user):
    """The shops that a user works for, with shop and post; asked once a request."""
    if not hasattr(user, "_memberships"):
        rows = Member.everything.filter(user=user, is_active=True).select_related("shop", "post")
        user._memberships = list(rows.order_by("shop__no"))
    return user._memberships


def shop_switch(request):
    """The user's other shops, when he has more than one."""
    shops = memberships(request.user) if request.user.is_authenticated else []
    if len(shops) < 2:
        return None
    return [
        {"title": str(member.shop), "link": reverse("home", args=[member.shop.no]), "icon": "storefront"}
        for member in shops
    ]


# Functions (request, member) → list of items, in order; the apps add theirs.
WORKBENCH_ITEMS = []
# Lists of (act, item): shown to roles that may do the act.
PLATFORM_ITEMS = []


def item(title, icon, link, badge=None, active=None):
    """One entry of a sidebar; `active` decides about its mark where the link alone does not."""
    entry = {"title": title, "icon": icon, "link": link}
    if badge:
        entry["badge"] = str(badge)
    if active is not None:
        entry["active"] = lambda request: active(request)
    return entry


def workbench_navigation(request):
    member = getattr(request, "member", None)
    if member is None:
        return []
    entries = [entry for items in WORKBENCH_ITEMS for entry in items(request, member)]
    unread = Notice.objects.of(member.shop_id).unread_by(request.user).count()
    entries.append(item(_("Notices"), "notifications", reverse("notices", args=[member.shop.no]), badge=unread or None))
    entries.append(item(_("People and posts"), "group", reverse("people", args=[member.shop.no])))
    return [{"title": str(member.shop), "items": entries}]


def platform_navigation(request):
    groups = []
    for title, entries in PLATFORM_ITEMS:
        shown = [make(request) for act, make in entries if actor_for(request.user, act) or request.user.is_superuser]
        if shown:
            groups.append({"title": title, "items": shown})
    return groups


def _account(site):
    return [{"title": _("Change password"), "link": reverse(f"{site}:password_change")}]


def workbench_account(request):
    return _account("workbench")


def platform_account(request):
    return _account("platform")
