"""Quick phrases in the platform's desk: the platform's are kept here, those of the shops are read."""

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from shop_cs import moment
from shop_cs.admin.base import PlatformAdmin
from shop_cs.admin.current import FIELD, OneAtATime
from shop_cs.sites import platform

from .. import actions
from ..helping import phrases
from ..models import Phrase


class PhraseForm(forms.ModelForm):
    """A phrase of the platform; a variable that there is none of is told at the text."""

    class Meta:
        model = Phrase
        fields = ["title", "text", "category", "is_active", "position"]

    def clean_title(self):
        title = self.cleaned_data["title"]
        # The form does not know the shop, without which the database's promise says nothing.
        if Phrase.everything.filter(shop=None, title=title).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a phrase of this title already."))
        return title

    def clean_text(self):
        text = self.cleaned_data["text"]
        if wrong := phrases.why_not(text):
            raise forms.ValidationError(wrong)
        return text


@admin.register(Phrase, site=platform)
class PhraseAdmin(OneAtATime, PlatformAdmin):
    see_act, edit_act = "see_playbooks", "keep_phrases"
    form = PhraseForm
    list_display = ["title", "whose", "category", "is_active"]
    list_filter = [("shop", admin.EmptyFieldListFilter), "category", "is_active"]
    search_fields = ["title", "text"]
    readonly_fields = ["whose", "variables"]
    fields = ["title", "text", "variables", "category", "is_active", "position", "whose"]

    def get_queryset(self, request):
        return Phrase.everything.select_related("shop")

    def has_change_permission(self, request, obj=None):
        """The shops keep their own."""
        return super().has_change_permission(request) and (obj is None or obj.shop_id is None)

    def has_delete_permission(self, request, obj=None):
        return obj is not None and self.has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        said = {name: value for name, value in form.cleaned_data.items() if name != FIELD}
        by, now = self.editor(request.user), moment.now()
        if change:
            actions.change_phrase(obj, by=by, now=now, **said)
        else:
            position = said.pop("position")
            saved = actions.add_phrase(shop=None, by=by, now=now, **said)
            if position:
                saved = actions.change_phrase(saved, position=position, by=by, now=now)
            obj.pk = saved.pk

    def delete_model(self, request, obj):
        actions.delete_phrase(obj, by=self.editor(request.user), now=moment.now())

    @display(description=gettext_lazy("shop"), ordering="shop")
    def whose(self, phrase):
        return str(phrase.shop) if phrase.shop_id else gettext_lazy("the platform's")

    @admin.display(description=gettext_lazy("variables"))
    def variables(self, phrase):
        return render_to_string("admin/helping/variables.html", {"variables": phrases.table()})
