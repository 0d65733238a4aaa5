"""What waits for the platform, counted in one statement: for the badges of its sidebar and its first page."""

from .. import counting
from ..composed import composed_sizes

# A badge counts no further.
MOST = 999
# What badges count, by name: functions (the user's key) → rows. The apps add theirs.
WAITING = {}


def sizes(rows_of, most=None):
    """{name: how many rows}, by {name: rows}; no number goes beyond `most`. One statement."""
    cut = [rows.order_by()[:most] for rows in rows_of.values()]
    return dict(zip(rows_of, counting.sizes(cut), strict=True))


def badge(request, name):
    """How many of `name` wait, as the sidebar shows it; all are counted at once, once a page. None for none."""
    if not hasattr(request, "waiting"):
        numbers = _sizes(request.user.pk, names=tuple(WAITING))
        request.waiting = dict(zip(WAITING, numbers, strict=True))
    number = request.waiting[name]
    return f"{MOST}+" if number > MOST else str(number or "") or None


@composed_sizes
def _sizes(user_id, *, names):
    return [WAITING[name](user_id).order_by()[: MOST + 1] for name in names]
