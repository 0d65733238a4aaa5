"""Whose a request is, and its tags: one and many, with trail and notices, on both sides of what is allowed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop_cs.access import merchant_actor
from shop_cs.models import Notice
from shop_cs.moves import Refused
from tests import stories
from tests.crowd import all_at_once, real_rows
from tests.factories import MemberFactory
from tests.people import TUESDAY_10, make_cast
from tickets.actions import organizing
from tickets.models import Assignment, Tag, Tagging

EARLIER, LATER = TUESDAY_10 - timedelta(minutes=1), TUESDAY_10 + timedelta(minutes=1)


@pytest.fixture
def request_(cast):
    return stories.send(cast)


def assign(cast, *requests, to="bob_member", by="as_alice", now=TUESDAY_10):
    keys = [request.pk for request in requests]
    return organizing.assign(keys, member=getattr(cast, to), by=getattr(cast, by), now=now)


def holder(request):
    return Assignment.everything.filter(request=request).values_list("member__user__username", flat=True).first()


def lines(model, **about):
    return list(model.history.filter(**about).order_by("history_id").values_list("history_type", "move", "actor_name"))


# Assigning
def test_assigned_taken_and_given_back_each_leaves_its_line_in_the_trail(cast, request_):
    assign(cast, request_)
    assign(cast, request_, to="alice_member")
    organizing.give_back([request_.pk], by=cast.as_bob, now=LATER)
    assert holder(request_) is None
    told = [("+", "assign", "爱丽丝"), ("~", "take", "爱丽丝"), ("-", "give_back", "鲍勃")]
    assert lines(Assignment, request=request_) == told


def test_what_is_his_already_is_unchanged_and_told_of_once(cast, request_):
    assign(cast, request_)
    outcome = assign(cast, request_)
    assert (outcome.done, outcome.unchanged) == ([], [request_])
    assert len(lines(Assignment, request=request_)) == 1
    assert Notice.everything.filter(kind="request_assigned").count() == 1


def test_a_closed_request_is_refused_and_the_others_are_assigned(cast, request_):
    closed = stories.reach(cast, "closed")
    outcome = assign(cast, closed, request_)
    assert [row.pk for row in outcome.done] == [request_.pk]
    assert [(row.pk, refusal.code) for row, refusal in outcome.refused] == [(closed.pk, "closed")]
    assert holder(closed) is None


@pytest.mark.parametrize("what", ["deactivated", "may not answer", "barred"])
def test_who_cannot_answer_is_assigned_nothing(cast, request_, what):
    member = MemberFactory(shop=cast.shop, post=cast.interns if what == "may not answer" else cast.clerks)
    if what == "deactivated":
        member.is_active = False
    if what == "barred":
        member.bars = {"answer_requests": EARLIER.isoformat()}
    member.save()
    with pytest.raises(Refused) as refused:
        organizing.assign([request_.pk], member=member, by=cast.as_alice, now=TUESDAY_10)
    assert refused.value.refusal.status == 409
    assert holder(request_) is None


def test_a_strangers_request_and_a_strangers_member_are_not_there(cast, request_):
    for keys, member, by in (
        ([request_.pk], cast.charlie_member, cast.as_charlie),
        ([request_.pk], cast.charlie_member, cast.as_alice),
        ([request_.pk, 0], cast.bob_member, cast.as_alice),
    ):
        with pytest.raises(Refused) as refused:
            organizing.assign(keys, member=member, by=by, now=TUESDAY_10)
        assert refused.value.refusal.status == 404
    assert holder(request_) is None


def test_the_platform_organizes_nothing(cast, request_):
    with pytest.raises(Refused) as refused:
        organizing.give_back([request_.pk], by=cast.as_rita, now=TUESDAY_10)
    assert refused.value.refusal.status == 403


def test_who_is_assigned_by_another_is_told_by_name_and_who_takes_it_himself_is_not(cast, request_):
    assign(cast, request_, to="bob_member", by="as_bob")
    assert not Notice.everything.filter(kind__contains="assigned").exists()
    assign(cast, request_, to="alice_member", by="as_bob")
    notice = Notice.everything.get(kind="request_assigned")
    assert notice.params == {"no": request_.no, "name": "爱丽丝", "by": "鲍勃"}
    assert notice.path == f"/s/S001/requests/{request_.no}/"


def test_many_at_once_ring_once_and_lead_to_his_list(cast):
    assign(cast, *[stories.send(cast) for _n in range(5)])
    notice = Notice.everything.get(kind__contains="assigned")
    assert (notice.kind, notice.params["count"]) == ("requests_assigned", 5)
    assert notice.path == f"/s/S001/requests/?tab=all&assignee={cast.bob_member.pk}"


def test_many_cost_as_many_statements_as_few(cast):
    few, many = [stories.send(cast) for _n in range(2)], [stories.send(cast) for _n in range(50)]
    tag, costs = organizing.tag_named("x", by=cast.as_bob, now=TUESDAY_10), []
    for requests in (few, many):
        keys, said = [request.pk for request in requests], {"by": cast.as_alice, "now": TUESDAY_10}
        for act, to in (
            (organizing.assign, {"member": cast.bob_member}),
            (organizing.assign, {"member": cast.alice_member}),
            (organizing.tag, {"tag": tag}),
            (organizing.untag, {"tag": tag}),
            (organizing.give_back, {}),
        ):
            with CaptureQueriesContext(connection) as asked:
                act(keys, **to, **said)
            costs.append(len(asked))
    assert costs[:5] == costs[5:]
    assert max(costs) <= 10


# Undoing
def test_undone_each_goes_back_to_whom_it_had_unless_somebody_changed_it_since(cast):
    nobodys, alices, changed = (stories.send(cast) for _n in range(3))
    assign(cast, alices, to="alice_member")
    outcome = assign(cast, nobodys, alices, changed)
    assign(cast, changed, to="alice_member", now=LATER)
    undone = organizing.put_back(outcome.before, since=outcome.after, by=cast.as_alice, now=LATER)
    assert [holder(one) for one in (nobodys, alices, changed)] == [None, "alice", "alice"]
    assert [(row, refusal.code) for row, refusal in undone.refused] == [(changed, "changed")]
    assert (undone.done, undone.unchanged) == ([nobodys, alices], [])


def test_what_somebody_has_put_back_already_is_so_already(cast, request_):
    outcome = assign(cast, request_)
    organizing.give_back([request_.pk], by=cast.as_bob, now=LATER)
    undone = organizing.put_back(outcome.before, since=outcome.after, by=cast.as_alice, now=LATER)
    assert (undone.done, undone.unchanged, undone.refused) == ([], [request_], [])


def test_given_back_by_mistake_they_are_his_again(cast, request_):
    assign(cast, request_)
    outcome = organizing.give_back([request_.pk], by=cast.as_alice, now=TUESDAY_10)
    organizing.put_back(outcome.before, since=outcome.after, by=cast.as_alice, now=LATER)
    assert holder(request_) == "bob"


# Tags
def test_a_tag_is_made_while_tagging_and_found_again_whatever_its_capitals(cast, request_):
    said = {"by": cast.as_bob, "now": TUESDAY_10}
    first, again = organizing.tag_named(" Big  Box ", **said), organizing.tag_named("big box", **said)
    assert first == again and first.name == "Big Box"
    organizing.tag([request_.pk], tag=first, **said)
    assert organizing.tag([request_.pk], tag=first, **said).unchanged == [request_]
    organizing.untag([request_.pk], tag=first, **said)
    assert [line[:2] for line in lines(Tagging, request=request_)] == [("+", "tag"), ("-", "untag")]


def test_a_deleted_tag_is_off_every_request_and_the_trail_keeps_it(cast, request_):
    said = {"by": cast.as_bob, "now": TUESDAY_10}
    tag = organizing.tag_named("加急", **said)
    organizing.tag([request_.pk], tag=tag, **said)
    assert organizing.delete_tag(tag, **said) == 1
    assert not Tag.everything.exists() and not Tagging.everything.exists()
    assert lines(Tagging)[-1][:2] == ("-", "delete_tag")
    with pytest.raises(Refused) as refused:
        organizing.tag([request_.pk], tag=tag, **said)
    assert refused.value.refusal.status == 404


def test_a_tags_name_is_once_a_shop_and_free_in_another(cast):
    organizing.add_tag(name="加急", by=cast.as_alice, now=TUESDAY_10)
    organizing.add_tag(name="加急", by=cast.as_charlie, now=TUESDAY_10)
    with pytest.raises(Refused) as refused:
        organizing.add_tag(name=" 加急 ", by=cast.as_bob, now=TUESDAY_10)
    assert refused.value.refusal.code == "taken"


def test_a_shop_keeps_a_hundred_tags_and_no_more(cast):
    Tag.everything.bulk_create([Tag(shop=cast.shop, name=f"t{n}") for n in range(99)])
    organizing.tag_named("the last", by=cast.as_bob, now=TUESDAY_10)
    with pytest.raises(Refused) as refused:
        organizing.tag_named("one more", by=cast.as_bob, now=TUESDAY_10)
    assert refused.value.refusal.code == "too_many"


# Groups and views
def test_groups_are_kept_by_who_manages_people_alone(cast):
    said = {"name": "组", "way": "hand", "categories": [], "members": [], "now": TUESDAY_10}
    with pytest.raises(Refused) as refused:
        organizing.add_group(**said, by=cast.as_bob)
    assert refused.value.refusal.status == 403
    group = organizing.add_group(**said, by=cast.as_alice)
    with pytest.raises(Refused) as refused:
        organizing.add_group(**said, by=cast.as_alice)
    assert refused.value.refusal.code == "taken"
    with pytest.raises(Refused) as refused:
        organizing.change_group(group, **{**said, "members": [cast.charlie_member]}, by=cast.as_alice)
    assert refused.value.refusal.status == 404 and not group.members.exists()


def test_away_says_each_for_himself_and_for_another_only_who_manages_people(cast):
    said = {"way": "hand", "categories": [], "members": [cast.alice_member, cast.bob_member]}
    group = organizing.add_group(name="组", **said, by=cast.as_alice, now=TUESDAY_10)
    alices, bobs = group.members.order_by("member__user__username")
    assert organizing.set_away(bobs, is_away=True, by=cast.as_bob, now=TUESDAY_10).is_away
    assert not organizing.set_away(bobs, is_away=False, by=cast.as_alice, now=TUESDAY_10).is_away
    with pytest.raises(Refused) as refused:
        organizing.set_away(alices, is_away=True, by=cast.as_bob, now=TUESDAY_10)
    assert refused.value.refusal.status == 403


def test_a_shared_view_is_changed_by_its_owner_and_the_shops_and_a_private_one_by_its_owner_alone(cast):
    said, now = {"query": "tab=all", "now": TUESDAY_10}, {"now": TUESDAY_10}
    bobs = {"member": cast.bob_member, "by": cast.as_bob}
    shared = organizing.save_view(name="共享", is_shared=True, **said, **bobs)
    private = organizing.save_view(name="自己", is_shared=False, **said, **bobs)
    third = MemberFactory(shop=cast.shop, post=cast.clerks)
    as_third = merchant_actor(third, now=TUESDAY_10)
    for view, member, by, status in (
        (shared, third, as_third, 403),
        (private, third, as_third, 404),
        (private, cast.alice_member, cast.as_alice, 404),
    ):
        with pytest.raises(Refused) as refused:
            organizing.delete_view(view, member=member, by=by, **now)
        assert refused.value.refusal.status == status
    organizing.change_view(shared, name="全店", is_shared=True, member=cast.alice_member, by=cast.as_alice, **now)
    organizing.delete_view(private, member=cast.bob_member, by=cast.as_bob, **now)


class TestOnPostgreSQL:
    pytestmark = real_rows

    def test_two_who_undo_at_once_wait_for_each_other_and_never_in_a_ring(self, transactional_db):
        cast = make_cast()
        since = MemberFactory(shop=cast.shop, post=cast.clerks)
        for _n in range(8):
            requests = [stories.send(cast) for _n in range(4)]
            organizing.assign([one.pk for one in requests], member=since, by=cast.as_alice, now=TUESDAY_10)
            alice, bob = cast.alice_member.pk, cast.bob_member.pk
            first, second, third, fourth = (one.pk for one in requests)
            both = ({first: alice, second: bob}, {third: bob, fourth: alice})
            said = {"since": dict.fromkeys((first, second, third, fourth), since.pk), "by": cast.as_alice, "now": LATER}
            undone = all_at_once(
                *[lambda one=one, said=said: len(organizing.put_back(one, **said).done) for one in both]
            )
            assert undone == [2, 2]
            assert [holder(one) for one in requests] == ["alice", "bob", "bob", "alice"]

    def test_two_who_put_on_the_same_new_tag_at_once_make_one(self, transactional_db):
        cast = make_cast()
        for n in range(8):
            names = (f"Tag {n}", f"tag {n}")
            said = {"by": cast.as_bob, "now": TUESDAY_10}
            first, second = all_at_once(
                *[lambda name=name, said=said: organizing.tag_named(name, **said).pk for name in names]
            )
            assert first == second
            assert Tag.everything.count() == n + 1
