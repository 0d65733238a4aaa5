"""Playbooks as guided steps: the two that ship, walked to their ends; what is wrong with one, in words."""

import pytest

from shop_cs.moves import Refused
from tests import stories
from tests.factories import MemberFactory, OrderFactory
from tests.people import TUESDAY_10, user
from tickets import actions
from tickets.forms import ReplyForm
from tickets.helping import checking, guiding, shipped
from tickets.helping.guiding import Choice, Step
from tickets.models import Playbook, PlaybookStep, Reply

AT = {"now": TUESDAY_10}
END = {"outcome": "solved", "settlement": "done", "reply": "已办好"}


@pytest.fixture
def bob(cast, at, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(cast.bob)
    return client


@pytest.fixture
def record(cast):
    order = OrderFactory(shop=cast.shop, no="6021", courier="圆通")
    return stories.send(cast, order=order, category="shipping_logistics")


def path_by(slug, *codes):
    """The path through a shipped guide along these steps, from its first on."""
    guide, keys = guiding.in_use(slug), []
    step = guide.steps[0]
    for code in codes:
        keys.append(next(choice.key for choice in step.choices if choice.to == code))
        step = guide.step(code)
    return "-".join(map(str, keys))


def page(client, record, slug="logistics-stalled", at=""):
    return client.get(f"/s/S001/requests/{record.no}/guide/{slug}/", {"at": at} if at else {})


def ways(guide, step, before=()):
    """All paths from a step to an end."""
    if step.is_end:
        yield (*before, step.code)
    for choice in step.choices:
        yield from ways(guide, guide.step(choice.to), (*before, step.code))


def written(cast, *steps, **said):
    values = {"slug": "own", "title": "自写", "categories": ["product"], "is_active": True, **said}
    return actions.write_playbook(Playbook(), steps=steps, by=cast.as_rita, **AT, **values)


# The two that ship
@pytest.mark.parametrize("book", shipped.PLAYBOOKS, ids=lambda book: book["slug"])
def test_what_ships_has_no_fault_and_both_languages(cast, book):
    guide = guiding.in_use(book["slug"])
    assert len(guide.steps) == len(book["steps"])
    assert checking.broken(guide.steps) == []
    assert checking.unfinished(guide.steps) == []
    assert all(step.text_en for step in guide.steps)
    assert all(choice.label_en for step in guide.steps for choice in step.choices)


@pytest.mark.parametrize("book", shipped.PLAYBOOKS, ids=lambda book: book["slug"])
def test_every_way_through_ends_in_a_reply_that_the_form_takes(cast, bob, record, book):
    guide = guiding.in_use(book["slug"])
    walked = list(ways(guide, guide.steps[0]))
    assert len(walked) >= 7
    for _first, *codes in walked:
        path = path_by(book["slug"], *codes)
        shown = bob.get(f"/s/S001/requests/{record.no}/", {"guide": book["slug"], "at": path})
        initial = shown.context["reply_form"].initial
        form = ReplyForm({name: value or "" for name, value in initial.items()}, after_sales=[])
        assert form.is_valid(), form.errors
        assert "{" not in initial["text"] + initial["proposal"]


def test_what_ships_is_in_the_trail(cast):
    assert Playbook.history.filter(move="ship").count() == 2
    assert PlaybookStep.history.count() == PlaybookStep.objects.count()


# On the page
def test_the_request_leads_to_the_guides_of_its_type(cast, bob, record):
    shown = bob.get(f"/s/S001/requests/{record.no}/").content.decode()
    assert f"/s/S001/requests/{record.no}/guide/logistics-stalled/" in shown
    assert "Step by step: Signed for, but not received" in shown
    other = stories.send(cast, category="price")
    assert "/guide/" not in bob.get(f"/s/S001/requests/{other.no}/").content.decode()


def test_it_begins_with_the_first_step_and_its_choices(bob, record):
    answer = page(bob, record)
    shown = answer.content.decode()
    assert "Calm the consumer" in shown
    assert "Step 1 of at most 4" in shown
    assert [choice.to for choice, _path in answer.context["walk"].onward()] == ["ask-courier", "unreachable"]


def test_it_speaks_the_readers_language(bob, record):
    shown = bob.get(f"/s/S001/requests/{record.no}/guide/logistics-stalled/", headers={"Accept-Language": "zh-hans"})
    assert "先安抚消费者" in shown.content.decode()


def test_each_choice_leads_on_and_the_way_back_stands_beside_it(bob, record):
    path = path_by("logistics-stalled", "ask-courier", "abnormal")
    shown = page(bob, record, at=path).content.decode()
    assert "What does the consumer want?" in shown
    assert "The courier" not in shown
    assert f"?at={path_by('logistics-stalled', 'ask-courier')}" in shown
    assert "Your way so far" in shown


def test_the_end_shows_the_filled_reply_its_proof_and_the_way_to_the_form(bob, record):
    path = path_by("logistics-stalled", "ask-courier", "abnormal", "refund")
    shown = page(bob, record, at=path).content.decode()
    assert "Step 4, the last" in shown
    assert "订单6021（洗发水）：经圆通核实物流异常" in shown
    assert "Already refunded" in shown
    assert "Needs proof: the refund" in shown
    assert f"?guide=logistics-stalled&amp;at={path}#reply" in shown


def test_using_the_reply_fills_the_form_and_sends_nothing(bob, record):
    path = path_by("signed-not-received", "same", "lost", "compensation", "no-agreement")
    asked = {"guide": "signed-not-received", "at": path}
    initial = bob.get(f"/s/S001/requests/{record.no}/", asked).context["reply_form"].initial
    assert initial["solved"] == "no"
    assert initial["reason"] == "no_agreement"
    assert "全额退款¥199.00" in initial["proposal"]
    assert not Reply.everything.exists()


@pytest.mark.parametrize("at", ["", "1", "x", "0-0", "9" * 50])
def test_only_a_whole_way_to_an_end_fills_the_form(bob, record, at):
    asked = {"guide": "logistics-stalled", "at": at}
    assert bob.get(f"/s/S001/requests/{record.no}/", asked).status_code == 404


@pytest.mark.parametrize("slug", ["nothing", "a b", "logistics-stalled\x00", "\x00"])
def test_a_guide_that_there_is_not_fills_nothing(bob, record, slug):
    asked = {"guide": slug, "at": path_by("logistics-stalled", "unreachable")}
    assert bob.get(f"/s/S001/requests/{record.no}/", asked).status_code == 404


@pytest.mark.parametrize("at", ["x", "0", "9" * 50, "-", "1-" * 200])
def test_a_path_that_is_not_understood_says_so_and_goes_on_from_where_it_is(bob, record, at):
    answer = page(bob, record, at=at)
    assert answer.status_code == 200
    assert "changed meanwhile" in answer.content.decode()


def test_a_choice_of_another_step_leads_nowhere(bob, record):
    deep = path_by("logistics-stalled", "ask-courier", "abnormal").split("-")[-1]
    assert not page(bob, record, at=deep).context["walk"].is_whole


def test_what_the_requests_state_forbids_is_greyed_with_the_reason(cast, bob, record):
    path = path_by("logistics-stalled", "unreachable")
    stories.reply_unsolved(record, cast, now=TUESDAY_10)
    answer = page(bob, record, at=path)
    shown = answer.content.decode()
    assert "Already replied" in shown
    assert "disabled" in shown
    assert "?guide=" not in shown


def test_a_post_that_may_not_answer_sees_the_steps_and_cannot_take_the_end(cast, at, client, record):
    ivy = user("ivy", "merchant", "艾维")
    MemberFactory(shop=cast.shop, user=ivy, post=cast.interns)
    client.force_login(ivy)
    shown = page(client, record, at=path_by("logistics-stalled", "unreachable")).content.decode()
    assert "?guide=" not in shown
    assert "实习生" in shown


def test_a_playbook_taken_out_of_use_vanishes(cast, bob, record):
    path = path_by("logistics-stalled", "unreachable")
    Playbook.objects.filter(slug="logistics-stalled").update(is_active=False)
    assert page(bob, record).status_code == 404
    assert "logistics-stalled" not in bob.get(f"/s/S001/requests/{record.no}/").content.decode()
    asked = {"guide": "logistics-stalled", "at": path}
    assert bob.get(f"/s/S001/requests/{record.no}/", asked).status_code == 404


def test_a_strangers_request_and_an_unknown_guide_are_404(cast, bob, record):
    order = OrderFactory(shop=cast.other_shop)
    theirs = stories.send(cast, order=order, category="courier")
    assert page(bob, theirs).status_code == 404
    assert page(bob, record, "no-such-guide").status_code == 404


def test_a_guide_takes_a_bounded_number_of_statements(bob, record, django_assert_max_num_queries):
    path = path_by("logistics-stalled", "ask-courier", "abnormal", "refund")
    with django_assert_max_num_queries(13):
        assert page(bob, record, at=path).status_code == 200


# What is wrong, in words
def step(code, *choices, **end):
    return Step(code, f"第{code}步", choices=tuple(Choice(f"去{to}", to) for to in choices), **end)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([step("a", "b"), step("a", **END)], "“a” is the code of two steps"),
        ([step("a", "b")], "leads to “b”, no step of this playbook"),
        ([step("a", "a")], "leads back to its own step"),
        ([step("a", outcome="solved", settlement="done")], "ends as solved: it needs"),
        ([step("a", outcome="solved", settlement="done", reply="x", reason="other")], "has no reason"),
        ([step("a", outcome="unsolved", reply="x")], "ends as unsolved: it needs"),
        ([step("a", reply="x")], "does not say as what it ends"),
        ([step("a", **{**END, "reply": "{phone}"})], "no variable {phone}"),
    ],
)
def test_what_cannot_be_saved_is_told(steps, words):
    assert any(words in sentence for sentence in checking.broken(steps))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "no first step"),
        ([step("a", "b"), step("b")], "“b” has neither choices nor a reply"),
        ([step("a", "b", **END), step("b", **END)], "“a” both ends in a reply and goes on"),
        ([step("a", "b"), step("b", "c", "d"), step("c", "b"), step("d", **END)], "b → c → b"),
        ([step("a", **END), step("b", **END)], "Nobody comes to: b"),
        ([step("a", "b"), step("b", "a")], "No end can be reached from: a, b"),
    ],
)
def test_what_keeps_it_out_of_use_is_told(steps, words):
    assert checking.broken(steps) == []
    assert any(words in sentence for sentence in checking.unfinished(steps))


