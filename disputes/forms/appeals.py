"""What a merchant types into an appeal, and a reviewer into its decision. What may be done is asked of the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.forms import TEXT_LENGTH, EvidenceForm

from ..models import Ground
from .fields import YuanField

NO_REASON = _("Say why: the merchant must be able to understand the decision.")


class AppealForm(EvidenceForm):
    """An appeal: its ground, the reasons, evidence; sent only by who knows that there is one in all."""

    ground = forms.ChoiceField(
        label=pgettext_lazy("of an appeal", "Ground"), choices=[("", _("Choose a ground")), *Ground.choices]
    )
    text = forms.CharField(
        label=_("Reasons"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say why the decision should not stand.")},
    )
    sure = forms.BooleanField(
        label=_("I know that this is the one appeal against it and that it cannot be changed or taken back."),
        error_messages={"required": _("Confirm that you know this.")},
    )

    def appeal(self):
        """What was typed, as `appealing.submit` wants it, the evidence aside."""
        return {name: self.cleaned_data[name] for name in ("ground", "text")}


class AppealDecisionForm(forms.Form):
    """A reason, the stamp of what the reviewer saw, and the amount that he saw or names."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The merchant reads it."),
        error_messages={"required": NO_REASON},
    )
    expect = forms.CharField(required=False, widget=forms.HiddenInput)

    def said(self):
        """As the verbs want it."""
        return self.cleaned_data


class GrantForm(AppealDecisionForm):
    """In full: with the amount that the page showed, in fen."""

    refund_fen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class GrantPartForm(AppealDecisionForm):
    """In part: the amount in yuan that comes back, or that is less to pay; in whole fen once it is read."""

    refund_fen = YuanField(label=_("Amount granted, yuan"))
    field_order = ["refund_fen", "reason", "expect"]
