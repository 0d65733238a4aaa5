"""The merchant pays and proves it, or at the limit the platform pays in advance from his funds. [4] §三"""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import ledger, notices
from shop_cs.actors import CLOCK
from shop_cs.models import Evidence, acting
from shop_cs.moves import Refusal, Refused, hold, make

from .. import deadlines
from ..models import Compensation, Remedy
from ..moves import cases
from ..numbers import COMPENSATION, numbered
from .exhibits import exhibits_of, put_in
from .ruling import UNDECIDED


def pay(case, *, note, by, now, evidence=(), expect=""):
    """The merchant has paid, or resent, and proves it with at least one piece. [4] §三

    Raises `Refused`: no proof (400), too late or already paid (409), post (403).
    """
    with transaction.atomic():
        fresh = hold(case, cases.PAY, by=by, now=now, expect=expect)
        # What proved nothing before proves nothing now; what was shown as evidence may well be the receipt.
        doubted = set(exhibits_of(fresh).filter(is_payment=True).values_list("evidence_id", flat=True))
        for piece, *said in evidence:
            put_in(fresh, piece, *said, by=by, now=now, is_payment=True, move=cases.PAY.name)
        # What the consumer has sent proves his claim, not that he was paid.
        mine = {piece.pk for piece, *_said in evidence if piece.side == Evidence.Side.MERCHANT}
        if not mine - doubted:
            raise Refused(Refusal("proof", _("Attach the proof: a receipt, or the waybill of what was resent."), 400))
        changes = {"paid_at": now, "paid_by_id": by.user_id, "payment_note": note, "closed_at": now}
        record = make(fresh, cases.PAY, by=by, now=now, reason=note, changes=changes)
        notices.tell(record.shop_id, "case_paid", now=now, path=record.path, no=record.no)
    return record


def refuse_payment(case, *, reason, by, now, expect=""):
    """The proof does not prove it: the time to pay begins anew. Raises `Refused`: no reason (400), no payment (409)."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: the merchant must know what is missing."), 400))
    with transaction.atomic():
        fresh = hold(case, cases.REFUSE_PAYMENT, by=by, now=now, expect=expect)
        changes = {
            "paid_at": None,
            "paid_by_id": None,
            "payment_note": "",
            "closed_at": None,
            "pay_due": deadlines.pay_due(fresh.rulebook.rules(), now),
        }
        record = make(fresh, cases.REFUSE_PAYMENT, by=by, now=now, reason=reason, changes=changes)
        notices.tell(record.shop_id, "case_payment_refused", now=now, path=record.path, no=record.no, reason=reason)
    return record


def pay_in_advance(rows, *, now, by=CLOCK):
    """What was not paid in time: the platform pays, a large amount after a second reviewer's word; goods that were
    not resent go back to the reviewer."""
    # Before the platform's own account is touched for the first of them: so nobody waits in a ring.
    ledger.lock_shops({record.shop for record in rows}, by=by, now=now)
    return [_late(record, by=by, now=now) for record in rows]


def _late(case, *, by, now):
    if case.remedy == Remedy.RESEND:
        changes = {**UNDECIDED, "arbitrating_since": case.pay_due}
        record = make(case, cases.NOT_RESENT, by=by, now=now, changes=changes)
        notices.tell(record.shop_id, "case_not_resent", now=now, path=record.path, no=record.no)
        return record
    with transaction.atomic():
        large = cases.is_large(case)
        record = make(case, cases.UNPAID, by=by, now=now, changes={} if large else {"closed_at": now})
        if large:
            notices.tell(record.shop_id, "case_confirming", now=now, path=record.path, no=record.no)
        else:
            compensate(record, by=by, now=now)
    return record


def confirm(case, *, by, now, reason="", expect=""):
    """The second reviewer lets the money move. Raises `Refused`: his own ruling or case (403), stale, decided (409)."""
    with transaction.atomic():
        fresh = hold(case, cases.CONFIRM, by=by, now=now, expect=expect)
        record = make(fresh, cases.CONFIRM, by=by, now=now, reason=reason, changes={"closed_at": now})
        compensate(record, by=by, now=now)
    return record


def send_back(case, *, reason, by, now, expect=""):
    """The second reviewer wants another ruling: nothing is paid. Raises `Refused`: no reason (400), as `confirm`."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why: the first reviewer must know what to look at again."), 400))
    with transaction.atomic():
        fresh = hold(case, cases.SEND_BACK, by=by, now=now, expect=expect)
        changes = {**UNDECIDED, "arbitrating_since": now}
        record = make(fresh, cases.SEND_BACK, by=by, now=now, reason=reason, changes=changes)
        notices.tell(record.shop_id, "case_sent_back", now=now, path=record.path, no=record.no)
    return record


def compensate(case, *, by, now):
    """Takes the award from the shop into the compensation's own account and pays the consumer. One transaction with
    the move that led here. Returns the compensation."""
    rules = case.rulebook.rules()

    def make_it(no):
        said = {"reference": no, "by": by, "now": now, "path": case.path, "rulebook": case.rulebook.name}
        deposit, other, owed = ledger.hold(
            shop=case.shop, subject=no, amount_fen=case.award_fen, key=f"compensation:{no}", **said
        )
        ledger.pay_consumer(amount_fen=case.award_fen, key=f"consumer:{no}", **said)
        with acting(by, move="compensate", rulebook=case.rulebook.name, at=now):
            return Compensation.everything.create(
                no=no,
                shop=case.shop,
                order=case.order,
                case=case,
                rulebook=case.rulebook,
                amount_fen=case.award_fen,
                from_deposit_fen=deposit,
                from_other_fen=other,
                owed_fen=owed,
                paid_at=now,
                confirmed_by_id=by.user_id,
                appeal_until=deadlines.appeal_until(rules, now),
            )

    made = numbered(COMPENSATION, now, make_it)
    notices.tell(case.shop_id, "case_compensated", now=now, path=case.path, no=case.no)
    return made


def settle(rows, *, now, by=CLOCK):
    """No appeal can come any more: what is still held for these compensations goes to the platform."""
    ledger.lock_shops({record.shop for record in rows}, by=by, now=now)
    # Asked again under the lock: an appeal of the last instant may have come in since the worker looked.
    still = set(
        Compensation.everything.to_settle(now).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    rows = [record for record in rows if record.pk in still]
    for record in rows:
        ledger.settle(
            shop=record.shop,
            subject=record.no,
            key=f"settle:{record.no}",
            reference=record.no,
            by=by,
            now=now,
            path=record.path,
            rulebook=record.rulebook.name,
        )
        record.settled_at = now
        with acting(by, move="settle", rulebook=record.rulebook.name, at=now):
            record.save()
    return rows
