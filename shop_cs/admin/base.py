"""The base of the platform's pages: read-only unless opted in, by the decision table; every change with its actor."""

import re
from dataclasses import replace

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from .. import moment
from ..access import actor_for
from ..actors import Actor, Role
from ..history import changes_of
from ..models import acting
from ..words import plain
from .listing import Counted, Listing

# How the trail's actions are called on the screen; the apps add theirs.
ACTIONS = {
    "create": gettext_lazy("create"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
    "upload": gettext_lazy("upload"),
    "import": gettext_lazy("import"),
    "change_roles": gettext_lazy("change roles"),
    "change_password": gettext_lazy("change password"),
    "demo": gettext_lazy("demo data"),
    "ship": gettext_lazy("shipped with the product"),
    "export": gettext_lazy("export"),
    "ask_export": gettext_lazy("ask for an export"),
    "make_export": gettext_lazy("make an export"),
    "fetch_export": gettext_lazy("fetch an export"),
    "cancel_export": gettext_lazy("cancel an export"),
    "fail_export": gettext_lazy("fail to make an export"),
    "hire": gettext_lazy("add a member"),
    "give_post": gettext_lazy("give a post"),
    "deactivate": gettext_lazy("deactivate"),
    "reactivate": gettext_lazy("reactivate"),
    "add_post": gettext_lazy("add a post"),
    "change_post": gettext_lazy("change a post"),
    "delete_post": gettext_lazy("delete a post"),
    "reveal": gettext_lazy("show a contact"),
    "erase": gettext_lazy("erase a person"),
    "enrol_otp": gettext_lazy("set up the one-time password"),
    "renew_recovery": gettext_lazy("make new recovery codes"),
    "reset_otp": gettext_lazy("reset the one-time password"),
}


def operator(user):
    """The superuser who sets the platform up, as an actor: none of the platform's roles."""
    return Actor(Role.SYSTEM, user_id=user.pk, name=str(user))


class PlatformAdmin(ModelAdmin):
    """Read-only for the roles that may do `see_act`; nobody else gets in (403). The trail is its history.

    `edit_act` opts in to adding and changing; `set_up` lets superusers do so, that a platform can be set up.
    Nothing is deleted. Pages of its own are drawn by `page`.
    """

    see_act = "see_requests"
    edit_act = None
    set_up = False
    # What is read together with a record for its page.
    shown_with = ()
    # (model, its foreign key to the record): what belongs to a record and is read in its history.
    trail_parts = ()
    save_on_top = False
    show_full_result_count = False
    list_per_page = 50
    # Set where no index has the order of the list.
    keys_first = False
    paginator = Counted
    change_list_template = "admin/listing.html"
    actions = None

    def get_changelist(self, request, **kwargs):
        return Listing

    def get_urls(self):
        """As Django's, with typed parameters: its own take any text, slashes too."""
        return [_typed(one) for one in super().get_urls()]

    def sees(self, user):
        return actor_for(user, self.see_act) is not None or (self.set_up and user.is_superuser)

    def editor(self, user):
        """The user as an actor who may add and change here, or None."""
        if self.set_up and user.is_superuser:
            return operator(user)
        return actor_for(user, self.edit_act) if self.edit_act else None

    def has_module_permission(self, request):
        return self.sees(request.user)

    def has_view_permission(self, request, obj=None):
        return self.sees(request.user)

    def has_add_permission(self, request):
        return self.editor(request.user) is not None

    def has_change_permission(self, request, obj=None):
        return self.editor(request.user) is not None

    def has_delete_permission(self, request, obj=None):
        return False

    def reason_of(self, obj):
        """Why the record is saved, for the trail."""
        return ""

    def said_at_saving(self, request, obj):
        """What the trail says of a save by this page."""
        return {"by": self.editor(request.user), "reason": self.reason_of(obj), "at": moment.now()}

    def save_model(self, request, obj, form, change):
        with acting(**self.said_at_saving(request, obj), move="change" if change else "create"):
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        with acting(**self.said_at_saving(request, obj), move="delete"):
            super().delete_model(request, obj)

    # The record of what was done is the trail, which cannot be edited; Django's own log would be a second, weaker one.
    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    def page(self, request, template, *, title, status=200, **context):
        """One of our own pages within the site's shell."""
        request.current_app = self.admin_site.name
        shell = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, {**shell, **context}, status=status)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        # Django's own leads to the first page; an address of nothing is 404 here, as everywhere.
        raise Http404(_("There is no such record."))

    def render_change_form(self, request, context, *args, **kwargs):
        """As Django's; a form that is refused is answered with 400."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("errors"):
            response.status_code = 400
        return response

    def get_object(self, request, object_id, from_field=None):
        """As Django's, with what the record's page shows of others in the same statement."""
        if not self.shown_with or from_field:
            return super().get_object(request, object_id, from_field)
        try:
            return self.get_queryset(request).select_related(*self.shown_with).get(pk=object_id)
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    def record_or_404(self, request, object_id):
        """The record of an address; PermissionDenied for a role that does not see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied(_("Your role may not do this."))
        record = self.get_object(request, unquote(str(object_id)))
        if record is None:
            raise Http404(_("There is no such record."))
        return record

    def history_view(self, request, object_id, extra_context=None):
        """The trail of one record: who, in which role, what from and to, why. Read, never replayed."""
        record = self.record_or_404(request, object_id)
        if not (actor_for(request.user, "see_trail") or self.editor(request.user)):
            raise PermissionDenied(_("Your role may not do this."))
        return self.page(
            request,
            "admin/trail.html",
            title=_("History of %(record)s") % {"record": record},
            record=record,
            changes=[_told(change) for change in changes_of(record, self.trail_parts)],
        )


def _typed(pattern):
    route = str(pattern.pattern)
    typed = re.sub(r"<(?:path:)?(\w+)>", r"<key:\1>", route)
    return pattern if typed == route else path(typed, pattern.callback, name=pattern.name)


def _told(change):
    """A change of the trail with its action and its values as they stand on the screen."""
    fields = (replace(field, before=plain(field.before), after=plain(field.after)) for field in change.fields)
    return replace(change, action=ACTIONS.get(change.action, change.action), fields=tuple(fields))


def at(field, description):
    """A column of a list: the moment in `field`, to the minute."""

    @admin.display(description=description, ordering=field)
    def shown(self, record):
        moment_of = getattr(record, field)
        if not moment_of:
            return None
        return format_html('<span class="sc-nowrap sc-num">{}</span>', f"{localtime(moment_of):%Y-%m-%d %H:%M}")

    return shown
