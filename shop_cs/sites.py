"""The two sites and their navigation: the workbench of the merchants, the desk of the platform."""

from functools import update_wrapper

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.sites import UnfoldAdminSite

from . import frames, moment
from .access import actor_for, memberships_of, roles_of
from .actors import Role
from .composed import composed_sizes
from .kept import Kept
from .login import signins
from .login.steps import is_of_platform, oneself, owes_code
from .models import ExportJob, Notice, acting


def stylesheet(request):
    return static("shop_cs/app.css")


def favicon(request):
    return static("shop_cs/favicon.svg")


def script(request):
    return static("shop_cs/app.js")


def environment(request):
    """The badge in the header: what this installation is not."""
    if settings.DEMO:
        return [_("Demo") if settings.REQUIRE_OTP else _("Demo, without one-time passwords"), "warning"]
    return None if settings.REQUIRE_OTP else [_("Without one-time passwords"), "danger"]


class Site(UnfoldAdminSite):
    """One login for both sites: after it `root` leads to where each belongs."""

    def get_urls(self):
        """As Django's, without its redirect to any record's public page: nothing here has one."""
        return [one for one in super().get_urls() if getattr(one, "name", None) != "view_on_site"]

    def each_context(self, request):
        """As unfold's, with the frame that is kept for who asks. The page is drawn in the shell: the answer's headers
        allow what that needs."""
        request.in_shell = True
        own = {"one_time_passwords": settings.REQUIRE_OTP}
        if "_popup" in request.GET or not self.has_permission(request):
            return {**super().each_context(request), **own}
        navigation = self._get_value(self._get_config("SIDEBAR", request)["navigation"], request)
        request.navigation = frames.settled(self, request, navigation)
        key = frames.key_of(self, request, request.navigation)
        template, context = frames.frames.get(key) or frames.frames.keep(key, super().each_context(request), request)
        badges = frames.badges_of(request.navigation)
        return {**context, **own, "sidebar_navigation": request.navigation, "frame": template, "badges": badges}

    def get_sidebar_list(self, request):
        """As unfold's; for a frame with marks in place of what it counts."""
        return (
            frames.marked(request.navigation) if hasattr(request, "navigation") else super().get_sidebar_list(request)
        )

    def admin_view(self, view, cacheable=False):
        """As Django's; but everybody may leave, also who may not do anything here or not yet."""
        if view == self.logout:
            return csrf_protect(never_cache(view))
        return super().admin_view(view, cacheable)

    def logout(self, request, extra_context=None):
        """As Django's; and "back" shows nobody what was open."""
        response = super().logout(request, extra_context)
        response["Clear-Site-Data"] = '"cache"'
        return response

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
        with acting(oneself(request.user), move="change_password"):
            response = super().password_change(request, extra_context)
        if response.status_code == 302:
            signins.end_others(request.user, but=request.session.get(signins.ROW), now=moment.now())
        return response


class WorkbenchSite(Site):
    """For merchants: ordinary views in the shell of the admin. Nothing is registered here."""

    settings_name = "WORKBENCH"
    final_catch_all_view = False

    def has_permission(self, request):
        # Whoever was let in as a member is one.
        return getattr(request, "member", None) is not None or Role.MERCHANT in roles_of(request.user)


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
            # PostgreSQL takes no NUL, and the lists' filters ask it before any form could refuse one.
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest(_("This address has a character that no text may have."))
            return inner(request, *args, **kwargs)

        return update_wrapper(door, inner)

    def has_permission(self, request):
        """Whoever works for the platform and has taken the second step, where there is one."""
        user = request.user
        return is_of_platform(user) and not owes_code(user, request.session)


workbench = WorkbenchSite(name="workbench")
platform = PlatformSite(name="platform")


# Navigation. Entries are (title, icon, link, badge); apps add theirs below.
def memberships(user):
    """The shops that a user works for, with shop and post; asked once a request."""
    if not hasattr(user, "_memberships"):
        user._memberships = memberships_of(user)
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


# Functions (request, member) → list of items, in order, by the shop's number and what the member may; the apps add
# theirs. A badge is a function (the shop's key, the user's) → the rows that it counts.
WORKBENCH_ITEMS = []
# A badge counts no further.
MOST = 999
# Groups (title, [(act, maker of the item)]): shown to roles that may do the act; None: to superusers alone.
PLATFORM_ITEMS = []
# What a superuser without any role sees, to set the platform up.
SETTING_UP = frozenset({None, "see_people"})
# Who may export anything sees the exports that he asked for.
EXPORTS = {"export_requests", "export_disputes"}


def item(title, icon, link, badge=None, active=None):
    """One entry of a sidebar; `active` decides about its mark where the link alone does not."""
    entry = {"title": title, "icon": icon, "link": link}
    if badge is not None:
        entry["badge"] = badge
    if active is not None:
        entry["active"] = lambda request: active(request)
    return entry


_ENTRIES = Kept(500)


def workbench_navigation(request):
    member = getattr(request, "member", None)
    if member is None:
        return _way_back(request.user)
    key = get_language(), member.shop.no, member.permissions
    entries = [dict(entry) for entry in _ENTRIES.get(key, lambda: _entries(request, member))]
    return [{"title": str(member.shop), "items": _counted(entries, member)}]


def _entries(request, member):
    """The same for all who may the same in a shop."""
    entries = [entry for items in WORKBENCH_ITEMS for entry in items(request, member)]
    if EXPORTS & member.permissions:
        entries.append(item(_("My exports"), "download", reverse("exports", args=[member.shop.no]), badge=_fetchable))
    entries.append(item(_("Notices"), "notifications", reverse("notices", args=[member.shop.no]), badge=_unread))
    people, posts = reverse("people", args=[member.shop.no]), reverse("post-new", args=[member.shop.no])
    under = (people, posts.removesuffix("new/"))
    entries.append(item(_("People and posts"), "group", people, active=lambda asked: asked.path.startswith(under)))
    return entries


def _fetchable(shop_id, user_id):
    return ExportJob.objects.of(shop_id).filter(asked_by=user_id, status="ready", fetched_at=None)


def _unread(shop_id, user_id):
    return Notice.objects.of(shop_id).unread_by(user_id)


@composed_sizes
def _sizes(shop_id, user_id, *, badges):
    return [rows_of(shop_id, user_id).order_by()[: MOST + 1] for rows_of in badges]


def _counted(entries, member):
    """The entries with their badges as figures, all counted in one statement; what is none has no badge."""
    badged = [entry for entry in entries if "badge" in entry]
    sizes = _sizes(member.shop_id, member.user_id, badges=tuple(entry["badge"] for entry in badged))
    for entry, count in zip(badged, sizes, strict=True):
        if count:
            entry["badge"] = str(count) if count <= MOST else f"{MOST}+"
        else:
            del entry["badge"]
    return entries


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
    return [
        {"title": _("Change password"), "link": reverse(f"{site}:password_change")},
        {"title": _("One-time password"), "link": reverse("second-step-setup")},
        {"title": _("Where I am logged in"), "link": reverse("sessions")},
        {"title": _("Keyboard shortcuts"), "link": "#keys"},
    ]


def workbench_account(request):
    return _account("workbench")


def platform_account(request):
    return _account("platform")
