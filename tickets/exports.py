"""What is filtered, as a table: at most 50,000 rows, not again within a minute a shop. [2] §二.4"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.masking import mask_mobiles
from shop_cs.models import Consumer, ExportLog, Order, Shop, acting
from shop_cs.moves import Refusal, Refused, rulebook_in_force
from shop_cs.privacy import name_shown
from shop_cs.rules import Category, Kind

from .models import Reply, ServiceRequest, State

CHUNK = 1000
Settlement, Reason = Reply.Settlement, Reply.Reason
CHOICES = (State, Kind, Category, Settlement, Reason)


class TooSoon(Refused):
    """The last export was less than a minute ago; `wait` is the time until the next, `free_at` its moment."""

    def __init__(self, free_at, wait):
        at = date_format(localtime(free_at), "H:i:s")
        text = _("This shop made an export just now. The next one is free at %(at)s.") % {"at": at}
        super().__init__(Refusal("too_soon", text, 429))
        self.free_at, self.wait = free_at, wait


def start(shop, *, requests, fmt, query, by, now):
    """Registers an export of the queryset `requests`; returns its log, whose `rows` says how many it may write.

    The exports of other apps pass here too, with their own records: the minute is the shop's, whatever it takes along.
    Raises `Refused` (400) for too many rows, which does not use up the minute, and `TooSoon` (429).
    """
    # Who looks for a telephone number leaves it in no log.
    query = mask_mobiles(query)
    rules = rulebook_in_force(now).rules()
    rows = requests.order_by().count()
    with transaction.atomic():
        # The shop's row is the queue: of two at the same moment one waits and then comes too soon.
        Shop.objects.select_for_update().get(pk=shop.pk)
        last = ExportLog.objects.of(shop).order_by("-at").first()
        # [2] §二.4: not again within 1 minute; when it is over, to the instant, the next is free.
        if last and now < last.at + rules.export_gap:
            raise TooSoon(last.at + rules.export_gap, last.at + rules.export_gap - now)
        if rows > rules.export_rows:
            raise Refused(_too_many(rows, rules.export_rows))
        with acting(by, move="export", at=now):
            return ExportLog.everything.create(shop=shop, by_id=by.user_id, at=now, format=fmt, query=query, rows=rows)


def _too_many(rows, most):
    # [2] §二.4: at most 50,000 rows at a time.
    text = _("%(rows)s rows match; an export holds at most %(most)s. Narrow the filter, for example by days.")
    return Refusal("too_many", text % {"rows": rows, "most": most}, 400)


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


def header():
    """The columns' names in the reader's language."""
    return [str(name) for name in COLUMNS]


def rows(requests, most):
    """The first `most` of a queryset of requests as rows for a sheet, in few statements and constant memory."""
    replies = Prefetch("replies", Reply.everything.order_by("round"), to_attr="told")
    whole = requests.select_related("order__consumer").prefetch_related(replies)
    words = _words()
    for request in whole[:most].iterator(chunk_size=CHUNK):
        reply = request.told[-1] if request.told else None
        line = Line(request, request.order, request.order.consumer, reply, words)
        yield [value(line) for value in COLUMNS.values()]
