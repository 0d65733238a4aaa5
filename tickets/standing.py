"""Where a request stands at an instant, in words and as a bar: for lists, pages and the platform's desk."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.actors import Role
from shop_cs.words import duration, instant

from . import deadlines
from .models import State
from .moves import TURN

CALM, AMBER, RED = "calm", "amber", "red"
TURNS = {
    Role.CLOCK: gettext_lazy("It is sent at the next opening"),
    Role.MERCHANT: gettext_lazy("The merchant's turn: answer it"),
    Role.CONSUMER: gettext_lazy("The consumer's turn: to confirm"),
    Role.REVIEWER: gettext_lazy("The platform's turn: to decide"),
    None: gettext_lazy("Closed: nobody has to do anything"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """`share` is per cent of the time used, None where no clock runs; `tone` is calm, amber or red."""

    text: str
    detail: str = ""
    tone: str = CALM
    share: int | None = None


def turn(record):
    """Whose turn it is, in words."""
    return TURNS[TURN[record.state]]


def standing(record, rules, *, now):
    """How much time is left, or what it waits for. `rules` are those of the request's own version."""
    return _STANDINGS[record.state](record, rules, now)


def _scheduled(record, rules, now):
    return Standing(_("to be sent at %(at)s") % {"at": instant(record.send_at)})


def _pending(record, rules, now):
    # [2] §一.2: at the deadline's very instant an answer is still in time.
    if now > record.deadline:
        since = _("since %(at)s") % {"at": instant(record.deadline)}
        return Standing(_("overdue"), since, RED, 100)
    count = deadlines.countdown(rules, now=now, deadline=record.deadline, limit=record.limit)
    left = _("%(time)s left") % {"time": duration(count.left)}
    share = round(count.share_used * 100)
    if count.opens_at:
        stopped = _("stopped until %(at)s") % {"at": opening(count.opens_at, now)}
        return Standing(stopped, left, count.tone, share)
    return Standing(left, "", count.tone, share)


def _confirming(record, rules, now):
    if record.confirm_until is None:
        return Standing(_("the survey is yet to be sent"))
    return Standing(_("until %(at)s") % {"at": instant(record.confirm_until)})


def _reviewing(record, rules, now):
    used = deadlines.working_days_used(record.reviewing_since, now)
    text = _("%(used)s of %(days)s working days") % {"used": used, "days": rules.review_days}
    # [4] §五: beyond its working days the delay is the platform's.
    if now > record.review_due:
        return Standing(text, _("platform's delay"), RED, 100)
    return Standing(text, "", CALM, round(100 * used / rules.review_days))


def _closed(record, rules, now):
    return Standing(_("closed %(at)s") % {"at": instant(record.closed_at)})


_STANDINGS = {
    State.SCHEDULED: _scheduled,
    State.PENDING: _pending,
    State.CONFIRMING: _confirming,
    State.REVIEWING: _reviewing,
    State.CLOSED: _closed,
}


def opening(opens_at, now):
    """09:00 when that is the next one to come; with its day when it is later than within 24 hours."""
    local = localtime(opens_at)
    return f"{local:%H:%M}" if opens_at - now < timedelta(days=1) else instant(opens_at)
