"""The filters of a statement, in the URL: what the page shows, its tabs count and the export takes."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs import statement
from shop_cs.models import ROUTES, Account, Transfer
from tickets.filters import DAY_BOUNDS, midnight

from ..money import STATEMENTS

TABS = {kind.value: kind.label for kind in STATEMENTS}
FIRST_TAB = Account.Kind.DEPOSIT
# What can touch an account that has a statement.
CAUSES = [
    (cause.value, cause.label) for cause, (payers, takers) in ROUTES.items() if set(STATEMENTS) & {*payers, *takers}
]


def _day(label):
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=day, validators=DAY_BOUNDS)


class MoneyForm(forms.Form):
    """Days in the wrong order are an error, not an empty list."""

    tab = forms.ChoiceField(choices=list(TABS.items()), required=False)
    moved_from = _day(_("Moved from"))
    moved_to = _day(_("Moved to"))
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Any")), *CAUSES], required=False)

    def clean(self):
        first, last = self.cleaned_data.get("moved_from"), self.cleaned_data.get("moved_to")
        if first and last and first > last:
            self.add_error("moved_to", _("The last day lies before the first."))
        return self.cleaned_data


class MoneyFilter:
    """What a URL asks for of a shop's statements. `only` narrows the entries, None where nothing does."""

    def __init__(self, params):
        self.data = params
        self.form = MoneyForm(params)

    @property
    def tab_chosen(self):
        """The account of a valid filter."""
        return self.form.cleaned_data["tab"] or FIRST_TAB

    @property
    def active(self):
        """How many filters are set, the tab aside; of an invalid form those that were tried."""
        said = self.form.cleaned_data if self.form.is_valid() else self.data
        return sum(bool(said.get(name)) for name in self.form.fields if name != "tab")

    @property
    def only(self):
        """The condition on transfers of a valid filter. Days are Shanghai's, both ends among them."""
        said, only = self.form.cleaned_data, Q()
        if said["moved_from"]:
            only &= Q(at__gte=midnight(said["moved_from"]))
        if said["moved_to"]:
            only &= Q(at__lt=midnight(said["moved_to"] + timedelta(days=1)))
        if said["cause"]:
            only &= Q(cause=said["cause"])
        return only or None


def filtered(shop, params, now):
    """(filter, entries of its tab with running balances, newest first); none of them for bad input.

    `now` changes nothing here; other lists ask it.
    """
    chosen = MoneyFilter(params)
    if not chosen.form.is_valid():
        return chosen, Transfer.everything.none()
    return chosen, statement.lines(shop, chosen.tab_chosen, only=chosen.only)
