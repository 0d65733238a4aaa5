"""The lifecycle of a service request, as a table. The README's diagram is generated from it.

Each row: name, label, from which states, to which, by which roles; then which permission and what refuses it.
"""

from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role
from shop_cs.moves import Fork, Move, Refusal
from shop_cs.words import instant

from . import deadlines
from .models import State

NOTHING = ""
S = State


def outside_hours(record):
    return record.send_at > record.created_at and record.sent_at is None


def has_confirming_stage(record):
    return record.rulebook.confirming_stage


def in_time(record, by, now):
    """[2] §一.2, [4] §五: at the deadline's instant still; later never, whether or not a worker has run."""
    if now > record.deadline:
        return _overdue(record)
    return None


def _overdue(record):
    return Refusal(
        "overdue",
        _("The time of this round was over at %(deadline)s: the platform has it now, nothing can be added.")
        % {"deadline": instant(record.deadline)},
    )


def already(record):
    """Why the merchant may not act on it any more, by name: overdue, or already replied."""
    if record.state in {S.REVIEWING, S.CONFIRMING}:
        if record.overdue_this_round:
            return _overdue(record)
        return Refusal("already_replied", replied(record))
    if record.state == S.CLOSED:
        return Refusal("closed", _("This request is closed."))
    return None


def replied(record):
    """Who has answered this round and when, to who answers it too."""
    # What was not saved yet has no answers, and may not be asked for them.
    answers = record.replies.all() if record.pk else ()
    answer = next((one for one in answers if one.round == record.round), None)
    if answer is None or answer.replied_by is None:
        return _("Already replied: this round has its answer.")
    said = {"who": answer.replied_by, "at": instant(answer.replied_at)}
    if record.state == S.CONFIRMING:
        return _("Already replied: %(who)s answered this round at %(at)s.") % said
    return _("Already replied: %(who)s answered this round at %(at)s, the platform decides on it.") % said


def decided(record):
    """Why a reviewer may not decide: somebody was quicker. What is pending in its first round nobody has decided."""
    if record.state == S.CLOSED or (record.state == S.PENDING and record.round > 1):
        return Refusal("decided", _("Already decided: it is “%(state)s” now.") % {"state": record.get_state_display()})
    return None


def answered(record):
    return no_longer_asked() if record.state != S.CONFIRMING else None


def no_longer_asked():
    return Refusal("answered", _("This question is no longer open. Thank you."))


def not_before(field):
    """The clock does nothing early: `field` must be reached."""

    def guard(record, by, now):
        if getattr(record, field) is None or now < getattr(record, field):
            return Refusal("not_due", _("It is not time yet."))
        return None

    return guard


def only_after(field):
    """As `not_before`, but the instant itself still belongs to who could act."""

    def guard(record, by, now):
        if getattr(record, field) is None or now <= getattr(record, field):
            return Refusal("not_due", _("It is not time yet."))
        return None

    return guard


def once(field):
    def guard(record, by, now):
        return Refusal("done", _("This was done already.")) if getattr(record, field) is not None else None

    return guard


def _survey_hours(record):
    """The hours in which consumers may be written to, by the request's own rulebook."""
    rules = record.rulebook.rules()
    hours = {"opens": rules.survey_opens, "closes": rules.survey_closes}
    return {name: f"{minute // 60:02d}:{minute % 60:02d}" for name, minute in hours.items()}


def survey_open(record, by, now):
    if record.confirm_until is None:
        words = _("The survey has not been sent yet: it goes out between %(opens)s and %(closes)s.")
        return Refusal("survey_unsent", words % _survey_hours(record))
    if now > record.confirm_until:
        return Refusal(
            "survey_expired",
            _("The time to answer was over at %(at)s.") % {"at": instant(record.confirm_until)},
        )
    return None


def by_day(record, by, now):
    """[2] §二.5.4: between 22:00 and 08:00 consumers are left in peace, also when a worker comes by late."""
    if not deadlines.surveys_may_go(record.rulebook.rules(), now):
        words = _("Consumers are written to between %(opens)s and %(closes)s only.")
        return Refusal("quiet", words % _survey_hours(record))
    return None


def may_remind(record, by, now):
    """[2] §二.5.4: twice a request, more than 1 h apart, 08:00–22:00 only."""
    rules = record.rulebook.rules()
    if record.reminders >= rules.reminders_max:
        return Refusal("reminded_out", _("The consumer was reminded %(n)s times already.") % {"n": record.reminders})
    if refusal := by_day(record, by, now):
        return refusal
    if record.last_reminded_at and now - record.last_reminded_at <= rules.reminder_gap:
        free = record.last_reminded_at + rules.reminder_gap
        return Refusal("too_soon", _("Possible again after %(at)s.") % {"at": instant(free)})
    return None


