"""What the worker does about exams: on Tuesday it warns for the week before, once a week whatever runs. [3]"""

from shop_cs.models import Heartbeat

from ..actions import exams as actions
from ..models import Exam
from .exams import WEEK, last_warning

# Of which Tuesday the warnings were given last.
MARK = "exams"


def due(now):
    """The mark, while warnings are to be given. A platform that begins gives its first on the next Tuesday."""
    latest = last_warning(now)
    Heartbeat.objects.get_or_create(name=MARK, defaults={"at": latest})
    return Heartbeat.objects.filter(name=MARK, at__lt=latest)


def warn(marks, *, now):
    """The warnings of each Tuesday since the mark, which moves with them: after a long rest no week is left out."""
    for mark in marks:
        while mark.at < last_warning(now):
            mark.at = last_warning(mark.at + WEEK)
            actions.warn(mark.at, now=now)
        mark.save(update_fields=["at"])
    return marks


def missed(now):
    """Exams that were not passed in time, of which nobody has taken note yet."""
    rows = Exam.everything.filter(passed_at__isnull=True, restricted_at__isnull=True, due_at__lt=now)
    return rows.order_by("due_at", "pk")


def restrict(rows, *, now):
    return actions.restrict(rows, now=now)
