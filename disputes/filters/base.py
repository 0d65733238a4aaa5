"""What the filters of all lists have in common: days that both belong to it, choices, tabs."""

from datetime import timedelta

import django_filters
from django.forms import DateInput, Form
from django.utils.translation import gettext_lazy as _

from tickets.filters import DAY_BOUNDS, midnight


class DaysForm(Form):
    """The filters' own form; `days` names the two that must be in order: else it is an error, not an empty list."""

    days = ("", "")

    def clean(self):
        first, last = (self.cleaned_data.get(name) for name in self.days)
        if first and last and first > last:
            self.add_error(self.days[1], _("The last day lies before the first."))
        return self.cleaned_data


def since(label, field):
    """From the beginning of a local day on."""
    return _day(label, lambda rows, name, day: rows.filter(**{f"{field}__gte": midnight(day)}))


def until(label, field):
    """Up to the end of a local day."""
    return _day(label, lambda rows, name, day: rows.filter(**{f"{field}__lt": midnight(day + timedelta(days=1))}))


def _day(label, method):
    return django_filters.DateFilter(
        label=label, method=method, widget=DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAY_BOUNDS
    )


def choice(label, choices, method=None, **options):
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label=_("Any"), method=method, **options)


def number(label, field):
    """A part of a number, anywhere in it."""
    return django_filters.CharFilter(field, "icontains", label=label, max_length=64)


def tab(tabs):
    """Which tab; it narrows nothing by itself, for the other tabs are counted with the same filters."""
    return django_filters.ChoiceFilter(choices=list(tabs.items()), method=lambda rows, name, value: rows)
