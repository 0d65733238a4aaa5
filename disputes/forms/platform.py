"""What the platform's people type about a case: what it is about, the ruling, a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.forms import TEXT_LENGTH

from ..models import RULED_OUTCOMES, Blame, Outcome, Scene
from .fields import YuanField

YES, NO = "yes", "no"


def _text(label, *, required=True, rows=4, **options):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=TEXT_LENGTH, widget=widget, **options)


class LookUpForm(forms.Form):
    """Which order or after-sale a case is about."""

    no = forms.CharField(
        label=_("Order or after-sale number"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class OpenForm(forms.Form):
    """A case as an agent types it; the after-sale it is about is known by then."""

    claim = _text(_("Consumer's claim"), rows=5)
    claim_fen = YuanField(label=_("Amount claimed, yuan"))
    submission = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    all_the_same = forms.BooleanField(label=_("Open a case all the same"), required=False)

    def case(self):
        """What was typed, as `actions.open_case` wants it."""
        return {name: self.cleaned_data[name] for name in ("claim", "claim_fen", "submission")}


class ReasonForm(forms.Form):
    """A reason, and the stamp of what the reviewer saw. `needed` are the words where it may not be left out."""

    reason = _text(_("Reason"), required=False)
    expect = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, needed="", **kwargs):
        super().__init__(*args, **kwargs)
        if needed:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = needed

    def said(self):
        """As the verbs want it."""
        return {name: self.cleaned_data[name] for name in ("reason", "expect")}


class RulingForm(ReasonForm):
    """The ruling; which of its parts count is decided by the outcome and by whether it counts."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(outcome.value, outcome.label) for outcome in RULED_OUTCOMES],
        widget=forms.RadioSelect,
    )
    award_fen = YuanField(
        label=_("Amount awarded, yuan"),
        required=False,
        help_text=_("For the consumer and shared only: what the merchant has to pay."),
    )
    blame = forms.ChoiceField(label=_("Who is to blame"), choices=[("", _("Choose one")), *Blame.choices])
    counts = forms.ChoiceField(
        label=_("Does it count in the shop's liability rate?"),
        choices=[(YES, _("It counts")), (NO, _("It does not count"))],
        widget=forms.RadioSelect,
        initial=YES,
    )
    scene = forms.ChoiceField(
        label=_("Scene for which it does not count"),
        choices=[("", _("Choose a scene")), *Scene.choices],
        required=False,
    )
    field_order = ["outcome", "award_fen", "blame", "counts", "scene", "reason", "expect"]

    def said(self):
        """As `actions.rule` wants it: for the merchant there is nothing to pay and nothing to count."""
        said = {**self.cleaned_data, "counts": self.cleaned_data["counts"] == YES}
        if said["outcome"] == Outcome.MERCHANT:
            return {**said, "award_fen": None, "counts": True, "scene": ""}
        return {**said, "scene": "" if said["counts"] else said["scene"]}
