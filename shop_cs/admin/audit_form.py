"""The form of the trail's search, in the URL: what is typed, understood or refused at its field."""

import re
from datetime import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..actors import Role
from ..audit import search
from ..audit.tables import tables
from ..clock import SHANGHAI
from .base import ACTIONS

# Instants outside are typing mistakes, and the ends of the calendar cannot be moved to another zone.
BOUNDS = [
    MinValueValidator(datetime(2000, 1, 1, tzinfo=SHANGHAI)),
    MaxValueValidator(datetime(2100, 1, 1, tzinfo=SHANGHAI)),
]
MOST_KEY = 2**63 - 1
ANY = [("", gettext_lazy("Any"))]


class InstantField(forms.DateTimeField):
    """An instant of Shanghai as a browser's own field writes it, 2026-11-03T10:00, with seconds where wanted."""

    def __init__(self, label, *, required=False):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
        super().__init__(label=label, required=required, widget=widget, validators=BOUNDS)


def record_choices():
    """Kinds of records by their names in the reader's language."""
    return sorted(((name, capfirst(table.label)) for name, table in tables().items()), key=lambda one: one[1])


def field_choices():
    """Columns by their labels; what several kinds of records call alike is chosen for all of them at once."""
    labels = {}
    for table in tables().values():
        for field in table.fields:
            labels.setdefault(field.name, capfirst(str(field.verbose_name)))
    told = ((name, f"{label} ({name})") for name, label in labels.items())
    return sorted(told, key=lambda one: one[1])


def action_choices():
    """Actions by their words; several that are called alike stand there with their names."""
    words = [(name, capfirst(str(label))) for name, label in ACTIONS.items()]
    alike = {label for _name, label in words if sum(label == other for _other, other in words) > 1}
    told = ((name, f"{label} ({name})" if label in alike else label) for name, label in words)
    return sorted(told, key=lambda one: one[1])


class SearchForm(forms.Form):
    """What is searched for; `asked()` of a valid form is what the search takes."""

    person = forms.CharField(
        label=gettext_lazy("Person"), max_length=100, required=False, help_text=gettext_lazy("Name or user name.")
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    record = forms.CharField(
        label=gettext_lazy("Record"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Its number; what points at it is found too."),
    )
    table = forms.ChoiceField(label=gettext_lazy("Kind of record"), required=False)
    pk = forms.IntegerField(
        label=gettext_lazy("Its key"),
        min_value=1,
        max_value=MOST_KEY,
        required=False,
        help_text=gettext_lazy("Together with the kind."),
    )
    field = forms.ChoiceField(
        label=gettext_lazy("Field"), required=False, help_text=gettext_lazy("Rows in which it changed.")
    )
    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    shop = forms.CharField(
        label=gettext_lazy("Shop"), max_length=100, required=False, help_text=gettext_lazy("Number or name.")
    )
    since = InstantField(gettext_lazy("From"))
    until = InstantField(gettext_lazy("To"))
    request_id = forms.CharField(label=gettext_lazy("Request id"), max_length=36, required=False)
    user = forms.IntegerField(min_value=1, max_value=MOST_KEY, required=False, widget=forms.HiddenInput)
    after = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)

    # What is not typed: it narrows like the others, or says which page.
    hidden = ("user", "after")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = {"role": Role.choices, "table": record_choices(), "field": field_choices()}
        choices["action"] = action_choices()
        for name, some in choices.items():
            self.fields[name].choices = [*ANY, *some]

    @property
    def typed(self):
        """The fields that are seen."""
        return [self[name] for name in self.fields if name not in self.hidden]

    def clean_person(self):
        person = self.cleaned_data["person"]
        self.people = search.people_called(person) if person else None
        if person and len(self.people) > search.MOST_PEOPLE:
            words = _("More than %(n)s people are called so: write more of the name.")
            raise forms.ValidationError(words % {"n": search.MOST_PEOPLE})
        return person

    def clean_shop(self):
        if not self.cleaned_data["shop"]:
            return None
        shops = search.shops_called(self.cleaned_data["shop"])
        if not shops:
            raise forms.ValidationError(_("There is no such shop."))
        return shops

    def clean_request_id(self):
        request_id = self.cleaned_data["request_id"]
        if request_id and not re.fullmatch(r"[\w.-]+", request_id):
            raise forms.ValidationError(_("This is no request id."))
        return request_id

    def clean_after(self):
        if not self.cleaned_data["after"]:
            return None
        try:
            return search.Place.read(self.cleaned_data["after"])
        except ValueError:
            raise forms.ValidationError(_("The list has no such page.")) from None

    def clean(self):
        said = self.cleaned_data
        if said.get("pk") and not said.get("table") and "table" not in self.errors:
            self.add_error("table", _("Say of which kind of record this is the key."))
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            self.add_error("until", _("The end lies before the beginning."))
        table = tables().get(said.get("table"))
        if said.get("field") and table and said["field"] not in table.names:
            self.add_error("field", _("This kind of record has no such field."))
        return said

    def asked(self):
        """The search's own value of a valid form."""
        said = self.cleaned_data
        same = ("record", "table", "pk", "field", "action", "role", "since", "until", "request_id")
        asked = {name: said[name] for name in same}
        if said["user"]:
            return search.Asked(**asked, shops=said["shop"], people=frozenset([said["user"]]))
        return search.Asked(**asked, shops=said["shop"], people=self.people, person=said["person"])

    def active(self):
        """How many of the fields narrow; of an invalid form those that were tried."""
        return sum(bool(self.data.get(name)) for name in self.fields if name != "after")


class StandingForm(forms.Form):
    """At which instant, or in which version."""

    at = InstantField(gettext_lazy("At"))
    version = forms.IntegerField(min_value=1, max_value=MOST_KEY, required=False, widget=forms.HiddenInput)


class DayForm(forms.Form):
    """Which day of Shanghai."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(datetime(2000, 1, 1, tzinfo=SHANGHAI).date()),
            MaxValueValidator(datetime(2100, 1, 1, tzinfo=SHANGHAI).date()),
        ],
    )
