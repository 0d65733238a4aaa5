"""What a reviewer types about violations: what he found, and how he judges it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.ladders import Breach
from shop_cs.models import Order, Shop
from tickets.forms import TEXT_LENGTH
from tickets.models import ServiceRequest

from ..models import Case, Report, Source

MOST_AT_ONCE = 100_000


def _reason(required):
    label, widget = gettext_lazy("Reason"), forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=required, max_length=TEXT_LENGTH, widget=widget)


class JudgementForm(forms.Form):
    """A reason, needed to dismiss, with the stamp and the step that the reviewer was shown."""

    reason = _reason(required=False)
    expect = forms.CharField(required=False, widget=forms.HiddenInput)
    expect_step = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        self.verb = verb
        # What it brings must have been on the page.
        self.fields["expect_step"].required = verb == "uphold"
        if verb == "dismiss":
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Say why it is no violation.")

    def judgement(self):
        """What was said, as the verb wants it."""
        said = {name: self.cleaned_data[name] for name in ("reason", "expect")}
        return said if self.verb == "dismiss" else {**said, "expect_step": self.cleaned_data["expect_step"]}


def _number(label, **more):
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=64, widget=widget, **more)


class ProposalForm(forms.Form):
    """A breach as a reviewer found it: on a request, a case or a report, or by himself."""

    shop_no = _number(gettext_lazy("Shop number"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", gettext_lazy("Choose a kind")), *Breach.choices])
    detail = forms.CharField(
        label=gettext_lazy("What was found"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        # [4]
        help_text=gettext_lazy("Whether the problem was solved is no ground: late or evasive handling is."),
    )
    account = forms.CharField(
        label=gettext_lazy("Account"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("For kinds that are counted by account, as copied short videos."),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("Upheld complaints"),
        initial=1,
        min_value=1,
        max_value=MOST_AT_ONCE,
        help_text=gettext_lazy("How many it stands for."),
    )
    order_no = _number(gettext_lazy("Order number"), required=False)
    request_no = _number(gettext_lazy("Request number"), required=False)
    case_no = _number(gettext_lazy("Case number"), required=False)
    report_no = _number(gettext_lazy("Report number"), required=False)

    def clean(self):
        said = super().clean()
        shop = said["shop"] = self._found("shop_no", Shop.objects, _("There is no shop with this number."))
        mine = {"shop": shop}
        none = _("This shop has none with this number.")
        said["order"] = self._found("order_no", Order.everything.filter(**mine), none)
        said["request"] = self._found("request_no", ServiceRequest.everything.filter(**mine), none)
        said["case"] = self._found("case_no", Case.everything.filter(**mine), none)
        said["report"] = self._found("report_no", Report.everything.filter(**mine), none)
        if sum(said[name] is not None for name in ("request", "case", "report")) > 1:
            raise forms.ValidationError(_("Name one of request, case and report: the one it was found on."))
        return said

    def _found(self, name, rows, words):
        no = self.cleaned_data.get(name)
        if not no:
            return None
        found = rows.filter(no=no).first()
        if found is None:
            self.add_error(name, words)
        return found

    def proposal(self):
        """What was found, as `punishing.propose` wants it."""
        said = self.cleaned_data
        names = ("shop", "kind", "detail", "account", "quantity", "order", "request", "case", "report")
        source = next((Source(name) for name in ("request", "case", "report") if said[name]), Source.REVIEWER)
        return {**{name: said[name] for name in names}, "source": source}
