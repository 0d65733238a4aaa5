"""Today's desk: what is open at this moment, counted live, each number with the way to its list."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop_cs.words import duration, instant

from .. import conditions
from ..models import ServiceRequest, State, late
from .values import count

# What is sent and not closed. Said one by one, so that each has its partial index, whatever is closed.
OPEN = Q(state=State.PENDING) | Q(state=State.CONFIRMING) | Q(state=State.REVIEWING)


@dataclass(frozen=True, slots=True)
class Item:
    """`tone` marks what is to be looked at first, when there is any."""

    title: str
    number: int
    address: str
    tone: str = ""

    @property
    def text(self):
        return count(self.number)


@dataclass(frozen=True, slots=True)
class Desk:
    """`items` of the merchant's time, `waits` by how long the platform has had it; `oldest` in words, or ""."""

    items: list
    waits: list
    oldest: str


def _open(asked):
    rows = ServiceRequest.everything.all() if asked.shop is None else ServiceRequest.objects.of(asked.shop)
    rows = rows.filter(OPEN).order_by()
    return rows.filter(category=asked.category) if asked.category else rows


def desk(asked, links, *, now):
    """What is open now of a shop or of all, and of a type; the period is no matter. Two statements."""
    conditions_ = _conditions(now)
    # By a column that the index has, as it has all the others.
    counts = {name: Count("state", filter=only) for name, (only, *_rest) in conditions_.items()}
    oldest = Min("reviewing_since", filter=Q(state=State.REVIEWING))
    told = _open(asked).aggregate(**counts, oldest=oldest)
    items = {
        name: Item(title, told[name], links.to(where, category=asked.category), tone)
        for name, (_only, title, where, tone) in conditions_.items()
    }
    since = told["oldest"]
    return Desk(
        items=[item for name, item in items.items() if not name.startswith("wait_")],
        waits=[item for name, item in items.items() if name.startswith("wait_")],
        oldest=_oldest(since, now) if since else "",
    )


def _oldest(since, now):
    days = (now - since).days
    time = ngettext("%(n)s day", "%(n)s days", days) % {"n": count(days)} if days else duration(now - since)
    return _("The oldest since %(at)s, for %(time)s.") % {"at": instant(since), "time": time}


def _conditions(now):
    """name → (what it counts, its title, the filters of its list, its tone)."""
    return {
        "pending": (Q(state=State.PENDING), _("Pending"), {"tab": "pending"}, ""),
        "due": (
            conditions.due_today(now),
            _("Due before today's closing"),
            {"tab": "pending", "due": "today"},
            "is-amber",
        ),
        "overdue": (late(now), _("Overdue, not closed yet"), {"open": "yes", "overdue": "yes"}, "is-red"),
        "urged": (Q(urges__gt=0), _("Urged, not closed yet"), {"open": "yes", "urged": "yes"}, "is-amber"),
        "reviewing": (Q(state=State.REVIEWING), _("In review"), {"tab": "reviewing"}, ""),
        **{
            f"wait_{code}".replace("-", "_").replace("+", "_"): (
                conditions.in_review(code, now),
                title,
                {"tab": "reviewing", "in_review": code},
                "",
            )
            for code, title in conditions.IN_REVIEW
        },
    }
