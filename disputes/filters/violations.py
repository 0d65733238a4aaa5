"""The filters of the violation list, in the URL: what the list shows, the tabs count and the export takes."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from shop_cs.ladders import LASTING, Breach, Measure
from tickets.filters import ALL, YES_NO, ListFilter

from ..models import Penalty, Violation, ViolationState
from .base import DaysForm, choice, number, since, tab, until

SHOWN = (ViolationState.UPHELD, ViolationState.EXCUSED, ViolationState.REVOKED)
TABS = {ALL: _("All"), **{state: state.label for state in SHOWN}}
FIRST_TAB = ALL


class ViolationForm(DaysForm):
    days = ("found_from", "found_to")


class ViolationFilter(ListFilter):
    """Filters of a shop's violations."""

    tab = tab(TABS)
    no = number(_("Violation number"), "no")
    order = number(_("Order number"), "order__no")
    kind = choice(_("Kind"), Breach.choices, field_name="kind")
    measure = choice(_("Measure"), Measure.choices, method="has_measure")
    in_force = choice(_("Restricts now"), YES_NO, method="is_in_force")
    found_from = since(_("Found from"), "found_at")
    found_to = until(_("Found to"), "found_at")

    class Meta:
        model = Violation
        fields = []
        form = ViolationForm

    def has_measure(self, rows, name, value):
        return rows.filter(_penalties(measure=value))

    def is_in_force(self, rows, name, value):
        binds = _penalties(Penalty.everything.in_force(self.now), measure__in=LASTING)
        return rows.filter(binds if value == "yes" else ~binds)


def _penalties(rows=None, **narrower):
    rows = Penalty.everything.all() if rows is None else rows
    return Exists(rows.filter(violation=OuterRef("pk"), **narrower))


def filtered(shop, params, now):
    """What a URL asks for of the violations that a merchant sees: (filter, queryset of its tab, newest first).

    Bad input makes the filter's form invalid and the queryset empty: nothing is shown that was not asked for.
    """
    mine = Violation.objects.of(shop).visible_to_merchant()
    chosen = ViolationFilter(params, queryset=mine, now=now)
    return chosen, chosen.in_tab().order_by("-found_at", "-pk")
