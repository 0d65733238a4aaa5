"""The demo: its stories come out as they are meant, at any hour at which it is made, and every page has something."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.urls import reverse

from disputes.coverage import covering
from disputes.models import Appeal, Case, Compensation, Filing, Report, Violation, ViolationState
from shop_cs import clock, ledger, sweep
from shop_cs.ladders import Measure
from shop_cs.models import Rulebook, Shop, User
from tests.people import shanghai
from tickets.models import Reply, ServiceRequest, State

# At night, after the closing, on a Sunday that begins a month.
HOURS = ["2026-03-03 03:00", "2026-03-06 22:30", "2026-03-01 15:00"]
CASES = {
    "S001": {"collecting": 4, "negotiating": 2, "arbitrating": 2, "paying": 5, "confirming": 1, "closed": 11},
    "S002": {"collecting": 1, "arbitrating": 1, "paying": 2, "closed": 4},
    "S003": {"collecting": 2, "arbitrating": 1, "closed": 2},
}
OUTCOMES = {"": 13, "consumer": 17, "merchant": 4, "settled": 2, "shared": 1, "withdrawn": 1}
APPEALS = {
    ("case", "open"): 1,
    ("case", "granted"): 1,
    ("case", "denied"): 1,
    ("compensation", "open"): 2,
    ("compensation", "part"): 1,
    ("compensation", "denied"): 1,
    ("violation", "open"): 1,
    ("violation", "granted"): 1,
    ("violation", "denied"): 1,
}
REPORTS = {"submitted": 1, "investigating": 1, "upheld": 1, "dismissed": 1}
FILINGS = {"submitted": 2, "approved": 3, "rejected": 1, "expired": 1}
MODELS = (ServiceRequest, Case, Appeal, Violation, Report, Filing, Compensation)


def played(hour, at):
    now = shanghai(hour)
    at(now)
    call_command("demo")
    return now


def states(model, **narrower):
    return dict(Counter(model.everything.filter(**narrower).values_list("state", flat=True)))


@pytest.mark.parametrize("hour", HOURS)
def test_the_demo_is_alive_at_any_hour(hour, db, at, client, capsys):
    now = played(hour, at)
    requests_are_in_every_state(now)
    disputes_are_as_told()
    penalties_bind_where_they_should(now)
    the_money_is_right()
    what_was_reported_and_filed_is_seen()
    no_list_of_either_site_is_empty(client)
    assert not any(sweep.one_pass(now=lambda: now).values()), "nothing is left for the worker"
    for model in MODELS:
        assert not model.history.filter(history_date__gt=now).exists()


def requests_are_in_every_state(now):
    requests = ServiceRequest.everything
    found = set(requests.values_list("state", flat=True))
    assert found >= {State.PENDING, State.REVIEWING, State.CLOSED}
    assert (State.SCHEDULED in found) == (not clock.is_open(Rulebook.objects.in_force(now).calendar(), now))
    assert requests.filter(overdue_at__isnull=False).exists()
    assert requests.filter(platform_late_at__isnull=False).exists()
    assert set(Reply.everything.exclude(reason="").values_list("reason", flat=True)) == set(Reply.Reason.values)


def disputes_are_as_told():
    assert {no: states(Case, shop__no=no) for no in CASES} == CASES
    assert dict(Counter(Case.everything.values_list("outcome", flat=True))) == OUTCOMES
    assert Counter((appealed(one), one.state) for one in Appeal.everything.all()) == APPEALS
    assert (states(Report), states(Filing)) == (REPORTS, FILINGS)
    assert set(states(Violation)) == set(ViolationState.values)
    cases = Case.everything
    assert cases.filter(state="arbitrating", merchant_late_at__isnull=False).exists()
    assert cases.filter(state="arbitrating", consumer_late_at__isnull=False).exists()
    assert cases.filter(state="collecting", due_soon_told_at__isnull=False).exists()
    assert cases.filter(blame="influencer").exists()
    assert cases.filter(counts=False).exists()
    assert cases.filter(remedy="resend", state="paying").exists()


def appealed(appeal):
    return appeal.subject._meta.model_name


def penalties_bind_where_they_should(now):
    bars = {shop.no: set(shop.bars_at(now)) for shop in Shop.objects.all()}
    assert bars == {"S001": set(), "S002": set(), "S003": {"export_requests"}}
    applied = Violation.everything.exclude(penalties=None).values_list("penalties__measure", flat=True)
    assert set(applied) >= {Measure.WARNING, Measure.POINTS, Measure.DEDUCT, Measure.RESTRICT, Measure.EXPOSURE}


def the_money_is_right():
    assert ledger.check() == []
    owes = {shop.no: ledger.balances(shop).owed for shop in Shop.objects.all()}
    owed_at_first = Compensation.everything.get(shop__no="S003").owed_fen
    assert owes["S001"] == owes["S002"] == 0
    assert 0 < owes["S003"] < owed_at_first, "a top-up has repaid a part"
    assert Compensation.everything.filter(settled_at__isnull=False).exists()


def what_was_reported_and_filed_is_seen():
    report = Report.everything.upheld().get()
    open_requests = ServiceRequest.everything.exclude(state=State.CLOSED).select_related("order__consumer", "shop")
    marked = open_requests.filter(order__consumer__key=report.consumer_key)
    assert {record.shop.no for record in marked} == {"S001", "S002", "S003"}
    pending = open_requests.filter(state=State.PENDING, shop__no="S001")
    assert any(covering(record) for record in pending), "a filing writes the reply for the merchant"


WORKBENCH = ("requests", "cases", "appeals", "violations", "reports", "filings", "money", "liability")
WORKBENCH += ("quality", "robot", "exams")
DESK = (
    "disputes_inarbitration",
    "disputes_awaitingsecond",
    "disputes_case",
    "disputes_compensation",
    "disputes_appeal",
    "disputes_violation",
    "disputes_report",
    "disputes_filing",
)


def no_list_of_either_site_is_empty(client):
    client.force_login(User.objects.get(username="alice"))
    for name in WORKBENCH:
        page = client.get(reverse(name, args=["S001"]))
        assert page.status_code == 200, name
        assert b"sc-empty" not in page.content, name
    client.force_login(User.objects.get(username="rita"))
    for name in DESK:
        page = client.get(reverse(f"platform:{name}_changelist"))
        assert page.status_code == 200, name
        assert page.context["cl"].result_count, name
