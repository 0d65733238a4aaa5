"""The entries of an order's case file, put together from the tables; from the trail where the tables forget."""

from itertools import groupby

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop_cs.models import Transfer

from . import of_breaches, of_cases, of_requests
from .reader import Entry, Kind, Reader

__all__ = ["Entry", "Kind", "by_day", "entries"]
TONES = {Transfer.Cause.TAKEN: "red", Transfer.Cause.REFUND: "green"}


def entries(order, *, viewer):
    """All that happened about `order`, oldest first, as far as the actor `viewer` may see.

    A merchant does not find what waits for the opening, what is proposed or was dismissed, the names of the platform's
    people nor what they write to each other; money only if his post sees it. The order brings its shop and consumer.
    The number of statements does not grow with the entries.
    """
    reader = Reader(order, viewer)
    cases, compensations = of_cases.read(reader)
    violations = of_breaches.read_violations(reader)
    appeals = of_cases.read_appeals(reader, violations)
    found = [
        *of_requests.of_order(reader),
        *of_requests.of_requests(reader),
        *of_cases.of_cases(reader, cases),
        *of_cases.of_compensations(reader, compensations, cases),
        *of_breaches.of_violations(reader, violations),
        *of_cases.of_appeals(reader, appeals),
        *of_breaches.of_reports(reader),
        *_of_money(reader, compensations, violations, appeals),
    ]
    if found:
        found += of_breaches.of_filings(reader, max(entry.at for entry in found))
    # What happened at one instant keeps the order above: the cause before its effects.
    return sorted(found, key=lambda entry: entry.at)


def by_day(found):
    """[(local day, its entries)] of entries in the order of time."""
    return [(day, list(some)) for day, some in groupby(found, key=lambda entry: localtime(entry.at).date())]


def _of_money(reader, compensations, violations, appeals):
    """What moved for this order's sake: taken, paid, refunded, repaid, settled. One statement."""
    subjects = {one.no: one for one in (*compensations, *violations)}
    causes = {**subjects, **{one.no: one for one in appeals}}
    if not causes or not reader.sees_money:
        return
    about = Q(reference__in=causes) | Q(debit__subject__in=subjects) | Q(credit__subject__in=subjects)
    for one in reader.of(Transfer).filter(about).select_related("debit", "credit").order_by("pk"):
        way = _("%(from)s → %(to)s") % {"from": _account(one.debit), "to": _account(one.credit)}
        cause = causes.get(one.reference)
        yield Entry(
            at=one.at,
            kind=Kind.MONEY,
            what=one.get_cause_display(),
            text=way,
            tone=TONES.get(one.cause, ""),
            no=one.reference,
            path=reader.path(cause) if cause else "",
            fen=one.amount_fen,
        )


def _account(account):
    """Whose money, without the shop: the file is one shop's."""
    return " · ".join(filter(None, [account.get_kind_display(), account.subject]))
