"""Playbooks in the platform's desk: written step by step without code, looked at as a merchant would walk them."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import StackedInline
from unfold.decorators import action, display

from shop_cs import moment
from shop_cs.admin.base import PlatformAdmin
from shop_cs.admin.current import OneAtATime
from shop_cs.rules import Category
from shop_cs.sites import platform
from shop_cs.words import listed

from .. import actions
from ..helping import checking, guiding, phrases
from ..models import Playbook, PlaybookChoice, PlaybookStep
from ..views.helping import end_in_words
from .playbook_form import PlaybookForm, StepForm, Steps, written_choices


class StepInline(StackedInline):
    """The steps, each with its choices as lines; written together with their playbook."""

    model = PlaybookStep
    form, formset = StepForm, Steps
    extra = 0
    verbose_name, verbose_name_plural = gettext_lazy("step"), gettext_lazy("steps")
    readonly_fields = ["choices_in_words"]

    def get_fields(self, request, obj=None):
        choices = "choices" if self._may_edit(request) else "choices_in_words"
        head = [("code", "position"), ("text", "text_en"), choices]
        return [*head, ("outcome", "settlement", "reason"), ("reply", "proposal")]

    @admin.display(description=gettext_lazy("choices"))
    def choices_in_words(self, step):
        lines = ((f"{one.told} → {one.to}",) for one in written_choices(step))
        return format_html_join(mark_safe("<br>"), "{}", lines) or "—"

    def has_view_permission(self, request, obj=None):
        return True

    def _may_edit(self, request, obj=None):
        return platform.get_model_admin(Playbook).has_change_permission(request)

    has_add_permission = has_change_permission = has_delete_permission = _may_edit


@admin.register(Playbook, site=platform)
class PlaybookAdmin(OneAtATime, PlatformAdmin):
    """Nothing is deleted: what is not to be used any more is taken out of use."""

    see_act, edit_act = "see_playbooks", "edit_playbooks"
    trail_parts = ((PlaybookStep, "playbook"), (PlaybookChoice, "step__playbook"))
    form = PlaybookForm
    inlines = [StepInline]
    list_display = ["title", "title_en", "types", "steps_there", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["title", "title_en", "slug"]
    readonly_fields = ["types"]
    actions_detail = ["look_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("steps")

    def get_fields(self, request, obj=None):
        types = "categories" if self.has_change_permission(request, obj) else "types"
        return [("title", "title_en"), "slug", types, ("is_active", "position")]

    def get_urls(self):
        look = path(
            "<key:object_id>/preview/", self.admin_site.admin_view(self.preview), name="tickets_playbook_preview"
        )
        return [look, *super().get_urls()]

    def save_model(self, request, obj, form, change):
        """It is written with its steps, once these are known: see `save_related`."""

    def save_related(self, request, form, formsets, change):
        said = {name: form.cleaned_data[name] for name in PlaybookForm.COLUMNS}
        steps, by = formsets[0].steps(), self.editor(request.user)
        written = actions.write_playbook(form.instance, steps=steps, by=by, now=moment.now(), **said)
        form.instance.pk = written.pk
        if not written.is_active and (lacks := checking.unfinished(steps)):
            words = _("Saved, out of use. Before it can be used: %(what)s")
            self.message_user(request, words % {"what": " ".join(lacks)}, "WARNING")

    def construct_change_message(self, request, form, formsets, add=False):
        # The trail tells what was changed; Django's own words would ask the formsets to have saved it.
        return []

    @action(description=gettext_lazy("Preview"), url_path="look", icon="visibility")
    def look_at(self, request, object_id):
        return self.preview(request, object_id)

    def preview(self, request, object_id):
        """The guide as it is walked, with words instead of a request's values. Only looked at, never changed."""
        if not self.has_view_permission(request):
            raise PermissionDenied(_("Your role may not do this."))
        playbook = self.record_or_404(request, object_id)
        walk = guiding.walk(guiding.guide_of(playbook), request.GET.get("at", ""))
        if walk is None:
            raise Http404(_("There is no first step yet."))
        return self.page(
            request,
            "admin/helping/preview.html",
            title=_("Preview of “%(title)s”") % {"title": playbook.title},
            playbook=playbook,
            walk=walk,
            here=reverse(f"{self.admin_site.name}:tickets_playbook_preview", args=[playbook.pk]),
            lacks=checking.unfinished(walk.guide.steps),
            end=end_in_words(walk.step, _sample(walk.step)) if walk.step.is_end else None,
        )

    @admin.display(description=gettext_lazy("types"))
    def types(self, playbook):
        labels = dict(Category.choices)
        return listed(labels.get(code, code) for code in playbook.categories) or "—"

    @display(description=gettext_lazy("steps"))
    def steps_there(self, playbook):
        n = len(playbook.steps.all())
        return ngettext("%(n)s step", "%(n)s steps", n) % {"n": n}


def _sample(step):
    return {
        "solved": step.outcome == guiding.Outcome.SOLVED,
        "text": phrases.in_words(step.reply),
        "proposal": phrases.in_words(step.proposal),
    }
