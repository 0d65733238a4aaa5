"""Pieces that other apps show on a page without its app knowing them: registered by place, asked when it is shown."""

from collections.abc import Callable
from dataclasses import dataclass

_PANELS: dict[str, list[Callable]] = {}


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and what it shows, under the name `panel`."""

    template: str
    context: dict


def register(place, panel):
    """Shows `panel` on the pages of a place, "request" or "order".

    `panel(record, actor, now)` answers (template, context), or None where it has nothing to show.
    """
    panels = _PANELS.setdefault(place, [])
    if panel not in panels:
        panels.append(panel)


def panels(place, record, *, actor, now):
    """What the registered panels of this place have to show of the record, in the order of their registration."""
    answers = (panel(record, actor, now) for panel in _PANELS.get(place, ()))
    return [Panel(*answer) for answer in answers if answer is not None]
