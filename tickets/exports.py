"""Requests as a table: what a shop's list filters, what the platform's does. The gate: `shop_cs.exporting.gate`."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.exporting.columns import NOBODYS
from shop_cs.exporting.gate import TooSoon, start
from shop_cs.exporting.kinds import Kind as Exported
from shop_cs.exporting.kinds import register, understood
from shop_cs.exporting.reading import Moment, chunks
from shop_cs.models.orders import mask_name, mask_phone
from shop_cs.privacy import name_shown
from shop_cs.rules import Category, Kind

from .filters import filtered
from .models import Reply, State
from .models.requests import OPEN_API_STATUS

# What other apps' exports pass too stands here as well as on the floor.
__all__ = ["COLUMNS", "TooSoon", "connect", "header", "rows", "start"]
Settlement, Reason = Reply.Settlement, Reply.Reason
CHOICES = (State, Kind, Category, Settlement, Reason)
# Of the last reply of a request, None where nobody answered yet; in the same statement as the request.
_SAID = JSONObject(solved="solved", settlement="settlement", reason="reason", text="text")
LAST_REPLY = Subquery(Reply.everything.filter(request=OuterRef("pk")).order_by("-round").values(said=_SAID)[:1])


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is made of: `make(words, *columns read)` → its cells, a chunk of rows at a time."""

    reads: tuple
    make: Callable = lambda words, cells: cells


@dataclass(frozen=True, slots=True)
class Person:
    """So much of a consumer as is shown of him."""

    name: str
    erased_at: str | None

    @property
    def masked_name(self):
        return mask_name(self.name)


def _plain(path):
    return Column((path,))


def _moment(path):
    return Column((Moment(path),))


def _each(path, make):
    """A column of few different values: each is made once a chunk. `make(words, value)` → cell."""

    def cells(words, values):
        made = {value: make(words, value) for value in set(values)}
        return [made[value] for value in values]

    return Column((path,), cells)


def _label(path, choices):
    return _each(path, lambda words, code: words[choices][code])


def _yuan(words, amounts):
    return [Decimal(fen).scaleb(-2) for fen in amounts]


def _outcome(words, replies):
    return [reply and words["solved" if reply["solved"] else "unsolved"] for reply in replies]


def _why(words, replies):
    return [reply and _reason(words, **reply) for reply in replies]


def _reason(words, *, solved, settlement, reason, text):
    return words[Settlement][settlement] if solved else words[Reason][reason]


def _names(words, names, erased):
    return [name_shown(None if name is None else Person(name, at)) for name, at in zip(names, erased, strict=True)]


def _phones(words, phones):
    return [None if phone is None else mask_phone(phone) for phone in phones]


def _words():
    """The labels in the reader's language, looked up once and not for each of 50,000 rows."""
    labels = {choices: {code: str(label) for code, label in choices.choices} for choices in CHOICES}
    return {**labels, "solved": _("Solved"), "unsolved": _("Unsolved")}


COLUMNS = {
    gettext_lazy("Request number"): _plain("no"),
    gettext_lazy("Open API status"): _each("state", lambda words, state: OPEN_API_STATUS.get(state)),
    gettext_lazy("Status"): _label("state", State),
    gettext_lazy("Order number"): _plain("order__no"),
    gettext_lazy("Product"): _plain("order__product"),
    gettext_lazy("Amount in yuan"): Column(("order__amount_fen",), _yuan),
    gettext_lazy("Kind"): _label("kind", Kind),
    gettext_lazy("Type"): _label("category", Category),
    gettext_lazy("Round"): _plain("round"),
    gettext_lazy("Urges"): _plain("urges"),
    gettext_lazy("Created at"): _moment("created_at"),
    gettext_lazy("Sent at"): _moment("sent_at"),
    gettext_lazy("Deadline"): _moment("deadline"),
    gettext_lazy("Overdue since"): _moment("overdue_at"),
    gettext_lazy("In review since"): _moment("reviewing_since"),
    gettext_lazy("Closed at"): _moment("closed_at"),
    gettext_lazy("Limit in hours"): _each("limit_minutes", lambda words, minutes: Decimal(minutes) / 60),
    gettext_lazy("Consumer's claim"): _plain("detail"),
    gettext_lazy("Last reply"): Column((LAST_REPLY,), _outcome),
    gettext_lazy("Settlement or reason"): Column((LAST_REPLY,), _why),
    gettext_lazy("Reply text"): Column((LAST_REPLY,), lambda words, replies: [one and one["text"] for one in replies]),
    # [3]: personal data leaves the house masked only.
    gettext_lazy("Consumer's name"): Column(("order__consumer__name", "order__consumer__erased_at"), _names),
    gettext_lazy("Consumer's phone"): Column(("order__consumer__phone",), _phones),
}


def header(whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in COLUMNS)]


def rows(requests, most, whose=NOBODYS):
    """The first `most` of a queryset of requests as rows for a sheet, in few statements and constant memory."""
    columns, words = [*map(_plain, whose.reads), *COLUMNS.values()], _words()
    for read in chunks(requests, most, [path for column in columns for path in column.reads]):
        cells = (column.make(words, *map(read.get, column.reads)) for column in columns)
        yield from zip(*cells, strict=True)


def connect():
    """The list of a shop's requests can be exported; that of the platform is registered by its page."""
    register(
        Exported(
            name="requests",
            label=gettext_lazy("Service requests"),
            stem="requests",
            acts=("export_requests",),
            find=lambda shop, params, *, by, now: understood(filtered(shop, params, now, by.user_id)),
            table=lambda requests, most, *, by: (header(), rows(requests, most)),
            when="created_at",
            days=("created_from", "created_to"),
        )
    )