MERCHANT, AGENT, REVIEWER = frozenset({Role.MERCHANT}), frozenset({Role.AGENT}), frozenset({Role.REVIEWER})
CLOCK, CONSUMER = frozenset({Role.CLOCK}), frozenset({Role.CONSUMER})
OPENERS = frozenset({Role.AGENT, Role.IMPORT, Role.API})
CONFIRM = Fork(has_confirming_stage, "the rulebook has the confirming stage", yes=S.CONFIRMING, no=S.REVIEWING)
SCHEDULE = Fork(outside_hours, "outside working hours", yes=S.SCHEDULED, no=S.PENDING)


def _row(name, label, sources, target, roles, **more):
    return Move(name, label, frozenset(sources), target, roles, **more)


_ANSWER = {"permission": "answer_requests", "guards": (in_time,), "closed": already}
_CONFIRM = {"guards": (survey_open,), "closed": answered}

# fmt: off
CREATE         = _row("create", _("create"), {NOTHING}, SCHEDULE, OPENERS)
SEND           = _row("send", _("send at the opening"), {S.SCHEDULED}, S.PENDING, CLOCK,
                      guards=(not_before("send_at"),))
REPLY_SOLVED   = _row("reply_solved", _("reply: solved"), {S.PENDING}, CONFIRM, MERCHANT, **_ANSWER)
REPLY_UNSOLVED = _row("reply_unsolved", _("reply: unsolved"), {S.PENDING}, S.REVIEWING, MERCHANT, **_ANSWER)
OVERDUE        = _row("overdue", _("overdue"), {S.PENDING}, S.REVIEWING, CLOCK, guards=(only_after("deadline"),))
SATISFIED      = _row("satisfied", _("consumer satisfied"), {S.CONFIRMING}, S.CLOSED, CONSUMER, **_CONFIRM)
DISSATISFIED   = _row("dissatisfied", _("consumer dissatisfied"), {S.CONFIRMING}, S.REVIEWING, CONSUMER, **_CONFIRM)
UNCONFIRMED    = _row("unconfirmed", _("no answer in time"), {S.CONFIRMING}, S.REVIEWING, CLOCK,
                      guards=(only_after("confirm_until"),))
APPROVE        = _row("approve", _("approve"), {S.REVIEWING}, S.CLOSED, REVIEWER, closed=decided)
REJECT         = _row("reject", _("reject"), {S.REVIEWING}, S.PENDING, REVIEWER, closed=decided)

# What is done beside, without another state.
ATTACH         = _row("attach", _("add evidence"), {S.PENDING}, None, MERCHANT, **_ANSWER)
LOG_CONTACT    = _row("log_contact", _("log a contact attempt"), {S.PENDING}, None, MERCHANT, **_ANSWER)
LINK           = _row("link_after_sale", _("link an after-sale"), {S.PENDING}, None, MERCHANT, **_ANSWER)
URGE           = _row("urge", _("urge"), {S.PENDING, S.CONFIRMING, S.REVIEWING}, None, AGENT)
DUE_SOON       = _row("due_soon", _("notice before the deadline"), {S.PENDING}, None, CLOCK,
                      guards=(not_before("due_soon_at"), once("due_soon_told_at")))
SEND_SURVEY    = _row("send_survey", _("send the survey"), {S.CONFIRMING}, None, CLOCK,
                      guards=(once("confirm_until"), by_day))
REMIND         = _row("remind", _("remind the consumer"), {S.CONFIRMING}, None, MERCHANT,
                      permission="remind_consumers", guards=(survey_open, may_remind), closed=answered)
PLATFORM_LATE  = _row("platform_late", _("the platform's delay"), {S.REVIEWING}, None, CLOCK,
                      guards=(only_after("review_due"), once("platform_late_at")))
# fmt: on

LIFECYCLE = (
    CREATE,
    SEND,
    REPLY_SOLVED,
    REPLY_UNSOLVED,
    OVERDUE,
    SATISFIED,
    DISSATISFIED,
    UNCONFIRMED,
    APPROVE,
    REJECT,
)
BESIDE = (ATTACH, LOG_CONTACT, LINK, URGE, DUE_SOON, SEND_SURVEY, REMIND, PLATFORM_LATE)

# Whose turn it is, as data: who has to do something while a request stands there.
TURN = {
    S.SCHEDULED: Role.CLOCK,
    S.PENDING: Role.MERCHANT,
    S.CONFIRMING: Role.CONSUMER,
    S.REVIEWING: Role.REVIEWER,
    S.CLOSED: None,
}
