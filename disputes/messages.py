"""The texts of this app's notices, and the links that consumers get."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop_cs import links, notices
from shop_cs.history import record_many
from shop_cs.models import ConsumerMessage, Order
from shop_cs.privacy import is_erased

SALT = "disputes.case"


def connect():
    notices.register(
        case_new=_("New arbitration case %(no)s"),
        case_new_many=_("%(count)s new arbitration cases"),
        case_due_soon=_("Less than 12 working hours are left for evidence in %(no)s"),
        case_due_soon_many=_("%(count)s cases have less than 12 working hours left for evidence"),
        case_consumer_stated=_("The consumer has made his statement in %(no)s"),
        case_arbitrating=_("%(no)s: the platform arbitrates now"),
        case_arbitrating_many=_("%(count)s cases are arbitrated by the platform now"),
        case_more=_("More evidence is wanted in %(no)s: %(reason)s"),
        case_settled=_("%(no)s: the consumer accepted your offer, pay or resend in time"),
        case_offer_declined=_("%(no)s: the consumer declined your offer"),
        case_offer_lapsed=_("%(no)s: the consumer did not answer your offer"),
        case_offer_lapsed_many=_("%(count)s offers were not answered"),
        case_withdrawn=_("%(no)s: the consumer withdrew his claim"),
        case_ruled_consumer=_("%(no)s is ruled for the consumer: pay in time"),
        case_ruled_shared=_("%(no)s is ruled as shared: pay in time"),
        case_ruled_merchant=_("%(no)s is ruled for you"),
        case_paid=_("%(no)s is paid and closed"),
        case_payment_refused=_("The proof of payment in %(no)s is refused: %(reason)s"),
        case_not_resent=_("%(no)s: not resent in time, the platform arbitrates again"),
        case_confirming=_("%(no)s was not paid in time: a second reviewer confirms the advance compensation"),
        case_sent_back=_("%(no)s: the platform arbitrates again"),
        case_compensated=_("%(no)s: the platform paid the consumer in advance from your funds"),
        violation_upheld=_("Violation %(no)s is upheld: see what follows and until when you can appeal"),
        violation_excused=_("Violation %(no)s is excused by your filing"),
        violation_excused_many=_("%(count)s violations are excused by your filings"),
        penalty_over=_("%(no)s: what was restricted for a time is over"),
        penalty_over_many=_("%(count)s restrictions are over"),
        appeal_granted=_("%(no)s: your appeal is granted in full"),
        appeal_granted_refund=_("%(no)s: your appeal is granted in full, %(amount)s come back to your deposit"),
        appeal_granted_less=_("%(no)s: your appeal is granted in full, %(amount)s need not be paid any more"),
        appeal_granted_undo=_("%(no)s: your appeal is granted, the penalty is undone, %(amount)s come back"),
        appeal_part_refund=_("%(no)s: your appeal is granted in part, %(amount)s come back to your deposit"),
        appeal_part_less=_("%(no)s: your appeal is granted in part, %(amount)s less are to be paid"),
        appeal_denied=_("%(no)s: your appeal is denied: %(reason)s"),
        filing_approved=_("%(no)s: your filing is approved"),
        filing_approved_excusing=_("%(no)s: your filing is approved, %(count)s violations are excused by it"),
        filing_rejected=_("%(no)s: your filing is rejected: %(reason)s"),
        filing_expired=_("%(no)s: the time of your filing is over"),
        filing_expired_many=_("The time of %(count)s filings is over"),
        report_taken_up=_("%(no)s: the platform investigates your report"),
        report_upheld=_("%(no)s: your report is upheld: %(reason)s"),
        report_dismissed=_("%(no)s: your report is dismissed: %(reason)s"),
        report_reopened=_("%(no)s: the platform investigates your report again: %(reason)s"),
    )


def case_token(case):
    """What a consumer's link carries: which case, signed; what may be done there the case itself says."""
    return links.token(SALT, case.pk)


def case_id(token):
    """The case of a link, or None for a forged one."""
    return links.key_in(SALT, token)


def write_to_consumer(case, kind, *, now):
    """A message with the case's link; `kind` is "case" (be heard) or "offer" (answer it).

    Part of the act that it tells of: written within its `acting`, by which the trail knows who, how and why.
    To an erased consumer nothing is written: None.
    """
    if is_erased(case.order_id):
        return None
    message = _message(case, kind, now)
    message.save()
    return message


def write_to_consumers(cases, kind, *, now):
    """The bulk twin of `write_to_consumer`, for the import; in the caller's transaction."""
    orders = [case.order_id for case in cases]
    erased = Order.everything.filter(pk__in=orders, consumer__erased_at__isnull=False).values_list("pk", flat=True)
    gone = set(erased)
    written = ConsumerMessage.everything.bulk_create(
        _message(case, kind, now) for case in cases if case.order_id not in gone
    )
    record_many(written, created=True)


def _message(case, kind, now):
    return ConsumerMessage(
        shop_id=case.shop_id,
        order_id=case.order_id,
        kind=kind,
        link=f"{settings.PUBLIC_URL}/c/case/{case_token(case)}/",
        sent_at=now,
    )
