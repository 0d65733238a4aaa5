"""Forms of groups, tags and saved views."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shop_cs.models import Member
from shop_cs.rules import Category

from .models import AgentGroup, SavedView, Tag


class _Named(forms.Form):
    """A form whose `name` is tidied; of blanks alone it is none."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise ValidationError(_("It needs a name."))
        return name


def _name(model):
    most = model._meta.get_field("name").max_length
    return forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=most)


class GroupForm(_Named):
    """A group: its way, the types it takes by itself, its members."""

    name = _name(AgentGroup)
    way = forms.ChoiceField(label=gettext_lazy("How requests are given out"), choices=AgentGroup.Way.choices)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Types that it takes by itself"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "New requests of these types are given to a member who is there, in turn or to who has least open. "
            "Where two groups take a type, the one that was made first gives it out."
        ),
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=Member.everything.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing is given to who is away or whose post may not answer requests."),
    )

    def __init__(self, *args, shop, **kwargs):
        super().__init__(*args, **kwargs)
        members = Member.objects.of(shop).filter(is_active=True).select_related("user", "post")
        self.fields["members"].queryset = members


class TagForm(_Named):
    """A tag's name and colour."""

    name = _name(Tag)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=Tag.Colour.choices)


class ViewForm(_Named):
    """A saved view's name, and whether all of the shop see it."""

    name = _name(SavedView)
    is_shared = forms.BooleanField(label=gettext_lazy("Shared with the shop"), required=False)
