"""The figures as merchants and the platform's people read them: each number leads to the list that it counts."""

import csv
import io
from datetime import date, timedelta

import pytest

from shop_cs.models import ExportLog
from tests import stories
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tickets import actions
from tickets.figures import asking
from tickets.figures.links import DeskLinks, ShopLinks
from tickets.figures.sections import RESPONSE
from tickets.models import Reply, ResponseDay, ServiceRequest

URL, DESK = "/s/S001/figures/", "/admin/figures/"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FRIDAY_15 = shanghai("2026-03-06 15:00")
MARCH = {"since": "2026-03-01", "until": "2026-03-06"}


@pytest.fixture
def alice(cast, client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


@pytest.fixture
def olive(cast, client, at):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.olive)
    return client


@pytest.fixture
def busy(cast, at):
    """A week of both shops, in which everything happened that is counted; now it is Friday afternoon."""
    stories.confirming_rules()
    stories.confirming(cast), stories.confirming(cast, category="price")
    actions.answer_survey(stories.survey_of(stories.confirming(cast)), satisfied=True, now=TUESDAY_10 + 2 * HOUR)
    asked = stories.confirming(cast, now=TUESDAY_10 + 3 * HOUR)
    actions.answer_survey(stories.survey_of(asked), satisfied=False, now=TUESDAY_10 + 4 * HOUR)
    rejected = actions.reject(stories.fresh(asked), reason="补", by=cast.as_rita, now=TUESDAY_10 + 5 * HOUR)
    actions.urge(rejected, by=cast.as_pia, now=TUESDAY_10 + 5 * HOUR)
    stories.reply_unsolved(rejected, cast, now=TUESDAY_10 + 6 * HOUR)
    stories.send(cast, category="price")
    stories.send(cast, order=OrderFactory(shop=cast.other_shop))
    actions.urge(stories.send(cast, now=FRIDAY_15 - HOUR), by=cast.as_pia, now=FRIDAY_15)
    two_hours = {"kind": "urgent", "category": "personal_injury"}
    stories.send(cast, now=FRIDAY_15 - HOUR, **two_hours)
    stories.send(cast, now=shanghai("2026-03-05 23:00"))
    stories.send(cast, now=shanghai("2026-03-05 23:00"), order=OrderFactory(shop=cast.other_shop))
    applied = AfterSaleFactory(order=OrderFactory(shop=cast.shop), state="done", applied_at=TUESDAY_10)
    AfterSaleFactory(order=applied.order, state="agreed", applied_at=TUESDAY_10)
    ResponseDay.everything.create(shop=cast.shop, day=date(2026, 3, 3), conversations=8, effective=6)
    stories.sweep_at(FRIDAY_15)
    at(FRIDAY_15)
    return cast


def shown(answer):
    """Every number with its address, of the desk and of all tables."""
    told = [(item.text, item.address) for item in (*answer.context["desk"].items, *answer.context["desk"].waits)]
    for table in answer.context["tables"]:
        for row in (table.whole, *table.rows):
            told += [(cell.text, cell.address) for cell in row.cells if cell.address and not cell.adds]
    return told


def sums(answer):
    """Every number that adds something up of each request, with the address of these requests' list."""
    rows = [row for table in answer.context["tables"] for row in (table.whole, *table.rows)]
    return {(cell.text, cell.address) for row in rows for cell in row.cells if cell.address and cell.adds}


def added_up(client, address):
    """What the requests of the list at this address come to: their urges or their replies."""
    page = client.get(address)
    listed = page.context["cl"].result_list if "cl" in page.context else page.context["page"]
    keys = [one.pk for one in listed]
    if "urged=yes" in address:
        return sum(ServiceRequest.everything.filter(pk__in=keys).values_list("urges", flat=True))
    return Reply.everything.filter(request__in=keys).count()


def counted(client, address):
    """How many rows the list at this address has."""
    page = client.get(address)
    assert page.status_code == 200, address
    if "cl" in page.context:
        return page.context["cl"].result_count
    return page.context["page"].paginator.count


def wrong(client, told):
    return [(text, address) for text, address in set(told) if counted(client, address) != int(text)]


@pytest.mark.parametrize("query", [{}, {"category": "price", "step": "week"}])
def test_every_number_leads_to_the_list_that_it_counts(busy, alice, query):
    told = shown(alice.get(URL, query))
    assert len(told) > 20
    assert wrong(alice, told) == []


