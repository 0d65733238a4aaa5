"""A search of the trail as a table: one line for each field that changed, written row by row."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..masking import mask_query
from ..models import ExportLog, acting
from ..moves import Refusal, Refused
from ..words import plain
from .search import count, whole

# Changes of one export, each of which has some lines; more would keep the reader waiting and fill a sheet.
MOST = 50_000

COLUMNS = (
    gettext_lazy("At"),
    gettext_lazy("By"),
    gettext_lazy("User"),
    gettext_lazy("Role"),
    gettext_lazy("Change"),
    gettext_lazy("Action"),
    gettext_lazy("Kind of record"),
    gettext_lazy("Record"),
    gettext_lazy("Key"),
    gettext_lazy("Version"),
    gettext_lazy("Field"),
    gettext_lazy("Column"),
    gettext_lazy("From"),
    gettext_lazy("To"),
    gettext_lazy("Reason"),
    gettext_lazy("Rulebook"),
    gettext_lazy("Request id"),
)


def header():
    """The columns' names in the reader's language."""
    return [str(name) for name in COLUMNS]


def check(where):
    """Refused (400) where more changes fit than an export holds."""
    if count(where, most=MOST) > MOST:
        text = _("More than %(most)s changes fit; an export holds no more. Narrow the search, for example by time.")
        raise Refused(Refusal("too_many", text % {"most": f"{MOST:,}"}, 400))


def rows(where, actions):
    """The lines, newest first, in constant memory. A change of no field has one line. `actions` are their words."""
    for entry in whole(where):
        action = str(actions.get(entry.action, entry.action))
        start = [entry.at, entry.who, entry.user_id, str(entry.role), entry.kind, action]
        start += [entry.label, entry.called, entry.pk, entry.version]
        end = [entry.why, entry.rulebook, entry.request_id]
        for step in entry.fields:
            yield [*start, step.label, step.name, plain(step.before), plain(step.after), *end]
        if not entry.fields:
            yield [*start, "", "", "", "", *end]


class Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows):
        self.rows, self.count = rows, 0

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            yield row


def record(*, fmt, query, rows, by, now):
    """The log of an export that was made: nothing leaves the house without one."""
    with transaction.atomic(), acting(by, move="export", at=now):
        return ExportLog.everything.create(by_id=by.user_id, at=now, format=fmt, query=mask_query(query), rows=rows)
