"""What this app forgets of a person who is erased."""

from shop_cs import privacy
from shop_cs.history import record_many, update_many

from .models import Report


def connect():
    if _forget not in privacy.ALSO_FORGET:
        privacy.ALSO_FORGET.append(_forget)


def _forget(consumers):
    """The reports stay about the same person, by a key that leads nowhere."""
    key_of = {consumer.pk: consumer.key for consumer in consumers}
    reports = list(Report.everything.select_for_update(of=("self",)).filter(consumer__in=key_of).order_by("pk"))
    for report in reports:
        report.consumer_key = key_of[report.consumer_id]
    update_many(reports, ["consumer_key"])
    record_many(reports, created=False)
