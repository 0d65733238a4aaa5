"""Rehearsals are asked for, cancelled and deleted; the worker goes on with them, a portion at a time.

What was replayed so far and up to which request stands on the rehearsal's row, written in the transaction of each
portion: a killed worker loses one, and whoever comes next goes on from there.
"""

import json
import logging
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from shop_cs import sweep
from shop_cs.access import may
from shop_cs.models import Rulebook
from shop_cs.moves import Refusal, Refused

from ..models import Rehearsal, Reply, Review, ServiceRequest, State
from . import rehearsing

log = logging.getLogger(__name__)
ACT = "rehearse_rules"
# Requests of a transaction, which on SQLite keeps other writers waiting, and how many of those in a pass.
PORTION, PORTIONS = 2_000, 10
MOST_DAYS = 3_660
# What a version is called and when it begins is no rule of it.
NO_RULES = {"id", "name", "effective_from", "note"}


def ask(*, rulebook, days, by, now):
    """Asks for `rulebook` to be replayed over the requests of the last `days` and all open ones, as they stand now.

    What the version says is kept: who changes it meanwhile changes no rehearsal. Raises `Refused`: role (403), a
    period out of bounds (400), one of this version that still runs (409).
    """
    _may(by)
    if not 1 <= days <= MOST_DAYS:
        text = _("Choose from 1 to %(most)s days.") % {"most": MOST_DAYS}
        raise Refused(Refusal("days", text, 400))
    with transaction.atomic():
        # The version's row is the queue: of two at the same moment the second finds the first.
        held = Rulebook.objects.select_for_update(no_key=True).get(pk=rulebook.pk)
        if Rehearsal.objects.filter(rulebook=held, ended_at__isnull=True).exists():
            raise Refused(Refusal("running", _("A rehearsal of this version still runs.")))
        return Rehearsal.objects.create(
            rulebook=held,
            asked_by_id=by.user_id,
            asked_at=now,
            created_from=now - timedelta(days=days),
            findings={**rehearsing.nothing(), "rules": said_by(held)},
        )


def cancel(rehearsal, *, by, now):
    """Ends a rehearsal where it stands; what was found so far stays. Raises `Refused`: role (403), ended (409)."""
    _may(by)
    with transaction.atomic():
        fresh = _held(rehearsal)
        if fresh.ended_at:
            raise Refused(Refusal("ended", _("This rehearsal has ended already.")))
        fresh.ended_at = now
        fresh.findings["cancelled"] = True
        fresh.save(update_fields=["ended_at", "findings"])
    return fresh


def delete(rehearsal, *, by):
    """The rehearsal is gone; it was derived and can be made anew. Raises `Refused`: role (403), gone already (404)."""
    _may(by)
    with transaction.atomic():
        _held(rehearsal).delete()


def _may(by):
    if not may(by, ACT):
        raise Refused(Refusal("role", _("Your role may not do this."), 403))


def _held(rehearsal):
    if fresh := Rehearsal.objects.select_for_update(of=("self",)).filter(pk=rehearsal.pk).first():
        return fresh
    raise Refused(Refusal("no_rehearsal", _("There is no such rehearsal any more."), 404))


def said_by(rulebook):
    """All rules of a version as JSON keeps them."""
    fields = [field for field in Rulebook._meta.concrete_fields if field.name not in NO_RULES]
    values = {field.name: getattr(rulebook, field.name) for field in fields}
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def rules_of(said, name):
    """The typed rules of what `said_by` kept. Columns that came later have their defaults."""
    return Rulebook(name=name, **said).rules()


def connect():
    sweep.register(sweep.Job("rehearsals", _running, go_on, most=1, tidies=True))


def _running(now):
    return Rehearsal.objects.filter(ended_at__isnull=True, asked_at__lte=now).order_by("asked_at", "pk")


def go_on(rehearsals, *, now):
    """Replays the next portion of each. Returns those to go on with in this pass: after some portions others wait."""
    return [one for one in rehearsals if _tried(one, now=now)]


def _tried(rehearsal, *, now):
    """The next portion; what breaks it off ends the rehearsal, for it would break off the next one too."""
    try:
        with transaction.atomic():
            return _portion(rehearsal, now=now)
    except sweep.AWAY:
        raise
    except Exception:
        log.exception("rehearsal %s failed", rehearsal.pk)
    # As it stood before this portion.
    rehearsal.refresh_from_db()
    rehearsal.ended_at = now
    rehearsal.findings["failed"] = True
    rehearsal.save(update_fields=["ended_at", "findings"])
    return True


def _portion(rehearsal, *, now):
    if rehearsal.total is None:
        rehearsal.total = _to_replay(rehearsal).count()
    rows = list(_known(_to_replay(rehearsal).filter(pk__gt=rehearsal.upto)).order_by("pk")[:PORTION])
    books = Rulebook.objects.in_bulk({row.rulebook_id for row in rows})
    own = {pk: book.rules() for pk, book in books.items()}
    findings = rehearsal.findings
    draft = rules_of(findings["rules"], rehearsal.rulebook.name)
    for row in rows:
        past = _past(row)
        told = rehearsing.verdict(past, own=own[row.rulebook_id], draft=draft, now=rehearsal.asked_at)
        rehearsing.add(findings, past, told)
    rehearsal.done += len(rows)
    if rows:
        rehearsal.upto = rows[-1].pk
    if len(rows) < PORTION:
        # What was closed between two portions is not among them any more.
        rehearsal.ended_at, rehearsal.total = now, rehearsal.done
    rehearsal.save(update_fields=["total", "done", "upto", "ended_at", "findings"])
    return rehearsal.ended_at is not None or rehearsal.done % (PORTION * PORTIONS) != 0


def _to_replay(rehearsal):
    """What was there when the rehearsal was asked for: of its period, and what was open."""
    return ServiceRequest.everything.filter(
        Q(created_at__gte=rehearsal.created_from) | ~Q(state=State.CLOSED), created_at__lte=rehearsal.asked_at
    )


def _known(requests):
    """The requests with when their round was opened by a rejection and answered, in one statement."""
    of_round = Reply.everything.filter(request=OuterRef("pk"), round=OuterRef("round"))
    before = Review.everything.filter(request=OuterRef("pk"), round=OuterRef("round") - 1)
    return requests.defer("detail").annotate(
        replied=Subquery(of_round.values("replied_at")[:1]), rejected=Subquery(before.values("reviewed_at")[:1])
    )


def _past(row):
    return rehearsing.Past(
        pk=row.pk,
        no=row.no,
        kind=row.kind,
        category=row.category,
        limit=row.limit,
        state=row.state,
        round=row.round,
        created_at=row.created_at,
        send_at=row.send_at,
        deadline=row.deadline,
        # A later round that no review opened is one that came from elsewhere: it began when it says.
        rejected_at=(row.rejected or row.round_opened_at) if row.round > 1 else None,
        replied_at=row.replied,
        is_overdue=row.overdue_this_round,
    )
