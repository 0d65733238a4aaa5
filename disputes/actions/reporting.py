"""The report centre: a merchant reports a malicious user, a reviewer investigates and decides. [4] §一"""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.models import Consumer, Order, Shop, acting
from shop_cs.moves import Refusal, Refused, begin, hold, make, rulebook_in_force, why_not
from shop_cs.privacy import is_known

from ..models import Malice, Report, ReportOrder
from ..moves import reports
from ..numbers import REPORT, numbered
from .exhibits import put_in

UNDECIDED = {"decided_at": None, "decided_by_id": None, "decision": ""}


def submit(*, shop, orders, kind, text, by, now, evidence=()):
    """A report of the user behind `orders`, with (piece of their vaults, what it proves, its mark) as `evidence`.

    Raises `Refused`: another shop (404), post (403), no or too many orders, orders of several people or of nobody
    known, an unknown kind, no text (400), a report about this user that waits already, no rulebook (409).
    """
    if refusal := why_not(Report(shop_id=shop.pk), reports.SUBMIT, by=by, now=now):
        raise Refused(refusal)
    rulebook = rulebook_in_force(now)
    orders = _with_consumers(shop, orders)
    _refuse_number(orders, rulebook.filing_orders_max)
    consumer = _the_person(orders)
    if kind not in Malice.values:
        raise Refused(Refusal("kind", _("Say what the user is reported for."), 400))
    if not text.strip():
        raise Refused(Refusal("text", _("Tell what happened."), 400))
    with transaction.atomic():
        # The shop's row is the queue: of two reports about one user at the same moment one waits and is refused.
        Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
        # And held, or read again: whoever is being erased meanwhile leaves no key behind in a report.
        consumer = Consumer.objects.select_for_update(no_key=True).get(pk=consumer.pk)
        _refuse_unknown([(orders[0], consumer)])
        _refuse_second(shop, consumer)

        def begun(no):
            record = Report(no=no, shop=shop, consumer=consumer, consumer_key=consumer.key, rulebook=rulebook)
            said = {"kind": kind, "text": text, "made_at": now, "made_by_id": by.user_id}
            return begin(record, reports.SUBMIT, by=by, now=now, changes=said)

        record = numbered(REPORT, now, begun)
        with acting(by, move=reports.SUBMIT.name, rulebook=rulebook.name, at=now):
            for order in orders:
                ReportOrder.everything.create(shop=shop, report=record, order=order)
        for piece, *said in evidence:
            put_in(record, piece, *said, by=by, now=now)
    return record


def orders_called(shop, nos):
    """The shop's orders of these numbers, in their order. Raises `Refused` (404), the same for another shop's."""
    found = {order.no: order for order in Order.objects.of(shop).filter(no__in=nos).select_related("consumer", "shop")}
    if strange := [no for no in nos if no not in found]:
        words = _("There is no such order in your shop: %(nos)s.")
        raise Refused(Refusal("stranger", words % {"nos": ", ".join(strange)}, 404))
    return [found[no] for no in nos]


def _with_consumers(shop, orders):
    """The orders as they are now, each once."""
    pks = list(dict.fromkeys(order.pk for order in orders))
    found = Order.everything.filter(shop=shop).select_related("consumer").in_bulk(pks)
    if len(found) < len(pks):
        raise Refused(Refusal("stranger", _("There is no such order in your shop."), 404))
    return [found[pk] for pk in pks]


def _refuse_number(orders, most):
    if not orders:
        raise Refused(Refusal("orders", _("Name the orders that the report is about."), 400))
    if len(orders) > most:
        raise Refused(Refusal("orders", _("At most %(n)s orders can be named here.") % {"n": most}, 400))


def _the_person(orders):
    """Whom the orders are of. Raises `Refused` (400): nobody known, or more than one."""
    _refuse_unknown([(order, order.consumer) for order in orders])
    first = orders[0].consumer
    if others := [order.no for order in orders if order.consumer.key != first.key]:
        words = _("One report is about one user. Of another user than %(first)s: %(nos)s.")
        raise Refused(Refusal("several", words % {"first": orders[0].no, "nos": ", ".join(others)}, 400))
    return first


def _refuse_unknown(bought):
    """Raises `Refused` (400) that names each order of these (order, consumer) whose consumer is not known."""
    if unknown := [order.no for order, consumer in bought if not is_known(consumer)]:
        words = _("Who bought is not known well enough to be found again: %(nos)s.")
        raise Refused(Refusal("unknown", words % {"nos": ", ".join(unknown)}, 400))


def _refuse_second(shop, consumer):
    """Raises `Refused` (409) while a report of this shop about the same user waits; of others nothing is told."""
    waiting = Report.everything.filter(shop=shop).about(consumer.key).waiting().first()
    if waiting is not None:
        words = _("Report %(no)s of this shop about the same user is waiting already.")
        raise Refused(Refusal("twice", words % {"no": waiting.no}))


def withdraw(report, *, by, now, expect=""):
    """The merchant takes his report back, before it is taken up. Raises `Refused`: too late, stale (409)."""
    return make(report, reports.WITHDRAW, by=by, now=now, expect=expect)


def take_up(report, *, by, now, expect=""):
    """A reviewer begins to investigate. Raises `Refused`: already taken up or decided, stale (409), role (403)."""
    with transaction.atomic():
        taken = {"taken_up_at": now, "taken_up_by_id": by.user_id}
        record = make(report, reports.TAKE_UP, by=by, now=now, expect=expect, changes=taken)
        _tell(record, "report_taken_up", now=now)
    return record


def uphold(report, *, reason, by, now, expect=""):
    """The report is right: from now on the user is marked for reviewers, whatever the shop.

    Raises `Refused`: no reason (400), not under investigation, already decided, stale (409), role (403).
    """
    return _decide(report, reports.UPHOLD, "report_upheld", reason=reason, by=by, now=now, expect=expect)


def dismiss(report, *, reason, by, now, expect=""):
    """The report is not right, or cannot be shown to be. Raises `Refused` as `uphold`."""
    return _decide(report, reports.DISMISS, "report_dismissed", reason=reason, by=by, now=now, expect=expect)


def reopen(report, *, reason, by, now, expect=""):
    """Back under investigation, in a new round: what was decided counts no more, and the user's mark is gone.

    Raises `Refused`: no reason (400), not decided, a newer one about the same user waits, stale (409), role (403).
    """
    _refuse_unreasoned(reason)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).get(pk=report.shop_id)
        fresh = hold(report, reports.REOPEN, by=by, now=now, expect=expect)
        _refuse_second(fresh.shop, fresh.consumer)
        changes = {"round": fresh.round + 1, **UNDECIDED}
        if fresh.taken_up_at is None:
            changes |= {"taken_up_at": now, "taken_up_by_id": by.user_id}
        record = make(fresh, reports.REOPEN, by=by, now=now, reason=reason, changes=changes)
        _tell(record, "report_reopened", now=now, reason=reason)
    return record


def _decide(report, move, kind, *, reason, by, now, expect):
    _refuse_unreasoned(reason)
    with transaction.atomic():
        decided = {"decided_at": now, "decided_by_id": by.user_id, "decision": reason}
        record = make(report, move, by=by, now=now, expect=expect, reason=reason, changes=decided)
        _tell(record, kind, now=now, reason=reason)
    return record


def _refuse_unreasoned(reason):
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: the merchant must be able to understand it."), 400))


def _tell(record, kind, *, now, **params):
    notices.tell(record.shop_id, kind, now=now, path=record.path, no=record.no, **params)
