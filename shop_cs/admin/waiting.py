"""What waits for the platform, counted in one statement: for the badges of its sidebar and its first page."""

from functools import lru_cache

from .. import counting

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
        numbers = counting.told(*_of_badges(request.user.pk, MOST + 1))
        request.waiting = dict(zip(WAITING, numbers, strict=True))
    number = request.waiting[name]
    return f"{MOST}+" if number > MOST else str(number or "") or None


@lru_cache(maxsize=1_000)
def _of_badges(user_id, most):
    # To compose it takes longer than to count, and it is the same on all of a user's pages.
    return counting.statement(rows(user_id).order_by()[:most] for rows in WAITING.values())
