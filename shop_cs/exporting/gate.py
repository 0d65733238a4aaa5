"""The gate of all exports: at most 50,000 rows at a time, not again within a minute a shop. [2] §二.4"""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..masking import mask_query
from ..models import ExportLog, Shop, acting
from ..moves import Refusal, Refused, rulebook_in_force

# So begins what the trail tells of something that is no list and takes no minute; no query of a list begins so.
NO_LIST = "sheet?"


class TooSoon(Refused):
    """The last export was less than a minute ago; `wait` is the time until the next, `free_at` its moment."""

    def __init__(self, free_at, wait):
        at = date_format(localtime(free_at), "H:i:s")
        text = _("This shop made an export just now. The next one is free at %(at)s.") % {"at": at}
        super().__init__(Refusal("too_soon", text, 429))
        self.free_at, self.wait = free_at, wait


def start(shop, *, requests, fmt, query, by, now):
    """Registers an export of the queryset `requests`; returns its log, whose `rows` says how many it may write.

    The exports of all apps pass here, with their own records: the minute is the shop's, whatever it takes along.
    Raises `Refused` (400) for too many rows, which does not use up the minute, and `TooSoon` (429).
    """
    rows = requests.order_by().count()
    with transaction.atomic():
        pass_one(shop, now=now)
        if rows > most(now):
            raise Refused(too_many(rows, most(now)))
        return record(shop, fmt=fmt, query=query, rows=rows, by=by, now=now, move="export")


def most(now):
    """How many rows an export holds. [2] §二.4"""
    return rulebook_in_force(now).rules().export_rows


def pass_one(shop, *, now):
    """Within the caller's transaction: one export of the shop may begin. Raises `TooSoon`."""
    # The shop's row is the queue: of two at the same moment one waits and then comes too soon.
    Shop.objects.select_for_update().get(pk=shop.pk)
    lists = ExportLog.objects.of(shop).exclude(query__startswith=NO_LIST)
    last = lists.order_by("-at").first()
    gap = rulebook_in_force(now).rules().export_gap
    # [2] §二.4: not again within 1 minute; when it is over, to the instant, the next is free.
    if last and now < last.at + gap:
        raise TooSoon(last.at + gap, last.at + gap - now)


def record(shop, *, fmt, query, rows, by, now, move):
    """What the trail tells of an export; `shop` None: of the platform's."""
    with acting(by, move=move, at=now):
        return ExportLog.everything.create(
            shop=shop,
            by_id=by.user_id,
            at=now,
            format=fmt,
            # Who looks for a telephone number leaves it in no log.
            query=mask_query(query),
            rows=rows,
        )


def tell(job, *, rows, by, move, now):
    """A row of the trail: what became of a job, and how many rows it may take out of the house."""
    job.log.rows = rows
    with acting(by, move=move, at=now):
        job.log.save()


def too_many(rows, most):
    # [2] §二.4: at most 50,000 rows at a time.
    text = _("%(rows)s rows match; an export holds at most %(most)s. Narrow the filter, for example by days.")
    return Refusal("too_many", text % {"rows": rows, "most": most}, 400)


def not_understood():
    text = _("The filter is not understood: go back to the list and correct it.")
    return Refusal("filter", text, 400)
