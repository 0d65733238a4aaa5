"""Penalty ladders as people write and read them: a text for the rulebook's editor, words for everybody else.

[copied_video] by account
1: take_down
10: take_down; restrict publish for 7/30/90/ever; suspend for 7/30/90/ever

[abuse] within 365 days
1: points 4 for 365; deduct 1000.00
"""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .ladders import LASTING, BadLadder, Breach, Ladder, Measure, read
from .models import ELSEWHERE, PERMISSIONS
from .words import listed, yuan

# Credit points are taken for a time, as what lasts; the rest is done once.
FOR_A_TIME = LASTING | {Measure.POINTS}
EVER = "ever"
_HEAD = re.compile(r"\[\s*(\w+)\s*\](?:\s+within\s+(\d+)\s+days?)?(\s+by\s+account)?", re.IGNORECASE)
_STEP = re.compile(r"(\d+)\s*[:：]\s*(.+)")
_ACTION = re.compile(r"(\w+)(?:\s+(?!for\b)(\S+))?(?:\s+for\s+([\w/]+)(?:\s+days?)?)?", re.IGNORECASE)


def written(data):
    """The ladders of a rulebook's JSON as a text that `understood` reads back."""
    return "\n\n".join(_ladder_written(ladder) for ladder in read(data).values())


def _ladder_written(ladder):
    window = f" within {ladder.window_days} days" if ladder.window_days else ""
    lines = [f"[{ladder.breach.value}]{window}{' by account' if ladder.by_account else ''}"]
    for step in ladder.steps:
        lines.append(f"{step.at}: {'; '.join(_action_written(action) for action in step.actions)}")
    return "\n".join(lines)


def _action_written(action):
    said = {
        Measure.RESTRICT: action.permission,
        Measure.POINTS: str(action.points),
        Measure.DEDUCT: f"{action.fen // 100}.{action.fen % 100:02d}",
    }.get(action.measure)
    days = "/".join(EVER if day is None else str(day) for day in action.days)
    lasts = action.measure in FOR_A_TIME and days != EVER
    parts = [action.measure.value, said, f"for {days}" if lasts else None]
    return " ".join(filter(None, parts))


def understood(text):
    """The JSON of a text. Raises `BadLadder`, with the line where it is one line's fault."""
    data, said = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not (line := line.strip()):
            continue
        if head := _HEAD.fullmatch(line):
            said = _begun(data, head, number)
        elif step := _STEP.fullmatch(line):
            if said is None:
                raise _bad(number, _("a step needs its kind above it, as [abuse]."))
            said["steps"].append(_step(step, number))
        else:
            raise _bad(
                number, _("“%(line)s” is neither a kind, as [abuse], nor a step, as 3: warning.") % {"line": line}
            )
    read(data)
    return data


def _bad(number, why):
    return BadLadder(_("Line %(n)s: %(why)s") % {"n": number, "why": why})


def _begun(data, head, number):
    kind = head[1].lower()
    if kind not in Breach.values:
        raise _bad(number, _("“%(name)s” is no kind of violation.") % {"name": head[1]})
    if kind in data:
        raise _bad(number, _("“%(name)s” stands above already.") % {"name": head[1]})
    data[kind] = {"window_days": int(head[2]) if head[2] else None, "by_account": bool(head[3]), "steps": []}
    return data[kind]


def _step(step, number):
    return {"at": int(step[1]), "actions": [_action(part.strip(), number) for part in re.split("[;；]", step[2])]}


def _action(text, number):
    found = _ACTION.fullmatch(text)
    if not found or found[1].lower() not in Measure.values:
        known = ", ".join(Measure.values)
        raise _bad(number, _("“%(part)s” is no measure. There are: %(known)s.") % {"part": text, "known": known})
    measure, value, days = Measure(found[1].lower()), found[2], found[3]
    action = {"measure": measure.value}
    if measure == Measure.RESTRICT:
        action["permission"] = _needed(value, text, number)
    elif measure == Measure.POINTS:
        action["points"] = _whole(_needed(value, text, number), text, number)
    elif measure == Measure.DEDUCT:
        action["fen"] = _fen(_needed(value, text, number), text, number)
    elif value:
        raise _bad(number, _("“%(part)s”: this measure takes no “%(what)s”.") % {"part": text, "what": value})
    if days and measure not in FOR_A_TIME:
        raise _bad(number, _("“%(part)s”: this measure is done once and lasts no days.") % {"part": text})
    if days:
        lengths = [None if day.lower() == EVER else _whole(day, text, number) for day in days.split("/")]
        action["days"] = lengths if len(lengths) > 1 else lengths[0]
    return action


def _needed(value, text, number):
    if not value:
        raise _bad(number, _("“%(part)s” says too little: what, or how much?") % {"part": text})
    return value


def _whole(value, text, number):
    if not value.isdecimal() or len(value) > 6:
        raise _bad(number, _("“%(part)s”: “%(what)s” is no whole number.") % {"part": text, "what": value})
    return int(value)


def _fen(value, text, number):
    try:
        fen = Decimal(value) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise _bad(number, _("“%(part)s”: “%(what)s” is no amount in yuan.") % {"part": text, "what": value})
    return int(fen)


def what_words(measure, *, permission="", points=0, fen=0):
    """A measure with what belongs to it, in words."""
    if measure == Measure.RESTRICT:
        return _("May not %(what)s") % {"what": {**PERMISSIONS, **ELSEWHERE}.get(permission, permission)}
    if measure == Measure.POINTS:
        return ngettext("%(n)s credit point taken", "%(n)s credit points taken", points) % {"n": points}
    if measure == Measure.DEDUCT:
        return _("%(amount)s deducted from the deposit") % {"amount": yuan(fen)}
    return str(Measure(measure).label)


def days_words(days):
    """For how many days, in words; None is for ever."""
    if days is None:
        return _("for ever")
    return ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days}


def action_words(action):
    """A step's action with how long it lasts: for each of the owner's accounts in turn, where that differs. [1]"""
    what = what_words(action.measure, permission=action.permission, points=action.points, fen=action.fen)
    if action.measure not in FOR_A_TIME:
        return what
    if len(action.days) == 1:
        return _("%(what)s, %(long)s") % {"what": what, "long": days_words(action.days[0])}
    each = listed(days_words(day) for day in action.days)
    return _("%(what)s: by the owner's account, in turn %(each)s") % {"what": what, "each": each}


def counted_words(ladder: Ladder):
    """What is counted, and in which time."""
    days = ladder.window_days
    span = ngettext("within %(n)s day", "within %(n)s days", days) % {"n": days} if days else _("without a time limit")
    return _("%(span)s, each account by itself") % {"span": span} if ladder.by_account else span


def rows(data):
    """What a table of ladders shows: (kind, what is counted, [(from, measures in words)]). Raises `BadLadder`."""
    return [
        (
            ladder.breach.label,
            counted_words(ladder),
            [(step.at, [action_words(action) for action in step.actions]) for step in ladder.steps],
        )
        for ladder in read(data).values()
    ]
