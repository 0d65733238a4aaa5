"""The rulebook's form: hours, days and limits as people write them, the columns as the rules want them."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from django import forms
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from .. import ladder_text
from ..ladders import BadLadder, Breach, Measure
from ..models import Rulebook
from ..rules import Category, Kind
from ..words import listed

WEEKDAYS = [
    (0, gettext_lazy("Monday")),
    (1, gettext_lazy("Tuesday")),
    (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")),
    (4, gettext_lazy("Friday")),
    (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
]
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")
# A type is general or urgent; “agreed” is chosen for a single request. [2] §一.2
KINDS = [(kind.value, kind.label) for kind in (Kind.GENERAL, Kind.URGENT)]
LONGEST_HOURS = 8784
# What is called otherwise here than its column.
OWN_LABELS = {"expect", "second_reviewer_fen"}


class WindowsField(forms.CharField):
    """ "09:00-12:00, 14:00-18:00" → ["09:00-12:00", "14:00-18:00"]."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        windows = sorted(re.sub(r"\s", "", part).replace("–", "-") for part in _parts(value))
        for window in windows:
            if not HOURS.fullmatch(window) or window[:5] >= window[6:]:
                raise forms.ValidationError(
                    _("“%(part)s” is not a stretch of hours. Write 09:00-21:00, several with commas between.")
                    % {"part": window}
                )
        for earlier, later in pairwise(windows):
            if later[:5] < earlier[6:]:
                raise forms.ValidationError(
                    _("The hours %(one)s and %(other)s overlap.") % {"one": earlier, "other": later}
                )
        return windows


class DaysField(forms.CharField):
    """One day a line, 2026-10-01 → its ISO text; sorted, each once."""

    widget = UnfoldAdminTextareaWidget({"rows": 4})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        days = set()
        for part in _parts(value):
            try:
                days.add(date.fromisoformat(part).isoformat())
            except ValueError:
                raise forms.ValidationError(
                    _("“%(part)s” is not a day. Write one a line, as 2026-10-01.") % {"part": part}
                ) from None
        return sorted(days)


def _parts(text):
    return [part.strip() for part in re.split(r"[,，;\n]", text or "") if part.strip()]


def category_rows(value):
    """What the table of types shows: code, label, kind, hours; `value` as typed or as stored."""
    rows = []
    for code, label in Category.choices:
        entry = (value or {}).get(code, {})
        hours = entry["hours"] if "hours" in entry else f"{Decimal(entry.get('minutes', 0)) / 60:g}"
        kind = entry.get("kind", Kind.GENERAL)
        rows.append({"code": code, "label": label, "kind": kind, "hours": hours})
    return rows


class CategoriesWidget(forms.Widget):
    """A table: each type with its kind and its limit in hours of the working clock."""

    def render(self, name, value, attrs=None, renderer=None):
        return render_to_string(
            "admin/categories.html", {"name": name, "rows": category_rows(value), "kinds": KINDS, "attrs": attrs or {}}
        )

    def value_from_datadict(self, data, files, name):
        return {
            code: {"kind": data.get(f"{name}-{code}-kind", ""), "hours": data.get(f"{name}-{code}-hours", "").strip()}
            for code in Category.values
        }

    def id_for_label(self, id_):
        return ""


class CategoriesField(forms.Field):
    """{type: {"kind", "hours"}} as typed → {type: {"kind", "minutes"}}, whole minutes of the working clock."""

    widget = CategoriesWidget

    def to_python(self, value):
        stored, wrong = {}, []
        for code, label in Category.choices:
            minutes = _minutes(value[code]["hours"])
            if minutes is None or value[code]["kind"] not in dict(KINDS):
                wrong.append(str(label))
            stored[code] = {"kind": value[code]["kind"], "minutes": minutes}
        if wrong:
            raise forms.ValidationError(
                _("Kind and limit in hours (above 0, whole minutes) are needed for: %(types)s")
                % {"types": listed(wrong)}
            )
        return stored


