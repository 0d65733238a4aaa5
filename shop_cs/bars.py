"""What penalties keep a shop from, in words for its own people."""

from django.utils.translation import gettext as _

from .access import SUSPENDED_MAY_NOT
from .models import CLOSED, ELSEWHERE, PERMISSIONS, SUSPENDED
from .words import instant, listed


def in_words(bars):
    """A sentence for each of `Shop.bars_at`, until when: the whole shop first."""
    known = {**PERMISSIONS, **ELSEWHERE}
    heads = {CLOSED: _("Your shop is closed"), SUSPENDED: _("Your shop is suspended")}
    told = [f"{_until(heads[name], bars[name])} {_kept_from()}" for name in heads if name in bars]
    return told + [
        _until(_("Your shop may not %(what)s") % {"what": known[name]}, bars[name]) for name in bars if name in known
    ]


def own_in_words(owing):
    """A sentence, and where to set it right, for each of `Actor.owing`."""
    words = _("Your exam was not passed in time: until you pass it you may not %(what)s.")
    return [(words % {"what": PERMISSIONS[name]}, where) for name, where in owing or ()]


def _until(what, until):
    if until is None:
        return _("%(what)s for good.") % {"what": what}
    return _("%(what)s until %(at)s.") % {"what": what, "at": instant(until)}


def _kept_from():
    what = listed(PERMISSIONS[name] for name in SUSPENDED_MAY_NOT)
    return _("It may not: %(what)s. It still answers, pays and appeals.") % {"what": what}
