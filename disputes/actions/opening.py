"""A case begins: on an after-sale that the merchant refused. [0] §一"""

from django.db import IntegrityError
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.models import AfterSale, acting
from shop_cs.moves import Refusal, Refused, begin, rulebook_in_force, why_not
from shop_cs.words import yuan

from .. import deadlines, messages
from ..models import Case
from ..moves import cases
from ..numbers import CASE, numbered


def open_case(*, after_sale, claim, claim_fen, by, now, request=None, submission=None):
    """A new case; both sides have the evidence limit from now on, and the consumer gets his link.

    `claim_fen` is what the consumer wants, at most the order's amount. `submission` is the sender's own name: sent
    twice, it is one case. Raises `Refused`: role (403), an after-sale that was not refused or a bad amount (400), a
    request of another order (404), a case that is there already, the name of another submission, no rulebook (409).
    """
    order = after_sale.order
    if refusal := why_not(Case(shop_id=order.shop_id), cases.OPEN, by=by, now=now):
        raise Refused(refusal)
    said = {"after_sale_id": after_sale.pk, "claim": claim, "claim_fen": claim_fen, "opened_by_id": by.user_id}
    if there_is := _submitted(submission, said):
        return there_is
    refuse_unfit(after_sale, claim_fen=claim_fen, request=request)
    rulebook = rulebook_in_force(now)
    moments = deadlines.evidence_from(rulebook.rules(), now)

    def make(no):
        record = Case(
            no=no,
            shop=order.shop,
            order=order,
            request=request,
            rulebook=rulebook,
            opened_at=now,
            submission=submission,
            **moments,
            **said,
        )
        begin(record, cases.OPEN, by=by, now=now)
        with acting(by, move=cases.OPEN.name, rulebook=rulebook.name, at=now):
            messages.write_to_consumer(record, "case", now=now)
        notices.tell(record.shop_id, "case_new", now=now, path=record.path, no=record.no)
        return record

    try:
        return numbered(CASE, now, make)
    except IntegrityError:
        # Somebody was quicker, with the same submission or with another case on this after-sale.
        if there_is := _submitted(submission, said):
            return there_is
        refuse_unfit(after_sale, claim_fen=claim_fen, request=request)
        raise


def refuse_unfit(after_sale, *, claim_fen, request=None):
    """Raises `Refused` when no case can be opened on this after-sale for this amount."""
    order = after_sale.order
    refuse_unrefused(after_sale)
    if request is not None and request.order_id != order.pk:
        raise Refused(Refusal("stranger", _("This request belongs to another order."), 404))
    refuse_beyond(claim_fen, order)
    if there_is := Case.everything.filter(after_sale=after_sale).first():
        raise Refused(Refusal("twice", _("Case %(no)s is about this after-sale already.") % {"no": there_is.no}))


def refuse_unrefused(after_sale):
    """Raises `Refused` (400) for an after-sale that the merchant has not refused. [0] §一"""
    if after_sale.state != AfterSale.State.REFUSED:
        words = _("A case is opened on an after-sale that the merchant refused; this one is “%(state)s”.")
        raise Refused(Refusal("not_refused", words % {"state": after_sale.get_state_display()}, 400))


def refuse_beyond(fen, order):
    """Raises `Refused` (400) for an amount that is not above 0 and at most the order's."""
    if fen is None or not 0 < fen <= order.amount_fen:
        words = _("The amount must be above 0 and at most the order's %(amount)s.")
        raise Refused(Refusal("amount", words % {"amount": yuan(order.amount_fen)}, 400))


def _submitted(submission, said):
    """The case of this submission, None when it is new. Raises `Refused` (409) when it says something else."""
    there_is = submission and Case.everything.filter(submission=submission).first()
    if there_is and any(getattr(there_is, name) != value for name, value in said.items()):
        words = _("Something else was sent under this name already. Begin anew.")
        raise Refused(Refusal("submission", words))
    return there_is
