"""The pages on which reviewers decide about a case: the ruling, more evidence, the second word, a doubted payment."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs import ledger, moment
from shop_cs.access import platform_actor
from shop_cs.moves import Move, Refused, stamp, why_not

from .. import actions, figures
from ..forms.platform import ReasonForm, RulingForm
from ..moves import cases

ARBITRATION, SECOND = "inarbitration_changelist", "awaitingsecond_changelist"


@dataclass(frozen=True, slots=True)
class Verb:
    """What a reviewer can decide: the move that guards it, the act, its words, and the list that it came from.

    `needed` are the words where a reason may not be left out; `then` says what follows; `press` is on the button.
    """

    move: Move
    act: Callable
    label: str
    press: str
    then: str
    back: str
    needed: str = ""
    is_danger: bool = False
    form: type = ReasonForm


VERBS = {
    "rule": Verb(
        # Whether one may rule does not hang on the outcome.
        cases.RULE_CONSUMER,
        actions.rule,
        gettext_lazy("rule"),
        gettext_lazy("Rule like this"),
        gettext_lazy("Both sides read the ruling and its reason. It cannot be taken back; the merchant can appeal."),
        ARBITRATION,
        needed=gettext_lazy("Say why: both sides must be able to understand the ruling."),
        form=RulingForm,
    ),
    "ask_more": Verb(
        cases.ASK_MORE,
        actions.ask_more,
        cases.ASK_MORE.label,
        gettext_lazy("Ask both sides"),
        gettext_lazy("Both sides are heard again, in a new round with a fresh limit. They read this reason."),
        ARBITRATION,
        needed=gettext_lazy("Say what is missing."),
    ),
    "confirm_payment": Verb(
        cases.CONFIRM,
        actions.confirm,
        cases.CONFIRM.label,
        gettext_lazy("Confirm and pay in advance"),
        gettext_lazy("The money moves at once and the case is closed. The merchant is told, and can appeal."),
        SECOND,
    ),
    "send_back": Verb(
        cases.SEND_BACK,
        actions.send_back,
        cases.SEND_BACK.label,
        gettext_lazy("Send back"),
        gettext_lazy("Nothing is paid. The ruling is undone, and the case goes back to the arbitration queue."),
        SECOND,
        needed=gettext_lazy("Say why: the first reviewer must know what to look at again."),
        is_danger=True,
    ),
    "refuse_payment": Verb(
        cases.REFUSE_PAYMENT,
        actions.refuse_payment,
        cases.REFUSE_PAYMENT.label,
        gettext_lazy("Refuse the proof"),
        gettext_lazy("The merchant has to pay and prove it again; his time to pay begins anew. He reads this reason."),
        "case_changelist",
        needed=gettext_lazy("Say why: the merchant must know what is missing."),
        is_danger=True,
    ),
}


def decide(admin, request, object_id, name):
    """One decision about one case. What is refused keeps what was typed and changes nothing."""
    verb = VERBS[name]
    by = platform_actor(request.user, "rule_cases")
    record, now = admin.record_or_404(request, object_id), moment.now()
    refusal = why_not(record, verb.move, by=by, now=now) if request.method != "POST" else None
    form = verb.form(request.POST or None, needed=verb.needed)
    if request.method == "POST" and form.is_valid():
        try:
            record = verb.act(record, by=by, now=now, **form.said())
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, decided_words(record))
            return redirect(f"{admin.admin_site.name}:disputes_{verb.back}")
    status = refusal.status if refusal else 400 if form.errors else 200
    return _page(admin, request, record, name, form, by=by, now=now, refusal=refusal, status=status)


def _page(admin, request, record, name, form, *, by, now, refusal, status):
    """The form with the case as it stands now: a new sending carries the stamp of what this page shows."""
    verb, record = VERBS[name], admin.whole(record.pk)
    possible = why_not(record, verb.move, by=by, now=now) is None
    return admin.page(
        request,
        "admin/disputes/case_decide.html",
        title=_("%(act)s: %(no)s") % {"act": str(verb.label).capitalize(), "no": record.no},
        status=status,
        record=record,
        name=name,
        verb=verb,
        form=form,
        stamp=stamp(record),
        refusal=refusal,
        possible=possible,
        back=admin.address("change", record),
        **(_money_before(record) if possible and name in {"rule", "confirm_payment"} else {}),
        **(_rate_before(record) if possible and name == "rule" else {}),
    )


def _money_before(record):
    """What the shop has now, and whence the money would be taken: for the award, before the ruling for the claim."""
    funds = ledger.balances(record.shop)
    fen = record.award_fen or record.claim_fen
    return {"funds": funds, "fen": fen, "parts": ledger.split(fen, funds.deposit, funds.other)}


def _rate_before(record):
    """The shop's liability rate of the order's month, now and after each ruling: (words, effect)."""
    counting, free = (figures.effect(record, counts=counts) for counts in (True, False))
    return {
        "month": figures.month_of_case(record),
        "effects": [
            (_("For the consumer or shared; the merchant or both to blame; it counts"), counting),
            (_("For the consumer or shared; others to blame, or it does not count"), free),
            (_("For the merchant"), free),
        ],
        "limit_fen": record.rulebook.second_reviewer_fen,
    }


def decided_words(record):
    words = {"no": record.no, "state": record.get_state_display()}
    return _("Decided: %(no)s is “%(state)s” now.") % words
