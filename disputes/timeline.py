"""What happened to a case, newest first: from its trail, the offers and the evidence. Twin: `tickets.timeline`."""

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role
from shop_cs.words import yuan
from tickets.timeline import Entry

from .models import CaseState, Exhibit, Remedy
from .moves import cases

LABELS = {move.name: move.label for move in (*cases.LIFECYCLE, *cases.BESIDE)}
# When it truly was, where the trail's row was written when a worker or an import came by.
HAPPENED = {
    "open_case": "opened_at",
    "case_due_soon": "due_soon_at",
    "evidence_over": "deadline",
    "unpaid": "pay_due",
}
# Moments that the move itself took from the row: they stand in the row before it.
HAPPENED_BEFORE = {"offer_lapsed": "offer_until", "not_resent": "pay_due"}
TONES = {
    "evidence_over": "amber",
    "offer_lapsed": "amber",
    "decline_offer": "amber",
    "ask_more": "amber",
    "case_due_soon": "amber",
    "rule_consumer": "red",
    "rule_shared": "red",
    "refuse_payment": "red",
    "unpaid": "red",
    "not_resent": "red",
    "rule_merchant": "green",
    "accept_offer": "green",
    "pay": "green",
    "withdraw_case": "green",
    "release": "green",
    "clear_case": "green",
}


def timeline(case, *, for_platform=False):
    """The entries of a case, newest first; at most five statements, less what was prefetched.

    Merchants read of the platform's people the role only.
    """
    prefetch_related_objects([case], "offers", "order__evidence")
    entries = [
        *_from_trail(case, for_platform),
        *_from_evidence(case, for_platform),
        *_from_compensation(case),
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _from_trail(case, for_platform):
    offers, before = list(case.offers.all()), None
    for row in case.history.exclude(move="").order_by("history_id"):
        yield Entry(
            at=_at(row, before),
            what=LABELS.get(row.move, row.move),
            role=row.get_actor_role_display(),
            who=_name(row, for_platform),
            why=row.history_change_reason if for_platform or not _is_internal(row) else "",
            round=row.round,
            state=CaseState(row.state).label,
            tone=TONES.get(row.move, ""),
            notes=tuple(filter(None, map(str, _said(row, offers)))),
        )
        before = row


def _is_internal(row):
    """Whether its reason is not for the merchant: an import's is its file's name, and reviewers write to each other."""
    return row.actor_role == Role.IMPORT or row.move in cases.INTERNAL


def _at(row, before):
    if row.move in HAPPENED_BEFORE and before is not None:
        return getattr(before, HAPPENED_BEFORE[row.move]) or row.history_date
    return getattr(row, HAPPENED.get(row.move, ""), None) or row.history_date


def _said(row, offers):
    """What the act itself says beside its reason; the offers come by in their order."""
    if row.move == cases.OPEN.name:
        return [row.claim, yuan(row.claim_fen)]
    if row.move == cases.STATE.name:
        return [row.merchant_statement]
    if row.move == cases.CONSUMER_STATES.name:
        return [row.consumer_statement]
    if row.move == cases.OFFER.name and offers:
        return in_words(offers.pop(0))
    if row.move.startswith("rule_"):
        blame = {"amount": yuan(row.award_fen), "blame": row.get_blame_display()}
        return [(_("%(amount)s, to blame: %(blame)s") if row.award_fen else _("To blame: %(blame)s")) % blame]
    if row.move == cases.REDUCE.name:
        return [yuan(row.award_fen)]
    return []


def in_words(offer):
    """What is offered, and the words beside it."""
    what = offer.get_remedy_display() if offer.remedy == Remedy.RESEND else yuan(offer.amount_fen)
    return [what, offer.text]


def _from_evidence(case, for_platform):
    """Also what was taken back: from the exhibits' own trail."""
    names = {piece.pk: piece.name for piece in case.order.evidence.all()}
    for row in Exhibit.history.filter(case_id=case.pk).order_by("history_id"):
        # What is changed of an exhibit is that it now proves a payment: the payment tells so itself.
        if row.history_type == "~":
            continue
        yield Entry(
            at=row.history_date,
            what=_("evidence taken back") if row.history_type == "-" else _("evidence added"),
            role=row.get_actor_role_display(),
            who=_name(row, for_platform),
            round=row.round,
            notes=tuple(filter(None, [names.get(row.evidence_id, ""), row.proves])),
        )


def _from_compensation(case):
    compensation = getattr(case, "compensation", None)
    if compensation is not None:
        yield Entry(
            at=compensation.paid_at,
            what=_("advance compensation"),
            role=Role.REVIEWER.label if compensation.confirmed_by_id else Role.CLOCK.label,
            tone="red",
            notes=(f"{compensation.no} · {yuan(compensation.amount_fen)}",),
        )


def _name(row, for_platform):
    return row.actor_name if for_platform or row.actor_role == Role.MERCHANT else ""
