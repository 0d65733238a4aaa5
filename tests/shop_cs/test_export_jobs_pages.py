"""The pages of exports: what is offered of a large list, one's own exports, who may fetch and cancel, on both sites."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from shop_cs import sites
from shop_cs.exporting import asking, running
from shop_cs.exporting.kinds import rights_of
from shop_cs.models import ExportJob, ExportLog, Heartbeat, Member, Rulebook
from tests.export_stories import asked, fresh, made, work
from tests.people import TUESDAY_10
from tests.stories import reply_unsolved, send

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIST = "/s/S001/requests/export/csv/?tab=all"
DESK = "/admin/exports/ask/desk-requests/csv/"


@pytest.fixture
def alice(cast, client, at):
    client.force_login(cast.alice)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def olive(cast, client, at):
    client.force_login(cast.olive)
    client.cookies["django_language"] = "en"
    return client


def page(client, shop="S001"):
    return client.get(f"/s/{shop}/exports/").content.decode()


def fetch(client, job, site="/s/S001"):
    return client.get(f"{site}/exports/{job.pk}/file/")


class TestAsking:
    @pytest.mark.parametrize(("rows", "at_once"), [(2, True), (3, False)])
    def test_a_small_list_comes_at_once_a_large_one_is_offered(self, alice, cast, monkeypatch, rows, at_once):
        monkeypatch.setattr(asking, "AT_ONCE", 2)
        for _n in range(rows):
            send(cast)
        answer = alice.get(LIST)
        assert answer.status_code == 200
        assert ("attachment" in answer.get("Content-Disposition", "")) == at_once
        if not at_once:
            assert "3 rows match" in answer.content.decode() and "Make the file" in answer.content.decode()
            assert not ExportLog.everything.exists() and not ExportJob.everything.exists()

    def test_asked_for_it_is_made_and_fetched(self, alice, cast):
        request = send(cast)
        answer = alice.post(LIST)
        assert (answer.status_code, answer["Location"]) == (302, "/s/S001/exports/")
        assert "Waiting" in page(alice)
        work()
        told = page(alice)
        assert "Ready" in told and "requests-S001-20260303-100000.csv" in told
        answer = fetch(alice, ExportJob.everything.get())
        assert 'filename="requests-S001-20260303-100000.csv"' in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "private, no-store"
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:]] == [request.no]

    def test_the_filters_of_the_list_go_with_it(self, alice, cast):
        price, product = send(cast, category="price"), send(cast)
        reply_unsolved(product, cast, now=TUESDAY_10)
        alice.post("/s/S001/requests/export/csv/?tab=pending")
        work()
        text = b"".join(fetch(alice, ExportJob.everything.get()).streaming_content).decode()
        assert price.no in text and product.no not in text

    def test_within_the_minute_it_is_refused(self, alice, cast, at):
        alice.post(LIST)
        at(TUESDAY_10 + MINUTE - TUESDAY_10.resolution)
        answer = alice.post(LIST)
        assert (answer.status_code, answer["Retry-After"]) == (429, "1")
        at(TUESDAY_10 + MINUTE)
        assert alice.post(LIST).status_code == 302
        assert ExportJob.everything.count() == 2

    def test_another_format_or_a_bad_filter_asks_for_nothing(self, alice):
        assert alice.post("/s/S001/requests/export/pdf/").status_code == 404
        assert alice.post(LIST + "&created_from=someday").status_code == 400
        assert not ExportJob.everything.exists()

    def test_a_post_without_the_permission_asks_for_nothing(self, alice, cast):
        Member.everything.filter(user=cast.bob).update(post=cast.interns)
        alice.force_login(cast.bob)
        answer = alice.post(LIST)
        assert answer.status_code == 403 and "实习生" in answer.content.decode()
        alice.force_login(cast.charlie)
        assert alice.post(LIST).status_code == 404


class TestTooMuch:
    @pytest.fixture
    def three_months(self, cast):
        """Three requests in February, two in March; an export holds three."""
        Rulebook.objects.update(export_rows=3)
        for days in (20, 20, 5, 0, 0):
            send(cast, now=TUESDAY_10 - days * DAY)

    def test_the_page_offers_the_months_with_their_counts(self, alice, three_months):
        answer = alice.get(LIST)
        text = answer.content.decode()
        assert answer.status_code == 400 and "5 rows match; an export holds at most 3." in text
        spans = re.findall(r'<th scope="row"[^>]*>([^<]*)</th>\s*<td[^>]*>(\d+)', text)
        assert spans == [("2026-02", "3"), ("2026-03", "2")]

    def test_one_click_asks_for_a_file_a_month(self, alice, three_months, at):
        assert alice.post(LIST, {"split": "1"}).status_code == 302
        work()
        jobs = list(ExportJob.everything.order_by("pk"))
        assert [(job.status, job.rows) for job in jobs] == [("ready", 3), ("ready", 2)]
        assert "created_from=2026-02-11&created_to=2026-02-26" in jobs[0].params
        assert alice.post(LIST, {"split": "1"}).status_code == 429
        assert ExportLog.everything.count() == 2

    def test_a_month_that_is_too_large_is_split_by_days(self, alice, three_months):
        Rulebook.objects.update(export_rows=2)
        text = alice.get(LIST).content.decode()
        spans = re.findall(r'<th scope="row"[^>]*>([^<]*)</th>\s*<td[^>]*>(\d+)', text)
        assert spans == [("2026-02-11", "2"), ("2026-02-26", "1"), ("2026-03", "2")]

    def test_a_day_that_is_too_large_is_said_and_not_asked_for(self, alice, three_months):
        Rulebook.objects.update(export_rows=1)
        text = alice.get(LIST).content.decode()
        assert "Some days alone have more rows" in text and "Make all" not in text
        assert alice.post(LIST, {"split": "1"}).status_code == 400
        assert not ExportJob.everything.exists()


class TestMyExports:
    def test_it_is_empty_at_first(self, alice):
        assert "Nothing asked for yet" in page(alice)

    def test_while_one_is_made_the_page_looks_again_by_itself(self, alice, cast, at):
        asked(cast)
        ExportJob.everything.update(status="running", rows=200, rows_done=50)
        assert 'hx-trigger="every 2s"' in page(alice) and 'value="25"' in page(alice)
        at(TUESDAY_10 + timedelta(minutes=30))
        assert "hx-trigger" not in page(alice)

    @pytest.mark.parametrize(("minutes", "is_told"), [(1, False), (2, True)])
    def test_it_says_when_no_worker_is_there(self, alice, cast, at, minutes, is_told):
        asked(cast)
        Heartbeat.objects.create(name="jobs", at=TUESDAY_10)
        at(TUESDAY_10 + minutes * MINUTE)
        assert ("shows no sign of life" in page(alice)) == is_told

    def test_a_colleagues_export_is_not_there(self, alice, cast):
        job = made(cast)
        cast.clerks.permissions = ["export_requests"]
        cast.clerks.save()
        alice.force_login(cast.bob)
        assert "requests-S001" not in page(alice)
        assert fetch(alice, job).status_code == 404
        assert alice.post(f"/s/S001/exports/{job.pk}/cancel/").status_code == 404

    def test_a_strangers_export_is_not_there(self, alice, cast):
        job = made(cast)
        alice.force_login(cast.charlie)
        assert fetch(alice, job).status_code == fetch(alice, job, "/s/S002").status_code == 404

    def test_who_lost_the_permission_cannot_fetch(self, alice, cast):
        cast.clerks.permissions = ["export_requests"]
        cast.clerks.save()
        alice.force_login(cast.bob)
        alice.post(LIST)
        work()
        job = ExportJob.everything.get()
        assert fetch(alice, job).status_code == 200
        Member.everything.filter(user=cast.bob).update(post=cast.interns)
        answer = fetch(alice, job)
        assert answer.status_code == 403 and "实习生" in answer.content.decode()

    @pytest.mark.parametrize(("sees", "status"), [(True, 200), (False, 403)])
    def test_a_file_with_money_is_not_fetched_by_who_lost_sight_of_it(self, alice, cast, sees, status):
        cast.clerks.permissions = ["export_disputes", "see_disputes", "see_money"]
        cast.clerks.save()
        alice.force_login(cast.bob)
        assert alice.post("/s/S001/cases/export/csv/?tab=all").status_code == 302
        work()
        job = ExportJob.everything.get()
        assert (job.status, rights_of(job)) == ("ready", ["see_money"])
        cast.clerks.permissions = ["export_disputes", "see_disputes", *(["see_money"] if sees else [])]
        cast.clerks.save()
        answer = fetch(alice, job)
        assert answer.status_code == status
        assert sees or cast.clerks.name in answer.content.decode()

    def test_a_file_without_money_is_fetched_whatever_the_query_says_of_rights(self, alice, cast):
        cast.clerks.permissions = ["export_disputes", "see_disputes"]
        cast.clerks.save()
        alice.force_login(cast.bob)
        alice.post("/s/S001/cases/export/csv/?tab=all&with_right=see_money&with_right=nonsense")
        work()
        job = ExportJob.everything.get()
        assert job.params == "tab=all" and fetch(alice, job).status_code == 200

    @pytest.mark.parametrize(("late", "status"), [(timedelta(0), 200), (TUESDAY_10.resolution, 410)])
    def test_an_expired_file_is_said_so(self, alice, cast, at, late, status):
        job = made(cast)
        at(TUESDAY_10 + running.KEPT + late)
        assert fetch(alice, job).status_code == status
        assert ("Expired" in page(alice)) == (status == 410)

    def test_head_fetches_nothing(self, alice, cast):
        job = made(cast)
        assert alice.head(f"/s/S001/exports/{job.pk}/file/").status_code == 405
        assert fresh(job).fetched_at is None

    def test_cancelled_and_made_again(self, alice, cast, at):
        alice.post(LIST)
        job = ExportJob.everything.get()
        assert alice.post(f"/s/S001/exports/{job.pk}/cancel/").status_code == 302
        assert "Cancelled" in page(alice)
        assert alice.post(f"/s/S001/exports/{job.pk}/again/").status_code == 429
        at(TUESDAY_10 + MINUTE)
        assert alice.post(f"/s/S001/exports/{job.pk}/again/").status_code == 302
        assert ExportJob.everything.filter(status="waiting").count() == 1
        assert alice.get(f"/s/S001/exports/{job.pk}/again/").status_code == 405

    def test_the_sidebar_counts_what_is_ready_and_not_fetched(self, alice, cast, rf):
        def badge():
            request = rf.get("/")
            request.user, request.member = cast.alice, cast.alice_member
            entries = sites.workbench_navigation(request)[0]["items"]
            return next(entry.get("badge") for entry in entries if entry["icon"] == "download")

        assert badge() is None
        job = made(cast)
        assert badge() == "1"
        fetch(alice, job)
        assert badge() is None


class TestDesk:
    def test_a_list_as_shown_is_asked_for_and_fetched(self, olive, cast):
        mine, other = send(cast, category="price"), send(cast)
        text = olive.get(reverse("platform:tickets_servicerequest_changelist"), {"category": "price"}).content.decode()
        address = f"{DESK}?category=price"
        assert address in text
        assert "1 row matches" in olive.get(address).content.decode()
        assert olive.post(address)["Location"] == "/admin/exports/"
        work()
        job = ExportJob.everything.get()
        assert "Ready" in olive.get("/admin/exports/").content.decode()
        answer = fetch(olive, job, "/admin")
        assert "requests-20260303-100000.csv" in answer["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        told = dict(zip(*rows, strict=True))
        assert (told["Shop number"], told["Request number"]) == ("S001", mine.no) and other.no not in str(rows)
        assert "****" in told["Consumer's phone"]
        assert [row.move for row in job.log.history.order_by("history_id")][-1] == "fetch_export"

    def test_too_much_is_offered_by_months_and_split(self, olive, cast):
        Rulebook.objects.update(export_rows=1)
        send(cast), send(cast, now=TUESDAY_10 - 20 * DAY)
        answer = olive.get(DESK)
        assert answer.status_code == 400 and "2026-02" in answer.content.decode()
        olive.post(DESK, {"split": "1"})
        work()
        assert list(ExportJob.everything.values_list("status", "rows")) == [("ready", 1)] * 2

    @pytest.mark.parametrize("listing", ["requests", "cases", "appeals", "violations", "reports", "filings"])
    def test_every_list_of_disputes_can_be_exported(self, olive, listing):
        assert olive.post(f"/admin/exports/ask/desk-{listing}/xlsx/").status_code == 302
        work()
        assert ExportJob.everything.get().status == "ready"

    def test_what_is_not_understood_or_not_there(self, olive):
        assert olive.get(f"{DESK}?state__exact=nonsense&e=1").status_code in (200, 400)
        assert olive.get(f"{DESK}?order__consumer__phone=1").status_code == 400
        assert olive.get("/admin/exports/ask/requests/csv/").status_code == 404
        assert olive.get("/admin/exports/ask/desk-requests/pdf/").status_code == 404

    @pytest.mark.parametrize(
        ("first", "last", "status"),
        [
            ("2000-01-01", "2100-01-01", 200),
            ("1999-12-31", "2100-01-01", 400),
            ("2000-01-01", "2100-01-02", 400),
            ("0001-01-01", "9999-12-31", 400),
            ("x", "y", 400),
            ("2026-03-03", "", 400),
            ("2026-03-04", "2026-03-03", 400),
        ],
    )
    def test_the_days_of_a_span_are_days_that_there_are(self, olive, cast, first, last, status):
        send(cast)
        address = f"{DESK}?span_from={first}&span_to={last}"
        assert olive.get(address).status_code == status
        answer = olive.post(address)
        assert answer.status_code == (302 if status == 200 else 400)
        assert status == 200 or "not understood" in answer.content.decode()

    def test_a_colleagues_is_not_there_and_a_merchants_neither(self, olive, cast):
        job, alices = made(cast, kind="desk-requests", by=cast.as_rita), made(cast)
        for one in (job, alices):
            assert fetch(olive, one, "/admin").status_code == 404
            assert olive.post(f"/admin/exports/{one.pk}/cancel/").status_code == 404

    def test_who_left_the_platform_gets_nothing(self, olive, cast):
        job = made(cast, kind="desk-requests", by=cast.as_olive)
        cast.olive.groups.clear()
        assert fetch(olive, job, "/admin").status_code == 403
        later = asked(cast, kind="desk-requests", by=cast.as_olive)
        work()
        assert fresh(later).trouble == "forbidden"
