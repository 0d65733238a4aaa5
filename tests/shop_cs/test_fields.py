"""Fields that are drawn by functions are, sign by sign, what Django's own templates for Jinja2 make."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import Jinja2
from django.test import override_settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shop_cs.fields import DRAWN, FIELDS, Choices

GROUPED = [("", _("None of these")), (_("Other"), [("x", "X<"), ("y", 'Y"')]), ("1", _("Yes"))]


class Everything(forms.Form):
    text = forms.CharField(max_length=5, label="T", help_text="h<b>")
    number = forms.IntegerField(min_value=1, required=False)
    email = forms.EmailField(required=False)
    url = forms.URLField(required=False, assume_scheme="https")
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False)
    at = forms.DateTimeField(required=False)
    time = forms.TimeField(required=False)
    tick = forms.BooleanField(required=False)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-x": True, "data-no": False}), required=False)
    one = forms.ChoiceField(choices=GROUPED, required=False, widget=forms.Select(attrs={"data-mark": ""}))
    shared = forms.ChoiceField(choices=Choices(GROUPED), required=False)
    many = forms.MultipleChoiceField(choices=[("1", "<1>"), ("2", "2")], required=False)
    radio = forms.ChoiceField(choices=[("1", "<1>"), ("2", format_html("<b>{}</b>", "2"))], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=[("1", "1")], widget=forms.CheckboxSelectMultiple, required=False)
    file = forms.FileField(required=False)


SAID = {"text": "<&\"'>", "number": "x", "tick": "on", "long": "</textarea>", "one": "x", "many": ["2"], "radio": "1"}


def drawn(renderer, field, language, data=None):
    """The field's tag, and of those that are chosen one by one each choice."""
    with override(language):
        bound = Everything(data, initial={"day": date(2026, 3, 3), "text": "a"}, renderer=renderer)[field]
        return [str(bound), *(part for one in bound.subwidgets for part in (str(one), one.tag()))]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("data", [None, SAID, {}], ids=["fresh", "sent", "sent empty"])
@pytest.mark.parametrize("field", Everything.base_fields)
def test_they_are_as_djangos(field, data, language):
    assert drawn(FIELDS, field, language, data) == drawn(Jinja2(), field, language, data)


def test_most_are_drawn_without_a_template():
    widgets = {type(field.widget) for field in Everything.base_fields.values()}
    beyond = {widget.__name__ for widget in widgets if widget.template_name not in DRAWN}
    assert beyond == {"RadioSelect", "CheckboxSelectMultiple", "ClearableFileInput"}


def test_choices_are_shared_by_all_copies():
    choices = Choices([("1", "one")])
    field = forms.ChoiceField(choices=choices)
    assert list(field.choices) == list(choices) and len(choices) == 1
    with override_settings(LANGUAGE_CODE="en"):
        assert field.__deepcopy__({})._choices is choices
