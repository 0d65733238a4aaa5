"""What refuses a move, for more than one lifecycle: functions (record, by, now) → a Refusal or None."""

from django.utils.translation import gettext_lazy as _

from shop_cs.moves import Move, Refusal
from shop_cs.words import instant


def row(name, label, sources, target, roles, **more):
    """A row of a lifecycle's table."""
    return Move(name, label, frozenset(sources), target, roles, **more)


def in_time(field, words):
    """`field` is the last instant at which it may be done; `words` has an %(at)s for it."""

    def guard(record, by, now):
        until = getattr(record, field)
        if until is None or now > until:
            return Refusal("late", words % {"at": instant(until) if until else "—"})
        return None

    return guard


def only_after(field):
    """The clock does nothing early: the instant itself still belongs to who could act."""

    def guard(record, by, now):
        until = getattr(record, field)
        return Refusal("not_due", _("It is not time yet.")) if until is None or now <= until else None

    return guard


def from_on(field):
    """The clock does nothing early: `field` must be reached."""

    def guard(record, by, now):
        since = getattr(record, field)
        return Refusal("not_due", _("It is not time yet.")) if since is None or now < since else None

    return guard


def once(field):
    def guard(record, by, now):
        return Refusal("done", _("This was done already.")) if getattr(record, field) is not None else None

    return guard


def decided(*states):
    """Why a reviewer may not decide in one of `states`: somebody was quicker."""

    def closed(record):
        if record.state in states:
            words = _("Already decided: it is “%(state)s” now.")
            return Refusal("decided", words % {"state": record.get_state_display()})
        return None

    return closed


def past(*states):
    """Why it cannot be taken back any more in one of `states`."""

    def closed(record):
        if record.state in states:
            words = _("This is “%(state)s” already.")
            return Refusal("closed", words % {"state": record.get_state_display()})
        return None

    return closed


def over(*states):
    """Why nothing can be added any more in one of `states`."""

    def closed(record):
        if record.state in states:
            words = _("This is “%(state)s”: nothing can be added any more.")
            return Refusal("closed", words % {"state": record.get_state_display()})
        return None

    return closed
