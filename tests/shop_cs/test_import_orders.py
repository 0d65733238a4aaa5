"""Orders from a file, by command and by the upload page: all or nothing, with history, as often as one likes."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from shop_cs import imports
from shop_cs.actors import Actor, Role
from shop_cs.imports import OrderImport
from shop_cs.models import Consumer, Order, Shop
from tests.people import TUESDAY_10, shanghai

HEADER = [column.name for column in OrderImport.columns]
GOOD = {
    "shop_no": "S001",
    "order_no": "6021",
    "product": "洗发水",
    "amount": "409.25",
    "paid_at": "2026-02-13 01:34:00",
    "consumer_name": "孙黄",
    "consumer_phone": "13100004491",
    "consumer_address": "浙江省杭州市余杭区文一西路4491号",
}


def sheet(*rows, header=HEADER):
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return out.getvalue().encode()


def load(data, **options):
    by = Actor(Role.IMPORT, name="import_orders")
    return imports.run(OrderImport, data, name="orders.csv", by=by, now=TUESDAY_10, **options)


def counts(report):
    return report.imported, report.unchanged, report.rejected


@pytest.mark.django_db
def test_a_new_order_brings_shop_and_consumer_and_each_is_in_the_trail():
    assert counts(load(sheet({}))) == (1, 0, 0)
    order = Order.everything.select_related("shop", "consumer").get()
    assert (order.shop.no, order.shop.name, order.no, order.amount_fen) == ("S001", "S001", "6021", 40_925)
    assert (order.paid_at, order.shipped_at) == (shanghai("2026-02-13 01:34"), None)
    assert (order.consumer.name, order.consumer.phone) == ("孙黄", "13100004491")
    for model in (Shop, Consumer, Order):
        row = model.history.get()
        assert (row.history_type, row.actor_role, row.actor_name, row.move) == (
            "+",
            "import",
            "import_orders",
            "import",
        )
        assert (row.history_change_reason, row.history_date) == ("orders.csv", TUESDAY_10)
    assert Order.history.get().amount_fen == 40_925


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing():
    load(sheet({}, {"order_no": "6022"}))
    assert counts(load(sheet({}, {"order_no": "6022"}))) == (0, 2, 0)
    assert Order.history.count() == 2


@pytest.mark.django_db
def test_two_orders_of_one_consumer_share_him_across_shops():
    load(sheet({}, {"shop_no": "S002"}))
    assert Consumer.objects.count() == Consumer.history.count() == 1
    assert Shop.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "news",
    [
        {"product": "护发素"},
        {"amount": "409.26"},
        {"paid_at": "2026-02-13 01:35:00"},
        {"shipped_at": "2026-02-13 17:34:00"},
        {"signed_at": "2026-02-18 17:34:00"},
        {"consumer_phone": "13100004492"},
    ],
)
def test_newer_facts_of_an_order_are_taken_with_history(news):
    load(sheet({}, {"order_no": "6022"}))
    assert counts(load(sheet(news, {"order_no": "6022"}))) == (1, 1, 0)
    assert Order.everything.count() == 2
    row = Order.history.filter(history_type="~").get()
    order = Order.everything.get(no="6021")
    assert all(getattr(row, field.attname) == getattr(order, field.attname) for field in row.tracked_fields)


@pytest.mark.django_db
def test_a_consumer_may_be_left_out():
    load(sheet({"consumer_name": "", "consumer_phone": "", "consumer_address": ""}))
    assert Order.everything.get().consumer is None
    assert Consumer.objects.count() == 0


@pytest.mark.django_db
def test_one_bad_row_keeps_the_whole_file_out_and_every_bad_row_is_named():
    load(sheet({"order_no": "1"}))
    report = load(sheet({"order_no": "1"}, {"order_no": "2"}, {"amount": "-1", "paid_at": "soon"}, {"product": ""}))
    assert counts(report) == (0, 1, 2)
    assert [(p.line, p.column) for p in report.problems] == [(4, "amount"), (4, "paid_at"), (5, "product")]
    assert Order.everything.count() == 1


@pytest.mark.django_db
def test_an_order_repeated_in_the_file_is_unchanged_and_with_other_content_refused():
    assert counts(load(sheet({}, {}))) == (1, 1, 0)
    report = load(sheet({"order_no": "7"}, {"order_no": "7", "amount": "1"}))
    assert counts(report) == (0, 0, 1)
    assert [(p.line, p.column) for p in report.problems] == [(3, "amount")]


@pytest.mark.django_db
def test_odd_but_possible_times_are_taken():
    row = {"paid_at": "2026-03-01 10:00", "shipped_at": "2026-02-01 10:00", "signed_at": "2026-01-01 10:00"}
    assert counts(load(sheet(row))) == (1, 0, 0)


@pytest.mark.django_db
def test_a_dry_run_says_what_would_be_done_and_writes_nothing():
    report = load(sheet({}), dry_run=True)
    assert counts(report) == (1, 0, 0)
    assert not Order.everything.exists()
    assert not Shop.objects.exists()


@pytest.mark.django_db
def test_more_rows_than_a_statement_takes_are_imported_with_a_row_of_history_each():
    rows = [{"order_no": str(n), "shop_no": f"S{n % 7}", "consumer_phone": str(n)} for n in range(1201)]
    told = []
    assert counts(load(sheet(*rows), progress=lambda done, total: told.append((done, total)))) == (1201, 0, 0)
    assert Order.history.count() == Consumer.history.count() == 1201
    assert told[-1] == (1201, 1201)


@pytest.mark.django_db
def test_many_rows_need_few_statements(django_assert_max_num_queries):
    rows = [{"order_no": str(n), "consumer_phone": str(n)} for n in range(400)]
    with django_assert_max_num_queries(60):
        load(sheet(*rows))


@pytest.mark.django_db
def test_what_breaks_half_way_leaves_nothing(monkeypatch):
    def broken(self):
        raise RuntimeError("power cut")

    monkeypatch.setattr(OrderImport, "finish", broken)
    with pytest.raises(RuntimeError):
        load(sheet({}))
    assert not Order.everything.exists()
    assert not Order.history.exists()


# The command


def manage(tmp_path, capsys, data, *options):
    file = tmp_path / "orders.csv"
    file.write_bytes(data)
    code = 0
    try:
        call_command("import_orders", str(file), *options)
    except SystemExit as end:
        code = end.code
    return code, capsys.readouterr().out.splitlines()


@pytest.mark.django_db
def test_the_command_ends_with_the_counts(tmp_path, capsys):
    assert manage(tmp_path, capsys, sheet({})) == (0, ["imported 1, unchanged 0, rejected 0"])
    assert manage(tmp_path, capsys, sheet({})) == (0, ["imported 0, unchanged 1, rejected 0"])
    code, lines = manage(tmp_path, capsys, sheet({"order_no": "2"}), "--dry-run")
    assert (code, lines) == (0, ["Dry run: nothing was written.", "imported 1, unchanged 0, rejected 0"])
    assert Order.everything.count() == 1


@pytest.mark.django_db
def test_the_command_names_bad_rows_and_fails(tmp_path, capsys):
    code, lines = manage(tmp_path, capsys, sheet({"amount": "1.234"}))
    assert code == 1
    assert lines[0] == "line 2, column amount: An amount has at most two decimals."
    assert lines[-1] == "imported 0, unchanged 0, rejected 1"


@pytest.mark.django_db
@pytest.mark.parametrize(("bad", "more"), [(50, None), (51, "… and 1 more")])
def test_the_command_prints_fifty_problems_and_writes_all_on_request(tmp_path, capsys, bad, more):
    rows = [{"order_no": str(n), "amount": "x"} for n in range(bad)]
    errors = tmp_path / "errors.csv"
    _code, lines = manage(tmp_path, capsys, sheet(*rows), "--errors", str(errors))
    assert sum(line.startswith("line ") for line in lines) == 50
    assert (more in lines) == bool(more)
    assert len(errors.read_text("utf-8-sig").splitlines()) == bad + 1


@pytest.mark.django_db
def test_the_command_speaks_chinese_where_the_terminal_does_but_counts_in_english(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN:zh")
    _code, lines = manage(tmp_path, capsys, sheet({"amount": "x"}))
    assert lines[-1] == "imported 0, unchanged 0, rejected 1"


def test_a_file_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_orders", str(tmp_path / "none.csv"))


# The upload page


def upload(client, data, **more):
    form = {"kind": "orders", "file": SimpleUploadedFile("orders.csv", data, "text/csv"), **more}
    return client.post(reverse("platform:import"), form)


def test_pia_tries_first_and_then_imports(client, cast, at):
    client.force_login(cast.pia)
    page = client.get(reverse("platform:import"))
    assert page.status_code == 200
    assert page.context["form"].initial["dry_run"]
    tried = upload(client, sheet({}), dry_run="on")
    assert (tried.status_code, counts(tried.context["report"])) == (200, (1, 0, 0))
    assert not Order.everything.filter(no="6021").exists()
    done = upload(client, sheet({}))
    assert (done.status_code, counts(done.context["report"])) == (200, (1, 0, 0))
    row = Order.history.get(no="6021")
    assert (row.actor_role, row.history_user_id, row.actor_name) == ("import", cast.pia.pk, "皮娅")


def test_the_page_shows_line_column_and_reason(client, cast, at):
    client.force_login(cast.pia)
    page = upload(client, sheet({"amount": "-5"}))
    assert page.status_code == 400
    problem = page.context["shown"][0]
    assert (problem.line, problem.column) == (2, "amount")
    assert problem.reason in page.content.decode()


def test_a_form_without_a_file_keeps_what_was_chosen(client, cast, at):
    client.force_login(cast.pia)
    page = client.post(reverse("platform:import"), {"kind": "requests"})
    assert page.status_code == 400
    assert page.context["form"]["kind"].value() == "requests"


@pytest.mark.parametrize(("most", "status"), [(0, 200), (-1, 413)])
def test_a_file_is_taken_up_to_the_limit_and_refused_above_it(client, cast, at, monkeypatch, most, status):
    data = sheet({})
    monkeypatch.setattr("shop_cs.views.imports.MAX_UPLOAD", len(data) + most)
    client.force_login(cast.pia)
    assert upload(client, data).status_code == status


@pytest.mark.parametrize(("who", "status"), [("pia", 200), ("rita", 403), ("olive", 403), ("bob", 403), (None, 302)])
def test_only_platform_agents_import(client, cast, at, who, status):
    if who:
        client.force_login(getattr(cast, who))
    assert client.get(reverse("platform:import")).status_code == status
    assert upload(client, sheet({})).status_code == status
    assert Order.everything.filter(no="6021").exists() == (who == "pia")


# The courier
WITHOUT_COURIER = [name for name in HEADER if name != "courier"]


@pytest.mark.django_db
def test_the_courier_is_taken_where_the_file_names_it():
    load(sheet({"courier": "中通"}))
    assert Order.everything.get().courier == "中通"
    assert counts(load(sheet({"courier": "顺丰"}))) == (1, 0, 0)
    assert [row.courier for row in Order.history.order_by("history_id")] == ["中通", "顺丰"]


@pytest.mark.django_db
def test_a_file_without_the_column_leaves_the_courier_as_it_is():
    assert counts(load(sheet({}, header=WITHOUT_COURIER))) == (1, 0, 0)
    assert Order.everything.get().courier == ""
    load(sheet({"courier": "中通"}))
    assert counts(load(sheet({}, header=WITHOUT_COURIER))) == (0, 1, 0)
    assert counts(load(sheet({"amount": "1.00"}, header=WITHOUT_COURIER))) == (1, 0, 0)
    assert (Order.everything.get().courier, Order.everything.get().amount_fen) == ("中通", 100)


@pytest.mark.django_db
@pytest.mark.parametrize(("length", "rejected"), [(60, 0), (61, 1)])
def test_a_couriers_name_has_at_most_60_characters(length, rejected):
    assert load(sheet({"courier": "中" * length})).rejected == rejected
