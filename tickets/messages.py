"""The texts of this app's notices, and the links that consumers get."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop_cs import links, notices
from shop_cs.models import ConsumerMessage
from shop_cs.privacy import is_erased

SALT = "tickets.survey"


def connect():
    notices.register(
        request_new=_("New service request %(no)s"),
        request_new_many=_("%(count)s new service requests"),
        request_due_soon=_("Less than 12 working hours are left for %(no)s"),
        request_due_soon_many=_("%(count)s service requests have less than 12 working hours left"),
        request_overdue=_("%(no)s is overdue: the platform has it now"),
        request_overdue_many=_("%(count)s service requests are overdue: the platform has them now"),
        request_rejected=_("The platform sent %(no)s back: %(reason)s"),
        request_closed=_("%(no)s is closed"),
        request_closed_many=_("%(count)s service requests are closed"),
        request_reviewing=_("%(no)s is with the platform now"),
        request_reviewing_many=_("%(count)s service requests are with the platform now"),
        request_confirming=_("%(no)s waits for the consumer's confirmation"),
        request_assigned=_("%(by)s assigned %(no)s to %(name)s"),
        requests_assigned=_("%(by)s assigned %(count)s service requests to %(name)s"),
        request_given=_("%(no)s is given to %(name)s, whose turn it is"),
        request_given_many=_("%(count)s service requests are given to those whose turn it is"),
        request_urged=_("The consumer urges %(no)s"),
        exam_warned=_("%(member)s served negatively in the week from %(week)s: exam to be passed until %(until)s"),
        exam_warned_many=_("%(count)s members served negatively last week: exams are to be passed"),
        exam_warned_freely=_("%(member)s served negatively in the week from %(week)s: exam to be sat"),
        exam_warned_freely_many=_("%(count)s members served negatively last week: exams are there to be sat"),
        exam_restricted=_("%(member)s did not pass the exam in time: answering is restricted until it is passed"),
        exam_restricted_many=_("%(count)s members did not pass their exams in time: their answering is restricted"),
        note_mention=_("%(by)s named %(who)s in a note on %(no)s"),
    )


def survey_token(survey):
    """What a consumer's link carries: which survey, signed; when it ends is kept in the database."""
    return links.token(SALT, survey.pk)


def survey_id(token):
    """The survey of a link, or None for a forged one."""
    return links.key_in(SALT, token)


def write_to_consumer(survey, kind, *, now):
    """A message with the survey's link; `kind` is "survey" or "reminder". To an erased consumer nothing is written."""
    if is_erased(survey.request.order_id):
        return None
    return ConsumerMessage.everything.create(
        shop_id=survey.shop_id,
        order_id=survey.request.order_id,
        kind=kind,
        link=f"{settings.PUBLIC_URL}/c/{survey_token(survey)}/",
        sent_at=now,
    )
