"""What a merchant types into a report, and a reviewer into its decision. What may be done is asked of the actions."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shop_cs.models.people import NUMBER
from tickets.forms import TEXT_LENGTH, EvidenceForm

from ..models import Malice

ORDERS_LENGTH = 8000
NOT_A_NUMBER = 40


def numbers_in(text):
    """The order numbers of a text, one a line or with commas between, each once."""
    return [no for no in dict.fromkeys(re.split(r"[\s,;，；、]+", text)) if no]


class ReportForm(EvidenceForm):
    """A report of a user: the orders, what it is for, what happened, and evidence of these orders."""

    orders = forms.CharField(
        label=gettext_lazy("Order numbers"),
        help_text=gettext_lazy("One a line; all of the same user. New files are kept with the first order."),
        max_length=ORDERS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Reported for"), choices=[("", gettext_lazy("Choose a kind")), *Malice.choices]
    )
    text = forms.CharField(
        label=pgettext_lazy("told by the merchant", "What happened"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_orders(self):
        nos = numbers_in(self.cleaned_data["orders"])
        if not nos:
            raise ValidationError(_("Name the orders that the report is about."))
        if wrong := [no for no in nos if not re.fullmatch(NUMBER, no)]:
            # Told short: what was pasted by mistake can be a whole page.
            raise ValidationError(_("This is no order number: %(no)s.") % {"no": wrong[0][:NOT_A_NUMBER]})
        return nos


class ReportDecisionForm(forms.Form):
    """The reason of a decision, which the merchant reads, and the stamp of what the reviewer saw."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The merchant reads it: say nothing of other shops."),
        error_messages={"required": gettext_lazy("Say why: the merchant must be able to understand it.")},
    )
    expect = forms.CharField(required=False, widget=forms.HiddenInput)
