"""The two sites and their navigation: the workbench of the merchants, the desk of the platform."""

from functools import update_wrapper

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from .access import GROUPS, actor_for, roles_of
from .actors import Actor, Role
from .models import Member, Notice, acting


def stylesheet(request):
    return static("shop_cs/app.css")


def favicon(request):
    return static("shop_cs/favicon.svg")


def script(request):
    return static("shop_cs/app.js")


def environment(request):
    return [_("Demo"), "warning"] if settings.DEMO else None


class Site(UnfoldAdminSite):
    """One login for both sites: after it `root` leads to where each belongs."""

    def login(self, request, extra_context=None):
        if request.method != "GET":
            return super().login(request, extra_context)
        own_index = {"", "/", reverse(f"{self.name}:index")}
        wanted = request.GET.get("next", "")
        if not request.user.is_authenticated:
            # Who only wants "in" is led by his role, not by the door he happened to knock at.
            if wanted and wanted in own_index:
                return redirect(request.path)
            return super().login(request, extra_context)
        if wanted in own_index or self.has_permission(request):
            return redirect("root")
        words = _("This page is not for your role. You are logged in as %(user)s.")
        raise PermissionDenied(words % {"user": request.user})

    def password_change(self, request, extra_context=None):
        """As Django's; the trail says who has changed it."""
        role = next((role for role in GROUPS if role in roles_of(request.user)), Role.SYSTEM)
        by = Actor(role, user_id=request.user.pk, name=str(request.user))
        with acting(by, move="change_password"):
            return super().password_change(request, extra_context)


class WorkbenchSite(Site):
    """For merchants: ordinary views in the shell of the admin. Nothing is registered here."""

    settings_name = "WORKBENCH"
    final_catch_all_view = False

    def has_permission(self, request):
        return Role.MERCHANT in roles_of(request.user)


# Pages of the platform site beside its records: (route, view, name). The roof fills it before the addresses are read.
PLATFORM_URLS = []


class PlatformSite(Site):
    """For agents, reviewers and auditors: ModelAdmins, read-only unless opted in."""

    settings_name = "PLATFORM"
    index_template = "admin/desk.html"
    index_title = gettext_lazy("What waits")

    def get_urls(self):
        pages = [path(route, self.admin_view(view), name=name) for route, view, name in PLATFORM_URLS]
        return [*pages, *super().get_urls()]

    def admin_view(self, view, cacheable=False):
        """As Django's, but who is known and has no business here is told so, not asked to log in again."""
        inner = super().admin_view(view, cacheable)

        def door(request, *args, **kwargs):
            leaving = request.path == reverse(f"{self.name}:logout")
            if request.user.is_authenticated and not self.has_permission(request) and not leaving:
                raise PermissionDenied(_("Your role may not do this."))
            return inner(request, *args, **kwargs)

        return update_wrapper(door, inner)

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


def shop_name(request):
    """Under the workbench's title: the shop that one is working for."""
    member = getattr(request, "member", None)
    return member.shop.name if member else None


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
# Groups (title, [(act, maker of the item)]): shown to roles that may do the act; None: to superusers alone.
PLATFORM_ITEMS = []
# What a superuser without any role sees, to set the platform up.
SETTING_UP = frozenset({None, "see_people"})


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
        return _way_back(request.user)
    entries = [entry for items in WORKBENCH_ITEMS for entry in items(request, member)]
    unread = Notice.objects.of(member.shop_id).unread_by(request.user).count()
    entries.append(item(_("Notices"), "notifications", reverse("notices", args=[member.shop.no]), badge=unread or None))
    people, posts = reverse("people", args=[member.shop.no]), reverse("post-new", args=[member.shop.no])
    under = (people, posts.removesuffix("new/"))
    entries.append(item(_("People and posts"), "group", people, active=lambda asked: asked.path.startswith(under)))
    return [{"title": str(member.shop), "items": entries}]


def _way_back(user):
    """On the site's own pages, which belong to no shop: the user's shops."""
    shops = memberships(user) if user.is_authenticated else []
    entries = [item(str(member.shop), "storefront", reverse("home", args=[member.shop.no])) for member in shops]
    return [{"title": _("Shops"), "items": entries}] if entries else []


def platform_navigation(request):
    groups = []
    for title, entries in PLATFORM_ITEMS:
        shown = [make(request) for act, make in entries if _is_for(request.user, act)]
        if shown:
            groups.append({"title": title, "items": shown})
    return groups


def _is_for(user, act):
    if act in SETTING_UP and user.is_superuser:
        return True
    return act is not None and actor_for(user, act) is not None


def _account(site):
    return [{"title": _("Change password"), "link": reverse(f"{site}:password_change")}]


def workbench_account(request):
    return _account("workbench")


def platform_account(request):
    return _account("platform")
