"""What is typed into a quick phrase."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop_cs.rules import Category

from .helping import phrases


class PhraseForm(forms.Form):
    """A phrase of a shop; a variable that there is none of is told at the text."""

    title = forms.CharField(label=_("Title"), max_length=40)
    text = forms.CharField(label=_("Text"), max_length=1000, widget=forms.Textarea(attrs={"rows": 6}))
    category = forms.ChoiceField(
        label=_("For requests of the type"), choices=[("", _("All types")), *Category.choices], required=False
    )
    is_active = forms.BooleanField(label=_("in use"), required=False)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if wrong := phrases.why_not(text):
            raise ValidationError(wrong)
        return text
