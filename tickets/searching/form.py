"""What may stand in the address of a search."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop_cs.fields import FIELDS
from shop_cs.rules import Category

from ..models import State
from . import asking, words

ANY = [("", _("Any"))]


class SearchForm(forms.Form):
    """The box, and the two filters beside it. `asked` is what was typed, read."""

    default_renderer = FIELDS

    q = forms.CharField(
        label=_("What to search for"),
        help_text=_(
            "The number of a request, order, after-sale or case, whole or its first 4 characters and more; or words of "
            "claims, replies, statements and decisions."
        ),
        required=False,
    )
    state = forms.ChoiceField(label=_("Status"), required=False)
    category = forms.ChoiceField(label=_("Type"), choices=[*ANY, *Category.choices], required=False)
    before = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, for_platform, **kwargs):
        super().__init__(*args, **kwargs)
        states = [choice for choice in State.choices if for_platform or choice[0] != State.SCHEDULED]
        self.fields["state"].choices = [*ANY, *states]
        self.fields["q"].widget.attrs |= {"type": "search", "maxlength": words.LONGEST_ASKED, "data-search": ""}
        self.asked = words.Asked("")

    def clean_q(self):
        self.asked = words.asked(self.cleaned_data["q"])
        if self.asked.is_too_long:
            raise ValidationError(_("At most %(n)s characters are searched for.") % {"n": words.LONGEST_ASKED})
        if self.asked.is_empty or self.asked.has_words or self.asked.number:
            return self.asked.text
        if self.asked.parts:
            raise ValidationError(_("Too short: type at least two characters of a word, or a number."))
        raise ValidationError(_("There is no word and no number in this: letters, characters or digits are needed."))

    def clean_before(self):
        before = self.cleaned_data["before"]
        try:
            return before and bool(asking.place_of(before)) and before
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("The list has no such page.")) from error

    def answer(self, by):
        """What is found for `by`; the form is valid."""
        said = {name: self.cleaned_data[name] for name in ("state", "category", "before")}
        return asking.search(self.asked, by=by, **said)
