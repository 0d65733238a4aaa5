"""Pieces of the vault, shown in a case, an appeal, a report or a filing. [4] §四: a paper is asked for once."""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs.evidence import marking
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, hold

from ..models import Appeal, Case, Exhibit, Filing, Report
from ..moves import appeals, cases, filings, reports

# The column of an exhibit and the move that guards it, by what it is shown in.
SHOWN_IN = {
    Case: ("case", cases.EXHIBIT),
    Appeal: ("appeal", appeals.EXHIBIT),
    Report: ("report", reports.EXHIBIT),
    Filing: ("filing", filings.EXHIBIT),
}


def column_of(record):
    """The exhibits' column that names such a record: "case", "appeal", "report" or "filing"."""
    return SHOWN_IN[record._meta.concrete_model][0]


def exhibits_of(record):
    return Exhibit.everything.filter(**{column_of(record): record})


def orders_of(record):
    """Ids of the orders whose vaults a record may draw from; empty: the vault of the shop itself."""
    if isinstance(record, Report):
        return set(record.report_orders.values_list("order_id", flat=True))
    if isinstance(record, Filing):
        return set(record.filing_orders.values_list("order_id", flat=True))
    return {record.order_id} - {None}


def show(record, *, evidence, by, now, proves="", item=""):
    """Adds a piece while it may be added; `item` marks it as a piece of the catalogue.

    Raises `Refused`: too many, no such item (400), another order's (404), too late (409).
    """
    with transaction.atomic():
        fresh = hold(record, SHOWN_IN[record._meta.concrete_model][1], by=by, now=now)
        return put_in(fresh, evidence, proves, item, by=by, now=now)


def put_in(record, piece, proves="", item="", *, by, now, is_payment=False, move="exhibit"):
    """The exhibit of a piece; shown twice it is the one that is there. The caller holds the record's lock."""
    marking.refuse_unknown(item)
    if piece.shop_id != record.shop_id or not _is_of(piece, orders_of(record)):
        raise Refused(Refusal("stranger", _("This evidence belongs to another order."), 404))
    there = exhibits_of(record).filter(evidence=piece).first()
    if there is not None and (there.is_payment or not is_payment):
        return there
    with acting(by, move=move, rulebook=record.rulebook.name, at=now):
        if there is not None:
            there.is_payment = True
            there.item = there.item or item
            there.save()
            return there
        _refuse_too_many(record, piece.side, is_payment=is_payment)
        return Exhibit.everything.create(
            shop_id=record.shop_id,
            evidence=piece,
            round=record.round,
            proves=proves,
            item=item,
            is_payment=is_payment,
            attached_by_id=by.user_id,
            attached_at=now,
            **{column_of(record): record},
        )


def _is_of(piece, orders):
    """What belongs to no order is the shop's own: it may be shown wherever the shop speaks."""
    return piece.order_id is None or piece.order_id in orders


def _refuse_too_many(record, side, *, is_payment):
    """Each side has its own number, and so have proofs of payment: nobody's pieces leave another without room."""
    most = record.rulebook.evidence_max
    if exhibits_of(record).filter(evidence__side=side, is_payment=is_payment).count() >= most:
        raise Refused(Refusal("too_many", _("At most %(n)s pieces of evidence can be shown here.") % {"n": most}, 400))


def take_back(exhibit, *, by, now):
    """Takes back one's own piece of this round while pieces may still be added; the vault keeps the file."""
    record = exhibit.case or exhibit.appeal or exhibit.report or exhibit.filing
    with transaction.atomic():
        fresh = hold(record, SHOWN_IN[record._meta.concrete_model][1], by=by, now=now)
        there = Exhibit.everything.select_related("evidence").filter(pk=exhibit.pk).first()
        if there is None:
            raise Refused(Refusal("gone", _("This piece was taken back already.")))
        if there.round != fresh.round or there.evidence.side != "merchant" or there.is_payment:
            raise Refused(Refusal("frozen", _("This piece belongs to what was decided already.")))
        with acting(by, move="take_back", rulebook=fresh.rulebook.name, at=now):
            there.delete()
    return fresh
