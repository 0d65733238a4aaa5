"""The lifecycle of an arbitration case, as a table. The README's diagram is generated from it."""

from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role
from shop_cs.moves import Fork, Refusal
from shop_cs.words import instant

from ..models import CaseState, Remedy
from .guards import from_on, in_time, once, only_after, row

NOTHING = ""
S = CaseState

EVIDENCE_OVER_WORDS = _("The time for evidence was over at %(at)s: nothing can be added any more.")
PAY_OVER_WORDS = _("The time to pay was over at %(at)s: the platform pays in advance.")
OFFER_OVER_WORDS = _("This offer was open until %(at)s.")


def is_large(record):
    """Above this a second reviewer confirms before money moves; the amount is the rulebook's."""
    return record.award_fen is not None and record.award_fen > record.rulebook.second_reviewer_fen


def not_the_opener(record, by, now):
    """A reviewer never decides a case that he opened."""
    if record.opened_by_id is not None and record.opened_by_id == by.user_id:
        return Refusal("own_case", _("You opened this case: another reviewer decides it."), 403)
    return None


def a_second_one(record, by, now):
    """The second reviewer is not the first, nor who opened the case."""
    if record.ruled_by_id is not None and record.ruled_by_id == by.user_id:
        return Refusal("own_ruling", _("You ruled on this case: a second reviewer confirms it."), 403)
    return not_the_opener(record, by, now)


def has_offer_left(record, by, now):
    most = record.rulebook.offers_max
    if record.offers.count() >= most:
        return Refusal("offered_out", _("At most %(n)s offers can be made in a case.") % {"n": most})
    return None


def both_heard(record, by, now):
    if record.merchant_stated_at is None or record.consumer_stated_at is None:
        return Refusal("not_due", _("Not both sides have been heard yet."))
    return None


def money_is_due(record, by, now):
    if record.remedy != Remedy.AMOUNT:
        return Refusal("not_due", _("No money is due in this case."))
    return None


def goods_are_due(record, by, now):
    return Refusal("not_due", _("No resend is due in this case.")) if record.remedy != Remedy.RESEND else None


def paid_by_merchant(record, by, now):
    """What the merchant said he paid can be doubted; what the platform paid in advance or nobody had to pay cannot."""
    if record.paid_at is None or hasattr(record, "compensation"):
        return Refusal("not_paid", _("In this case there is no payment of the merchant's to refuse."))
    if record.cleared_at and record.cleared_at >= record.paid_at:
        return Refusal("cleared", _("An appeal was granted since: nothing has to be paid in this case."))
    return None


def no_appeal_won(record, by, now):
    """What an appeal has decided, another ruling would undo; and against that there is no second appeal."""
    if record.cleared_at is not None:
        return Refusal("cleared", _("An appeal was granted in part: what is left of the award stands."))
    return None


def awarded(record, by, now):
    """Only what was decided against the merchant can leave the liability rate, and once."""
    if not record.is_against_merchant:
        return Refusal("not_lost", _("This case does not stand against the shop."))
    return None


def heard(record):
    """Why a side may not speak any more, by name."""
    if record.state == S.ARBITRATING:
        if record.merchant_late_at:
            return Refusal("late", EVIDENCE_OVER_WORDS % {"at": instant(record.deadline)})
        return Refusal("heard", _("Both sides have been heard: the platform arbitrates now."))
    if record.state == S.NEGOTIATING:
        return Refusal("negotiating", _("An offer is open: the consumer answers it first."))
    return Refusal("ruled", _("This case is decided.")) if record.state in DECIDED else None


def ruled(record):
    if record.state in DECIDED:
        words = _("Already decided: it is “%(state)s” now.")
        return Refusal("decided", words % {"state": record.get_state_display()})
    return None


def no_longer_offered(record):
    return Refusal("answered", _("This offer is no longer open. Thank you.")) if record.state != S.NEGOTIATING else None


def paid(record):
    if record.state == S.CONFIRMING:
        return Refusal("late", PAY_OVER_WORDS % {"at": instant(record.pay_due)})
    if record.state == S.CLOSED:
        if record.paid_at:
            return Refusal("paid", _("Already paid."))
        if record.pay_due:
            return Refusal("late", PAY_OVER_WORDS % {"at": instant(record.pay_due)})
        return Refusal("closed", _("This case is closed."))
    return None


# While an offer is open the time for evidence runs on.
HEARING = frozenset({S.COLLECTING, S.NEGOTIATING})
DECIDED = frozenset({S.PAYING, S.CONFIRMING, S.CLOSED})
MERCHANT, REVIEWER = frozenset({Role.MERCHANT}), frozenset({Role.REVIEWER})
CLOCK, CONSUMER = frozenset({Role.CLOCK}), frozenset({Role.CONSUMER})
OPENERS = frozenset({Role.AGENT, Role.IMPORT})
LARGE = Fork(is_large, "above the second reviewer's amount", yes=S.CONFIRMING, no=S.CLOSED)

_IN_TIME = in_time("deadline", EVIDENCE_OVER_WORDS)
_SPEAK = {"permission": "answer_cases", "guards": (_IN_TIME,), "closed": heard}
_HEAR = {"guards": (_IN_TIME,), "closed": heard}
_ANSWER = {"guards": (in_time("offer_until", OFFER_OVER_WORDS),), "closed": no_longer_offered}
_RULE = {"guards": (not_the_opener,), "closed": ruled}

