"""Why a deadline is that instant, in sentences: the same on the request's page and on the command line."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.clock import Why
from shop_cs.words import duration

COUNTS = {
    Why.OPEN: gettext_lazy("counts"),
    Why.NIGHT: gettext_lazy("does not count: outside the working hours"),
    Why.CLOSED_DAY: gettext_lazy("does not count: a closed day"),
}


def lines(explanation):
    """An `Explanation` in sentences: the limit and the rulebook's version, each stretch, the deadline."""
    return [
        _("Limit %(limit)s of working time from %(start)s; rulebook version “%(rulebook)s”.")
        % {
            "limit": duration(explanation.limit),
            "start": _moment(explanation.start),
            "rulebook": explanation.rulebook,
        },
        *map(sentence, explanation.stretches),
        _("Deadline: %(at)s.") % {"at": _moment(explanation.deadline)},
    ]


def sentence(stretch):
    """One stretch: from, to, how long, and whether it counts or why not."""
    same_day = stretch.start.date() == stretch.end.date()
    return _("%(start)s to %(end)s, %(length)s: %(counts)s") % {
        "start": _moment(stretch.start),
        "end": _time(stretch.end) if same_day else _moment(stretch.end),
        "length": duration(stretch.length),
        "counts": COUNTS[stretch.why],
    }


def _moment(at):
    return f"{at:%Y-%m-%d} {_time(at)}"


def _time(at):
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
