"""Filters of the platform's lists that links bring along: shown while they are set, so that they can be taken back."""

from datetime import datetime, time, timedelta

from django.contrib.admin import RelatedFieldListFilter, SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy as _

from ..clock import SHANGHAI
from ..models import AfterSale, Rulebook


class Asked(SimpleListFilter):
    """A filter of any value; `only(value)` are its conditions, a ValueError says that it is none."""

    def lookups(self, request, model_admin):
        value = self.used_parameters.get(self.parameter_name)
        return [(value, value)] if value else []

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        try:
            return queryset.filter(**self.only(self.value()))
        except ValueError as error:
            raise IncorrectLookupParameters(str(error)) from error


class OfShop(Asked):
    title, parameter_name = _("shop number"), "shop"

    def only(self, value):
        return {"shop__no": value}


class OfRulebook(RelatedFieldListFilter):
    """As Django's, by the versions' names: their tables are not read for it."""

    def field_choices(self, field, request, model_admin):
        return list(Rulebook.objects.values_list("pk", "name"))


class OnlyThose(Asked):
    """A filter that is set or is not; while it is, `words` say what is shown."""

    words = ""

    def lookups(self, request, model_admin):
        return [("yes", self.words)] if self.used_parameters.get(self.parameter_name) else []


class RefundsOnly(OnlyThose):
    """After-sales that ask for money back."""

    title, parameter_name, words = _("refunds"), "refunds", _("Money is asked back")

    def only(self, value):
        return {"kind__in": [AfterSale.Kind.REFUND, AfterSale.Kind.RETURN]}


def from_day(field, name, title):
    """From a local day on, by the instant in `field`."""
    return type(
        "FromDay", (Asked,), {**_named(f"{name}_from", title), "only": lambda self, day: {f"{field}__gte": _at(day)}}
    )


def to_day(field, name, title):
    """Up to a local day and with it."""
    return type(
        "ToDay", (Asked,), {**_named(f"{name}_to", title), "only": lambda self, day: {f"{field}__lt": _at(day, 1)}}
    )


def _named(name, title):
    return {"title": title, "parameter_name": name}


def _at(text, later=0):
    day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone yet
    if not 2000 <= day.year < 2100:
        raise ValueError(text)
    return datetime.combine(day + timedelta(days=later), time(), tzinfo=SHANGHAI)
