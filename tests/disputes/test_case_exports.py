"""The export of the filtered case list: what it says, who may, how often."""

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from disputes import actions
from disputes.exports import cases as exports
from shop_cs.models import ExportLog, Rulebook
from tests.case_stories import compensated, open_case, ruled
from tests.factories import OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.stories import send


def take(client, fmt="csv", shop="S001", **query):
    return client.get(reverse("cases-export", args=[shop, fmt]), query)


def body(answer):
    return b"".join(answer.streaming_content)


def table(answer):
    header, *rows = csv.reader(io.StringIO(body(answer).decode("utf-8-sig"), newline=""))
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def alice(cast, client, at):
    client.force_login(cast.alice)
    client.cookies["django_language"] = "en"
    return client


def test_alice_takes_what_the_list_shows_as_csv(alice, cast):
    case = ruled(cast, order=OrderFactory(shop=cast.shop, no="602199", product="@SUM(A1)"), blame="both")
    answer = take(alice)
    assert 'filename="cases-S001-20260303-100000.csv"' in answer["Content-Disposition"]
    told = table(answer)[0]
    assert (told["Case number"], told["Order number"], told["Product"]) == (case.no, "602199", "'@SUM(A1)")
    assert (told["Open API status"], told["Status"], told["Outcome"]) == ("255", "Awaiting payment", "For the consumer")
    assert (told["Amount claimed in yuan"], told["Amount awarded in yuan"]) == ("99.00", "99.00")
    assert (told["Blame"], told["Counts in the liability rate"], told["Scene"]) == ("Both", "Yes", "")
    assert (told["Ruled at"], told["To be paid until"]) == ("2026-03-03 13:00:00", "2026-03-05 13:00:00")
    assert (told["Merchant's statement"], told["Consumer's statement"]) == ("商品出库完好", "开箱即破损")
    assert (told["Consumer's name"], "****" in told["Consumer's phone"]) == ("王**", True)


def test_an_open_case_says_nothing_that_is_not_decided(alice, cast):
    case = open_case(cast)
    actions.decline(actions.offer(case, remedy="resend", by=cast.as_bob, now=TUESDAY_10), now=TUESDAY_10)
    told = table(take(alice))[0]
    assert [told[name] for name in ("Outcome", "Blame", "Counts in the liability rate", "Paid in advance in yuan")] == [
        ""
    ] * 4
    assert (told["Offers made"], told["Answer to the last offer"]) == ("1", "Declined")


def test_a_compensation_is_told_by_whence_it_came(alice, cast):
    compensated(cast, deposit=6_000, other=1_000)
    told = table(take(alice))[0]
    parts = [told[f"{name} in yuan"] for name in ("Paid in advance", "From the deposit", "From other funds", "Owed")]
    assert parts == ["99.00", "60.00", "10.00", "29.00"]


def test_whence_it_came_is_told_to_who_may_see_the_money_alone(alice, cast):
    compensated(cast, deposit=6_000, other=1_000)
    cast.clerks.permissions = [*cast.clerks.permissions, "export_disputes"]
    cast.clerks.save()
    alice.force_login(cast.bob)
    told = table(take(alice))[0]
    assert told["Paid in advance in yuan"] == "99.00"
    assert not {"From the deposit in yuan", "From other funds in yuan", "Owed in yuan", "Refunded in yuan"} & set(told)


@pytest.mark.parametrize(("at_hour", "is_told"), [("2026-03-03 09:00", True), ("2026-03-02 22:00", False)])
def test_a_request_that_waits_for_the_opening_is_not_named(alice, cast, at_hour, is_told):
    order = OrderFactory(shop=cast.shop)
    request = send(cast, order=order, now=shanghai(at_hour))
    open_case(cast, order=order, request=request)
    assert table(take(alice))[0]["Request number"] == (request.no if is_told else "")


def test_the_workbook_has_typed_cells(alice, cast):
    case = ruled(cast)
    header, row = openpyxl.load_workbook(io.BytesIO(body(take(alice, "xlsx")))).active.iter_rows()
    told = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert (told["Case number"].value, told["Case number"].data_type) == (case.no, "s")
    assert (told["Amount awarded in yuan"].value, told["Amount awarded in yuan"].data_type) == (99.0, "n")
    assert told["Opened at"].value == datetime(2026, 3, 3, 10)  # noqa: DTZ001
    assert told["Paid at"].value is None


def test_the_filters_and_the_tab_of_the_list_decide(alice, cast):
    lost, _open = ruled(cast), open_case(cast)
    open_case(cast, order=OrderFactory(shop=cast.other_shop))
    assert [row["Case number"] for row in table(take(alice, tab="paying"))] == [lost.no]
    ExportLog.everything.all().delete()
    assert [row["Case number"] for row in table(take(alice, counts="yes"))] == [lost.no]
    ExportLog.everything.all().delete()
    assert len(table(take(alice))) == 2


@pytest.mark.parametrize(("seconds", "status"), [(59.999999, 429), (60, 200)])
def test_the_minute_is_the_shops_whatever_is_taken(alice, cast, at, seconds, status):
    assert alice.get(reverse("requests-export", args=["S001", "csv"])).status_code == 200
    at(TUESDAY_10 + timedelta(seconds=seconds))
    answer = take(alice)
    assert answer.status_code == status
    assert status == 200 or answer["Retry-After"] == "1"
    assert ExportLog.everything.count() == (1 if status == 429 else 2)


@pytest.mark.parametrize(("number", "status"), [(2, 200), (3, 400)])
def test_above_the_most_rows_it_is_refused_and_the_minute_not_used(alice, cast, number, status):
    Rulebook.objects.update(export_rows=2)
    for _n in range(number):
        open_case(cast)
    answer = take(alice)
    assert answer.status_code == status
    assert status == 200 or ("3 rows match" in answer.content.decode() and not ExportLog.everything.exists())


def test_a_filter_that_is_not_understood_and_another_format_are_refused(alice):
    assert take(alice, opened_from="someday").status_code == 400
    assert take(alice, "pdf").status_code == 404
    assert alice.head(reverse("cases-export", args=["S001", "csv"])).status_code == 405
    assert not ExportLog.everything.exists()


def test_a_post_without_the_permission_is_named_and_strangers_find_nothing(client, cast, at):
    client.force_login(cast.bob)
    answer = take(client)
    assert answer.status_code == 403 and "售后客服" in answer.content.decode()
    client.force_login(cast.charlie)
    assert take(client).status_code == 404
    client.logout()
    assert take(client).status_code == 302


def test_many_rows_need_few_statements(alice, cast, django_assert_max_num_queries):
    for _n in range(12):
        ruled(cast)
    with django_assert_max_num_queries(20):
        assert len(table(take(alice))) == 12


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_two_columns_are_called_alike(language):
    with translation.override(language):
        assert len(set(exports.header(sees_money=True))) == len(exports.COLUMNS)
