"""The consumer confirms, where the rulebook has that stage: survey, reminders, the answer, and silence. [2] §二.5.4"""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.actors import CLOCK, CONSUMER
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, hold, make, make_many
from shop_cs.privacy import is_erased

from .. import deadlines, messages, moves
from ..models import ServiceRequest, State, Survey
from .opening import RulesOf, tell_each


def send_surveys(rows, *, now, by=CLOCK):
    """Sends the surveys (`rows`, locked) whose hour has come; the 48 h start now (assumed)."""
    surveys = {survey.request_id: survey for survey in rows}
    requests = list(
        ServiceRequest.everything.filter(pk__in=surveys)
        .confirming()
        .select_related("rulebook", "shop")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    asked = make_many(
        requests,
        moves.SEND_SURVEY,
        by=by,
        now=now,
        changes=lambda record: {"confirm_until": now + record.rulebook.rules().confirm_limit},
    )
    for record in asked:
        survey = surveys[record.pk]
        survey.request = record
        survey.sent_at, survey.expires_at = now, record.confirm_until
        with acting(by, move=moves.SEND_SURVEY.name, rulebook=record.rulebook.name, at=now):
            survey.save()
            messages.write_to_consumer(survey, "survey", now=now)
    return asked


def answer_survey(survey, *, satisfied, now, comment="", by=CONSUMER):
    """The consumer's answer, once: satisfied closes the request, dissatisfied hands it to the platform.

    Raises `Refused` (409): answered already, its time over, no longer asked.
    """
    move = moves.SATISFIED if satisfied else moves.DISSATISFIED
    with transaction.atomic():
        fresh = hold(survey.request, move, by=by, now=now)
        survey = Survey.everything.select_for_update(of=("self",)).get(pk=survey.pk)
        if survey.round != fresh.round:
            # An old link: another survey is open by now, and its answer is asked for there.
            raise Refused(moves.no_longer_asked())
        survey.answered_at, survey.satisfied, survey.comment = now, satisfied, comment
        with acting(by, move=move.name, rulebook=fresh.rulebook.name, at=now):
            survey.save()
        changes = {"closed_at": now} if satisfied else deadlines.review_from(fresh.rulebook.rules(), now)
        record = make(fresh, move, by=by, now=now, reason=comment, changes=changes)
        notices.tell(record.shop_id, f"request_{record.state}", now=now, path=record.path, no=record.no)
    return record


def remind(request, *, by, now):
    """The merchant reminds the consumer: twice, more than an hour apart, 08:00–22:00. Raises `Refused`."""
    with transaction.atomic():
        record = make(
            request,
            moves.REMIND,
            by=by,
            now=now,
            changes=lambda row: {"reminders": row.reminders + 1, "last_reminded_at": now},
        )
        if is_erased(record.order_id):
            raise Refused(Refusal("erased", _("This person was erased: there is nobody to remind.")))
        survey = record.surveys.get(round=record.round)
        with acting(by, move=moves.REMIND.name, rulebook=record.rulebook.name, at=now):
            messages.write_to_consumer(survey, "reminder", now=now)
    return record


def unconfirmed(rows, *, now, by=CLOCK):
    """48 h without an answer: the platform decides on what there is."""
    rules = RulesOf()
    moved = make_many(
        rows,
        moves.UNCONFIRMED,
        by=by,
        now=now,
        changes=lambda record: deadlines.review_from(rules(record), record.confirm_until),
    )
    tell_each(f"request_{State.REVIEWING}", moved, now=now)
    return moved
