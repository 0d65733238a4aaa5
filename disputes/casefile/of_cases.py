"""Cases, compensations, appeals, for the case file of an order."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.actors import Role
from shop_cs.words import instant, yuan

from ..models import Appeal, AppealState, Case, Compensation, Offer
from ..moves import cases as moves
from .reader import Kind, together

M, R, C, T = Role.MERCHANT, Role.REVIEWER, Role.CONSUMER, Role.CLOCK
# What was taken back, replaced or ruled anew stands in a case's trail alone, so its story is read there.
# Move → words, role, tone, the column of its instant ("": when it was written), the columns of its text, of its money.
TRAIL = {
    "state_case": (gettext_lazy("Merchant's statement"), M, "", "merchant_stated_at", "merchant_statement", ""),
    "consumer_states": (gettext_lazy("Consumer's statement"), C, "", "consumer_stated_at", "consumer_statement", ""),
    "both_heard": (gettext_lazy("Both sides were heard: the platform arbitrates"), T, "", "arbitrating_since", "", ""),
    "evidence_over": (gettext_lazy("Time for evidence over: the platform arbitrates"), T, "amber", "deadline", "", ""),
    "ask_more": (gettext_lazy("More evidence wanted"), R, "amber", "", "history_change_reason", ""),
    "rule_consumer": (gettext_lazy("Ruled for the consumer"), R, "red", "ruled_at", "ruling_reason", "award_fen"),
    "rule_shared": (gettext_lazy("Ruled as shared"), R, "amber", "ruled_at", "ruling_reason", "award_fen"),
    "rule_merchant": (gettext_lazy("Ruled for the merchant"), R, "green", "ruled_at", "ruling_reason", ""),
    "withdraw_case": (gettext_lazy("The consumer withdrew"), C, "", "closed_at", "history_change_reason", ""),
    "pay": (gettext_lazy("Paid and proved"), M, "green", "paid_at", "payment_note", "award_fen"),
    "refuse_payment": (gettext_lazy("Proof of payment refused"), R, "red", "", "history_change_reason", ""),
    "unpaid": (gettext_lazy("Not paid in time"), T, "red", "pay_due", "", "award_fen"),
    "not_resent": (gettext_lazy("Not resent in time"), T, "red", "arbitrating_since", "", ""),
    "confirm_payment": (gettext_lazy("The second reviewer confirmed"), R, "", "", "history_change_reason", ""),
    "send_back": (gettext_lazy("Sent back for another ruling"), R, "amber", "", "history_change_reason", ""),
    "reduce": (gettext_lazy("Award reduced after the appeal"), R, "green", "", "", "award_fen"),
    "release": (gettext_lazy("Nothing to pay after the appeal"), R, "green", "", "", ""),
    "clear_case": (gettext_lazy("Out of the liability rate"), R, "green", "cleared_at", "", ""),
}
RULINGS = {"rule_consumer", "rule_shared", "rule_merchant"}


def of_cases(reader, cases):
    """From the opening to the payment, with all that was taken back on the way. `cases` by pk."""
    for case in cases.values():
        who = reader.person(Role.AGENT, case.opened_by)
        words = _("Arbitration case opened")
        yield reader.entry(Kind.CASE, case, case.opened_at, words, who, case.claim, fen=case.claim_fen)
    if not cases:
        return
    yield from _offers(reader, cases)
    for row in Case.history.filter(id__in=cases, move__in=TRAIL).order_by("history_id"):
        what, role, tone, when, text, money = TRAIL[row.move]
        said = getattr(row, text) if text and (reader.for_platform or row.move not in moves.INTERNAL) else ""
        if row.move in RULINGS:
            said = together(_ruling(row), said)
        yield reader.entry(
            Kind.CASE,
            cases[row.id],
            (getattr(row, when) if when else None) or row.history_date,
            what,
            reader.person(role, row.actor_name),
            said,
            tone=tone,
            fen=getattr(row, money) if money else None,
        )


def _ruling(row):
    """Who is to blame, and whether it counts."""
    blame = _("To blame: %(who)s") % {"who": row.get_blame_display()}
    if row.counts:
        return blame
    scene = _("Does not count in the liability rate: %(scene)s") % {"scene": row.get_scene_display()}
    return together(blame, scene)


def _offers(reader, cases):
    for offer in reader.of(Offer).filter(case__in=cases).select_related("made_by"):
        case, n = cases[offer.case_id], {"n": offer.number}
        who, consumer = reader.person(Role.MERCHANT, offer.made_by), str(Role.CONSUMER.label)
        what = _("Offer %(n)s: amount") if offer.amount_fen else _("Offer %(n)s: resend")
        yield reader.entry(Kind.CASE, case, offer.made_at, what % n, who, offer.text, fen=offer.amount_fen)
        if offer.answered_at:
            what = _("Offer %(n)s accepted") if offer.accepted else _("Offer %(n)s declined")
            tone = "green" if offer.accepted else "amber"
            yield reader.entry(Kind.CASE, case, offer.answered_at, what % n, consumer, offer.comment, tone=tone)
        if offer.lapsed_at:
            what = _("Offer %(n)s lapsed") % n
            yield reader.entry(Kind.CASE, case, offer.lapsed_at, what, str(Role.CLOCK.label), tone="amber")


def of_compensations(reader, compensations, cases):
    """What the platform paid, whence it was taken for who sees the shop's money, and that it was settled."""
    for one in compensations:
        one.case = cases[one.case_id]
        whence = {
            "deposit": yuan(one.from_deposit_fen),
            "other": yuan(one.from_other_fen),
            "owed": yuan(one.owed_fen),
        }
        parts = _("From the deposit %(deposit)s, from other funds %(other)s, owed %(owed)s") % whence
        until = _("Appeal until %(at)s") % {"at": instant(one.appeal_until)}
        yield reader.entry(
            Kind.COMPENSATION,
            one,
            one.paid_at,
            _("The platform paid in advance"),
            reader.person(Role.REVIEWER, one.confirmed_by) if one.confirmed_by_id else str(Role.CLOCK.label),
            together(parts if reader.sees_money else "", until),
            tone="red",
            fen=one.amount_fen,
        )
        if one.settled_at:
            what = _("Settled: no appeal can come any more")
            yield reader.entry(Kind.COMPENSATION, one, one.settled_at, what, str(Role.CLOCK.label))


