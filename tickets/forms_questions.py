"""A question of the bank as people write it: an option a line, the right ones with * before them."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from .models import Exam, ExamQuestion

MOST_OPTIONS, LONGEST_OPTION = 10, 200
RIGHT = ("*", "＊")


class OptionsField(forms.CharField):
    """ "* right\\nwrong" → [{"text": "right", "right": true}, {"text": "wrong", "right": false}]."""

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(f"{RIGHT[0]} {option['text']}" if option.get("right") else option["text"] for option in value)

    def to_python(self, value):
        options = [_option(line) for line in super().to_python(value).splitlines() if line.strip()]
        if wrong := list(_wrong(options)):
            raise forms.ValidationError(wrong)
        return options

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != data


def _option(line):
    line = line.strip()
    return {"text": line.lstrip("".join(RIGHT)).strip(), "right": line.startswith(RIGHT)}


def _wrong(options):
    """What is wrong with the options, in words."""
    texts = [option["text"] for option in options]
    if len(options) < 2:
        yield _("A question needs two options at least: write one a line.")
    if len(options) > MOST_OPTIONS:
        yield _("A question has at most %(n)s options.") % {"n": MOST_OPTIONS}
    if options and not any(option["right"] for option in options):
        yield _("No option is right yet: write * before each right one.")
    if not all(texts):
        yield _("An option has no text behind its *.")
    if len(set(texts)) < len(texts):
        yield _("An option stands there twice.")
    if any(len(text) > LONGEST_OPTION for text in texts):
        yield _("An option has at most %(n)s characters.") % {"n": LONGEST_OPTION}


class QuestionForm(forms.ModelForm):
    options = OptionsField(
        label=gettext_lazy("Options"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line; write * before each right one. With several right ones all are asked for."),
    )

    class Meta:
        model = ExamQuestion
        fields = ["text", "options", "explanation", "is_active"]

    def clean_is_active(self):
        """While somebody has an exam before him there is a question to pass it with."""
        is_active = self.cleaned_data["is_active"]
        if not is_active and self.instance.pk and self.instance.is_active and self._is_last() and _is_owed():
            raise forms.ValidationError(
                _("This is the last question in use, and members have exams to pass: put another one into use first.")
            )
        return is_active

    def _is_last(self):
        return not ExamQuestion.objects.filter(is_active=True).exclude(pk=self.instance.pk).exists()


def _is_owed():
    return Exam.everything.filter(passed_at__isnull=True, due_at__isnull=False).exists()
