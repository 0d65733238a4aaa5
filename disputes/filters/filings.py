"""The filters of a shop's filings, in the URL: what the list shows, the tabs count and the export takes."""

from datetime import timedelta

import django_filters
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _

from tickets.filters import ALL, DAY_BOUNDS, ListFilter, midnight

from ..models import Cause, Filing, FilingOrder, FilingState
from .base import DaysForm, choice, number, since, tab, until

TABS = {ALL: _("All"), **{state: state.label for state in FilingState}}
FIRST_TAB = ALL


class FilingForm(DaysForm):
    days = ("made_from", "made_to")


class FilingFilter(ListFilter):
    """Filters of a shop's filings."""

    tab = tab(TABS)
    no = number(_("Filing number"), "no")
    kind = choice(_("Kind"), Cause.choices, field_name="kind")
    order = django_filters.CharFilter(label=_("Order number"), method="names_order", max_length=64)
    courier = django_filters.CharFilter("courier", "icontains", label=_("Courier"), max_length=60)
    day = django_filters.DateFilter(
        label=_("Its time holds the day"),
        method="holds_day",
        widget=DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=DAY_BOUNDS,
    )
    made_from = since(_("Made from"), "made_at")
    made_to = until(_("Made to"), "made_at")

    class Meta:
        model = Filing
        fields = []
        form = FilingForm

    def names_order(self, rows, name, no):
        # Not a join: a filing of several such orders is still one row.
        named = FilingOrder.everything.filter(order__no__icontains=no).order_by()
        return rows.filter(pk__in=named.values("filing"))

    def holds_day(self, rows, name, day):
        return rows.filter(starts_at__lt=midnight(day + timedelta(days=1)), ends_at__gte=midnight(day))


def filtered(shop, params, now):
    """What a URL asks for of a shop's filings: (filter, queryset of its tab, newest first).

    Bad input makes the filter's form invalid and the queryset empty: nothing is shown that was not asked for.
    """
    mine = Filing.objects.of(shop)
    chosen = FilingFilter(params, queryset=mine, now=now)
    return chosen, chosen.in_tab().order_by("-made_at", "-pk")
