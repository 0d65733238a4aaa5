"""Where a case stands at an instant, in words and as a bar: for lists, pages and the platform's desk."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.words import duration, instant
from tickets import deadlines
from tickets.standing import AMBER, CALM, RED, Standing, opening

from .models import CaseState, Remedy
from .moves.cases import PAY_OVER_WORDS, is_large

TURNS = {
    CaseState.NEGOTIATING: gettext_lazy("The consumer's turn: to answer the offer"),
    CaseState.ARBITRATING: gettext_lazy("The platform's turn: to rule"),
    CaseState.CONFIRMING: gettext_lazy("The platform's turn: a second reviewer confirms the advance compensation"),
    CaseState.CLOSED: gettext_lazy("Closed: nobody has to do anything"),
}


def turn(case, *, now):
    """Whose turn it is, in words, whether or not a worker has noticed what time has decided."""
    lapsed = case.state == CaseState.NEGOTIATING and now > case.offer_until
    if case.state == CaseState.COLLECTING or lapsed:
        return _hearing(case, now)
    return _to_pay(case, now) if case.state == CaseState.PAYING else TURNS[case.state]


def _hearing(case, now):
    if now > case.deadline:
        return TURNS[CaseState.ARBITRATING]
    if case.merchant_stated_at is None:
        return _("The merchant's turn: make a statement, with evidence")
    return _("The consumer's turn: to make his statement")


def _to_pay(case, now):
    is_resend = case.remedy == Remedy.RESEND
    if now <= case.pay_due:
        return (
            _("The merchant's turn: resend and prove it") if is_resend else _("The merchant's turn: pay and prove it")
        )
    if is_resend:
        return TURNS[CaseState.ARBITRATING]
    if is_large(case):
        return TURNS[CaseState.CONFIRMING]
    return PAY_OVER_WORDS % {"at": instant(case.pay_due)}


def standing(case, rules, *, now):
    """How much time is left, or what it waits for. `rules` are those of the case's own version."""
    return _STANDINGS[case.state](case, rules, now)


def _collecting(case, rules, now):
    # What is brought at the deadline's very instant is in time.
    if now > case.deadline:
        return Standing(_("time for evidence over"), _("since %(at)s") % {"at": instant(case.deadline)}, RED, 100)
    count = deadlines.countdown(rules, now=now, deadline=case.deadline, limit=rules.evidence_limit)
    left = _("%(time)s left") % {"time": duration(count.left)}
    share = round(count.share_used * 100)
    if count.opens_at:
        stopped = _("stopped until %(at)s") % {"at": opening(count.opens_at, now)}
        return Standing(stopped, left, count.tone, share)
    return Standing(left, "", count.tone, share)


def _negotiating(case, rules, now):
    evidence = _("evidence until %(at)s") % {"at": instant(case.deadline)}
    if now > case.offer_until:
        return Standing(_("the offer has lapsed"), evidence)
    return Standing(_("offer open until %(at)s") % {"at": instant(case.offer_until)}, evidence)


def _arbitrating(case, rules, now):
    return Standing(_("since %(at)s") % {"at": instant(case.arbitrating_since)})


def _paying(case, rules, now):
    if now > case.pay_due:
        return Standing(_("not paid in time"), _("since %(at)s") % {"at": instant(case.pay_due)}, RED, 100)
    # By the wall clock: it runs at night too.
    left = case.pay_due - now
    used = max(0.0, 1 - left / rules.payment_limit)
    tone = RED if used >= deadlines.RED else AMBER if used >= deadlines.AMBER else CALM
    until = _("until %(at)s") % {"at": instant(case.pay_due)}
    return Standing(_("%(time)s left") % {"time": duration(left)}, until, tone, round(used * 100))


def _confirming(case, rules, now):
    return Standing(_("not paid in time"), _("since %(at)s") % {"at": instant(case.pay_due)}, RED)


def _closed(case, rules, now):
    return Standing(_("closed %(at)s") % {"at": instant(case.closed_at)})


_STANDINGS = {
    CaseState.COLLECTING: _collecting,
    CaseState.NEGOTIATING: _negotiating,
    CaseState.ARBITRATING: _arbitrating,
    CaseState.PAYING: _paying,
    CaseState.CONFIRMING: _confirming,
    CaseState.CLOSED: _closed,
}
