"""Shops, posts, members and users: seen by every role, set up by superusers."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from .. import moment
from ..access import GROUPS
from ..actors import Role
from ..login import otp, signins
from ..models import PERMISSIONS, Member, Post, Shop, User, acting
from ..moves import Refused
from ..sites import platform
from ..words import listed
from .base import PlatformAdmin, operator
from .current import OneAtATime
from .panelled import WithPanels


class SetUp(OneAtATime, PlatformAdmin):
    """What superusers manage, that a platform can be set up."""

    see_act = "see_people"
    set_up = True


@admin.register(Shop, site=platform)
class ShopAdmin(WithPanels, SetUp):
    panel_place = "shop_platform"
    list_display = ["no", "name", "created_at"]
    search_fields = ["no", "name"]
    fields = ["no", "name"]

    def get_readonly_fields(self, request, obj=None):
        # Imports, notices and addresses know a shop by its number.
        return ["no"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            # Penalties write what is barred: whoever edits the name saves none that he read before.
            obj.bars = Shop.objects.select_for_update(no_key=True).get(pk=obj.pk).bars
        else:
            obj.created_at = moment.now()
        super().save_model(request, obj, form, change)


class PostForm(forms.ModelForm):
    permissions = forms.MultipleChoiceField(
        label=_("permissions"),
        choices=list(PERMISSIONS.items()),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Post
        fields = ["shop", "name", "permissions"]


@admin.register(Post, site=platform)
class PostAdmin(SetUp):
    form = PostForm
    list_display = ["name", "shop", "allowed"]
    list_select_related = ["shop"]
    search_fields = ["name", "shop__no", "shop__name"]

    def get_fields(self, request, obj=None):
        return ["shop", "name", "permissions" if self.has_change_permission(request) else "allowed"]

    @admin.display(description=_("permissions"))
    def allowed(self, post):
        return listed(PERMISSIONS[name] for name in post.permissions) or "—"

    def get_readonly_fields(self, request, obj=None):
        # Who has a post works for its shop.
        return ["allowed", "shop"] if obj else ["allowed"]


class MemberForm(forms.ModelForm):
    def clean(self):
        said = super().clean()
        owner, post, shop = said.get("is_owner"), said.get("post"), said.get("shop")
        if owner and post:
            self.add_error("post", _("An owner has no post: he may do everything."))
        if not owner and not post:
            self.add_error("post", _("Say which post: only the owner has none."))
        if post and shop and post.shop_id != shop.pk:
            self.add_error("post", _("This post belongs to another shop."))
        return said


@admin.register(Member, site=platform)
class MemberAdmin(SetUp):
    form = MemberForm
    list_display = ["user", "shop", "post_name", "is_active"]
    list_select_related = ["user", "shop", "post"]
    list_filter = ["is_owner", "is_active"]
    search_fields = ["user__username", "user__first_name", "shop__no", "shop__name"]
    fields = ["shop", "user", "is_owner", "post", "is_active"]
    autocomplete_fields = ["shop", "user", "post"]

    @admin.display(description=_("post"))
    def post_name(self, member):
        return member.post_name

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # Without the role a membership opens no door.
        with acting(operator(request.user), at=moment.now()):
            obj.user.groups.add(Group.objects.get(name=GROUPS[Role.MERCHANT]))


def role_of(group):
    """A role in words; a group that says none keeps its name."""
    return {name: role.label for role, name in GROUPS.items()}.get(group.name, group.name)


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = _("Roles"), "role"

    def lookups(self, request, model_admin):
        return [(role.value, role.label) for role in GROUPS]

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=GROUPS[self.value()]) if self.value() in GROUPS else queryset


class SuperusersOnly(SetUp):
    def sees(self, user):
        return user.is_superuser


@admin.register(User, site=platform)
class UserAdmin(SuperusersOnly, DjangoUserAdmin):
    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ["username", "first_name", "role_names", "is_active", "is_superuser", "last_login"]
    list_filter = [RoleFilter, "is_active", "is_superuser"]
    search_fields = ["username", "first_name"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    actions_detail = ["reset_otp"]
    fieldsets = [
        (None, {"fields": ["username", "password", "first_name"]}),
        (_("Roles"), {"fields": ["groups", "is_active", "is_superuser"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "first_name", "password1", "password2"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("Roles"))
    def role_names(self, user):
        return listed(role_of(group) for group in user.groups.all()) or "—"

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.label, field.help_text, field.label_from_instance = _("Roles"), "", role_of
        return field

    def save_related(self, request, form, formsets, change):
        with acting(operator(request.user), at=moment.now()):
            super().save_related(request, form, formsets, change)

    def user_change_password(self, request, id, form_url=""):
        with acting(operator(request.user), move="change_password", at=moment.now()):
            response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            mine = request.session.get(signins.ROW)
            signins.end_others(self.record_or_404(request, id), but=mine, now=moment.now())
        return response

    def has_reset_otp_permission(self, request, object_id=None):
        return request.user.is_superuser

    @action(description=_("Reset the one-time password"), url_path="reset-otp", permissions=["reset_otp"])
    def reset_otp(self, request, object_id):
        """Asks for a reason; the answer is a POST."""
        user, refusal = self.record_or_404(request, object_id), None
        back = reverse(f"{self.admin_site.name}:shop_cs_user_change", args=[user.pk])
        if request.method == "POST":
            reason = request.POST.get("reason", "").replace("\0", "")
            try:
                otp.reset(user, reason=reason, by=operator(request.user), now=moment.now())
            except Refused as refused:
                refusal = refused.refusal
            else:
                messages.success(request, _("%(name)s sets it up anew at the next login.") % {"name": user})
                return redirect(back)
        status = refusal.status if refusal else 200
        title = _("Reset the one-time password")
        return self.page(
            request, "admin/reset_otp.html", title=title, status=status, record=user, refusal=refusal, back=back
        )
