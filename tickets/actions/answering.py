"""The merchant answers: reply, evidence, contact log, linked after-sale. All in time or not at all."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.evidence import marking
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, hold, make, make_held

from .. import deadlines, moves
from ..models import Attachment, ContactAttempt, Draft, Reply, ServiceRequest, State, Survey
from ..searching import keeping
from .opening import refuse_strange

# "Agreed with the consumer" and "already refunded" carry proof, or they are not taken. [2] §三.3, [4] §一
NEEDS_PROOF = frozenset({Reply.Settlement.AGREED, Reply.Settlement.REFUNDED})


def needs_proof(*, solved, settlement):
    """Whether this answer is refused without a piece of evidence."""
    return solved and settlement in NEEDS_PROOF


def reply(
    request,
    *,
    solved,
    text,
    by,
    now,
    settlement="",
    reason="",
    proposal="",
    evidence=(),
    after_sale=None,
    expect="",
):
    """The answer of this round: solved (with how it was settled), or unsolved with its true reason.

    `evidence` are (Evidence, what it proves, its code in the catalogue) of the order's vault; what is left out at
    their ends is "". Returns the request, where it now stands.
    Raises `Refused`: already replied, overdue, stale (409), no proof or too many pieces (400), post (403).
    """
    move = moves.REPLY_SOLVED if solved else moves.REPLY_UNSOLVED
    said = {"solved": solved, "settlement": settlement, "reason": reason, "text": text, "proposal": proposal}
    try:
        with transaction.atomic():
            fresh = _known(hold(request, move, by=by, now=now, expect=expect), request)
            refuse_strange(after_sale, order_id=fresh.order_id)
            for piece, *marks in evidence:
                put_in(fresh, piece, *marks, by=by, now=now)
            _require_proof(fresh, solved=solved, settlement=settlement)
            _save_reply(fresh, **said, by=by, now=now)
            return _move_on(fresh, move, after_sale=after_sale, by=by, now=now)
    except IntegrityError as error:
        if "reply_once_a_round" not in str(error) and "tickets_reply.request_id" not in str(error):
            raise
        answered = ServiceRequest.everything.get(pk=request.pk)
        raise Refused(Refusal("already_replied", moves.replied(answered))) from error


def _known(fresh, request):
    """The locked row, with what never changes and was read with the page already."""
    for name in ("rulebook", "shop"):
        if name in request._state.fields_cache and getattr(request, f"{name}_id") == getattr(fresh, f"{name}_id"):
            setattr(fresh, name, getattr(request, name))
    return fresh


def _move_on(fresh, move, *, after_sale, by, now):
    """What becomes of a request that was answered; the shop is told."""
    Draft.everything.filter(request=fresh, user=by.user_id).delete()
    rules = fresh.rulebook.rules()
    changes = {**_after_reply(fresh, move, rules, now), **_linked(after_sale)}
    record = make_held(fresh, move, by=by, now=now, changes=changes)
    if record.state == State.CONFIRMING:
        _plan_survey(record, rules, by=by, now=now)
    notices.tell(record.shop_id, f"request_{record.state}", now=now, path=record.path, no=record.no)
    return record


def _linked(after_sale):
    return {"after_sale": after_sale} if after_sale else {}


def _after_reply(row, move, rules, now):
    if move.target_of(row) == State.REVIEWING:
        return deadlines.review_from(rules, now)
    return {"confirm_until": None}


def _save_reply(record, *, by, now, **said):
    with acting(by, move="reply", rulebook=record.rulebook.name, at=now):
        answer = Reply.everything.create(
            shop_id=record.shop_id,
            request=record,
            round=record.round,
            replied_by_id=by.user_id,
            replied_at=now,
            **said,
        )
        keeping.answered(answer)


def _plan_survey(record, rules, *, by, now):
    """[2] §二.5.4: the consumer is asked; between 22:00 and 08:00 that waits for 08:00."""
    with acting(by, move="plan_survey", rulebook=record.rulebook.name, at=now):
        Survey.everything.create(
            shop_id=record.shop_id,
            request=record,
            round=record.round,
            send_at=deadlines.survey_at(rules, now),
        )


def _require_proof(record, *, solved, settlement):
    if not needs_proof(solved=solved, settlement=settlement):
        return
    if not Attachment.everything.filter(request=record, evidence__side="merchant").exists():
        text = _("“Agreed” and “refunded” need proof: attach a screenshot, receipt or recording.")
        raise Refused(Refusal("proof", text, 400))


def attach(request, *, evidence, by, now, proves="", item=""):
    """Adds a piece of the order's vault to the request, while the merchant's time runs. [4] §五

    `item` marks it as a piece of the catalogue. Raises `Refused`: too many pieces, no such item (400), another
    order's (404), overdue or already replied (409).
    """
    with transaction.atomic():
        fresh = hold(request, moves.ATTACH, by=by, now=now)
        return put_in(fresh, evidence, proves, item, by=by, now=now)


def put_in(record, evidence, proves="", item="", *, by, now):
    marking.refuse_unknown(item)
    if evidence.order_id != record.order_id:
        raise Refused(Refusal("stranger", _("This evidence belongs to another order."), 404))
    already = Attachment.everything.filter(request=record, evidence=evidence).first()
    if already:
        return already
    most = record.rulebook.evidence_max
    if Attachment.everything.filter(request=record).count() >= most:
        raise Refused(Refusal("too_many", _("A request carries at most %(n)s pieces of evidence.") % {"n": most}, 400))
    with acting(by, move=moves.ATTACH.name, rulebook=record.rulebook.name, at=now):
        return Attachment.everything.create(
            shop_id=record.shop_id,
            request=record,
            evidence=evidence,
            round=record.round,
            proves=proves,
            item=item,
            attached_by_id=by.user_id,
            attached_at=now,
        )


def detach(attachment, *, by, now):
    """Takes back a piece attached by mistake in this round, before the answer; the vault keeps the file."""
    with transaction.atomic():
        fresh = hold(attachment.request, moves.ATTACH, by=by, now=now)
        # Read again under the lock: taken back twice at once it goes once, and the trail says so once.
        there = Attachment.everything.select_related("evidence").filter(pk=attachment.pk).first()
        if there is None:
            raise Refused(Refusal("gone", _("This piece was taken back already.")))
        if there.round != fresh.round or there.evidence.side != "merchant":
            raise Refused(Refusal("frozen", _("This piece belongs to what was decided already.")))
        with acting(by, move="detach", rulebook=fresh.rulebook.name, at=now):
            there.delete()
    return fresh


def log_contact(request, *, channel, contacted_at, result, by, now, note=""):
    """Records an attempt to reach the consumer. [3] A time to come is refused (400)."""
    with transaction.atomic():
        fresh = hold(request, moves.LOG_CONTACT, by=by, now=now)
        if contacted_at > now:
            raise Refused(Refusal("future", _("This attempt lies in the future."), 400))
        with acting(by, move=moves.LOG_CONTACT.name, rulebook=fresh.rulebook.name, at=now):
            return ContactAttempt.everything.create(
                shop_id=fresh.shop_id,
                request=fresh,
                channel=channel,
                contacted_at=contacted_at,
                result=result,
                note=note,
                logged_by_id=by.user_id,
                logged_at=now,
            )


def link_after_sale(request, *, after_sale, by, now):
    """Names the after-sale that this request is about (None takes it back); it must be of the same order (404)."""
    refuse_strange(after_sale, order_id=request.order_id)
    return make(request, moves.LINK, by=by, now=now, changes={"after_sale": after_sale})
