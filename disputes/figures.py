"""The merchant liability rate of a shop's month, and what one case does to it. [0] §三

Of the orders that were paid in the month, the share that has a case which counts: lost in whole or part by the shop's
own blame, in no excepted scene, not taken out by a granted appeal (`models.counting`). An order counts once, however
many such cases it has. A month is one of Shanghai, its `date` that of its first day. Which day an order belongs to is
*assumed*: the sources name the rate, not its month.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils.timezone import localtime

from shop_cs.clock import SHANGHAI
from shop_cs.models import Order

from .awards import Effect, Rate
from .models import MERCHANT_BLAMES, Case


@dataclass(frozen=True, slots=True)
class Line:
    """A case of a month and its effect: `before` as if it did not count, `after` as the month stands."""

    case: Case
    effect: Effect


def month_of(instant):
    """The first day of the Shanghai month in which an instant lies."""
    return localtime(instant, SHANGHAI).date().replace(day=1)


def month_of_case(case):
    """The month whose rate a case can change; None while its order is not known to be paid."""
    return case.order.paid_at and month_of(case.order.paid_at)


def later(month, by):
    """The month `by` months later, or earlier below zero."""
    whole = month.year * 12 + month.month - 1 + by
    return date(whole // 12, whole % 12 + 1, 1)


def _span(month):
    """The first instant of a month and the first of the next."""
    return tuple(datetime.combine(day, time(), tzinfo=SHANGHAI) for day in (month, later(month, 1)))


def _paid_in(month, field="paid_at"):
    begins, ends = _span(month)
    return Q(**{f"{field}__gte": begins, f"{field}__lt": ends})


def _count_both(orders):
    """To aggregate or annotate: the orders, and those of them that have a case that counts."""
    counting = Exists(Case.everything.counting().filter(order=OuterRef("pk")))
    return orders.annotate(_counts=counting), {"orders": Count("pk"), "counting": Count("pk", filter=Q(_counts=True))}


def rate_of(shop_id, month):
    """The `Rate` of a shop in a month, as it stands; one statement."""
    orders, both = _count_both(Order.everything.filter(_paid_in(month), shop=shop_id))
    return Rate(**orders.aggregate(**both))


def rates_of(shop_id, last, months):
    """{month: Rate} of so many months up to `last`, the latest first; one statement."""
    listed = [later(last, -n) for n in range(months)]
    begins, ends = _span(listed[-1])[0], _span(last)[1]
    orders, both = _count_both(Order.everything.filter(shop=shop_id, paid_at__gte=begins, paid_at__lt=ends))
    rows = orders.order_by().values(month=TruncMonth("paid_at", tzinfo=SHANGHAI)).annotate(**both)
    found = {month_of(row["month"]): Rate(row["counting"], row["orders"]) for row in rows}
    return {month: found.get(month, Rate(0, 0)) for month in listed}


def rates_in(month):
    """{shop id: Rate} of all shops that had orders paid in a month; one statement."""
    orders, both = _count_both(Order.everything.filter(_paid_in(month)))
    rows = orders.order_by().values("shop").annotate(**both)
    return {row["shop"]: Rate(row["counting"], row["orders"]) for row in rows}


def cases_of(shop_id, month):
    """The cases on orders of a shop that were paid in a month, the latest opened first.

    Each with `counts_beside`: whether another case of its order counts.
    """
    beside = Case.everything.counting().filter(order=OuterRef("order")).exclude(pk=OuterRef("pk"))
    cases = Case.everything.filter(_paid_in(month, "order__paid_at"), shop=shop_id)
    return cases.annotate(counts_beside=Exists(beside)).order_by("-opened_at", "-pk")


def lines(cases, rate):
    """The `Line`s of some of `cases_of` a month whose rate is `rate`; asks nothing more."""
    return [Line(case, Effect(rate.without_order() if _alone(case) else rate, rate)) for case in cases]


def _alone(case):
    return case.is_counting and not case.counts_beside


def effect(case, *, counts):
    """What it would change if `case` counted, or did not: the rate of its order's month now, and then. Two statements.

    An order that is not known to be paid belongs to no month: nothing changes.
    """
    month = month_of_case(case)
    if month is None:
        return Effect(Rate(0, 0), Rate(0, 0))
    rate = rate_of(case.shop_id, month)
    beside_it = Case.everything.counting().filter(order=case.order_id).exclude(pk=case.pk).exists()
    now, then = case.is_counting or beside_it, counts or beside_it
    if now == then:
        return Effect(rate, rate)
    return Effect(rate, rate.with_order() if then else rate.without_order())


def effect_had(case):
    """What a granted appeal did to it: the month's rate as if the case, which it has cleared, counted, and as it is."""
    would_count = case.is_against_merchant and case.blame in MERCHANT_BLAMES and case.counts
    told = effect(case, counts=would_count)
    return Effect(before=told.after, after=told.before)
