"""The lifecycle machinery: a Move is a row of a table, `why_not` asks it, `make` is the only writer of a status."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .actors import Role
from .history import record_many, update_many
from .models import Rulebook, acting


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done, in words for the user, and the HTTP status that fits."""

    code: str
    text: str
    status: int = 409


class Refused(Exception):  # noqa: N818 - reads as what happened
    """An act that was refused; carries its `Refusal`. Nothing was changed."""

    def __init__(self, refusal):
        super().__init__(str(refusal.text))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Fork:
    """A target that depends on the record: `yes` where `test(record)` holds, else `no`."""

    test: Callable
    label: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can be done to a record: from which states, to which, by whom, refused when.

    `target` is a state, a `Fork`, or None where the state stays. `guards` are asked in turn:
    each takes (record, by, now) and answers a `Refusal` or None. `closed(record)` may name a better reason than
    the usual one when the state is none of `sources`.
    """

    name: str
    label: str
    sources: frozenset
    target: str | Fork | None
    roles: frozenset[Role]
    permission: str = ""
    guards: tuple[Callable, ...] = ()
    closed: Callable | None = None

    def targets(self):
        """All states it may lead to, with the condition's label."""
        if isinstance(self.target, Fork):
            return [(self.target.yes, self.target.label), (self.target.no, f"not {self.target.label}")]
        return [(self.target, "")]

    def target_of(self, record):
        if isinstance(self.target, Fork):
            return self.target.yes if self.target.test(record) else self.target.no
        return self.target if self.target is not None else record.state


def stamp(record):
    """What a page shows of a record's standing; an act that brings an old stamp is refused as stale."""
    return f"{record.state}:{record.round}"


def stale(record, expected):
    """A Refusal when the record has moved since the page with stamp `expected` was made, else None."""
    if expected and expected != stamp(record):
        return Refusal(
            "stale",
            _("This page is out of date: “%(no)s” has changed meanwhile and is now “%(state)s”. Nothing was changed.")
            % {"no": record.no, "state": record.get_state_display()},
        )
    return None


def why_not(record, move, *, by, now):
    """The reason why `by` may not make `move` now, or None. One rule: guards the act, greys the button."""
    if by.role not in move.roles:
        return Refusal("role", _("“%(role)s” may not do this.") % {"role": Role(by.role).label}, 403)
    if by.role == Role.MERCHANT and by.shop_id != record.shop_id:
        return Refusal("stranger", _("There is no such record in your shop."), 404)
    if move.permission and not by.may(move.permission):
        return Refusal("permission", no_permission(by, move.permission), 403)
    if record.state not in move.sources:
        return (move.closed and move.closed(record)) or _wrong_state(record, move)
    return next((refusal for guard in move.guards if (refusal := guard(record, by, now))), None)


def _wrong_state(record, move):
    words = {"move": move.label, "state": record.get_state_display() or _("new")}
    return Refusal("state", _("“%(move)s” is not possible while it is “%(state)s”.") % words)


def no_permission(by, permission):
    """The sentence that names the post, as the shop platform's own does. [3]"""
    from .models import PERMISSIONS
    from .words import instant

    if permission in (barred := dict(by.barred)):
        what, until = PERMISSIONS[permission], barred[permission]
        if until is None:
            return _("A penalty bars your shop for good: it may not %(what)s any more.") % {"what": what}
        words = _("A penalty bars your shop: until %(until)s it may not %(what)s.")
        return words % {"what": what, "until": instant(until)}
    if permission in (owing := dict(by.owing)):
        words = _("Your exam was not passed in time: until you pass it you may not %(what)s. It is here: %(where)s")
        return words % {"what": PERMISSIONS[permission], "where": owing[permission]}
    return _("This post (%(post)s) may not %(what)s. Ask your shop's owner.") % {
        "post": by.post,
        "what": PERMISSIONS[permission],
    }


def rulebook_in_force(now):
    """The version of the rulebook in force. Raises `Refused` (409) before the first: without rules nothing begins."""
    if rulebook := Rulebook.objects.in_force(now):
        return rulebook
    raise Refused(Refusal("no_rulebook", _("No version of the rulebook is in force yet: nothing can be done by it.")))