def of_appeals(reader, appeals):
    """Each appeal with its decision and what came back."""
    against = {"case": _("the ruling"), "compensation": _("the advance compensation"), "violation": _("the violation")}
    for one in appeals:
        subject = next(words for name, words in against.items() if getattr(one, f"{name}_id"))
        what = _("Appeal against %(subject)s") % {"subject": subject}
        who = reader.person(Role.MERCHANT, one.made_by)
        yield reader.entry(Kind.APPEAL, one, one.made_at, what, who, together(one.get_ground_display(), one.text))
        if one.decided_at:
            what = _("Appeal decided: %(state)s") % {"state": one.get_state_display()}
            tone = "red" if one.state == AppealState.DENIED else "green"
            who, fen = reader.person(Role.REVIEWER, one.decided_by), one.refund_fen or None
            yield reader.entry(Kind.APPEAL, one, one.decided_at, what, who, one.decision, tone=tone, fen=fen)


def read(reader):
    """(cases by pk, their compensations) of the order: two statements."""
    rows = reader.of(Case).filter(order=reader.order).select_related("opened_by")
    compensations = reader.of(Compensation).filter(order=reader.order).select_related("confirmed_by")
    return {case.pk: case for case in rows}, list(compensations)


def read_appeals(reader, violations):
    """The order's appeals, and those against violations that are about it: one statement."""
    rows = reader.of(Appeal).select_related("made_by", "decided_by")
    return list(rows.filter(order=reader.order) | rows.filter(violation__in=[one.pk for one in violations]))
