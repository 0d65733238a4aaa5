"""The shop's money: balances, a statement of each account, what is held, and its export."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from disputes.models import Compensation
from shop_cs import ledger
from shop_cs.actors import SYSTEM
from shop_cs.models import ExportLog, Rulebook
from tests.case_stories import compensated, fund, unpaid
from tests.factories import OrderFactory
from tests.people import TUESDAY_10

URL = reverse("money", args=["S001"])
DAY = timedelta(days=1)


@pytest.fixture
def alice(cast, client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def top_up(shop, fen, *, days=0, account="deposit"):
    """Money comes in on that day of the story, under a reference that says its amount."""
    when = TUESDAY_10 + days * DAY
    said = {"reference": f"R{fen}-{account}", "at": when, "by": SYSTEM, "now": when}
    return ledger.receive(shop=shop, account_kind=account, amount_fen=fen, **said)


def told(answer):
    """(cause, reference, change, balance afterwards) of the entries on the page, in fen."""
    lines = answer.context["lines"]
    return [(line.cause, line.reference, line.change_fen, line.balance_after_fen) for line in lines]


def test_a_shop_without_money_is_told_so(alice):
    answer = alice.get(URL)
    assert answer.status_code == 200
    assert "No money has moved on this account yet." in answer.text
    assert "Nothing is held." in answer.text


def test_each_entry_tells_its_cause_its_amount_and_what_was_there_afterwards(alice, cast):
    made = compensated(cast, deposit=100_000)
    answer = alice.get(URL)
    assert told(answer) == [("taken", made.no, -9_900, 90_100), ("top_up", "R-deposit", 100_000, 100_000)]
    assert f'<a href="{made.case.path}">{made.no}</a>' in answer.text
    for words in ("-¥99.00", "+¥1,000.00", "¥901.00", "Taken from the shop", "Deposit topped up"):
        assert words in answer.text


def test_what_is_owed_is_told_with_what_will_become_of_it(alice, cast):
    made = compensated(cast, deposit=3_000, other=2_000)
    answer = alice.get(URL, {"tab": "owed"})
    assert answer.context["balances"] == ledger.Balances(deposit=0, other=0, owed=4_900, held=9_900)
    assert "Owed: ¥49.00 will be taken first from the next top-up." in answer.text
    assert told(answer) == [("taken", made.no, -4_900, -4_900)]
    assert told(alice.get(URL, {"tab": "other"}))[0] == ("taken", made.no, -2_000, 0)


def test_the_next_top_up_repays_and_nothing_is_owed_any_more(alice, cast):
    compensated(cast, deposit=3_000)
    fund(cast.shop, deposit=10_000, reference="LATER")
    answer = alice.get(URL, {"tab": "owed"})
    assert [line[0] for line in told(answer)] == ["debt_repaid", "taken"]
    assert told(answer)[0][2:] == (6_900, 0)
    assert "will be taken first" not in answer.text


def test_what_is_held_is_told_with_until_when_an_appeal_is_possible(alice, cast, at):
    made = compensated(cast)
    at(made.appeal_until)
    page = alice.get(URL).text
    assert made.no in page and f"Possible until {made.appeal_until:%Y-%m-}" in page
    at(made.appeal_until + timedelta(microseconds=1))
    assert "Not possible any more" in alice.get(URL).text


def test_what_is_settled_is_held_no_more(alice, cast):
    made = compensated(cast)
    ledger.settle(shop=cast.shop, subject=made.no, key="settled", by=SYSTEM, now=made.appeal_until + DAY)
    assert "Nothing is held." in alice.get(URL).text


def test_the_tabs_count_their_entries_and_filters_leave_what_they_say(alice, cast):
    top_up(cast.shop, 100)
    top_up(cast.shop, 200, days=1)
    top_up(cast.shop, 400, days=1, account="other")
    assert [tab.count for tab in alice.get(URL).context["tabs"]] == [2, 1, 0]
    assert [tab.count for tab in alice.get(URL, {"cause": "top_up"}).context["tabs"]] == [2, 0, 0]
    assert [tab.count for tab in alice.get(URL, {"moved_to": "2026-03-03"}).context["tabs"]] == [1, 0, 0]


def test_the_balance_runs_over_all_entries_not_only_those_shown(alice, cast):
    for day, fen in enumerate((100, 200, 400)):
        top_up(cast.shop, fen, days=day)
    answer = alice.get(URL, {"moved_from": "2026-03-04", "moved_to": "2026-03-04"})
    assert told(answer) == [("top_up", "R200-deposit", 200, 300)]
    assert "1 active" not in answer.text and "2 active" in answer.text


@pytest.mark.parametrize(("seconds", "days"), [(-1, 0), (0, 1)])
def test_a_day_of_the_filter_begins_at_midnight_in_shanghai(alice, cast, seconds, days):
    midnight = TUESDAY_10.replace(hour=0) + DAY + timedelta(seconds=seconds)
    fund(cast.shop, deposit=100, now=midnight)
    day = f"{TUESDAY_10 + days * DAY:%Y-%m-%d}"
    assert len(told(alice.get(URL, {"moved_from": day, "moved_to": day}))) == 1


def test_a_page_goes_on_with_the_running_balance_of_the_one_before(alice, cast, monkeypatch):
    monkeypatch.setattr("disputes.views.money.PAGE_SIZE", 2)
    for fen in (1, 10, 100):
        top_up(cast.shop, fen)
    first, second = alice.get(URL), alice.get(URL, {"page": 2})
    assert [line[3] for line in told(first)] == [111, 11]
    assert [line[3] for line in told(second)] == [1]
    assert alice.get(URL, {"page": 3}).status_code == 404
    assert alice.get(URL, {"page": "x"}).status_code == 404


@pytest.mark.parametrize(
    "query", [{"moved_from": "someday"}, {"cause": "theft"}, {"moved_from": "2026-03-04", "moved_to": "2026-03-03"}]
)
def test_a_filter_that_is_not_understood_is_said_and_shows_nothing(alice, cast, query):
    top_up(cast.shop, 100)
    answer = alice.get(URL, query)
    assert answer.status_code == 400
    assert "These filters cannot be understood" in answer.text and "R100-deposit" not in answer.text


def test_another_tab_than_there_are_is_refused(alice):
    answer = alice.get(URL, {"tab": "held"})
    assert answer.status_code == 400
    assert "There is no such tab." in answer.text


def test_a_filter_that_leaves_nothing_says_so(alice, cast):
    top_up(cast.shop, 100)
    assert "Nothing matches these filters." in alice.get(URL, {"cause": "refund"}).text


def test_another_shops_money_is_never_among_it(alice, cast):
    fund(cast.other_shop, deposit=77_700, reference="CANARY")
    answer = alice.get(URL)
    assert "CANARY" not in answer.text and "777.00" not in answer.text


def test_a_post_without_the_permission_is_named_and_strangers_find_nothing(client, cast, at):
    client.force_login(cast.bob)
    for url in (URL, reverse("money-export", args=["S001", "csv"])):
        assert client.get(url).status_code == 403
        assert cast.clerks.name in client.get(url).text
    client.force_login(cast.charlie)
    assert client.get(URL).status_code == 404


def test_more_entries_cost_no_more_statements(alice, cast, django_assert_max_num_queries):
    fund(cast.shop, deposit=20_000)
    for _n in range(3):
        unpaid(cast, order=OrderFactory(shop=cast.shop))
    with django_assert_max_num_queries(12):
        answer = alice.get(URL, {"moved_from": "2026-01-01"})
    assert len(answer.context["held"]) == Compensation.everything.count() == 3


def take(client, fmt="csv", **query):
    return client.get(reverse("money-export", args=["S001", fmt]), query)


def body(answer):
    return b"".join(answer.streaming_content)


def test_the_export_holds_what_is_filtered_with_typed_numbers(alice, cast):
    made = compensated(cast, deposit=100_000)
    answer = take(alice, "xlsx", cause="taken")
    assert "money-S001-" in answer["Content-Disposition"]
    header, row = openpyxl.load_workbook(io.BytesIO(body(answer))).active.iter_rows()
    said = {name.value: cell for name, cell in zip(header, row, strict=True)}
    assert (said["Change in yuan"].value, said["Change in yuan"].data_type) == (-99.0, "n")
    assert (said["Balance afterwards in yuan"].value, said["Reference"].value) == (901.0, made.no)
    log = ExportLog.everything.get()
    assert (log.rows, log.by, log.query) == (1, cast.alice, "cause=taken")


def test_the_export_as_csv_has_the_same_rows(alice, cast):
    top_up(cast.shop, 100)
    top_up(cast.shop, 250)
    rows = list(csv.reader(io.StringIO(body(take(alice)).decode("utf-8-sig"), newline="")))
    assert [row[3:5] for row in rows[1:]] == [["2.50", "3.50"], ["1.00", "1.00"]]


def test_the_export_keeps_the_gate_of_all_exports(alice, cast, at):
    assert take(alice, "pdf").status_code == 404
    assert take(alice, moved_from="someday").status_code == 400
    assert not ExportLog.everything.exists()
    assert take(alice).status_code == 200
    assert take(alice).status_code == 429
    at(TUESDAY_10 + timedelta(minutes=1))
    assert take(alice).status_code == 200
    assert alice.head(reverse("money-export", args=["S001", "csv"])).status_code == 405


@pytest.mark.parametrize(("most", "status"), [(2, 200), (1, 400)])
def test_more_rows_than_the_rulebook_allows_are_refused(alice, cast, most, status):
    Rulebook.objects.update(export_rows=most)
    top_up(cast.shop, 100)
    top_up(cast.shop, 250)
    assert take(alice).status_code == status


def test_who_may_see_but_not_export_reads_why(client, cast, at):
    cast.clerks.permissions = ["see_money"]
    cast.clerks.save()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    page = client.get(URL).text
    assert "disabled" in page and "may not export cases and money" in page
    assert take(client).status_code == 403
