"""Who served negatively in a natural week, by what is on record. [3] names the exam, not the acts: these are assumed.

* rejected: the platform sent his answer back within the week;
* dissatisfied: the consumer was dissatisfied with his answer within the week;
* overdue: a deadline passed within the week on a request that was assigned to him then, or, where it was nobody's,
  that he had answered last.
"""

from collections import defaultdict
from itertools import islice

from django.utils.translation import gettext_lazy as _

from shop_cs.models import Member

from .. import moves
from ..models import Assignment, Reply, Review, ServiceRequest, Survey
from . import exams

CAUSES = {
    "rejected": _("Answers that the platform sent back"),
    "dissatisfied": _("Answers with which the consumer was dissatisfied"),
    "overdue": _("Requests that went overdue"),
}
# Fewer than a statement may have values.
CHUNK = 400


def served(monday):
    """{member: {cause: [numbers of requests]}} of the active members who served negatively in the week."""
    week = exams.bounds(monday)
    blamed = defaultdict(lambda: defaultdict(set))
    for cause, request, user in (*_rejected(week), *_dissatisfied(week), *_overdue(week)):
        blamed[request.shop_id, user][cause].add(request.no)
    found = {}
    for keys in _chunks(sorted(blamed)):
        shops, users = {shop for shop, _user in keys}, {user for _shop, user in keys}
        for member in Member.everything.filter(shop__in=shops, user__in=users, is_active=True).order_by("pk"):
            if causes := blamed.get((member.shop_id, member.user_id)):
                found[member] = {cause: sorted(causes[cause]) for cause in CAUSES if cause in causes}
    return found


def _rejected(week):
    begins, ends = week
    rows = Review.everything.filter(approved=False, reviewed_at__gte=begins, reviewed_at__lt=ends)
    return _answered("rejected", rows)


def _dissatisfied(week):
    begins, ends = week
    rows = Survey.everything.filter(satisfied=False, answered_at__gte=begins, answered_at__lt=ends)
    return _answered("dissatisfied", rows)


def _answered(cause, rows):
    """Who gave the answers of these rounds."""
    for some in _chunks(rows.order_by("pk").select_related("request").iterator(CHUNK)):
        of = {(row.request_id, row.round): row.request for row in some}
        for reply in Reply.everything.filter(request__in=[row.request_id for row in some], replied_by__isnull=False):
            if request := of.get((reply.request_id, reply.round)):
                yield cause, request, reply.replied_by_id


def _overdue(week):
    """Whose the requests were whose deadline passed. From the trail: a request itself keeps its first one only."""
    begins, ends = week
    passed = ServiceRequest.history.filter(
        # Recorded after it passed, however much later a worker came.
        history_date__gte=begins,
        move=moves.OVERDUE.name,
        deadline__gte=begins,
        deadline__lt=ends,
    )
    told = passed.order_by("history_id").only("id", "no", "shop_id", "round", "deadline")
    for some in _chunks(told.iterator(CHUNK)):
        keys = [row.id for row in some]
        holders, answers = _holders(keys), _answers(keys)
        for row in some:
            held = _at(holders[row.id], row.deadline)
            user = held if held is not None else _before(answers[row.id], row.round)
            if user is not None:
                yield "overdue", row, user


def _holders(keys):
    """{request: [(since when, whose it was then; None for nobody's)]}, in the order of time."""
    found = defaultdict(list)
    rows = Assignment.history.filter(request_id__in=keys).order_by("history_id")
    members = dict(Member.everything.filter(pk__in={row.member_id for row in rows}).values_list("pk", "user_id"))
    for row in rows:
        found[row.request_id].append(
            (row.history_date, None if row.history_type == "-" else members.get(row.member_id))
        )
    return found


def _at(holders, moment):
    """Whose it was at that moment."""
    return next((user for since, user in reversed(holders) if since <= moment), None)


def _answers(keys):
    found = defaultdict(list)
    for reply in Reply.everything.filter(request__in=keys).order_by("round"):
        found[reply.request_id].append((reply.round, reply.replied_by_id))
    return found


def _before(answers, round_):
    """Who gave the last answer before this round."""
    return next((user for number, user in reversed(answers) if number < round_), None)


def _chunks(rows):
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        yield some
