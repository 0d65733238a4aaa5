"""What is typed about service quality: the robot's answers, what is looked for among them, a try at an exam."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import RobotAnswer

# More an address need not carry: the beginning of an answer finds it.
LONGEST_ASKED = 300
LONGEST_ANSWER = 2_000


class LocateForm(forms.Form):
    """A wrong automatic answer, or what a consumer asked."""

    asked = forms.CharField(
        label=_("Wrong automatic answer, or the consumer's question"),
        max_length=LONGEST_ASKED,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Paste it as the consumer saw it; of a long one the beginning is enough."),
    )


class RobotAnswerForm(forms.ModelForm):
    """An answer of the robot's, its source, and where it is changed there."""

    answer = forms.CharField(label=_("Answer"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4}))
    expect = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    class Meta:
        model = RobotAnswer
        fields = ["source", "question", "answer", "where", "is_active"]
        labels = {
            "source": _("Source"),
            "question": _("Question or keywords"),
            "where": _("Where it is changed"),
            "is_active": _("In use"),
        }
        help_texts = {"where": _("The way to it in the robot's settings, as your people know it.")}

    def said(self):
        """What was typed, for the action."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class RobotUploadForm(forms.Form):
    """A file of the robot's answers; the trial run is the default."""

    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    dry_run = forms.BooleanField(
        label=_("Only try: say what would happen, write nothing"), required=False, initial=True
    )


class PaperForm(forms.Form):
    """A try: for each question one choice, or several where several are right."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"q{question.pk}"] = _question_field(question)

    def papers(self):
        """(question, its field, whether several are right) for the page."""
        return [(one, self[f"q{one.pk}"], _has_several(one)) for one in self.questions]

    def chosen(self):
        """{question: places of the options}."""
        return {one.pk: [int(place) for place in _listed(self.cleaned_data[f"q{one.pk}"])] for one in self.questions}


def _listed(value):
    return value if isinstance(value, list) else [value]


def _has_several(question):
    return sum(bool(option.get("right")) for option in question.options) > 1


def _question_field(question):
    choices = [(str(place), option["text"]) for place, option in enumerate(question.options)]
    several = _has_several(question)
    kind, widget = (
        (forms.MultipleChoiceField, forms.CheckboxSelectMultiple) if several else (forms.ChoiceField, forms.RadioSelect)
    )
    missing = _("Answer this question.")
    return kind(label=question.text, choices=choices, widget=widget, error_messages={"required": missing})
