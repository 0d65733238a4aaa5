"""A person whom everybody has to do with, and where she is found again."""

from datetime import timedelta

from django.db import connection

from disputes import actions as dispute_actions
from disputes.actions import reporting
from shop_cs import privacy
from tests.case_stories import open_case
from tests.factories import ConsumerFactory, EvidenceFactory, OrderFactory
from tests.people import TUESDAY_10
from tests.stories import confirming, confirming_rules
from tickets import actions

HOUR = timedelta(hours=1)
NAME, PHONE, ADDRESS = "甄秘密", "13912345678", "海南省三沙市永兴岛北京路88号"
# What no mask of the three shows.
CANARIES = (NAME, PHONE, "永兴岛")


def zhen(**more):
    return ConsumerFactory(**{"name": NAME, "phone": PHONE, "address": ADDRESS, **more})


def holding(*values):
    """The tables of which any column of any row holds one of the values, history's and Django's own too."""
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(value in str(cell) for row in cursor.fetchall() for cell in row for value in values):
                found.add(table)
    return found


def busy_life(cast):
    """Her order with a request in its survey, a case with an offer, a report and a contact shown.

    Returns (request, case, report).
    """
    confirming_rules()
    order = OrderFactory(shop=cast.shop, no="6021000001", consumer=zhen())
    request = confirming(cast, order=order)
    case = open_case(cast, order=order)
    dispute_actions.offer(case, remedy="amount", amount_fen=500, text="退", by=cast.as_alice, now=TUESDAY_10 + HOUR)
    EvidenceFactory(order=order, side="consumer")
    said = {"kind": "abuse", "text": "多次辱骂", "by": cast.as_alice, "now": TUESDAY_10}
    report = reporting.submit(shop=cast.shop, orders=[order], **said)
    reporting.take_up(report, by=cast.as_rita, now=TUESDAY_10 + HOUR)
    actions.remind(request, by=cast.as_bob, now=TUESDAY_10 + 2 * HOUR)
    privacy.reveal(order, by=cast.as_alice, reason=f"打电话给{NAME} {PHONE}", now=TUESDAY_10)
    return request, case, report
