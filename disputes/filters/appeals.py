"""The filters of a shop's appeals, in the URL: what the list shows, the tabs count and the export takes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.filters import ALL, ListFilter

from ..models import Appeal, AppealState, Ground
from .base import DaysForm, choice, number, since, tab, until

TABS = {ALL: _("All"), **{state: state.label for state in AppealState}}
FIRST_TAB = ALL


class Subject(TextChoices):
    """What an appeal is against, by its column."""

    CASE = "case", _("Ruling")
    COMPENSATION = "compensation", _("Advance compensation")
    VIOLATION = "violation", _("Violation")


class AppealForm(DaysForm):
    days = ("made_from", "made_to")


class AppealFilter(ListFilter):
    """Filters of a shop's appeals."""

    tab = tab(TABS)
    no = number(_("Appeal number"), "no")
    order = number(_("Order number"), "order__no")
    subject = choice(_("Against"), Subject.choices, method="is_against")
    ground = choice(pgettext_lazy("of an appeal", "Ground"), Ground.choices, field_name="ground")
    made_from = since(_("Made from"), "made_at")
    made_to = until(_("Made to"), "made_at")

    class Meta:
        model = Appeal
        fields = []
        form = AppealForm

    def is_against(self, rows, name, column):
        return rows.filter(**{f"{column}__isnull": False})


def filtered(shop, params, now):
    """What a URL asks for of a shop's appeals: (filter, queryset of its tab, newest first).

    Bad input makes the filter's form invalid and the queryset empty: nothing is shown that was not asked for.
    """
    mine = Appeal.objects.of(shop)
    chosen = AppealFilter(params, queryset=mine, now=now)
    return chosen, chosen.in_tab().order_by("-made_at", "-pk")
