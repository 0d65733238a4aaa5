"""The rows of tables of requests: each is drawn once, for as long as it says the same."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from shop_cs.rules import Category, Kind

from .models import State
from .standing import Standing

# About 3 KB each.
MOST = 5_000
_CHOICES = {"state": State.choices, "kind": Kind.choices, "category": Category.choices}


class Row(NamedTuple):
    """All that a row shows. `order` is None on an order's own page; `is_picked` is None where none can be ticked."""

    no: str
    round: int
    urges: int
    tags: tuple
    order: tuple | None
    category: str
    kind: str
    assignee: str
    created_at: datetime
    state: str
    is_overdue: bool
    was_overdue: bool
    is_picked: bool | None
    standing: Standing


def row(record, standing, *, picked=None, order=True):
    """`picked` are the numbers of the ticked rows, None where none can be ticked."""
    return Row(
        no=record.no,
        round=record.round,
        urges=record.urges,
        tags=tuple(getattr(record, "tags", ())),
        order=(record.order.no, record.order.product) if order else None,
        category=record.category,
        kind=record.kind,
        assignee=getattr(record, "assignee", ""),
        created_at=record.created_at,
        state=record.state,
        is_overdue=record.overdue_this_round,
        was_overdue=record.overdue_at is not None,
        is_picked=None if picked is None else record.no in picked,
        standing=standing,
    )


def drawn(rows, shop_no):
    """The rows as HTML, in the language of who asks."""
    language = get_language()
    return SafeString("".join(_drawn(row, shop_no, language) for row in rows))


@lru_cache(maxsize=MOST)
def _drawn(row, shop_no, language):
    said = {"row": row, "shop_no": shop_no, "named": _named(language)}
    return engines["jinja2"].get_template("tickets/row.html").render(said)


@lru_cache(maxsize=8)
def _named(_language):
    """{field: {value: its name}} of what a row says, and how the urges are told."""
    return {name: {code: str(label) for code, label in choices} for name, choices in _CHOICES.items()} | {
        "urged": _urged
    }


def _urged(times):
    return ngettext("urged once", "urged %(n)s times", times) % {"n": times}