def test_two_ways_to_one_step_are_no_circle():
    steps = [step("a", "b", "c"), step("b", "d"), step("c", "d"), step("d", **END)]
    assert checking.broken(steps) == checking.unfinished(steps) == []


# How long it may take
def left(steps, code="a"):
    return guiding.Guide("x", "x", tuple(steps)).steps_left(code)


def test_of_several_ways_the_longest_counts():
    assert left([step("a", "b", "c"), step("b", "c"), step("c", **END)]) == 2
    assert left([step("a", **END)]) == left([], "nowhere") == 0


def test_what_goes_round_in_a_circle_is_counted_once():
    assert left([step("a", "b"), step("b", "a", "c"), step("c", **END)]) == 2


def test_ways_that_part_and_meet_again_and_again_are_counted_at_once():
    steps = [step(f"{n}", f"{n}x", f"{n}y") for n in range(60)]
    steps += [step(f"{n}{way}", f"{n + 1}") for n in range(60) for way in "xy"]
    assert left([*steps, step("60", **END)], "0") == 120


# Writing them
def test_a_reviewer_writes_one_and_merchants_walk_it(cast, bob):
    written(cast, step("a", "b"), step("b", **END))
    record = stories.send(cast, category="product")
    assert "第a步" in page(bob, record, "own").content.decode()


