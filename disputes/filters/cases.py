"""The filters of the case list, in the URL: what the list shows, the tabs count and the export takes."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.filters import ALL, YES_NO, ListFilter

from ..models import Blame, Case, CaseState, Outcome, counting
from ..moves.cases import HEARING
from .base import DaysForm, choice, number, since, tab, until

TABS = {ALL: _("All"), **{state: state.label for state in CaseState}}
# The list begins with what waits for the merchant, whatever it is: evidence or payment.
FIRST_TAB = ALL


def late(now):
    """Cases in which the merchant let a time pass: silent until the evidence was over, or not paid until it was due."""
    return (
        Q(merchant_late_at__isnull=False)
        | Q(state__in=HEARING, merchant_stated_at__isnull=True, deadline__lt=now)
        | Q(state=CaseState.PAYING, pay_due__lt=now)
        | Q(state=CaseState.CONFIRMING)
        | Q(compensation__isnull=False)
    )


class CaseForm(DaysForm):
    days = ("opened_from", "opened_to")


class CaseFilter(ListFilter):
    """Filters of a shop's cases."""

    tab = tab(TABS)
    order = number(_("Order number"), "order__no")
    no = number(_("Case number"), "no")
    outcome = choice(_("Outcome"), Outcome.choices, field_name="outcome")
    blame = choice(_("Blame"), Blame.choices, field_name="blame")
    counts = choice(_("Counts in the liability rate"), YES_NO, method="is_counting")
    late = choice(pgettext_lazy("filter", "Late"), YES_NO, method="is_late")
    opened_from = since(_("Opened from"), "opened_at")
    opened_to = until(_("Opened to"), "opened_at")

    class Meta:
        model = Case
        fields = []
        form = CaseForm

    def is_counting(self, rows, name, value):
        return rows.filter(counting() if value == "yes" else ~counting())

    def is_late(self, rows, name, value):
        return rows.filter(late(self.now) if value == "yes" else ~late(self.now))


def filtered(shop, params, now):
    """What a URL asks for of a shop's cases: (filter, queryset of its tab, most urgent first).

    Bad input makes the filter's form invalid and the queryset empty: nothing is shown that was not asked for.
    """
    mine = Case.objects.of(shop)
    chosen = CaseFilter(params, queryset=mine, now=now)
    return chosen, chosen.in_tab().most_urgent_first()
