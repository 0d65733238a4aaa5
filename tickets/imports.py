"""Past and present requests from a file: their deadlines run from `created_at`, under the rulebook then in force."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs import imports, notices
from shop_cs.imports import Column, Importer, Problem, cells
from shop_cs.models import Order, Rulebook, Shop
from shop_cs.moves import begin_many
from shop_cs.rules import BadLimit, Category, Kind

from . import moves
from .actions.opening import opened, prepared
from .models import ServiceRequest, State
from .quality.importing import ResponseImport
from .quality.importing_robot import RobotImport

# Longer than any text that a consumer or an agent types. Assumed.
LONGEST_DETAIL = 10_000


def connect():
    imports.register("requests", RequestImport)
    imports.register("response_rates", ResponseImport)
    imports.register("robot_answers", RobotImport)


class RequestImport(Importer):
    """requests.csv. A number that is here already with other content is refused: a request is never edited."""

    label = gettext_lazy("Service requests")
    columns = (
        Column("request_no", cells.number, max_length=64),
        Column("shop_no", cells.number, max_length=32),
        Column("order_no", cells.number, max_length=64),
        Column("kind", cells.choice(Kind)),
        Column("category", cells.choice(Category)),
        Column("detail", max_length=LONGEST_DETAIL, verbatim=True),
        Column("created_at", cells.moment),
        Column("limit_hours", cells.hours, required=False),
        Column("urges", cells.count, required=False, empty=0),
    )
    key = ("request_no",)

    def __init__(self, **said):
        super().__init__(**said)
        self.rulebooks = list(Rulebook.objects.order_by("-effective_from"))
        self.rules = {rulebook.pk: rulebook.rules() for rulebook in self.rulebooks}
        self.to_tell = []

    def judge(self, rows):
        here = _requests({row["request_no"] for row in rows})
        shops = {shop.no: shop for shop in Shop.objects.filter(no__in={row["shop_no"] for row in rows})}
        orders = _orders(shops.values(), {row["order_no"] for row in rows})
        for row in rows:
            if known := here.get(row["request_no"]):
                yield row, _differences(row, known) or None
            else:
                yield row, self._plan(row, shops.get(row["shop_no"]), orders)

    def _plan(self, row, shop, orders):
        order = shop and orders.get((shop.pk, row["order_no"]))
        rulebook = next((book for book in self.rulebooks if book.effective_from <= row["created_at"]), None)
        problems = []
        if shop is None:
            problems.append(Problem(row.line, "shop_no", _("There is no such shop: import its orders first.")))
        elif order is None:
            problems.append(Problem(row.line, "order_no", _("There is no such order in this shop.")))
        if row["created_at"] > self.now:
            problems.append(Problem(row.line, "created_at", _("This lies in the future.")))
        if rulebook is None:
            problems.append(Problem(row.line, "created_at", _("No version of the rulebook was in force then.")))
        else:
            problems += _limit_problems(row, self.rules[rulebook.pk])
        return problems or (row, shop, order, rulebook)

    def write(self, plans):
        records = [self._record(*plan) for plan in plans]
        begin_many(
            records,
            moves.CREATE,
            by=self.by,
            now=self.now,
            reason=self.name,
            changes=lambda record: opened(self.rules[record.rulebook_id])(record) if record.sent_at else {},
        )
        self.to_tell += [
            (record.shop_id, record.shop.no, record.no)
            for record in records
            if record.state == State.PENDING and record.deadline >= self.now
        ]

    def _record(self, row, shop, order, rulebook):
        record = prepared(
            order=order,
            kind=row["kind"],
            category=row["category"],
            detail=row["detail"],
            rulebook=rulebook,
            rules=self.rules[rulebook.pk],
            agreed=row["limit_hours"],
            created_at=row["created_at"],
            no=row["request_no"],
            urges=row["urges"],
        )
        record.shop = shop
        # What was created outside the hours and whose opening has passed was sent then; the rest waits for the clock.
        if record.send_at <= self.now:
            record.sent_at = record.send_at
        return record

    def finish(self):
        """Only what a merchant can still answer rings, once a shop."""
        shop_no = {shop_id: no for shop_id, no, _request_no in self.to_tell}
        notices.tell_many(
            "request_new",
            [(shop_id, f"/s/{shop}/requests/{no}/", {"no": no}) for shop_id, shop, no in self.to_tell],
            now=self.now,
            gathered_path=lambda shop_id: f"/s/{shop_no[shop_id]}/requests/",
        )


def _orders(shops, nos):
    found = Order.everything.filter(shop__in=shops, no__in=nos).only("pk", "shop_id", "no")
    return {(order.shop_id, order.no): order for order in found}


def _limit_problems(row, rules):
    """What the rulebook has against kind, type and limit, at the column that is to blame. [2] §一.2"""
    try:
        rules.limit_of(row["kind"], row["category"], row["limit_hours"])
    except BadLimit as error:
        about_limit = row["kind"] == Kind.AGREED or row["limit_hours"] is not None
        return [Problem(row.line, "limit_hours" if about_limit else "category", str(error))]
    return []


def _requests(nos):
    """What is here of these numbers, as the columns of a file would say it."""
    fields = ("pk", "no", "shop__no", "order__no", "kind", "category", "detail", "created_at", "limit_minutes", "urges")
    found = {known["no"]: known for known in ServiceRequest.everything.filter(no__in=nos).values(*fields)}
    first = ServiceRequest.history.filter(id__in=[known["pk"] for known in found.values()], history_type="+")
    # Urges go on here: what counts is how many there were when the request came.
    urges = dict(first.values_list("id", "urges"))
    for known in found.values():
        known["urges"] = urges.get(known["pk"], known["urges"])
    return found


def _differences(row, known):
    """The columns in which a row differs from the request of its number, as problems."""
    agreed = timedelta(minutes=known["limit_minutes"]) if known["kind"] == Kind.AGREED else None
    was = {
        "shop_no": known["shop__no"],
        "order_no": known["order__no"],
        "limit_hours": agreed,
        **{name: known[name] for name in ("kind", "category", "detail", "created_at", "urges")},
    }
    reason = _("This request is here already, with another value.")
    return [Problem(row.line, name, reason) for name, value in was.items() if row[name] != value]