@pytest.mark.parametrize("query", [{"step": "month"}, {"category": "price", "shop": "S001", "step": "week"}])
def test_so_do_those_of_the_platform(busy, olive, query):
    told = shown(olive.get(DESK, query))
    assert len(told) > 20
    assert wrong(olive, told) == []


def test_what_is_added_up_leads_to_the_requests_that_it_is_of(busy, client):
    twice = ServiceRequest.everything.filter(shop=busy.shop, urges=1).first()
    actions.urge(stories.fresh(twice), by=busy.as_pia, now=FRIDAY_15 + HOUR)
    stories.sweep_at(FRIDAY_15 + HOUR)
    for user, address in ((busy.alice, URL), (busy.olive, DESK)):
        client.force_login(user)
        told = sums(client.get(address))
        assert {"urged=yes" in to for _number, to in told} == {True, False}
        assert [(number, to) for number, to in told if added_up(client, to) != int(number)] == []


def test_the_response_rate_leads_to_its_days_on_both_sites(busy, client):
    for shop, day in ((busy.shop, 5), (busy.other_shop, 3), (busy.shop, 7)):
        ResponseDay.everything.create(shop=shop, day=date(2026, 3, day), conversations=10, effective=9)
    march = asking.Asked(date(2026, 3, 1), date(2026, 3, 6))
    days = {}
    for user, links in (
        (busy.alice, ShopLinks(busy.shop)),
        (busy.olive, DeskLinks()),
        (busy.rita, DeskLinks(busy.shop)),
    ):
        client.force_login(user)
        page = client.get(RESPONSE.way(march, links)[1])
        rows = page.context.get("days") or [(one.day, one) for one in page.context["cl"].result_list]
        days[user.username] = sorted(day.day for day, _told in rows)
    # The shop's page has the whole month.
    assert days == {"alice": [3, 5, 7], "olive": [3, 3, 5], "rita": [3, 5]}


def cells(answer, code):
    """The whole period's row of a table: {column: (number, of what)}."""
    table = next(one for one in answer.context["tables"] if one.code == code)
    heads = [str(head) for head in table.heads]
    return dict(zip(heads, [(cell.text, cell.of) for cell in table.whole.cells], strict=True))


def test_rates_stand_with_what_they_are_of(busy, alice):
    page = alice.get(URL, MARCH)
    assert cells(page, "satisfaction")["Satisfaction"] == ("50.0 %", "1 of 2")
    assert cells(page, "response")["Response rate"] == ("75.0 %", "6 of 8")
    assert cells(page, "refunds")["Refund completion rate"] == ("50.0 %", "1 of 2")
    assert cells(page, "refunds")["Refund dispute rate"] == ("0.0 %", "0 of 2")
    assert "1 of 2" in page.content.decode()


def test_of_nothing_there_is_no_rate(busy, alice):
    page = alice.get(URL, {"since": "2026-03-06", "until": "2026-03-06"})
    assert cells(page, "overdue")["Overdue rate"] == ("0.0 %", "0 of 2")
    assert cells(page, "types")["Mean time to reply"] == ("—", "of 0")
    assert "satisfaction" in [table.code for table in page.context["empty"]]


def test_each_chart_shows_the_numbers_of_its_table(busy, alice):
    page = alice.get(URL, MARCH)
    for table in page.context["tables"]:
        assert f'data-value="{table.chart.replace(chr(34), "&quot;")}"' in page.content.decode()
    assert page.content.decode().count('class="chart"') == len(page.context["tables"])


def test_the_platform_adds_up_all_shops_and_can_look_at_one(busy, olive):
    assert cells(olive.get(DESK), "volume")["Created"] == ("10", "")
    assert cells(olive.get(DESK, {"shop": "S002"}), "volume")["Created"] == ("2", "")
    assert cells(olive.get(DESK, {"shop": "S001"}), "volume")["Created"] == ("8", "")


# What is asked
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"since": "1999-12-31"}, "Ensure this value is greater"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "The last day lies before the first"),
        ({"since": "2024-03-05", "until": "2026-03-06"}, "At most 731 days at a time; these are 732"),
        ({"since": "2025-11-27", "until": "2026-03-06", "step": "day"}, None),
        ({"since": "2025-11-26", "until": "2026-03-06", "step": "day"}, "By day at most 100 days"),
        ({"since": "2024-03-06", "until": "2026-03-06"}, None),
        ({"category": "nonsense"}, "Select a valid choice"),
    ],
)
def test_what_is_not_understood_is_said_at_its_field_and_kept(cast, alice, query, says):
    page = alice.get(URL, query)
    assert page.status_code == (400 if says else 200)
    if says:
        assert says in page.content.decode()
        assert query.get("since", "") in page.content.decode()
        assert "tables" not in page.context


