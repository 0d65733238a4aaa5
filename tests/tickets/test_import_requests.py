"""Requests from a file: deadlines from `created_at`, the rules of their time, and no flood of notices."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from shop_cs import imports, sweep
from shop_cs.actors import Actor, Role
from shop_cs.models import Notice, Rulebook
from shop_cs.moves import Refused
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import fresh
from tickets import actions
from tickets.imports import LONGEST_DETAIL, RequestImport
from tickets.models import ServiceRequest, State
from tickets.timeline import timeline

HEADER = [column.name for column in RequestImport.columns]
GOOD = {
    "request_no": "SR1",
    "shop_no": "S001",
    "order_no": "6021",
    "kind": "general",
    "category": "product",
    "detail": "没看到什么修护作用,头发反而发差",
    "created_at": "2026-03-02 11:00:00",
    "urges": "2",
}


@pytest.fixture
def order(cast):
    return OrderFactory(shop=cast.shop, no="6021")


def sheet(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return out.getvalue().encode()


def load(*rows, now=TUESDAY_10, **options):
    by = Actor(Role.IMPORT, name="import_requests")
    return imports.run(RequestImport, sheet(*rows), name="requests.csv", by=by, now=now, **options)


def counts(report):
    return report.imported, report.unchanged, report.rejected


def the(no="SR1"):
    return ServiceRequest.everything.select_related("rulebook", "shop").get(no=no)


def test_a_request_gets_its_deadline_from_the_time_it_was_created(order):
    assert counts(load({})) == (1, 0, 0)
    request = the()
    assert (request.state, request.sent_at, request.round_opened_at) == (
        State.PENDING,
        *[shanghai("2026-03-02 11:00")] * 2,
    )
    assert request.deadline == shanghai("2026-03-04 11:00")
    assert request.due_soon_at == shanghai("2026-03-03 11:00")
    assert (request.urges, request.limit_minutes, request.rulebook.name) == (2, 1440, "current")


def test_its_trail_names_the_import_the_file_and_the_rulebook(order):
    load({})
    row = the().history.get()
    assert (row.history_type, row.move, row.actor_role, row.actor_name) == ("+", "create", "import", "import_requests")
    assert (row.history_change_reason, row.rulebook_name, row.history_date) == ("requests.csv", "current", TUESDAY_10)
    assert all(getattr(row, field.attname) == getattr(the(), field.attname) for field in row.tracked_fields)


def test_what_was_created_at_night_was_sent_at_the_opening(order):
    load({"created_at": "2026-03-02 21:00:00"}, {"request_no": "SR2", "created_at": "2026-03-02 20:59:59"})
    assert the().sent_at == shanghai("2026-03-03 09:00")
    assert the("SR2").sent_at == shanghai("2026-03-02 20:59:59")


@pytest.mark.parametrize(
    ("now", "state"), [("2026-03-03 08:59:59", State.SCHEDULED), ("2026-03-03 09:00:00", State.PENDING)]
)
def test_before_its_opening_a_request_is_scheduled(order, now, state):
    load({"created_at": "2026-03-02 22:00:00"}, now=shanghai(now))
    assert the().state == state
    assert (the().deadline is None) == (state == State.SCHEDULED)
    assert Notice.everything.count() == (state == State.PENDING)


def test_an_agreed_limit_and_an_urgent_one(order):
    agreed = {"request_no": "SR2", "kind": "agreed", "limit_hours": "2.5"}
    assert counts(load({"kind": "urgent", "category": "personal_injury"}, agreed)) == (2, 0, 0)
    assert (the().limit, the("SR2").limit) == (timedelta(hours=2), timedelta(hours=2.5))


def test_the_same_file_again_changes_nothing_even_after_work_on_it(order, cast):
    load({}, {"request_no": "SR2", "kind": "agreed", "limit_hours": "48"})
    actions.urge(the(), by=cast.as_pia, now=TUESDAY_10)
    actions.reply(the(), solved=True, settlement="done", text="已补发", by=cast.as_bob, now=TUESDAY_10)
    before = ServiceRequest.history.count()
    assert counts(load({}, {"request_no": "SR2", "kind": "agreed", "limit_hours": "48"})) == (0, 2, 0)
    assert ServiceRequest.history.count() == before
    assert (the().state, the().urges) == (State.REVIEWING, 3)


@pytest.mark.parametrize(
    ("other", "columns"),
    [
        ({"detail": "别的"}, ["detail"]),
        ({"urges": "3"}, ["urges"]),
        ({"category": "price", "created_at": "2026-03-02 11:00:01"}, ["category", "created_at"]),
        ({"shop_no": "S002"}, ["shop_no"]),
        ({"order_no": "6022"}, ["order_no"]),
        ({"kind": "agreed", "limit_hours": "24"}, ["kind", "limit_hours"]),
    ],
)
def test_a_number_that_is_here_with_other_content_is_refused_by_column(order, other, columns):
    load({})
    report = load(other, {"request_no": "SR2"})
    assert counts(report) == (0, 0, 1)
    assert sorted(problem.column for problem in report.problems) == sorted(columns)
    assert not ServiceRequest.everything.filter(no="SR2").exists()


@pytest.mark.parametrize(
    ("bad", "columns"),
    [
        ({"shop_no": "S999"}, ["shop_no"]),
        ({"order_no": "1"}, ["order_no"]),
        ({"shop_no": "S002"}, ["order_no"]),
        ({"kind": "urgent"}, ["category"]),
        ({"category": "risky_product"}, ["category"]),
        ({"limit_hours": "24"}, ["limit_hours"]),
        ({"kind": "agreed"}, ["limit_hours"]),
        ({"kind": "agreed", "limit_hours": "1.99"}, ["limit_hours"]),
        ({"kind": "agreed", "limit_hours": "720.1"}, ["limit_hours"]),
        ({"created_at": "2026-03-03 10:00:01"}, ["created_at"]),
        ({"created_at": "1999-01-01 10:00:00"}, ["created_at"]),
        ({"urges": "-1"}, ["urges"]),
        ({"kind": "fast", "category": "none"}, ["kind", "category"]),
        ({"detail": "长" * (LONGEST_DETAIL + 1)}, ["detail"]),
        (
            {"order_no": "1", "created_at": "2026-03-03 10:00:01", "kind": "urgent"},
            ["order_no", "created_at", "category"],
        ),
    ],
)
def test_a_bad_row_is_named_by_its_columns(order, bad, columns):
    report = load(bad)
    assert counts(report) == (0, 0, 1)
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, column) for column in columns]
    assert all(problem.reason for problem in report.problems)


@pytest.mark.parametrize(
    "good",
    [
        {"kind": "agreed", "limit_hours": "2"},
        {"kind": "agreed", "limit_hours": "720"},
        {"created_at": "2026-03-03 10:00:00"},
        {"urges": ""},
        {"detail": "长" * LONGEST_DETAIL},
        {"detail": ' "引号", 换行\r\n和空格 '},
    ],
)
def test_what_is_just_within_the_rules_is_taken_as_written(order, good):
    assert counts(load(good)) == (1, 0, 0)
    assert the().detail == good.get("detail", GOOD["detail"])


def test_a_request_keeps_the_rulebook_of_its_time(order):
    old, current = Rulebook.objects.order_by("effective_from")
    before = current.effective_from - timedelta(seconds=1)
    load({"created_at": before.isoformat()}, {"request_no": "SR2", "created_at": current.effective_from.isoformat()})
    assert (the().rulebook, the("SR2").rulebook) == (old, current)


def test_only_what_can_still_be_answered_rings_and_once_a_shop(order):
    past = [{"request_no": f"P{n}", "created_at": "2026-01-05 10:00:00"} for n in range(5)]
    assert counts(load(*past)) == (5, 0, 0)
    assert not Notice.everything.exists()
    load(*[{"request_no": f"N{n}"} for n in range(5)])
    notice = Notice.everything.get()
    assert (notice.kind, notice.params) == ("request_new_many", {"count": 5})


def test_a_deadline_at_this_very_instant_still_rings(order):
    load({"created_at": "2026-03-01 10:00:00"}, {"request_no": "SR2", "created_at": "2026-03-01 09:59:59"})
    assert [notice.params["no"] for notice in Notice.everything.all()] == ["SR1"]


def test_the_first_sweep_moves_the_overdue_with_a_handful_of_notices(order):
    load(*[{"request_no": f"P{n}", "created_at": "2026-01-05 10:00:00"} for n in range(40)])
    sweep.one_pass(now=lambda: TUESDAY_10, batch=2)
    request = fresh(the("P0"))
    assert (request.state, request.overdue_at) == (State.REVIEWING, request.deadline)
    assert ServiceRequest.everything.filter(overdue_at__isnull=False).count() == 40
    assert Notice.everything.count() <= 4
    assert sum(notice.params.get("count", 1) for notice in Notice.everything.all()) == 40


def test_many_rows_need_few_statements(order, django_assert_max_num_queries):
    rows = [{"request_no": f"N{n}"} for n in range(400)]
    with django_assert_max_num_queries(60):
        assert counts(load(*rows)) == (400, 0, 0)
    assert ServiceRequest.history.count() == 400


def test_who_may_not_open_requests_imports_none(order, cast):
    with pytest.raises(Refused):
        imports.run(RequestImport, sheet({}), name="requests.csv", by=cast.as_bob, now=TUESDAY_10)
    assert not ServiceRequest.everything.exists()
    assert not ServiceRequest.history.exists()


def test_a_number_twice_in_a_file_with_other_content_is_refused(order):
    assert counts(load({}, {}, {"urges": "5"})) == (0, 1, 1)
    assert counts(load({}, {})) == (1, 1, 0)


def test_the_command_imports_a_gb18030_file(order, tmp_path, capsys, at):
    file = tmp_path / "requests.csv"
    file.write_bytes(sheet({}).decode().encode("gb18030"))
    call_command("import_requests", str(file))
    assert capsys.readouterr().out.splitlines()[-1] == "imported 1, unchanged 0, rejected 0"
    assert the().detail == GOOD["detail"]


def test_the_name_of_the_imported_file_is_the_platforms_to_read(order):
    load({})
    why = {seen: [entry.why for entry in timeline(the(), for_platform=seen)] for seen in (True, False)}
    assert why == {True: ["requests.csv"], False: [""]}
