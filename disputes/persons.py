"""What is known of a person across shops, by a consumer's key. For reviewers alone: merchants read none of it."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from shop_cs.models import AfterSale, Consumer, Order
from tickets.models import ServiceRequest, State

from .models import Case, CaseState, Outcome, Report, ReportOrder, ReportState

# Rows of each kind on a dossier; the figures count them all.
MOST = 50


@dataclass(frozen=True, slots=True)
class Part:
    """The newest of a person's records of one kind, and how many there are in all."""

    rows: list
    total: int

    @property
    def left_out(self):
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person: the contacts he was known by, his records of each kind, and figures by name."""

    key: str
    contacts: list
    orders: Part
    requests: Part
    after_sales: Part
    cases: Part
    reports: Part
    figures: dict

    @property
    def is_marked(self):
        return self.figures["upheld"] > 0


def dossier(key):
    """All that is known of the person with this key, in every shop; None when nobody has it. Eleven statements."""
    contacts = list(Consumer.objects.filter(key=key).order_by("-pk"))
    if not contacts:
        return None
    orders = Order.everything.filter(consumer__key=key).select_related("shop")
    requests = ServiceRequest.everything.filter(order__consumer__key=key).select_related("shop", "order")
    after_sales = AfterSale.everything.filter(order__consumer__key=key).select_related("shop", "order")
    cases = Case.everything.filter(order__consumer__key=key).select_related("shop", "order")
    reports = reports_about(key)
    figures = {
        **_figures(after_sales, after_sales=Q(), **_REFUSED),
        **_figures(cases, cases=Q(), **_DECIDED),
        **_figures(reports, reports=Q(), upheld=Q(state=ReportState.UPHELD)),
        "orders": orders.count(),
        "requests": requests.count(),
    }
    return Dossier(
        key=key,
        contacts=contacts,
        orders=_part(orders.order_by("-paid_at", "-pk"), figures["orders"]),
        requests=_part(requests.order_by("-created_at", "-pk"), figures["requests"]),
        after_sales=_part(after_sales.order_by("-applied_at", "-pk"), figures["after_sales"]),
        cases=_part(cases.order_by("-opened_at", "-pk"), figures["cases"]),
        reports=_part(reports, figures["reports"]),
        figures=figures,
    )


_REFUSED = {
    "refused": Q(state=AfterSale.State.REFUSED),
    "refused_returns": Q(state=AfterSale.State.REFUSED, kind=AfterSale.Kind.RETURN),
}
# As the person sees it: what was ruled for the merchant he has lost.
_DECIDED = {
    "won": Q(outcome=Outcome.CONSUMER),
    "shared": Q(outcome=Outcome.SHARED),
    "lost": Q(outcome=Outcome.MERCHANT),
}


def _figures(rows, **conditions):
    return rows.order_by().aggregate(**{name: Count("pk", filter=only) for name, only in conditions.items()})


def _part(rows, total):
    return Part(list(rows[:MOST]), total)


def reports_about(key):
    """Every shop's reports about a person, newest first."""
    return Report.everything.about(key).select_related("shop", "consumer").order_by("-made_at", "-pk")


def others_about(report):
    """What stands beside a report about the same person: (number of other shops, of other reports, of upheld ones)."""
    others = Report.everything.about(report.consumer_key).exclude(pk=report.pk).order_by()
    told = others.aggregate(
        shops=Count("shop", distinct=True, filter=~Q(shop=report.shop_id)),
        reports=Count("pk"),
        upheld=Count("pk", filter=Q(state=ReportState.UPHELD)),
    )
    return told["shops"], told["reports"], told["upheld"]


# For `prefetch_related` of reports: the orders that each is about.
ORDERS = Prefetch("report_orders", ReportOrder.everything.select_related("order"))


@dataclass(frozen=True, slots=True)
class Mark:
    """That the reports about a person were upheld; newest first."""

    key: str
    reports: list


def mark_on(record):
    """The mark of the person behind an open request or case, None where there is none; one statement.

    [4] §一: an upheld report marks that consumer on what is open, in every shop.
    """
    consumer = record.order.consumer
    if consumer is None or record.state in {State.CLOSED, CaseState.CLOSED}:
        return None
    upheld = list(reports_about(consumer.key).upheld()[:MOST])
    return Mark(consumer.key, upheld) if upheld else None
