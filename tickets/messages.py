"""The texts of this app's notices, and the links that consumers get."""

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from shop_cs import notices
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
        request_urged=_("The consumer urges %(no)s"),
    )


def survey_token(survey):
    """What a consumer's link carries: which survey, signed; when it ends is kept in the database."""
    return signing.dumps(survey.pk, salt=SALT, compress=False)


def survey_id(token):
    """The survey of a link, or None for a forged one."""
    try:
        return signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None


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