def _minutes(hours):
    try:
        minutes = Decimal(hours) * 60
    except InvalidOperation:
        return None
    if not (minutes.is_finite() and 0 < minutes <= LONGEST_HOURS * 60) or minutes % 1:
        return None
    return int(minutes)


class YuanField(forms.DecimalField):
    """Yuan as typed, from 0 up and with at most two decimals → whole fen."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_digits=12, decimal_places=2, **kwargs)

    def prepare_value(self, value):
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value

    def clean(self, value):
        yuan = super().clean(value)
        return None if yuan is None else int(yuan.scaleb(2))


class LaddersWidget(UnfoldAdminTextareaWidget):
    """The ladders as text; below it what the words are, and how the text stands as a table, once it can be read."""

    def __init__(self):
        super().__init__({"rows": 24, "spellcheck": "false"})

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, renderer) + render_to_string(
            "admin/ladders.html", {"rows": _ladder_rows(value), "measures": Measure.choices, "kinds": Breach.choices}
        )


def _ladder_rows(text):
    """The table of a text; none for one that cannot be understood, whose error is told above it."""
    try:
        return ladder_text.rows(ladder_text.understood(text or ""))
    except BadLadder:
        return []


class LaddersField(forms.CharField):
    """Penalty ladders as text → the rulebook's JSON."""

    widget = LaddersWidget

    def prepare_value(self, value):
        return ladder_text.written(value) if isinstance(value, dict) else value

    def to_python(self, value):
        try:
            return ladder_text.understood(super().to_python(value))
        except BadLadder as error:
            raise forms.ValidationError(str(error)) from None

    def has_changed(self, initial, data):
        return True


class RulebookForm(forms.ModelForm):
    """A version that is yet to come. `now` is set by the page: a version may not begin in the past."""

    now = None
    windows = WindowsField(help_text=gettext_lazy("As 09:00-21:00; several with commas between."))
    closed_weekdays = forms.TypedMultipleChoiceField(
        coerce=int, choices=WEEKDAYS, required=False, empty_value=[], widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    closed_days = DaysField(required=False, help_text=gettext_lazy("One a line, as 2026-10-01."))
    makeup_days = DaysField(
        required=False, help_text=gettext_lazy("Open although their weekday is closed. One a line, as 2026-10-10.")
    )
    categories = CategoriesField(help_text=gettext_lazy("Limits in hours of the working clock. [2]"))
    second_reviewer_fen = YuanField(
        label=gettext_lazy("second reviewer above, yuan"),
        help_text=gettext_lazy("Above this amount a second reviewer confirms before money moves. Assumed."),
    )
    ladders = LaddersField(
        required=False,
        help_text=gettext_lazy(
            "A kind a paragraph, a step a line: from how many on, then its measures with ; between. Without “within …"
            " days” all are counted that there ever were; without “for” a measure lasts for ever. Copied videos: [1];"
            " the others are assumed."
        ),
    )

    class Meta:
        model = Rulebook
        fields = "__all__"  # noqa: DJ007 - the page names them; every column is a rule

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in OWN_LABELS:
                field.label = capfirst(Rulebook._meta.get_field(name).verbose_name)
        if "note" in self.fields:
            self.fields["note"].required = True
            self.fields["note"].widget.attrs["rows"] = 4

    def clean_effective_from(self):
        begins = self.cleaned_data["effective_from"]
        if begins <= self.now:
            raise forms.ValidationError(_("A version begins in the future: what has been in force cannot change."))
        return begins

    def clean(self):
        said = super().clean()
        opens, closes = said.get("survey_opens"), said.get("survey_closes")
        if opens is not None and closes is not None and opens >= closes:
            self.add_error("survey_closes", _("Surveys end before they begin."))
        if both := set(said.get("closed_days", ())) & set(said.get("makeup_days", ())):
            self.add_error(
                "makeup_days",
                _("Both closed and open to make up: %(days)s") % {"days": listed(sorted(both))},
            )
        return said

    def _post_clean(self):
        # The model judges the calendar as a whole; of one with a part missing it would name the wrong fault.
        if not self.errors:
            super()._post_clean()
