"""The editor of playbooks: a step a block, its choices a line each, all of it checked in words before it is saved."""

import dataclasses
import re

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from shop_cs.rules import Category

from ..helping import checking
from ..helping.guiding import Choice, Step
from ..models import Playbook, PlaybookChoice, PlaybookStep

_ARROW = re.compile(r"\s*(?:->|→|=>)\s*")
_LABEL, _LABEL_EN = (PlaybookChoice._meta.get_field(name).max_length for name in ("label", "label_en"))


class PlaybookForm(forms.ModelForm):
    COLUMNS = ("slug", "title", "title_en", "categories", "is_active", "position")

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Types"),
        choices=Category.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("On requests of these types the guide is offered."),
    )

    class Meta:
        model = Playbook
        fields = ["slug", "title", "title_en", "categories", "is_active", "position"]
        help_texts = {
            "slug": gettext_lazy("Part of its address: letters, digits and - only, as logistics-stalled."),
            "is_active": gettext_lazy("Out of use it vanishes from the merchants' pages, and may be unfinished."),
        }


class ChoicesField(forms.CharField):
    """ "label | label in English → code of the next step", one a line → [Choice]."""

    def __init__(self, **kwargs):
        super().__init__(widget=UnfoldAdminTextareaWidget({"rows": 3, "spellcheck": "false"}), **kwargs)

    def prepare_value(self, value):
        return "\n".join(map(_line, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value):
        return [_choice(line) for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "").strip() != (data or "").replace("\r\n", "\n").strip()


def written_choices(step):
    """The choices of a step as they stand."""
    rows = step.choices.select_related("to")
    return [Choice(one.label, one.to.code, one.label_en, one.pk) for one in rows]


def _line(choice):
    labels = f"{choice.label} | {choice.label_en}" if choice.label_en else choice.label
    return f"{labels} → {choice.to}"


def _choice(line):
    parts = _ARROW.split(line.strip())
    label, _bar, label_en = (part.strip() for part in parts[0].partition("|"))
    if len(parts) != 2 or not label or not parts[1].strip():
        words = _("“%(line)s” is no choice. Write: label | label in English → code of the next step.")
        raise forms.ValidationError(words % {"line": line.strip()})
    if len(label) > _LABEL or len(label_en) > _LABEL_EN:
        raise forms.ValidationError(_("“%(line)s” is too long for a choice.") % {"line": line.strip()})
    return Choice(label, parts[1].strip(), label_en)


class StepForm(forms.ModelForm):
    choices = ChoicesField(
        label=gettext_lazy("Choices"),
        required=False,
        help_text=gettext_lazy(
            "One a line: label | label in English → code of the next step. None where the step ends in a reply."
        ),
    )

    class Meta:
        model = PlaybookStep
        fields = [
            "code",
            "position",
            "text",
            "text_en",
            "outcome",
            "settlement",
            "reason",
            "reply",
            "proposal",
        ]
        help_texts = {
            "position": gettext_lazy("The step with the lowest number is the first."),
            "reply": gettext_lazy("Variables in braces are filled in, as {order}, {product}, {amount}, {courier}."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("text", "text_en", "reply", "proposal"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3
        if self.instance.pk and "choices" in self.fields:
            self.initial["choices"] = written_choices(self.instance)

    def _post_clean(self):
        # The constraints speak in names of their own; `checking` says the same in words, over all the steps.
        self._validate_unique = self._validate_constraints = False

    def step(self):
        said = self.cleaned_data
        names = (field.name for field in dataclasses.fields(Step))
        return Step(**{**{name: said[name] for name in names}, "choices": tuple(said["choices"])})


class Steps(BaseInlineFormSet):
    """All the steps of a playbook; what is wrong with them as a whole is said above them."""

    def steps(self):
        """The steps in their order, without those that are taken out."""
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        kept.sort(key=lambda form: form.cleaned_data["position"])
        return [form.step() for form in kept]

    def clean(self):
        if any(form.errors for form in self.forms):
            return
        steps = self.steps()
        wrong = checking.broken(steps)
        if not wrong and self.data.get("is_active"):
            wrong = checking.unfinished(steps)
        if wrong:
            raise forms.ValidationError(wrong)
