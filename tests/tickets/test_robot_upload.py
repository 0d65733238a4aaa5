"""The robot's answers from a file: by the shop for itself, by agents for any; all or nothing, the trail keeps both."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from shop_cs import imports
from shop_cs.actors import Actor, Role
from tests.people import TUESDAY_10
from tickets.actions import robot
from tickets.models import RobotAnswer
from tickets.quality.importing_robot import RobotImport
from tickets.views.quality import MOST_BYTES

PAGE = "/s/S001/robot/upload/"
HEAD = "source,question,answer,where,in_use"
SHIPPING = "custom,什么时候发货,48 小时内发货,问答管理,yes"


@pytest.fixture
def alice(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.alice)
    return client


def send(browser, *lines, head=HEAD, page=PAGE, **said):
    data = "\n".join([head, *lines, ""]).encode()
    return browser.post(page, {"file": SimpleUploadedFile("robot.csv", data), **said})


def words(page):
    return " ".join(page.content.decode().split())


def kept():
    return set(RobotAnswer.everything.values_list("source", "question", "answer", "where", "is_active"))


def test_a_file_is_tried_first_and_then_imported_with_its_trail(cast, alice):
    tried = send(alice, SHIPPING, "keyword,包邮,全国包邮,,no", dry_run="on")
    assert tried.status_code == 200 and "every row is good" in words(tried) and not kept()
    done = send(alice, SHIPPING, "keyword,包邮,全国包邮,,no")
    assert "robot.csv is imported" in words(done)
    assert kept() == {
        ("custom", "什么时候发货", "48 小时内发货", "问答管理", True),
        ("keyword", "包邮", "全国包邮", "", False),
    }
    row = RobotAnswer.history.get(source="custom")
    assert (row.move, row.actor_role, row.actor_name, row.history_change_reason) == (
        "import", "merchant", "爱丽丝", "robot.csv",
    )  # fmt: skip
    assert "什么时候发货" in words(alice.get("/s/S001/robot/"))


def test_the_same_file_again_changes_nothing_and_a_newer_one_what_is_newer(cast, alice):
    send(alice, SHIPPING)
    assert send(alice, SHIPPING).context["report"].unchanged == 1
    newer = send(alice, "custom,什么时候发货,24 小时内发货", head="source,question,answer")
    assert newer.context["report"].imported == 1
    assert kept() == {("custom", "什么时候发货", "24 小时内发货", "问答管理", True)}
    assert [row.answer[:2] for row in RobotAnswer.history.order_by("history_id")] == ["48", "24"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("nowhere,问,答,,yes", "source"),
        (f"custom,{'问' * 201},答,,yes", "question"),
        (f"custom,问,{'答' * 2001},,yes", "answer"),
        ("custom,,答,,yes", "question"),
        ("custom,问,答,,maybe", "in_use"),
        ("custom,问,答,,yes\ncustom,问,另答,,yes", "answer"),
    ],
)
def test_one_bad_row_refuses_the_file_and_is_named(cast, alice, line, column):
    page = send(alice, SHIPPING, line)
    assert page.status_code == 400 and not kept()
    assert column in {problem.column for problem in page.context["report"].problems}
    assert "Nothing" in words(page) or "nothing imported" in words(page)


@pytest.mark.parametrize(("size", "status"), [(MOST_BYTES, 400), (MOST_BYTES + 1, 413)])
def test_a_file_has_a_most(cast, alice, size, status):
    answer = alice.post(PAGE, {"file": SimpleUploadedFile("big.csv", b"x" * size)})
    assert answer.status_code == status and not kept()


def test_without_a_file_it_is_said(cast, alice):
    assert alice.post(PAGE, {}).status_code == 400


def test_whose_post_may_not_keep_the_robot_is_refused_by_its_name(cast, alice):
    alice.force_login(cast.bob)
    for refused in (alice.get(PAGE), send(alice, SHIPPING)):
        assert refused.status_code == 403 and "售后客服" in words(refused)
    assert "Upload a file" not in words(alice.get("/s/S001/robot/")) and not kept()


def test_a_shops_file_touches_no_other_shop(cast, alice):
    said = {"source": "custom", "question": "什么时候发货", "answer": "别家", "where": "", "is_active": True}
    theirs = robot.add(shop=cast.other_shop, by=cast.as_charlie, now=TUESDAY_10, **said)
    send(alice, SHIPPING)
    assert RobotAnswer.everything.get(pk=theirs.pk).answer == "别家" and len(kept()) == 2
    refused = send(alice, f"S002,{SHIPPING}", head=f"shop_no,{HEAD}")
    assert refused.status_code == 400 and "This column is unknown." in words(refused)
    assert send(alice, SHIPPING, page="/s/S002/robot/upload/").status_code == 404


def test_agents_import_for_any_shop_and_an_unknown_one_is_named(cast, tmp_path):
    file = tmp_path / "robot.csv"
    file.write_text(f"shop_no,{HEAD}\nS001,{SHIPPING}\nS002,{SHIPPING}\n")
    call_command("import_robot_answers", str(file))
    assert set(RobotAnswer.everything.values_list("shop__no", flat=True)) == {"S001", "S002"}
    by = Actor(Role.IMPORT, name="x")
    data = f"shop_no,{HEAD}\nS999,{SHIPPING}\n".encode()
    report = imports.run(RobotImport, data, name="x.csv", by=by, now=TUESDAY_10)
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, "shop_no")]


def test_many_rows_cost_few_statements(cast, alice, django_assert_max_num_queries):
    lines = [f"custom,问题{n},回答{n},,yes" for n in range(300)]
    with django_assert_max_num_queries(30):
        assert send(alice, *lines).context["report"].imported == 300
