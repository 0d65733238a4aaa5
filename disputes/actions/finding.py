"""What the worker proposes as violations: overdue requests, rulings not paid in time. Never a punishment. [2][4]"""

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from shop_cs.actors import CLOCK
from shop_cs.ladders import DAY, Breach
from shop_cs.models import Rulebook
from shop_cs.moves import begin_many, make_many, rulebook_in_force
from shop_cs.words import instant, yuan
from tickets.models import ServiceRequest

from .. import coverage
from ..models import Compensation, Source, Violation
from ..moves import violations
from ..numbers import VIOLATION, new_no
from .telling import tell_each


def overdue_unproposed(now):
    """Requests that became overdue in the days that the rulebook in force looks back, and nobody has proposed yet."""
    since = _looking_back(now)
    if since is None:
        return ServiceRequest.everything.none()
    proposed = Violation.everything.filter(
        request=OuterRef("pk"), request_round=OuterRef("last_overdue_round"), kind=Breach.NEGATIVE_HANDLING
    )
    # `overdue_at` is the first deadline that was missed; a later round's is the deadline of the round itself.
    lately = Q(overdue_at__gte=since) | Q(last_overdue_round=F("round"), deadline__gte=since)
    rows = ServiceRequest.everything.select_related("shop", "order__consumer")
    return rows.filter(lately, ~Exists(proposed), overdue_at__isnull=False)


def unpaid_unproposed(now):
    """Advance compensations of those days: the ruling behind each was not paid in time."""
    since = _looking_back(now)
    if since is None:
        return Compensation.everything.none()
    proposed = Violation.everything.filter(case=OuterRef("case"), kind=Breach.UNPAID_RULING)
    return Compensation.everything.select_related("shop", "order", "case").filter(~Exists(proposed), paid_at__gte=since)


def _looking_back(now):
    rulebook = Rulebook.objects.in_force(now)
    return now - rulebook.overdue_days * DAY if rulebook and rulebook.overdue_days else None


def propose_overdue(rows, *, now, by=CLOCK):
    """Overdue is negative handling, whether or not the problem was solved [4]; what a filing explains is excused."""

    def found(record):
        at = record.deadline if record.overdue_this_round else record.overdue_at
        words = {"no": record.no, "round": record.last_overdue_round, "at": instant(at)}
        return {
            "source": Source.REQUEST,
            "kind": Breach.NEGATIVE_HANDLING,
            "request": record,
            "request_round": record.last_overdue_round,
            "detail": _("%(no)s was not answered in time in round %(round)s: it is overdue since %(at)s.") % words,
        }

    made = _propose_each(rows, found, by=by, now=now)
    explained = coverage.covering_many(rows)
    covered = [one for one in made if one.request_id in explained]

    def by_filing(record):
        return {"filing": explained[record.request_id][0], "decided_at": now}

    excused = make_many(covered, violations.EXCUSE, by=by, now=now, changes=by_filing)
    tell_each("violation_excused", excused, now=now, folder="violations")
    return rows


def propose_unpaid(rows, *, now, by=CLOCK):
    """The platform had to pay in advance: the ruling was not paid in time. [4]"""

    def found(compensation):
        case = compensation.case
        words = {"no": case.no, "amount": yuan(compensation.amount_fen), "at": instant(case.pay_due)}
        return {
            "source": Source.CASE,
            "kind": Breach.UNPAID_RULING,
            "case": case,
            "detail": _("%(no)s: %(amount)s were to be paid until %(at)s; the platform paid in advance.") % words,
        }

    _propose_each(rows, found, by=by, now=now)
    return rows


def _propose_each(rows, found, *, by, now):
    """A violation for each row, in bulk; `found(row)` is what was found. Its text is in the house's language."""
    rulebook = rulebook_in_force(now)
    with translation.override(settings.LANGUAGE_CODE):
        made = [
            Violation(no=no, shop=row.shop, order=row.order, rulebook=rulebook, found_at=now, **found(row))
            for no, row in zip(_numbers(len(rows), now), rows, strict=True)
        ]
    return begin_many(made, violations.PROPOSE, by=by, now=now)


def _numbers(count, now):
    """So many numbers, each once; one that is taken already fails the batch, and the worker tries its rows singly."""
    numbers = set()
    while len(numbers) < count:
        numbers.add(new_no(VIOLATION, now))
    return sorted(numbers)
