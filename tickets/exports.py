"""Requests as a table: what a shop's list filters, what the platform's does. The gate: `shop_cs.exporting.gate`."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.exporting.columns import NOBODYS
from shop_cs.exporting.gate import TooSoon, start
from shop_cs.exporting.kinds import Kind as Exported
from shop_cs.exporting.kinds import register, understood
from shop_cs.models import Consumer, Order
from shop_cs.privacy import name_shown
from shop_cs.rules import Category, Kind

from .filters import filtered
from .models import Reply, ServiceRequest, State

# What other apps' exports pass too stands here as well as on the floor.
__all__ = ["COLUMNS", "TooSoon", "connect", "header", "rows", "start"]
CHUNK = 1000
Settlement, Reason = Reply.Settlement, Reply.Reason
CHOICES = (State, Kind, Category, Settlement, Reason)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row is made of; no consumer where he is not known, no reply where nobody answered yet."""

    request: ServiceRequest
    order: Order
    consumer: Consumer | None
    reply: Reply | None
    words: dict

    def outcome(self):
        return self.reply and self.words["solved" if self.reply.solved else "unsolved"]

    def why(self):
        if self.reply is None:
            return None
        choices, code = (Settlement, self.reply.settlement) if self.reply.solved else (Reason, self.reply.reason)
        return self.words[choices][code]


def _words():
    """The labels in the reader's language, looked up once and not for each of 50,000 rows."""
    labels = {choices: {code: str(label) for code, label in choices.choices} for choices in CHOICES}
    return {**labels, "solved": _("Solved"), "unsolved": _("Unsolved")}


COLUMNS = {
    gettext_lazy("Request number"): lambda line: line.request.no,
    gettext_lazy("Open API status"): lambda line: line.request.open_api_status,
    gettext_lazy("Status"): lambda line: line.words[State][line.request.state],
    gettext_lazy("Order number"): lambda line: line.order.no,
    gettext_lazy("Product"): lambda line: line.order.product,
    gettext_lazy("Amount in yuan"): lambda line: Decimal(line.order.amount_fen).scaleb(-2),
    gettext_lazy("Kind"): lambda line: line.words[Kind][line.request.kind],
    gettext_lazy("Type"): lambda line: line.words[Category][line.request.category],
    gettext_lazy("Round"): lambda line: line.request.round,
    gettext_lazy("Urges"): lambda line: line.request.urges,
    gettext_lazy("Created at"): lambda line: line.request.created_at,
    gettext_lazy("Sent at"): lambda line: line.request.sent_at,
    gettext_lazy("Deadline"): lambda line: line.request.deadline,
    gettext_lazy("Overdue since"): lambda line: line.request.overdue_at,
    gettext_lazy("In review since"): lambda line: line.request.reviewing_since,
    gettext_lazy("Closed at"): lambda line: line.request.closed_at,
    gettext_lazy("Limit in hours"): lambda line: Decimal(line.request.limit_minutes) / 60,
    gettext_lazy("Consumer's claim"): lambda line: line.request.detail,
    gettext_lazy("Last reply"): Line.outcome,
    gettext_lazy("Settlement or reason"): Line.why,
    gettext_lazy("Reply text"): lambda line: line.reply and line.reply.text,
    # [3]: personal data leaves the house masked only.
    gettext_lazy("Consumer's name"): lambda line: name_shown(line.consumer),
    gettext_lazy("Consumer's phone"): lambda line: line.consumer and line.consumer.masked_phone,
}


def header(whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in COLUMNS)]


def rows(requests, most, whose=NOBODYS):
    """The first `most` of a queryset of requests as rows for a sheet, in few statements and constant memory."""
    replies = Prefetch("replies", Reply.everything.order_by("round"), to_attr="told")
    whole = requests.select_related("order__consumer", *whose.related).prefetch_related(replies)
    words = _words()
    for request in whole[:most].iterator(chunk_size=CHUNK):
        reply = request.told[-1] if request.told else None
        line = Line(request, request.order, request.order.consumer, reply, words)
        yield [*whose.of(request), *(value(line) for value in COLUMNS.values())]


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
