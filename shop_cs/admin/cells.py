"""The cells of the platform's lists: what unfold draws in them, with all that a column has in common made once."""

from datetime import date, time
from functools import cache, lru_cache, partial
from operator import attrgetter

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_list import _coerce_field_name
from django.contrib.admin.utils import FieldIsAForeignKeyColumnName, _get_non_gfk_field, lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from unfold import utils
from unfold.admin import checkbox
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, ROW_CLASSES


def rows(listing):
    """The cells of each row as one piece of HTML."""
    cells = [
        Tick().cell if name == "action_checkbox" else Column(listing, place).cell
        for place, name in enumerate(listing.list_display)
    ]
    for record in listing.result_list:
        yield mark_safe("".join([cell(record) for cell in cells]))  # noqa: S308 - every cell escapes its own


class Tick:
    """The box that chooses a row."""

    def __init__(self):
        box = checkbox.render(ACTION_CHECKBOX_NAME, "0")
        cell = '<td class="{}" data-label="{}">{}</td>'
        whole = format_html(cell, " ".join(CHECKBOX_CLASSES), _("Select record"), box)
        self.before, self.after = whole.split('value="0"')

    def cell(self, record):
        return f'{self.before}value="{conditional_escape(record.pk)}"{self.after}'


class Column:
    """One column: `cell(record)` is what unfold draws in it."""

    def __init__(self, listing, place):
        name, self.admin = listing.list_display[place], listing.model_admin
        self.name, self.field = name, _field(listing.opts, name)
        self.said = name if callable(name) else getattr(self.admin, name, None) if self.field is None else None
        self.empty = getattr(self.said, "empty_value_display", self.admin.get_empty_value_display())
        linked = [one for one in listing.list_display if one in (listing.list_display_links or ())]
        self.link_to = listing.link_to if name in linked else None
        self.tag = "th" if linked[:1] == [name] else "td"
        self.label = listing.headers[place]["text"] if place or self.link_to else _("Select record")
        classes = [f"field-{_coerce_field_name(name, place)}", *ROW_CLASSES]
        self.nowrap = self._opening([*classes, "nowrap"])
        is_dense = isinstance(self.field, models.DateField | models.TimeField | models.ForeignKey)
        self.opening = self.nowrap if is_dense else self._opening(classes)
        self.value, self.words = self._value(), self._words()

    def _opening(self, classes):
        return format_html('<{} class="{}" data-label="{}">', self.tag, " ".join(classes), self.label)

    def cell(self, record):
        opening = self.opening
        try:
            value = self.value(record)
        except ObjectDoesNotExist:
            words = self.empty
        else:
            words = self.words(value)
            if isinstance(value, date | time):
                opening = self.nowrap
        words = conditional_escape(words)
        return f"{opening}{self.link_to(record, words) if self.link_to else words}</{self.tag}>"

    def _value(self):
        """(record) → what stands in the column."""
        if self.field is not None:
            return attrgetter(self.name)
        if callable(self.said):
            return self.said
        return lambda record: lookup_field(self.name, record, self.admin)[2]

    def _words(self):
        """(value) → how it stands there; what only few values have is drawn once for each."""
        field, said, empty = self.field, self.said, {"empty_value_display": self.empty}
        if field is not None and not field.auto_created:
            if isinstance(field.remote_field, models.ManyToOneRel):
                return lambda value: self.empty if value is None else value
            shown = partial(utils.display_for_field, field=field, **empty)
            return cache(shown) if field.flatchoices or isinstance(field, models.BooleanField) else shown
        if label := getattr(said, "label", False):
            return _labels(partial(utils.display_for_label, label=label, **empty))
        if getattr(said, "header", False):
            return partial(utils.display_for_header, **empty)
        boolean = getattr(said, "boolean", False)
        shown = partial(utils.display_for_value, boolean=boolean, **empty)
        return cache(shown) if boolean else shown


def _labels(draw):
    """The badges of values: one, (its code, its text), or a list of them."""
    # By their types too: a text that is safe already is equal to one that is not.
    once = lru_cache(typed=True)(lambda is_pair, *value: draw(value if is_pair else value[0]))

    def shown(value):
        if isinstance(value, list):
            return draw(value)
        return once(True, *value) if isinstance(value, tuple) else once(False, value)

    return shown


def _field(opts, name):
    """The model's field of this name, or None where the admin's own method or anything else is meant."""
    try:
        return _get_non_gfk_field(opts, name)
    except (FieldDoesNotExist, FieldIsAForeignKeyColumnName):
        return None