@pytest.mark.parametrize("shop", ["S009", "../x", "S001 "])
def test_an_unknown_shop_is_said_to_be_none(cast, olive, shop):
    page = olive.get(DESK, {"shop": shop})
    assert page.status_code == (200 if shop == "S001 " else 400)
    assert ("There is no such shop." in page.content.decode()) == (page.status_code == 400)


@pytest.mark.parametrize(("days", "step"), [(100, "day"), (101, "week")])
def test_a_long_period_is_shown_by_weeks(days, step):
    form = asking.FiguresForm({"since": f"{date(2026, 3, 6) - timedelta(days - 1)}"}, today=date(2026, 3, 6))
    assert form.is_valid() and form.asked().step == step


def test_weeks_begin_on_monday_and_the_ends_are_cut_off():
    asked = asking.Asked(date(2026, 2, 26), date(2026, 3, 9), step="week")
    assert [(f"{a:%m-%d}", f"{b:%m-%d}") for a, b in asked.spans()] == [
        ("02-26", "03-01"),
        ("03-02", "03-08"),
        ("03-09", "03-09"),
    ]
    months = asking.Asked(date(2026, 1, 30), date(2026, 3, 1), step="month").spans()
    assert [(f"{a:%m-%d}", f"{b:%m-%d}") for a, b in months] == [
        ("01-30", "01-31"),
        ("02-01", "02-28"),
        ("03-01", "03-01"),
    ]


def test_a_new_shop_is_told_that_nothing_happened_yet(alice):
    page = alice.get(URL)
    assert page.status_code == 200 and page.context["tables"] == []
    assert "Nothing happened in this period." in page.content.decode()


# Who
def test_every_member_sees_his_shop_and_no_stranger(cast, alice):
    for person, status in ((cast.bob, 200), (cast.charlie, 404)):
        alice.force_login(person)
        assert alice.get(URL).status_code == status
    alice.force_login(cast.alice)
    assert alice.get(DESK).status_code in {302, 403}


# The export
def body(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))


def test_the_shown_table_comes_as_a_file_and_is_on_record(busy, alice):
    header, *rows = body(alice.get(f"{URL}export/csv/", {**MARCH, "step": "week"}))
    told = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["From"], row["To"]) for row in told] == [("2026-03-01", "2026-03-01"), ("2026-03-02", "2026-03-06")]
    assert (told[1]["Created"], told[1]["Satisfaction (%)"], told[0]["Satisfaction (%)"]) == ("8", "50.0", "")
    log = ExportLog.everything.get()
    assert (log.shop, log.rows, log.by) == (busy.shop, 2, busy.alice)
    assert "figures?since=2026-03-01" in log.query


def test_the_types_come_as_a_file_too_and_no_column_twice(busy, olive):
    header, *rows = body(olive.get(f"{DESK}export/csv/", {**MARCH, "table": "types"}))
    assert [row[0] for row in rows] == ["Price", "Product", "Personal injury"]
    header = body(olive.get(f"{DESK}export/csv/", MARCH))[0]
    assert len(set(header)) == len(header)
    assert ExportLog.everything.filter(shop=None).count() == 2
    assert olive.get(f"{DESK}export/xlsx/", MARCH).status_code == 200


def test_an_export_needs_the_post_the_minute_and_a_period(busy, alice, at):
    assert alice.get(f"{URL}export/csv/", {"since": "x"}).status_code == 400
    assert (
        alice.get(f"{URL}export/pdf/").status_code == alice.get(f"{URL}export/csv/", {"table": "x"}).status_code == 404
    )
    assert alice.get(f"{URL}export/csv/").status_code == 200
    assert alice.get(f"{URL}export/csv/").status_code == 429
    at(FRIDAY_15 + MINUTE)
    assert alice.get(f"{URL}export/csv/").status_code == 200
    alice.force_login(busy.bob)
    assert alice.get(f"{URL}export/csv/").status_code == 403
    assert "售后客服" in alice.get(URL).content.decode()
    assert ExportLog.everything.count() == 2


# Statements
def test_a_year_takes_few_statements(busy, alice, olive, django_assert_max_num_queries):
    year = {"since": "2025-03-07", "until": "2026-03-06"}
    for person, address in ((busy.alice, URL), (busy.olive, DESK)):
        alice.force_login(person)
        with django_assert_max_num_queries(12):
            assert alice.get(address, year).status_code == 200
