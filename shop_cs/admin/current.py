"""Of two who edit the same record in the desk, the second is told what the first has changed, and overwrites nothing
unknowingly: a hidden field says which state of the record a page was made from."""

from django import forms
from django.db import connection
from django.utils.translation import gettext as _

from ..history import changes_since, stamp_of
from ..words import instant, listed, plain

FIELD = "expect"
# So many changes are told, and so much of a value.
MOST, SHOWN = 5, 60


class CurrentForm(forms.ModelForm):
    """A form whose record must still be as it was shown. `trail_parts` are the admin's: what belongs to the record."""

    trail_parts = ()
    expect = forms.CharField(label="", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[FIELD].initial = stamp_of(self.instance, self.trail_parts) if self.instance.pk else ""

    def clean(self):
        said = super().clean()
        now_is, expected = self.fields[FIELD].initial, self.cleaned_data.get(FIELD)
        if expected and expected != now_is:
            # Who has read it and saves again knows what he overwrites.
            self.data = self.data.copy()
            self.data[self.add_prefix(FIELD)] = now_is
            self.add_error(None, _words(self.instance, self.trail_parts, expected))
        return said


class OneAtATime:
    """Put before an admin that edits: compares at saving, under a lock, with the state that the page had shown."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form = type(self.form.__name__, (CurrentForm, self.form), {"trail_parts": self.trail_parts})

    def get_object(self, request, object_id, from_field=None):
        """While it is being saved, the row is held: of two who save at once the second finds it changed."""
        record = super().get_object(request, object_id, from_field)
        if record is None or request.method != "POST" or not connection.in_atomic_block:
            return record
        list(self.model._base_manager.select_for_update(of=("self",)).filter(pk=record.pk))
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        (title, first), *rest = fieldsets
        return [(title, {**first, "fields": [*first["fields"], FIELD]}), *rest]


def _words(record, parts, expected):
    """Who has changed what since, newest first; and that nothing is lost."""
    changes = changes_since(record, expected, parts)
    # Who saves a whole leaves a line for each of its parts, whether or not it differs.
    changes = [change for change in changes if change.fields] or changes
    return [
        *(_told(change) for change in changes[:MOST]),
        _("Nothing was saved yet; what you typed stands here still. Save again to put it in the place of that."),
    ]


def _told(change):
    fields = (f"{field.label}: {_short(field.before)} → {_short(field.after)}" for field in change.fields)
    what = listed(filter(None, [change.about, *fields])) or "—"
    words = {"who": change.who or change.role, "at": instant(change.at), "what": what}
    return _("%(who)s has changed this meanwhile (%(at)s): %(what)s") % words


def _short(value):
    text = str(plain(value))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
