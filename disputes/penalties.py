"""How a penalty stands at an instant, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shop_cs.ladder_text import FOR_A_TIME
from shop_cs.words import yuan

from .consequences import effect_words, measure_words, span_words
from .models import Penalty

RED, AMBER, NONE = "is-red", "is-amber", ""


@dataclass(frozen=True, slots=True)
class Imposed:
    """A penalty with how it stands: what, until when, in force or not, what it does."""

    penalty: Penalty
    what: str
    span: str
    standing: str
    tone: str
    effect: str


def imposed(penalty, *, now):
    """How this penalty stands at `now`, whether or not a worker has noticed that it is over."""
    standing, tone = _standing(penalty, now)
    return Imposed(
        penalty=penalty,
        what=measure_words(penalty),
        span=span_words(penalty.measure, penalty.from_at, penalty.until_at),
        standing=standing,
        tone=tone,
        effect=effect_words(penalty.measure),
    )


def _standing(penalty, now):
    if penalty.undone_at:
        if penalty.refunded_fen:
            return _("Undone, %(amount)s came back") % {"amount": yuan(penalty.refunded_fen)}, NONE
        return _("Undone"), NONE
    if penalty.measure not in FOR_A_TIME:
        return _("Done"), NONE
    return (_("In force"), AMBER) if penalty.is_in_force(now) else (_("Over"), NONE)
