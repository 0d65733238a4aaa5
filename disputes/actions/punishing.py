"""A violation is proposed, judged by a reviewer and, upheld, brings what the rulebook's ladder says. [0][1][3]

Whatever judges a shop holds the shop's row first: two judgements of one shop count each other. The worker's jobs, which
hold other rows before, leave out a shop that is being judged until their next pass.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs import ledger, notices
from shop_cs.ladders import Breach, Measure
from shop_cs.models import CLOSED, SUSPENDED, Account, Shop, acting
from shop_cs.moves import Refusal, Refused, begin, hold, make, rulebook_in_force, why_not

from .. import consequences, deadlines
from ..models import COVERING, Penalty, Violation, ViolationState
from ..moves import violations
from ..numbers import VIOLATION, numbered

# What binds at the door, by its name there; a restriction by its permission.
BINDING = {Measure.RESTRICT: "", Measure.SUSPEND: SUSPENDED, Measure.CLOSE: CLOSED}


def propose(
    *,
    shop,
    kind,
    detail,
    by,
    now,
    source,
    request=None,
    request_round=None,
    case=None,
    report=None,
    order=None,
    account="",
    quantity=1,
):
    """A breach for a reviewer to judge; nothing follows from it yet. `request_round` is the request's own unless said.

    Raises `Refused`: role (403), no text, account or quantity (400), another shop's record (404), proposed already
    (409), no rulebook (409).
    """
    if request is not None:
        request_round = request.round if request_round is None else request_round
    order = order or next((one.order for one in (request, case) if one is not None), None)
    said = {
        "shop": shop,
        "order": order,
        "source": source,
        "request": request,
        "request_round": request_round,
        "case": case,
        "report": report,
        "kind": kind,
        "account": account.strip(),
        "quantity": quantity,
        "detail": detail,
    }
    return _proposed(said, by=by, now=now)


def _proposed(said, *, by, now):
    if refusal := why_not(Violation(shop_id=said["shop"].pk), violations.PROPOSE, by=by, now=now):
        raise Refused(refusal)
    rulebook = rulebook_in_force(now)
    _refuse_unfit(said, rulebook)
    _refuse_twice(said)

    def make_it(no):
        record = Violation(no=no, rulebook=rulebook, found_at=now, found_by_id=by.user_id, **said)
        return begin(record, violations.PROPOSE, by=by, now=now)

    try:
        return numbered(VIOLATION, now, make_it)
    except IntegrityError:
        # Somebody was quicker with the same.
        _refuse_twice(said)
        raise


def _refuse_unfit(said, rulebook):
    belongs = [said[name] for name in ("order", "request", "case", "report") if said[name] is not None]
    if any(one.shop_id != said["shop"].pk for one in belongs):
        raise Refused(Refusal("stranger", _("There is no such record in this shop."), 404))
    if not said["detail"].strip():
        raise Refused(Refusal("detail", _("Say what was found."), 400))
    if said["quantity"] < 1:
        raise Refused(Refusal("quantity", _("It stands for one upheld complaint or more."), 400))
    ladder = rulebook.penalty_ladders().get(Breach(said["kind"]))
    if ladder and ladder.by_account and not said["account"]:
        raise Refused(Refusal("account", _("This kind is counted by account: name the account."), 400))


def _refuse_twice(said):
    """Raises `Refused` (409) when the same was proposed already: of a round of a request, a case or a report."""
    rows = Violation.everything.filter(kind=said["kind"])
    if said["request"] is not None:
        rows = rows.filter(request=said["request"], request_round=said["request_round"])
    elif said["case"] is not None:
        rows = rows.filter(case=said["case"])
    elif said["report"] is not None:
        rows = rows.filter(report=said["report"])
    else:
        return
    if there_is := rows.first():
        words = _("Violation %(no)s is about this already: it is “%(state)s”.")
        raise Refused(Refusal("twice", words % {"no": there_is.no, "state": there_is.get_state_display()}))


def consequence(violation, *, now):
    """What upholding it now would bring, under the version of the rulebook in force when it was found."""
    return consequences.weigh(
        violation.shop,
        violation.rulebook,
        kind=violation.kind,
        account=violation.account,
        quantity=violation.quantity,
        now=now,
        without=violation.pk,
    )


def next_step_for(shop, kind, *, account="", now):
    """What the next violation of that kind would bring under the rulebook in force. Raises `Refused` without one."""
    return consequences.weigh(shop, rulebook_in_force(now), kind=kind, account=account, now=now)


def uphold(violation, *, by, now, reason="", expect="", expect_step=None):
    """The breach stands: the step that its count reaches is applied, in one transaction.

    `expect_step` is the threshold that the reviewer was shown. Raises `Refused`: another step by now, decided by
    another, stale (409), role (403).
    """
    with transaction.atomic():
        shop = locked_shop(violation.shop_id)
        fresh = hold(violation, violations.UPHOLD, by=by, now=now, expect=expect)
        coming = consequence(fresh, now=now)
        if expect_step is not None and expect_step != coming.threshold:
            words = _("The consequence has changed since it was shown: look at it again. Nothing was changed.")
            raise Refused(Refusal("step", words))
        changes = {
            "decided_at": now,
            "decided_by_id": by.user_id,
            "decision": reason,
            "step": coming.threshold,
            "appeal_until": deadlines.appeal_until(fresh.rulebook.rules(), now),
        }
        record = make(fresh, violations.UPHOLD, by=by, now=now, reason=reason, changes=changes)
        _punish(record, coming, shop, by=by, now=now)
        notices.tell(shop.pk, "violation_upheld", now=now, path=record.path, no=record.no)
    return record


def _punish(record, coming, shop, *, by, now):
    """The measures as penalties, the deduction in the ledger, the bars at the door."""
    with acting(by, move="penalize", rulebook=record.rulebook.name, at=now):
        for one in coming.measures:
            Penalty.everything.create(
                shop=shop,
                violation=record,
                measure=one.action.measure,
                permission=one.action.permission,
                points=one.action.points,
                amount_fen=one.action.fen,
                from_at=one.from_at,
                until_at=one.until_at,
            )
    if coming.deduct_fen:
        ledger.hold(
            shop=shop,
            subject=record.no,
            amount_fen=coming.deduct_fen,
            key=f"penalty:{record.no}",
            reference=record.no,
            by=by,
            now=now,
            path=record.path,
            rulebook=record.rulebook.name,
        )
    rewrite_bars(shop, by=by, now=now, rulebook=record.rulebook.name)


def dismiss(violation, *, reason, by, now, expect=""):
    """No breach, or none that counts; the merchant is never told. Raises `Refused`: no reason (400), as `uphold`."""
    if not reason.strip():
        raise Refused(Refusal("reason", _("Say why it is no violation."), 400))
    changes = {"decided_at": now, "decided_by_id": by.user_id, "decision": reason}
    return make(violation, violations.DISMISS, by=by, now=now, expect=expect, reason=reason, changes=changes)


def excuse(violation, *, filing, by, now, reason=""):
    """A filing explains it: it is not held against the shop, and what followed from it is undone.

    Of a deduction what is still held comes back; what was settled for good, when no appeal could come any more, does
    not (assumed). Raises `Refused`: a filing of another shop (404) or not approved (409), another state (409).
    """
    if filing.shop_id != violation.shop_id:
        raise Refused(Refusal("stranger", _("There is no such filing in this shop."), 404))
    with transaction.atomic():
        shop = locked_shop(violation.shop_id)
        fresh = hold(violation, violations.EXCUSE, by=by, now=now)
        if filing.state not in COVERING:
            raise Refused(Refusal("not_approved", _("Only an approved filing excuses.")))
        changes = {"filing": filing}
        if fresh.state == ViolationState.PROPOSED:
            changes |= {"decided_at": now, "decided_by_id": by.user_id, "decision": reason}
        record = make(fresh, violations.EXCUSE, by=by, now=now, reason=reason, changes=changes)
        _undo_penalties(record, shop, reference=excuse_reference(record), by=by, now=now)
        notices.tell(shop.pk, "violation_excused", now=now, path=record.path, no=record.no, filing=filing.no)
    return record


def excuse_reference(violation):
    """By what an excuse's refund goes in the ledger, where an appeal's goes by its number: it is refunded once."""
    return f"{violation.filing.no}/{violation.no}"


def fallen_reference(appeal, violation):
    """By what the refund goes of a violation that falls with the ruling behind it, when that is appealed against."""
    return f"{appeal.no}/{violation.no}"


def undo(violation, *, by, now, appeal_no):
    """A granted appeal revokes it: its measures end now, what was deducted comes back. Part of the appeal's act.

    Raises `Refused` (409) for what does not stand any more.
    """
    with transaction.atomic():
        shop = locked_shop(violation.shop_id)
        fresh = hold(violation, violations.REVOKE, by=by, now=now)
        record = make(fresh, violations.REVOKE, by=by, now=now, reason=appeal_no)
        _undo_penalties(record, shop, reference=appeal_no, by=by, now=now)
    return record


def refundable_fen(violation):
    """What would come back of its deduction now, in fen: what is held for it still."""
    held = Account.everything.filter(kind=Account.Kind.HELD, shop=violation.shop_id, subject=violation.no)
    return held.values_list("balance_fen", flat=True).first() or 0


def _undo_penalties(record, shop, *, reference, by, now):
    """Every measure ends now; what is held of the deduction goes back by that reference; the bars are rewritten."""
    rows = Penalty.everything.filter(violation=record, undone_at__isnull=True)
    back = left = refundable_fen(record)
    with acting(by, move="undo_penalty", rulebook=record.rulebook.name, at=now):
        for penalty in rows.select_for_update(of=("self",)).order_by("pk"):
            part = min(left, penalty.amount_fen - penalty.refunded_fen)
            left -= part
            penalty.refunded_fen += part
            penalty.undone_at = now
            penalty.save()
    if back:
        ledger.refund(
            shop=shop,
            subject=record.no,
            amount_fen=back,
            appeal_no=reference,
            by=by,
            now=now,
            path=record.path,
            rulebook=record.rulebook.name,
        )
    rewrite_bars(shop, by=by, now=now, rulebook=record.rulebook.name)


def locked_shop(shop_id):
    """The shop's row, held until the transaction ends; others may still point new rows at it."""
    return Shop.objects.select_for_update(no_key=True).get(pk=shop_id)


def rewrite_bars(shop, *, by, now, rulebook=""):
    """Writes what penalties bar a locked shop from at `now`, the longest of each; nothing when it stands so already."""
    until = {}
    for penalty in Penalty.everything.filter(shop=shop, measure__in=BINDING).in_force(now):
        name = penalty.permission or BINDING[penalty.measure]
        ends = until.setdefault(name, penalty.until_at)
        until[name] = None if ends is None or penalty.until_at is None else max(ends, penalty.until_at)
    bars = {name: at and at.isoformat() for name, at in sorted(until.items())}
    if bars != shop.bars:
        shop.bars = bars
        with acting(by, move="bar", at=now, **({"rulebook": rulebook} if rulebook else {})):
            shop.save()
    return shop
