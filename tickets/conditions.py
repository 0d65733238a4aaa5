"""What the lists can be asked for beside their columns, as conditions: the filters of both sites and the figures that
lead to them."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Rulebook

from . import deadlines
from .models import Reply, State, Survey

DAY = timedelta(days=1)
TODAY = [("today", _("Before today's closing"))]
ANSWERS = [("any", _("Answered")), ("none", _("Not answered")), ("solved", _("Answered as solved"))]
CONSUMER = [
    ("asked", _("Asked")),
    ("answered", _("Has answered")),
    ("satisfied", _("Is satisfied")),
    ("dissatisfied", _("Is not satisfied")),
]
# How long the platform has had it, in days of the wall clock: code → (from, up to but without).
WAITS = {"0-1": (0, 1), "1-3": (1, 3), "3-7": (3, 7), "7+": (7, None)}
IN_REVIEW = [
    ("0-1", _("Less than 1 day")),
    ("1-3", _("1 to 3 days")),
    ("3-7", _("3 to 7 days")),
    ("7+", _("7 days or more")),
]


def due_today(now):
    """Pending, and due from now until the desk closes today; nothing once it has closed. [2] §一.1"""
    rulebook = Rulebook.objects.in_force(now)
    closing = rulebook and deadlines.closing(rulebook.rules(), now)
    if closing is None:
        return Q(pk__in=[])
    return Q(state=State.PENDING, deadline__gte=now, deadline__lte=closing)


def in_review(code, now):
    """Before the platform for so long."""
    least, most = WAITS[code]
    since = Q(state=State.REVIEWING, reviewing_since__lte=now - least * DAY)
    return since if most is None else since & Q(reviewing_since__gt=now - most * DAY)


def answer(code):
    """Answered by the merchant in any round, in none, or as solved in any."""
    if code == "solved":
        return _has(Reply, solved=True)
    return _has(Reply) if code == "any" else ~_has(Reply)


def consumer(code):
    """What the consumer was asked and said, in any round; satisfied is the end of it."""
    if code == "dissatisfied":
        return _has(Survey, answered_at__isnull=False) & ~_has(Survey, satisfied=True)
    said = {"asked": {"sent_at__isnull": False}, "answered": {"answered_at__isnull": False}}
    return _has(Survey, **said.get(code, {"satisfied": True}))


def _has(part, **conditions):
    return Q(Exists(part.everything.filter(request=OuterRef("pk"), **conditions)))
