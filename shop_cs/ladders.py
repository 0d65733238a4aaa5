"""Penalty ladders: what follows from how many breaches of a kind. Pure; the rulebook keeps them as data. [0][1][3]"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Breach(TextChoices):
    """What a violation can be."""

    NEGATIVE_HANDLING = "negative_handling", _("Negative handling")
    FORGED_EVIDENCE = "forged_evidence", _("Forged evidence")
    UNPAID_RULING = "unpaid_ruling", _("Ruling not paid in time")
    FALSE_REPORT = "false_report", _("False report")
    ABUSE = "abuse", _("Abuse of consumers")
    FALSE_PROMISE = "false_promise", _("False promise")
    PRIVATE_DEAL = "private_deal", _("Private deal")
    PASSING_THE_BUCK = "passing_the_buck", _("Passing the buck")
    COPIED_VIDEO = "copied_video", _("Copied short videos")


class Measure(TextChoices):
    """What a step of a ladder can do. [0][1][3]"""

    WARNING = "warning", _("Warning")
    TAKE_DOWN = "take_down", _("Items taken down")
    RESTRICT = "restrict", _("Permission restricted")
    POINTS = "points", _("Credit points taken")
    DEDUCT = "deduct", _("Deducted from the deposit")
    EXPOSURE = "exposure", _("Less exposure")
    SUSPEND = "suspend", _("Suspension")
    CLOSE = "close", _("Shop closed")


# Measures that last: without days they last for ever.
LASTING = frozenset({Measure.RESTRICT, Measure.EXPOSURE, Measure.SUSPEND, Measure.CLOSE})
DAY = timedelta(days=1)
MOST_DAYS = 3660


class BadLadder(ValueError):
    """A ladder that makes no sense; its text is for the user."""


@dataclass(frozen=True, slots=True)
class Action:
    """One measure of a step.

    `days` says how long it lasts: one number, or one for each of the owner's accounts that came so far, in their order
    (the last for all that follow); None is for ever. `fen` is a deduction, `points` credit points.
    """

    measure: Measure
    days: tuple[int | None, ...] = (None,)
    permission: str = ""
    points: int = 0
    fen: int = 0

    def lasts(self, nth=1):
        """How long, for the owner's `nth` account; None for ever. Measures that do not last answer None too."""
        days = self.days[min(nth, len(self.days)) - 1]
        return None if days is None else days * DAY


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` upheld complaints on, these actions follow."""

    at: int
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of one kind of breach, lowest first; counted within `window_days` (None: all there ever were).

    `by_account`: counted for each account by itself, not for the whole shop. [1]
    """

    breach: Breach
    steps: tuple[Step, ...]
    window_days: int | None = None
    by_account: bool = False

    def step_at(self, count):
        """The step that `count` upheld complaints have reached; None below the first."""
        return next((step for step in reversed(self.steps) if step.at <= count), None)

    def step_after(self, count):
        """The first step above `count`; None on the last."""
        return next((step for step in self.steps if step.at > count), None)


def read(data) -> dict[Breach, Ladder]:
    """The ladders of a rulebook's JSON. Raises `BadLadder` with the kind and the reason.

    {kind: {"window_days": n or null, "by_account": bool, "steps": [{"at": n, "actions": [{"measure": …, …}]}]}}
    """
    if not isinstance(data, dict):
        raise BadLadder(_("The ladders must be an object by kind."))
    return {_breach(name): _ladder(name, said) for name, said in data.items()}


def _breach(name):
    if name not in Breach.values:
        raise BadLadder(_("“%(name)s” is no kind of violation.") % {"name": name})
    return Breach(name)


def _bad(name, why):
    return BadLadder(_("Ladder “%(name)s”: %(why)s") % {"name": Breach(name).label, "why": why})


def _ladder(name, said):
    if not isinstance(said, dict) or not isinstance(said.get("steps"), list) or not said["steps"]:
        raise _bad(name, _("it needs at least one step."))
    steps = tuple(_step(name, step) for step in said["steps"])
    if [step.at for step in steps] != sorted({step.at for step in steps}):
        raise _bad(name, _("its steps must rise."))
    window = said.get("window_days")
    if window is not None and not _is_whole(window, 1, MOST_DAYS):
        raise _bad(name, _("its window must be whole days, or none."))
    return Ladder(Breach(name), steps, window, bool(said.get("by_account", False)))


def _step(name, said):
    if not isinstance(said, dict) or not _is_whole(said.get("at"), 1, 10**6):
        raise _bad(name, _("each step begins at a whole number of 1 or more."))
    actions = said.get("actions")
    if not isinstance(actions, list) or not actions:
        raise _bad(name, _("each step needs a measure."))
    return Step(said["at"], tuple(_action(name, action) for action in actions))


def _action(name, said):
    if not isinstance(said, dict) or said.get("measure") not in Measure.values:
        raise _bad(name, _("unknown measure."))
    measure = Measure(said["measure"])
    days = said.get("days")
    days = tuple(days) if isinstance(days, list) and days else (days,)
    if any(day is not None and not _is_whole(day, 1, MOST_DAYS) for day in days):
        raise _bad(name, _("a measure lasts whole days of 1 or more, or for ever."))
    points, fen, permission = said.get("points", 0), said.get("fen", 0), said.get("permission", "")
    if (measure == Measure.POINTS) != _is_whole(points, 1, 1000):
        raise _bad(name, _("points belong to the measure “points”, 1 or more."))
    if (measure == Measure.DEDUCT) != _is_whole(fen, 1, 10**9):
        raise _bad(name, _("an amount belongs to a deduction, above 0."))
    if (measure == Measure.RESTRICT) != bool(permission) or not isinstance(permission, str):
        raise _bad(name, _("a restriction names one permission."))
    return Action(measure, days, permission, points, fen)


def _is_whole(value, least, most):
    return type(value) is int and least <= value <= most


def actions_of(step: Step | None) -> Sequence[Action]:
    """A step's actions; none below the first step."""
    return step.actions if step else ()


def shipped():
    """The ladders that ship: copied videos as in [1]; the others are assumed, for the sources name measures only."""

    def one(at, *actions):
        return {"at": at, "actions": list(actions)}

    warning, take_down = {"measure": "warning"}, {"measure": "take_down"}
    service = [
        one(1, warning),
        one(3, {"measure": "points", "points": 2, "days": 365}),
        one(5, {"measure": "points", "points": 4, "days": 365}, {"measure": "deduct", "fen": 50_000}),
        one(
            10, {"measure": "restrict", "permission": "export_requests", "days": 7}, {"measure": "exposure", "days": 7}
        ),
    ]
    grave = [
        one(1, {"measure": "points", "points": 4, "days": 365}, {"measure": "deduct", "fen": 100_000}),
        one(2, {"measure": "suspend", "days": 7}),
        one(4, {"measure": "close"}),
    ]
    return {
        "negative_handling": {"window_days": 90, "steps": service},
        "unpaid_ruling": {"window_days": 90, "steps": service},
        "passing_the_buck": {"window_days": 90, "steps": service},
        "abuse": {"window_days": 365, "steps": grave},
        "false_promise": {"window_days": 365, "steps": service},
        "private_deal": {"window_days": 365, "steps": grave},
        "forged_evidence": {"window_days": 365, "steps": grave},
        "false_report": {
            "window_days": 365,
            "steps": [one(1, warning), one(3, {"measure": "restrict", "permission": "report_users", "days": 30})],
        },
        # [1]: fewer than 10 complaints, taken down; from 10 and below 30 publishing off and suspension by the owner's
        # how manieth account; 30 or more, for ever at once. Publishing is a permission of the shop platform's own.
        "copied_video": {
            "window_days": None,
            "by_account": True,
            "steps": [
                one(1, take_down),
                one(
                    10,
                    take_down,
                    {"measure": "restrict", "permission": "publish", "days": [7, 30, 90, None]},
                    {"measure": "suspend", "days": [7, 30, 90, None]},
                ),
                one(30, take_down, {"measure": "suspend", "days": None}),
            ],
        },
    }