# fmt: off
OPEN            = row("open_case", _("open the case"), {NOTHING}, S.COLLECTING, OPENERS)
OFFER           = row("offer", _("make an offer"), {S.COLLECTING}, S.NEGOTIATING, MERCHANT,
                      permission="answer_cases", guards=(_IN_TIME, has_offer_left), closed=heard)
ACCEPT          = row("accept_offer", _("accept the offer"), {S.NEGOTIATING}, S.PAYING, CONSUMER, **_ANSWER)
DECLINE         = row("decline_offer", _("decline the offer"), {S.NEGOTIATING}, S.COLLECTING, CONSUMER, **_ANSWER)
OFFER_LAPSED    = row("offer_lapsed", _("no answer to the offer"), {S.NEGOTIATING}, S.COLLECTING, CLOCK,
                      guards=(only_after("offer_until"),))
BOTH_HEARD      = row("both_heard", _("both sides heard"), {S.COLLECTING}, S.ARBITRATING, CLOCK,
                      guards=(both_heard,))
EVIDENCE_OVER   = row("evidence_over", _("time for evidence over"), {S.COLLECTING}, S.ARBITRATING, CLOCK,
                      guards=(only_after("deadline"),))
WITHDRAW        = row("withdraw_case", _("withdraw"), {S.COLLECTING, S.NEGOTIATING, S.ARBITRATING}, S.CLOSED, CONSUMER,
                      closed=ruled)
ASK_MORE        = row("ask_more", _("ask for more evidence"), {S.ARBITRATING}, S.COLLECTING, REVIEWER, **_RULE)
RULE_CONSUMER   = row("rule_consumer", _("rule for the consumer"), {S.ARBITRATING}, S.PAYING, REVIEWER, **_RULE)
RULE_SHARED     = row("rule_shared", _("rule: shared"), {S.ARBITRATING}, S.PAYING, REVIEWER, **_RULE)
RULE_MERCHANT   = row("rule_merchant", _("rule for the merchant"), {S.ARBITRATING}, S.CLOSED, REVIEWER, **_RULE)
PAY             = row("pay", _("pay and prove it"), {S.PAYING}, S.CLOSED, MERCHANT, permission="answer_cases",
                      guards=(in_time("pay_due", PAY_OVER_WORDS),), closed=paid)
REFUSE_PAYMENT  = row("refuse_payment", _("refuse the proof of payment"), {S.CLOSED}, S.PAYING, REVIEWER,
                      guards=(paid_by_merchant, not_the_opener))
UNPAID          = row("unpaid", _("not paid in time"), {S.PAYING}, LARGE, CLOCK,
                      guards=(money_is_due, only_after("pay_due")))
NOT_RESENT      = row("not_resent", _("not resent in time"), {S.PAYING}, S.ARBITRATING, CLOCK,
                      guards=(goods_are_due, only_after("pay_due")))
CONFIRM         = row("confirm_payment", _("confirm the advance compensation"), {S.CONFIRMING}, S.CLOSED, REVIEWER,
                      guards=(a_second_one,))
SEND_BACK       = row("send_back", _("send back for another ruling"), {S.CONFIRMING}, S.ARBITRATING, REVIEWER,
                      guards=(a_second_one, no_appeal_won))
RELEASE         = row("release", _("nothing to pay after the appeal"), {S.PAYING, S.CONFIRMING}, S.CLOSED, REVIEWER,
                      guards=(awarded,))

# What is done beside, without another state.
STATE           = row("state_case", _("make a statement"), HEARING, None, MERCHANT, **_SPEAK)
CONSUMER_STATES = row("consumer_states", _("consumer's statement"), HEARING, None, CONSUMER, **_HEAR)
EXHIBIT         = row("exhibit", _("add evidence"), HEARING, None, MERCHANT, **_SPEAK)
CONSUMER_SHOWS  = row("consumer_shows", _("consumer's evidence"), HEARING, None, CONSUMER, **_HEAR)
CASE_DUE_SOON   = row("case_due_soon", _("notice before the deadline"), {S.COLLECTING}, None, CLOCK,
                      guards=(from_on("due_soon_at"), once("due_soon_told_at")))
REDUCE          = row("reduce", _("reduce the award after the appeal"), {S.PAYING, S.CONFIRMING}, None, REVIEWER,
                      guards=(awarded,))
CLEAR           = row("clear_case", _("take out of the liability rate"), DECIDED, None, REVIEWER,
                      guards=(awarded, once("cleared_at")))
# fmt: on

LIFECYCLE = (
    OPEN,
    OFFER,
    ACCEPT,
    DECLINE,
    OFFER_LAPSED,
    BOTH_HEARD,
    EVIDENCE_OVER,
    WITHDRAW,
    ASK_MORE,
    RULE_CONSUMER,
    RULE_SHARED,
    RULE_MERCHANT,
    PAY,
    REFUSE_PAYMENT,
    UNPAID,
    NOT_RESENT,
    CONFIRM,
    SEND_BACK,
    RELEASE,
)
BESIDE = (STATE, CONSUMER_STATES, EXHIBIT, CONSUMER_SHOWS, CASE_DUE_SOON, REDUCE, CLEAR)

# What one reviewer writes to another with it is not for the merchant.
INTERNAL = frozenset({CONFIRM.name, SEND_BACK.name})

# Whose turn it is, as data.
TURN = {
    S.COLLECTING: Role.MERCHANT,
    S.NEGOTIATING: Role.CONSUMER,
    S.ARBITRATING: Role.REVIEWER,
    S.PAYING: Role.MERCHANT,
    S.CONFIRMING: Role.REVIEWER,
    S.CLOSED: None,
}