@pytest.mark.parametrize("who", ["as_alice", "as_pia", "as_olive"])
def test_nobody_but_reviewers_writes_one(cast, who):
    with pytest.raises(Refused) as refused:
        actions.write_playbook(Playbook(), steps=[], by=getattr(cast, who), slug="x", title="x", **AT)
    assert refused.value.refusal.status == 403
    assert Playbook.objects.count() == 2


def test_in_use_it_must_be_finished_out_of_use_it_may_wait(cast):
    with pytest.raises(Refused, match="neither choices nor a reply"):
        written(cast, step("a"))
    assert not Playbook.objects.filter(slug="own").exists()
    assert written(cast, step("a"), is_active=False).steps.count() == 1


def test_what_cannot_be_saved_is_refused_out_of_use_too(cast):
    with pytest.raises(Refused, match="no step of this playbook"):
        written(cast, step("a", "z"), is_active=False)
    assert not Playbook.objects.filter(slug="own").exists()


def test_a_change_keeps_what_stays_and_the_paths_of_who_is_on_the_way(cast):
    book = written(cast, step("a", "b", "c"), step("b", **END), step("c", **END))
    first = guiding.guide_of(book)
    before = PlaybookStep.history.count()
    actions.write_playbook(book, steps=[step("a", "b"), step("b", **END)], by=cast.as_rita, **AT)
    after = guiding.guide_of(book)
    assert [one.code for one in after.steps] == ["a", "b"]
    assert after.steps[0].choices[0].key == first.steps[0].choices[0].key
    # One line: that “c” is gone.
    assert PlaybookStep.history.count() == before + 1


def test_the_same_once_more_leaves_no_trace_in_its_steps(cast):
    steps = [step("a", "b"), step("b", **END)]
    book = written(cast, *steps)
    before = PlaybookStep.history.count()
    actions.write_playbook(book, steps=steps, by=cast.as_rita, **AT)
    assert PlaybookStep.history.count() == before
