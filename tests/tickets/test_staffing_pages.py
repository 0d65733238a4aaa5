"""Alice plans a sale on her workbench: the form, the forecast, the table to take along; Bob's post may not."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from shop_cs.history import changes_of
from shop_cs.models import ExportLog, Post
from shop_cs.moves import Refused
from tests.factories import AfterSaleFactory, OrderFactory
from tests.people import TUESDAY_10, shanghai
from tests.planning_stories import SAID, planned
from tickets.models import StaffingPlan
from tickets.planning import plans, showing


def typed(**changed):
    """The form as Alice fills it in: 2,000 orders, 12 %, two days, one person."""
    said = {"name": "双十一", "first_day": "2026-11-11", "orders": "2000", "refund_rate": "12", "per_agent_day": "80"}
    said |= {"day_0": "50", "day_1": "50", **{f"hour_{hour}": "8.33" for hour in range(9, 20)}, "hour_20": "8.37"}
    said |= {"from_0": "9", "to_0": "21", "people_0": "1", "days_0": ""}
    return {**said, **changed}


@pytest.fixture
def alice(cast, client, at):
    client.force_login(cast.alice)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def plan(cast):
    return planned(cast)


def url(name, *args):
    return reverse(name, args=["S001", *args])


def page(answer):
    return answer.content.decode()


def test_alice_plans_a_sale_and_sees_who_is_short(alice, cast):
    answer = alice.post(url("staffing-new"), typed(), follow=True)
    plan = StaffingPlan.objects.of(cast.shop).get()
    assert answer.redirect_chain == [(url("staffing-plan", plan.pk), 302)]
    assert (plan.refund_rate, plan.shares, plan.shifts) == (
        1200,
        [5000, 5000],
        [{"from": 9, "to": 21, "people": 1, "days": [0, 1]}],
    )
    text = page(answer)
    assert "short by 1" in text
    assert "2026-11-11" in text and "2026-11-12" in text


def test_the_forecast_says_how_many_miss_the_limit_of_the_rulebook_in_force(alice, plan):
    text = page(alice.get(url("staffing-plan", plan.pk)))
    # 240 refunds, 160 handled in two days; the limit of 24 h ends the first day's only after the plan.
    assert "80" in text and "24 h" in text and "“current”" in text
    told = showing.told(plan, now=TUESDAY_10)["forecast"]
    assert (told.handled, told.waiting) == (160, 80)


@pytest.mark.parametrize("sums", ["50", "49.99"])
def test_shares_that_do_not_add_up_keep_what_was_typed(alice, sums):
    answer = alice.post(url("staffing-new"), typed(day_1=sums, name="留住我"))
    if sums == "50":
        assert answer.status_code == 302
        return
    assert answer.status_code == 400
    assert "add up to 99.99 %, not to 100 %" in page(answer)
    assert 'value="留住我"' in page(answer) and 'value="49.99"' in page(answer)
    assert not StaffingPlan.everything.exists()


BAD = {
    "no agent handles none": ({"per_agent_day": "0"}, "greater than or equal to 1"),
    "no day": ({"first_day": "gestern"}, "valid date"),
    "half a shift": ({"to_0": ""}, "say from when to when"),
    "backwards": ({"from_0": "20", "to_0": "10"}, "ends before it begins"),
    "outside the hours": ({"from_0": "8"}, "not one of the available choices"),
    "on no day of the plan": ({"days_0": "2-3"}, "does not have"),
    "days as words": ({"days_0": "montags"}, "as 1-3, 5"),
    "days backwards": ({"days_0": "2-1"}, "does not have"),
    "a share below none": ({"day_0": "-1"}, "greater than or equal to 0"),
    "too many orders": ({"orders": "2000000001"}, "less than or equal to"),
    "not a number": ({"refund_rate": "NaN"}, "Enter a number"),
}


@pytest.mark.parametrize("wrong", BAD)
def test_bad_input_is_named_and_nothing_is_saved(alice, wrong):
    changed, words = BAD[wrong]
    answer = alice.post(url("staffing-new"), typed(**changed))
    assert answer.status_code == 400
    assert words in page(answer)
    assert not StaffingPlan.everything.exists()


def test_past_days_and_a_billion_orders_are_plans_too(alice, cast):
    said = typed(first_day="2020-11-11", orders="1000000000")
    answer = alice.post(url("staffing-new"), said, follow=True)
    assert answer.status_code == 200
    assert "120000000" in page(answer).replace(",", "")


def test_a_name_is_taken_once_a_shop(alice, cast, plan):
    answer = alice.post(url("staffing-new"), typed())
    assert answer.status_code == 409
    assert "a plan of this name already" in page(answer)
    plans.make(shop=cast.other_shop, said=SAID, by=cast.as_charlie, now=TUESDAY_10)


def test_alice_changes_copies_and_deletes_a_plan(alice, cast, plan):
    text = page(alice.get(url("staffing-change", plan.pk)))
    assert 'value="双十一"' in text and 'value="12"' in text
    alice.post(url("staffing-change", plan.pk), typed(orders="3000", days_0="1"))
    plan.refresh_from_db()
    assert (plan.orders, plan.shifts[0]["days"]) == (3000, [0])
    for name in ("双十一 (2)", "双十一 (3)"):
        answer = alice.post(url("staffing-copy", plan.pk))
        twin = StaffingPlan.objects.of(cast.shop).get(name=name)
        assert answer["Location"] == url("staffing-change", twin.pk)
    assert "Delete the plan" in page(alice.get(url("staffing-delete", plan.pk)))
    alice.post(url("staffing-delete", plan.pk))
    assert not StaffingPlan.everything.filter(pk=plan.pk).exists()
    assert list(StaffingPlan.history.filter(id=plan.pk).values_list("move", flat=True).order_by("history_id")) == [
        "make_plan",
        "change_plan",
        "delete_plan",
    ]


def test_the_trail_says_who_planned_what(cast, plan):
    (change,) = changes_of(plan)
    assert (change.who, change.action, change.at) == ("爱丽丝", "make_plan", TUESDAY_10)


@pytest.mark.parametrize(("fill", "first"), [("days-usual", "57.78"), ("days-even", "50"), ("hours-even", None)])
def test_a_button_fills_in_a_shape_and_saves_nothing(alice, fill, first):
    answer = alice.post(url("staffing-new"), typed(fill=fill, name="留住我"))
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form["day_0"].value() == (first or "50")
    assert form["hour_9"].value() == ("8.34" if fill == "hours-even" else "8.33")
    assert 'value="留住我"' in page(answer) and not StaffingPlan.everything.exists()


def test_the_own_past_fills_in_when_there_is_enough(alice, cast):
    answer = alice.post(url("staffing-new"), typed(fill="days-own"))
    assert "fewer than 10 refunds" in page(answer)
    assert answer.context["form"]["day_0"].value() == "50"
    order = OrderFactory(shop=cast.shop, paid_at=shanghai("2026-02-01 12:00"))
    AfterSaleFactory.create_batch(10, order=order, applied_at=shanghai("2026-02-02 12:00"))
    answer = alice.post(url("staffing-new"), typed(fill="days-own"))
    assert "from 10 refunds" in page(answer)
    assert [answer.context["form"][f"day_{n}"].value() for n in (0, 1)] == ["0", "100"]


def test_a_shape_that_there_is_not_is_404(alice):
    assert alice.post(url("staffing-new"), typed(fill="days-odd")).status_code == 404


@pytest.mark.parametrize(("day", "status"), [("1", 200), ("2", 200), ("0", 404), ("3", 404), ("x", 404)])
def test_the_hours_of_a_day_of_the_plan_are_shown(alice, plan, day, status):
    assert alice.get(url("staffing-plan", plan.pk), {"day": day}).status_code == status


def test_the_forecast_is_taken_along_and_that_is_on_record(alice, cast, plan):
    answer = alice.get(url("staffing-sheet", plan.pk, "csv"))
    header, *rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline=""))
    assert (len(rows), header[:3], rows[0][:5]) == (
        24,
        ["Day", "Hour", "Refunds"],
        ["2026-11-11", "09:00", "10", "2", "1"],
    )
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(alice.get(url("staffing-sheet", plan.pk, "xlsx")).streaming_content))
    )
    assert book.active.max_row == 25
    logs = ExportLog.objects.of(cast.shop).values_list("format", "rows", "query", "by__username")
    assert set(logs) == {(fmt, 24, f"sheet?staffing={plan.pk}", "alice") for fmt in ("csv", "xlsx")}
    assert alice.get(url("staffing-sheet", plan.pk, "pdf")).status_code == 404


def test_a_plans_sheet_takes_no_minute_of_the_lists(alice, cast, plan):
    assert alice.get(url("staffing-sheet", plan.pk, "csv")).status_code == 200
    assert alice.get(url("requests-export", "csv") + "?sheet%3Fstaffing=1").status_code == 200
    assert alice.get(url("requests-export", "csv")).status_code == 429
    assert alice.get(url("staffing-sheet", plan.pk, "csv")).status_code == 200


@pytest.mark.parametrize("may", [False, True])
def test_a_post_plans_that_may(client, cast, at, plan, may):
    if may:
        Post.everything.filter(pk=cast.clerks.pk).update(permissions=["plan_staffing"])
    client.force_login(cast.bob)
    client.cookies["django_language"] = "en"
    for name, args in (("staffing", []), ("staffing-new", []), ("staffing-plan", [plan.pk])):
        answer = client.get(url(name, *args))
        assert answer.status_code == (200 if may else 403)
        assert may or cast.clerks.name in page(answer)
    home = page(client.get(url("requests")))
    assert (url("staffing") in home) == may


def test_a_strangers_plan_is_not_there(client, cast, at, plan):
    client.force_login(cast.charlie)
    for name in ("plan", "change", "delete", "copy"):
        path = reverse(f"staffing-{name}", args=["S002", plan.pk])
        assert client.post(path).status_code == (405 if name == "plan" else 404)
    assert client.get(reverse("staffing-plan", args=["S002", plan.pk])).status_code == 404


def test_an_action_asks_the_post_too_and_a_deleted_plan_is_gone(cast, plan):
    with pytest.raises(Refused) as error:
        plans.make(shop=cast.shop, said={**SAID, "name": "x"}, by=cast.as_bob, now=TUESDAY_10)
    assert error.value.refusal.status == 403
    with pytest.raises(Refused) as error:
        plans.change(plan, said={**SAID, "shares": [1]}, by=cast.as_alice, now=TUESDAY_10)
    assert error.value.refusal.status == 400
    plans.delete(plan, by=cast.as_alice, now=TUESDAY_10)
    plan.pk = plan.pk or 1
    with pytest.raises(Refused) as error:
        plans.copy(plan, by=cast.as_alice, now=TUESDAY_10)
    assert error.value.refusal.status == 404
