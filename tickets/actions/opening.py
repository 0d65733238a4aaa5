"""A request begins: create, send at the opening, urge."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.actors import CLOCK
from shop_cs.clock import SHANGHAI
from shop_cs.moves import Refusal, Refused, begin, make, make_many, rulebook_in_force, why_not
from shop_cs.rules import BadLimit

from .. import deadlines, moves
from ..models import ServiceRequest
from ..searching import keeping

# How long an earlier request of the same order counts as recent, for the warning before sending. Assumed.
RECENT = timedelta(days=30)
# What other apps warn of before a request is sent: functions (order, now) → list of texts. They register themselves.
MORE_WARNINGS = []


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the domain's word
    """Something an agent should know before sending; `no` is the request that it is about."""

    text: str
    no: str = ""


def warnings_before(*, order, now):
    """What speaks against sending another request for this order: an open one, a recent one. [4] §二"""
    told = []
    earlier = ServiceRequest.everything.filter(order=order, created_at__gte=now - RECENT).order_by("-created_at")
    still_open = ServiceRequest.everything.filter(order=order).open().order_by("-created_at")
    for request in still_open:
        told.append(Warning(_("Request %(no)s of this order is still open.") % {"no": request.no}, request.no))
    for request in earlier.closed():
        told.append(Warning(_("Request %(no)s of this order was closed lately.") % {"no": request.no}, request.no))
    for more in MORE_WARNINGS:
        told += [Warning(text) for text in more(order, now)]
    return told


def refuse_strange(after_sale, *, order_id):
    """Raises `Refused` (404) for an after-sale of another order; None is of any."""
    if after_sale is not None and after_sale.order_id != order_id:
        raise Refused(Refusal("stranger", _("This after-sale belongs to another order."), 404))


def new_no(now):
    """A request number: the day in Shanghai and eight random digits, so that nobody counts the platform's requests."""
    return f"SR{now.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**8):08d}"


def prepared(*, order, kind, category, detail, rulebook, rules, agreed=None, created_at, no, urges=0, **more):
    """An unsaved request with its limit and the moment it is to be sent. Raises `Refused` for a bad limit (400)."""
    try:
        limit = rules.limit_of(kind, category, agreed)
    except BadLimit as error:
        raise Refused(Refusal("limit", str(error), 400)) from error
    return ServiceRequest(
        no=no,
        shop_id=order.shop_id,
        order=order,
        kind=kind,
        category=category,
        detail=detail,
        rulebook=rulebook,
        limit_minutes=limit // timedelta(minutes=1),
        created_at=created_at,
        send_at=deadlines.opening(rules, created_at),
        urges=urges,
        **more,
    )


def opened(rules):
    """The changes of a request that is sent: it opens its first round at the moment it was to be sent."""

    def changes(record):
        return {"sent_at": record.send_at, **deadlines.round_from(rules, record.send_at, record.limit)}

    return changes


def create(*, order, kind, category, detail, by, now, agreed=None, after_sale=None, submission=None):
    """A new request: pending at once inside the working hours, else scheduled for the next opening. [2] §一.1

    `agreed` is a timedelta of working time, for the agreed kind only. `submission` is the sender's own name for it:
    sent twice, it is one request, and the one there is comes back. Raises `Refused`: limit (400), role (403), an
    after-sale of another order (404), the name of another submission, no rulebook in force (409).
    """
    # Asked before what is there is told: it answers only who could have sent it.
    if refusal := why_not(ServiceRequest(shop_id=order.shop_id), moves.CREATE, by=by, now=now):
        raise Refused(refusal)
    said = {"order_id": order.pk, "kind": kind, "category": category, "detail": detail, "created_by_id": by.user_id}
    if there_is := _submitted(submission, said):
        return there_is
    refuse_strange(after_sale, order_id=order.pk)
    rulebook = rulebook_in_force(now)
    rules = rulebook.rules()
    for _attempt in range(5):
        record = prepared(
            order=order,
            kind=kind,
            category=category,
            detail=detail,
            rulebook=rulebook,
            rules=rules,
            agreed=agreed,
            created_at=now,
            no=new_no(now),
            after_sale=after_sale,
            created_by_id=by.user_id,
            submission=submission,
        )
        changes = None if moves.outside_hours(record) else opened(rules)
        try:
            with transaction.atomic():
                begin(record, moves.CREATE, by=by, now=now, changes=changes)
                keeping.added(record)
                if record.sent_at:
                    notices.tell(record.shop_id, "request_new", now=now, path=record.path, no=record.no)
            return record
        except IntegrityError:
            if there_is := _submitted(submission, said):
                return there_is
            if not ServiceRequest.everything.filter(no=record.no).exists():
                raise
    raise RuntimeError("five request numbers in a row were taken")


def _submitted(submission, said):
    """The request of this submission, None when it is new. Raises `Refused` (409) when it says or is of another."""
    there_is = submission and ServiceRequest.everything.filter(submission=submission).first()
    if there_is and any(getattr(there_is, name) != value for name, value in said.items()):
        words = _("Something else was sent under this name already. Begin anew.")
        raise Refused(Refusal("submission", words))
    return there_is


def send_due(rows, *, now, by=CLOCK):
    """Sends what waited for the opening. Its time runs from the opening, whenever the worker came by."""
    rules = RulesOf()
    sent = make_many(rows, moves.SEND, by=by, now=now, changes=lambda record: opened(rules(record))(record))
    tell_each("request_new", sent, now=now)
    return sent


def urge(request, *, by, now):
    """The consumer presses: raises attention, never moves a deadline."""
    with transaction.atomic():
        record = make(
            request,
            moves.URGE,
            by=by,
            now=now,
            changes=lambda row: {"urges": row.urges + 1, "last_urged_at": now},
        )
        notices.tell(record.shop_id, "request_urged", now=now, path=record.path, no=record.no)
    return record


class RulesOf:
    """Each record's own rulebook as a typed value, made once for each version."""

    def __init__(self):
        self._made = {}

    def __call__(self, record):
        if record.rulebook_id not in self._made:
            self._made[record.rulebook_id] = record.rulebook.rules()
        return self._made[record.rulebook_id]


def tell_each(kind, records, *, now):
    """Notices for many requests at once, gathered per shop when they are many."""
    if not records:
        return
    shop_no = {record.shop_id: record.shop.no for record in records}
    notices.tell_many(
        kind,
        [(record.shop_id, record.path, {"no": record.no}) for record in records],
        now=now,
        gathered_path=lambda shop_id: f"/s/{shop_no[shop_id]}/requests/",
    )
