"""The filters of a shop's reports, in the URL: what the list shows, the tabs count and the export takes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from tickets.filters import ALL, ListFilter

from ..models import Malice, Report, ReportOrder, ReportState
from .base import DaysForm, choice, number, since, tab, until

TABS = {ALL: _("All"), **{state: state.label for state in ReportState}}
FIRST_TAB = ALL


class ReportForm(DaysForm):
    days = ("made_from", "made_to")


class ReportFilter(ListFilter):
    """Filters of a shop's reports."""

    tab = tab(TABS)
    order = django_filters.CharFilter(label=_("Order number"), method="about_order", max_length=64)
    no = number(_("Report number"), "no")
    kind = choice(_("Reported for"), Malice.choices, field_name="kind")
    made_from = since(_("Made from"), "made_at")
    made_to = until(_("Made to"), "made_at")

    class Meta:
        model = Report
        fields = []
        form = ReportForm

    def about_order(self, rows, name, no):
        # Not a join: a report of several such orders is still one row.
        about = ReportOrder.everything.filter(order__no__icontains=no).order_by()
        return rows.filter(pk__in=about.values("report"))


def filtered(shop, params, now):
    """What a URL asks for of a shop's reports: (filter, queryset of its tab, newest first).

    Bad input makes the filter's form invalid and the queryset empty: nothing is shown that was not asked for.
    """
    mine = Report.objects.of(shop)
    chosen = ReportFilter(params, queryset=mine, now=now)
    return chosen, chosen.in_tab().order_by("-made_at", "-pk")
