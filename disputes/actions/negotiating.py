"""The merchant offers an amount or a resend; the consumer accepts, declines or gives up by his link."""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.actors import CLOCK, CONSUMER
from shop_cs.history import record_many, update_many
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, hold, make, make_many

from .. import deadlines, messages
from ..models import Offer, Outcome, Remedy
from ..moves import cases
from .hearing import heard
from .opening import refuse_beyond
from .telling import tell_each


def offer(case, *, remedy, by, now, amount_fen=None, text="", expect=""):
    """What the merchant offers; open until the offer's limit, and the consumer gets a link to answer it.

    An amount is above 0 and at most the order's (400); a resend has none. At most so many offers a case (409).
    Returns the offer. Raises `Refused`.
    """
    with transaction.atomic():
        fresh = hold(case, cases.OFFER, by=by, now=now, expect=expect)
        if remedy == Remedy.AMOUNT:
            refuse_beyond(amount_fen, fresh.order)
        elif amount_fen is not None:
            raise Refused(Refusal("amount", _("A resend has no amount."), 400))
        until, number = deadlines.offer_until(fresh.rulebook.rules(), now), fresh.offers.count() + 1
        record = make(fresh, cases.OFFER, by=by, now=now, changes={"offer_until": until})
        with acting(by, move=cases.OFFER.name, rulebook=fresh.rulebook.name, at=now):
            made = Offer.everything.create(
                shop_id=record.shop_id,
                case=record,
                number=number,
                remedy=remedy,
                amount_fen=amount_fen,
                text=text,
                made_at=now,
                made_by_id=by.user_id,
                expires_at=until,
            )
            messages.write_to_consumer(record, "offer", now=now)
    return made


def accept(offered, *, now, comment="", by=CONSUMER):
    """Both sides agree: what was offered is to be paid or resent within the time to pay. Raises `Refused` (409)."""
    with transaction.atomic():
        fresh = _answered(offered, cases.ACCEPT, accepted=True, comment=comment, by=by, now=now)
        changes = {
            "outcome": Outcome.SETTLED,
            "remedy": offered.remedy,
            "award_fen": offered.amount_fen,
            "pay_due": deadlines.pay_due(fresh.rulebook.rules(), now),
            "offer_until": None,
        }
        record = make(fresh, cases.ACCEPT, by=by, now=now, reason=comment, changes=changes)
        notices.tell(record.shop_id, "case_settled", now=now, path=record.path, no=record.no)
    return record


def decline(offered, *, now, comment="", by=CONSUMER):
    """The consumer wants something else: back to the evidence, whose time has run on meanwhile. Raises `Refused`."""
    with transaction.atomic():
        fresh = _answered(offered, cases.DECLINE, accepted=False, comment=comment, by=by, now=now)
        record = make(fresh, cases.DECLINE, by=by, now=now, reason=comment, changes={"offer_until": None})
        notices.tell(record.shop_id, "case_offer_declined", now=now, path=record.path, no=record.no)
        return heard(record, now=now)


def _answered(offered, move, *, accepted, comment, by, now):
    """Writes the consumer's answer on the offer; returns the locked case."""
    fresh = hold(offered.case, move, by=by, now=now)
    there = Offer.everything.select_for_update(of=("self",)).get(pk=offered.pk)
    if not there.is_open:
        raise Refused(Refusal("answered", _("This offer is no longer open. Thank you.")))
    there.answered_at, there.accepted, there.comment = now, accepted, comment
    with acting(by, move=move.name, rulebook=fresh.rulebook.name, at=now):
        there.save()
    return fresh


def withdraw(case, *, now, comment="", by=CONSUMER):
    """The consumer gives up his claim, by his link: the case is closed, an open offer lapses. Raises `Refused`."""
    with transaction.atomic():
        changes = {"outcome": Outcome.WITHDRAWN, "closed_at": now, "offer_until": None}
        record = make(case, cases.WITHDRAW, by=by, now=now, reason=comment, changes=changes)
        lapse_offers([record], now=now, by=by)
        notices.tell(record.shop_id, "case_withdrawn", now=now, path=record.path, no=record.no)
    return record


def offers_over(rows, *, now, by=CLOCK):
    """Nobody answered: the offer lapses at the end of its time, and the evidence goes on."""
    until = {record.pk: record.offer_until for record in rows}
    moved = make_many(rows, cases.OFFER_LAPSED, by=by, now=now, changes={"offer_until": None})
    lapse_offers(moved, now=now, by=by, at=until)
    tell_each("case_offer_lapsed", moved, now=now, folder="cases")
    for record in moved:
        heard(record, now=now)
    return moved


def lapse_offers(records, *, now, by, at=None):
    """The open offers of these cases lapse, at their time ({case pk: instant}) or now. In the caller's transaction."""
    lapsed = list(
        Offer.everything.filter(case__in=records, answered_at__isnull=True, lapsed_at__isnull=True)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for one in lapsed:
        one.lapsed_at = (at or {}).get(one.case_id, now)
    update_many(lapsed, ["lapsed_at"])
    by_rulebook, of_case = {}, {record.pk: record.rulebook.name for record in records}
    for one in lapsed:
        by_rulebook.setdefault(of_case[one.case_id], []).append(one)
    for rulebook, some in by_rulebook.items():
        with acting(by, move=cases.OFFER_LAPSED.name, rulebook=rulebook, at=now):
            record_many(some, created=False)