def locked(record):
    """The row as it is now, locked until the transaction ends."""
    # Of a proxy the model behind it: what is saved through a proxy leaves no history.
    model = record._meta.concrete_model
    # Others may still point new rows at it meanwhile, as the worker does while it holds what we wait for.
    return model.everything.select_for_update(of=("self",), no_key=True).get(pk=record.pk)


def hold(record, move, *, by, now, expect=""):
    """For an act that writes beside the record: the locked row, when `by` may make `move` now. Raises `Refused`."""
    fresh = locked(record)
    # The better reason first: "already replied" says more than "out of date", and a stranger is told nothing.
    if refusal := why_not(fresh, move, by=by, now=now) or stale(fresh, expect):
        raise Refused(refusal)
    return fresh


def begin(record, move, *, by, now, reason="", changes=None):
    """Makes a new record's first move: the unsaved `record` has the state "". Raises `Refused`."""
    if refusal := why_not(record, move, by=by, now=now):
        raise Refused(refusal)
    return _write(record, move, by=by, now=now, reason=reason, changes=changes)


def begin_many(records, move, *, by, now, reason="", changes=None):
    """The bulk twin of `begin`, for the import: all of the unsaved `records`, in the caller's transaction, or none.

    Raises `Refused` for the first that may not. Returns the records.
    """
    for record in records:
        if refusal := why_not(record, move, by=by, now=now):
            raise Refused(refusal)
        _apply(record, move, changes)
    if records:
        type(records[0]).everything.bulk_create(records)
        _tell_trail(records, move, by=by, now=now, reason=reason, created=True)
    return records


def make(record, move, *, by, now, expect="", reason="", changes=None):
    """Makes the move: locks and re-reads, asks `why_not`, writes status and changes, with history.

    `changes` is a mapping, or a function of the locked row that returns one. Returns the fresh record.
    Raises `Refused`; then nothing has changed.
    """
    with transaction.atomic():
        fresh = hold(record, move, by=by, now=now, expect=expect)
        return _write(fresh, move, by=by, now=now, reason=reason, changes=changes, savepoint=False)


def make_held(held, move, *, by, now, reason="", changes=None):
    """`make` for a row that the caller's transaction has by `hold`, and has written beside. Raises `Refused`."""
    if refusal := why_not(held, move, by=by, now=now):
        raise Refused(refusal)
    return _write(held, move, by=by, now=now, reason=reason, changes=changes, savepoint=False)


def make_many(records, move, *, by, now, changes=None, reason=""):
    """The bulk twin, for the sweep: `records` are locked by the caller's transaction. Returns those that moved.

    Records that refuse the move are left out in silence: somebody was quicker.
    """
    moved = [record for record in records if why_not(record, move, by=by, now=now) is None]
    if not moved:
        return []
    touched = {"state"}
    for record in moved:
        touched |= _apply(record, move, changes)
    update_many(moved, sorted(touched))
    _tell_trail(moved, move, by=by, now=now, reason=reason, created=False)
    return moved


def _tell_trail(records, move, *, by, now, reason, created):
    """History of what was written in bulk, each row under its own rulebook."""
    by_rulebook = {}
    for record in records:
        by_rulebook.setdefault(record.rulebook.name, []).append(record)
    for rulebook, rows in by_rulebook.items():
        with acting(by, move=move.name, reason=reason, rulebook=rulebook, at=now):
            record_many(rows, created=created)


def _write(record, move, *, by, now, reason, changes, savepoint=True):
    _apply(record, move, changes)
    with (
        transaction.atomic(savepoint=savepoint),
        acting(by, move=move.name, reason=reason, rulebook=record.rulebook.name, at=now),
    ):
        record.save()
    return record


def _apply(record, move, changes):
    target = move.target_of(record)
    said = changes(record) if callable(changes) else (changes or {})
    record.state = target
    for name, value in said.items():
        setattr(record, name, value)
    return set(said)
