"""Everything about one order in one report: its facts and parts, its case file, and the trail of all of it."""

from dataclasses import dataclass

from django.db.models import Q

from shop_cs.audit.reading import Entry
from shop_cs.audit.search import keys, told
from shop_cs.audit.tables import table_of
from shop_cs.models import (
    Account,
    AfterSale,
    Consumer,
    ConsumerMessage,
    Disclosure,
    Evidence,
    Order,
    Seal,
    Transfer,
)
from tickets.models import Attachment, ContactAttempt, Reply, Review, ServiceRequest, Survey

from . import casefile
from .models import (
    Appeal,
    Case,
    Compensation,
    Exhibit,
    Filing,
    FilingOrder,
    Offer,
    Penalty,
    Report,
    ReportOrder,
    Violation,
)

# Changes of one order that are printed; an order has some dozens.
MOST = 3000
OF_THE_ORDER = (AfterSale, ServiceRequest, Evidence, ConsumerMessage, Disclosure, Case, Compensation, Violation)
OF_A_REQUEST = (Reply, ContactAttempt, Attachment, Survey, Review)


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What the report shows. `trail` is oldest first and cut where `is_cut`; `seal` is the head of the chain, None
    before the first."""

    order: Order
    after_sales: list[AfterSale]
    evidence: list[Evidence]
    days: list
    money: list
    trail: list[Entry]
    is_cut: bool
    seal: Seal | None


def report(order, *, viewer):
    """The `OrderReport` of an order that brings its shop and consumer; a fixed number of statements."""
    found = keys({table_of(model): (condition, "") for model, condition in all_of(order).items()}, limit=MOST + 1)
    pieces = Evidence.everything.filter(order=order).select_related("uploaded_by")
    happened = casefile.entries(order, viewer=viewer)
    return OrderReport(
        order=order,
        after_sales=list(AfterSale.everything.filter(order=order).order_by("applied_at", "pk")),
        evidence=list(pieces),
        days=casefile.by_day(happened),
        money=[entry for entry in happened if entry.kind == casefile.Kind.MONEY],
        trail=told(found[:MOST])[::-1],
        is_cut=len(found) > MOST,
        seal=Seal.objects.order_by("-no").first(),
    )


def all_of(order):
    """{model: condition on its history} of the order and all that it gave rise to, also of what was deleted since."""
    mine = Q(order_id=order.pk)
    requests, cases = _ids(ServiceRequest, mine), _ids(Case, mine)
    violations = _ids(Violation, mine)
    against = Q(violation_id__in=violations)
    appeals = _ids(Appeal, mine | against)
    reports = set(ReportOrder.history.filter(mine).values_list("report_id", flat=True))
    filings = set(FilingOrder.history.filter(mine).values_list("filing_id", flat=True))
    shown_in = Q(case_id__in=cases) | Q(appeal_id__in=appeals) | Q(report_id__in=reports) | Q(filing_id__in=filings)
    return {
        Order: Q(id=order.pk),
        **({Consumer: Q(id=order.consumer_id)} if order.consumer_id else {}),
        **dict.fromkeys((*OF_THE_ORDER, ReportOrder, FilingOrder), mine),
        **dict.fromkeys(OF_A_REQUEST, Q(request_id__in=requests)),
        Offer: Q(case_id__in=cases),
        Exhibit: shown_in,
        Penalty: against,
        Appeal: mine | against,
        Report: Q(id__in=reports),
        Filing: Q(id__in=filings),
        **_money(mine, against),
    }


def _ids(model, condition):
    return set(model.history.filter(condition).values_list("id", flat=True))


def _money(mine, against):
    """What moved for the order's sake, and the accounts that it was held in: by the numbers of what caused it."""
    causes = [(Compensation, mine), (Violation, mine), (Appeal, mine | against)]
    numbers = {no for model, condition in causes for no in model.history.filter(condition).values_list("no", flat=True)}
    held = _ids(Account, Q(subject__in=numbers))
    moved = Q(reference__in=numbers) | Q(debit_id__in=held) | Q(credit_id__in=held)
    return {Account: Q(id__in=held), Transfer: moved}
