"""What is counted of service requests, refunds and conversations, wholly from their records, in few statements a day.

Requests count by the day they were created, and from when they are sent: what waits for the opening does not exist yet
for the merchant. So a rate is of the same requests throughout, and of a recent day still changes.
"""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum

from shop_cs import clock
from shop_cs.models import AfterSale, Rulebook

from .. import conditions
from ..models import Reply, ResponseDay, Review, ServiceRequest, State, Survey
from .days import day_of, within
from .sources import Source, days_held, days_of, extent_of, of_shops, register

MINUTE = timedelta(minutes=1)
REFUND_KINDS = (AfterSale.Kind.REFUND, AfterSale.Kind.RETURN)


def connect():
    register(
        Source(
            "requests",
            {ServiceRequest: _of_requests, Reply: _of_parts, Review: _of_parts, Survey: _of_parts},
            count_requests,
            lambda: extent_of(ServiceRequest.everything.visible_to_merchant(), "created_at"),
        ),
        Source(
            "refunds",
            {AfterSale: lambda rows: days_held(rows, "applied_at")},
            count_refunds,
            lambda: extent_of(refunds(), "applied_at"),
        ),
        Source(
            "conversations",
            {ResponseDay: lambda rows: days_held(rows, "day")},
            count_conversations,
            _extent_of_conversations,
        ),
    )


# Which days a change touches
def _of_requests(rows):
    # A request never changes its day.
    return {(row.shop_id, day_of(row.created_at)) for row in rows}


def _of_parts(rows):
    return days_of(ServiceRequest, {row.request_id for row in rows}, "created_at")


# Requests
def count_requests(day, shops):
    """Of the requests created on a day: how many, closed, once overdue, urged (and how often), sent back by a reviewer,
    answered, answered as solved, asked of the consumer, answered by him, satisfied in the end."""
    mine = of_shops(ServiceRequest.everything.visible_to_merchant(), shops).filter(**within("created_at", day))
    told = (
        mine.order_by()
        .values("shop_id", "category")
        .annotate(
            created=Count("pk"),
            closed=_those(state=State.CLOSED),
            overdue=_those(overdue_at__isnull=False),
            urged=_those(urges__gt=0),
            # Under another name: a sum may not be called as what it sums.
            presses=Sum("urges"),
            rejected=_those(round__gt=1),
            replied=Count("pk", filter=conditions.answer("any")),
            solved=Count("pk", filter=conditions.answer("solved")),
            surveyed=Count("pk", filter=conditions.consumer("asked")),
            answered=Count("pk", filter=conditions.consumer("answered")),
            satisfied=Count("pk", filter=conditions.consumer("satisfied")),
        )
    )
    rows = {}
    for numbers in told:
        numbers["urges"] = numbers.pop("presses")
        rows[numbers.pop("shop_id"), numbers.pop("category")] = numbers
    for key, (replies, minutes) in _replies(day, shops).items():
        # A request that was taken out between the two statements is counted again by its own change.
        if key in rows:
            rows[key] |= {"replies": replies, "reply_minutes": minutes}
    return rows


def _those(**columns):
    return Count("pk", filter=Q(**columns))


def _replies(day, shops):
    """{(shop id, type): (replies, their working minutes)} of a day's requests.

    From the round's opening to the reply, on the working clock of the request's own rulebook: the first round opens
    with the request, a later one with the rejection before it; outside the working hours nothing runs anyway.
    """
    opened = Review.everything.filter(request=OuterRef("request"), round=OuterRef("round") - 1)
    replies = of_shops(Reply.everything, shops).filter(**within("request__created_at", day)).order_by()
    if shops is not None:
        # The same shops once more: by them and the day the requests have an index, the replies have none.
        replies = replies.filter(request__shop__in=shops)
    told = replies.annotate(opened_at=Subquery(opened.values("reviewed_at")[:1])).values_list(
        "shop_id", "request__category", "request__rulebook", "request__created_at", "opened_at", "replied_at"
    )
    sums, calendar_of = defaultdict(lambda: (0, 0)), _Calendars()
    for shop, category, rulebook, created_at, opened_at, replied_at in told:
        worked = clock.elapsed(calendar_of[rulebook], opened_at or created_at, replied_at)
        replies, minutes = sums[shop, category]
        sums[shop, category] = replies + 1, minutes + worked // MINUTE
    return sums


class _Calendars(dict):
    """The calendar of each version of the rulebook, read once."""

    def __missing__(self, rulebook):
        self.update({one.pk: one.calendar() for one in Rulebook.objects.all()})
        return self[rulebook]


# Refunds
def refunds():
    """After-sales that ask for money back."""
    return AfterSale.everything.filter(kind__in=REFUND_KINDS)


def count_refunds(day, shops):
    """Of the refunds applied for on a day: how many, how many are done, and the minutes until then.

    [1] names the refund completion rate and time and does not define them; assumed: done out of applied for, and the
    wall time from the application to when it was first known here as done.
    """
    past = AfterSale.history.model.objects.filter(id=OuterRef("pk"), state=AfterSale.State.DONE)
    mine = of_shops(refunds(), shops).filter(**within("applied_at", day)).order_by()
    known = mine.annotate(known_at=Subquery(past.order_by("history_id").values("history_date")[:1]))
    rows = defaultdict(lambda: {"refunds": 0, "refunds_done": 0, "refund_minutes": 0})
    for shop, state, applied_at, known_at in known.values_list("shop_id", "state", "applied_at", "known_at"):
        numbers = rows[shop, ""]
        numbers["refunds"] += 1
        if state == AfterSale.State.DONE:
            numbers["refunds_done"] += 1
            numbers["refund_minutes"] += max(0, (known_at - applied_at) // MINUTE) if known_at else 0
    return dict(rows)


# Conversations
def count_conversations(day, shops):
    """[3]: all conversations of a day and those that were effective, as the chat platform counts them."""
    mine = of_shops(ResponseDay.everything, shops).filter(day=day).order_by()
    told = mine.values_list("shop_id", "conversations", "effective")
    return {(shop, ""): {"conversations": all_, "effective": effective} for shop, all_, effective in told}


def _extent_of_conversations():
    found = ResponseDay.everything.order_by().aggregate(first=Min("day"), last=Max("day"))
    return (found["first"], found["last"]) if found["first"] else None
