"""Whose turn it is: laws of the choice, and what the worker gives out by it."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_cs.models import Notice
from shop_cs.moves import Refused
from tests import stories
from tests.crowd import all_at_once, real_rows
from tests.factories import MemberFactory
from tests.people import TUESDAY_10, make_cast, shanghai
from tickets import actions
from tickets.actions import organizing
from tickets.hands.giving import IN_TURN, LEAST_OPEN, moment_of_turn, next_member, shared_out
from tickets.models import AgentGroup, Assignment, GroupMember

MOMENTS = st.none() | st.integers(0, 5).map(lambda n: TUESDAY_10 + timedelta(minutes=n))
TURNS = st.dictionaries(st.integers(1, 8), MOMENTS, min_size=1)
LOADS = st.dictionaries(st.integers(1, 8), st.integers(0, 5))
WAYS = st.sampled_from([IN_TURN, LEAST_OPEN])


# Laws
@given(TURNS, st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_in_turn_nobody_gets_two_more_than_another_however_the_batches_fall(turns, batches):
    given_to, loads = Counter(dict.fromkeys(turns, 0)), {}
    for n in batches:
        given_to.update(shared_out(range(n), IN_TURN, turns, loads, now=TUESDAY_10).values())
        assert max(given_to.values()) - min(given_to.values()) <= 1


@given(TURNS, LOADS, st.integers(1, 20))
def test_by_load_nobody_gets_one_who_has_more_open_than_another(turns, loads, n):
    for _n in range(n):
        member = next_member(LEAST_OPEN, turns, loads)
        assert loads.get(member, 0) == min(loads.get(one, 0) for one in turns)
        shared_out([0], LEAST_OPEN, turns, loads, now=TUESDAY_10)


@given(TURNS, LOADS, WAYS)
def test_only_who_is_there_is_chosen_and_always_the_same_one(turns, loads, way):
    member = next_member(way, turns, loads)
    assert member in turns
    assert member == next_member(way, dict(reversed(turns.items())), dict(loads))


@given(LOADS, WAYS)
def test_where_nobody_is_there_nobody_is_chosen(loads, way):
    assert next_member(way, {}, loads) is None
    assert shared_out([1, 2], way, {}, loads, now=TUESDAY_10) == {}


@given(TURNS)
def test_each_turn_is_later_than_all_before_it(turns):
    later = moment_of_turn(turns, TUESDAY_10)
    assert later >= TUESDAY_10 and all(later > last for last in turns.values() if last)


# The worker
def group(cast, *members, way=IN_TURN, categories=("product",), name="售后组"):
    said = {"by": cast.as_alice, "now": TUESDAY_10}
    return organizing.add_group(name=name, way=way, categories=list(categories), members=members, **said)


def whose(*requests):
    found = dict(Assignment.everything.values_list("request", "member__user__username"))
    return [found.get(request.pk) for request in requests]


def test_a_group_in_turn_gives_to_each_after_the_other_pass_after_pass(cast):
    group(cast, cast.alice_member, cast.bob_member)
    requests = []
    for n in range(5):
        requests.append(stories.send(cast))
        stories.sweep_at(TUESDAY_10 + timedelta(seconds=5 * n))
    assert Counter(whose(*requests)) in (Counter(alice=3, bob=2), Counter(alice=2, bob=3))
    assert whose(*requests[:2]) == ["alice", "bob"]


def test_by_load_who_has_less_open_gets_the_next(cast):
    group(cast, cast.alice_member, cast.bob_member, way=LEAST_OPEN)
    has, closed = stories.send(cast), stories.send(cast)
    organizing.assign([has.pk], member=cast.alice_member, by=cast.as_alice, now=TUESDAY_10)
    organizing.assign([closed.pk], member=cast.bob_member, by=cast.as_alice, now=TUESDAY_10)
    stories.reply_unsolved(closed, cast, now=TUESDAY_10)
    actions.approve(stories.fresh(closed), by=cast.as_rita, now=TUESDAY_10)
    new = stories.send(cast)
    stories.sweep_at(TUESDAY_10)
    assert whose(new) == ["bob"]


@pytest.mark.parametrize("way", [IN_TURN, LEAST_OPEN])
def test_who_is_away_deactivated_or_may_not_answer_is_given_nothing(cast, way):
    ivy = MemberFactory(shop=cast.shop, post=cast.interns)
    left = MemberFactory(shop=cast.shop, post=cast.clerks)
    made = group(cast, cast.bob_member, ivy, left, cast.alice_member, way=way)
    type(left).everything.filter(pk=left.pk).update(is_active=False)
    place = GroupMember.everything.get(group=made, member=cast.bob_member)
    organizing.set_away(place, is_away=True, by=cast.as_bob, now=TUESDAY_10)
    requests = [stories.send(cast) for _n in range(3)]
    stories.sweep_at(TUESDAY_10)
    assert whose(*requests) == ["alice"] * 3


def test_where_nobody_is_there_it_stays_with_nobody_until_somebody_is_back(cast):
    place = group(cast, cast.bob_member).members.get()
    organizing.set_away(place, is_away=True, by=cast.as_bob, now=TUESDAY_10)
    request = stories.send(cast)
    assert stories.sweep_at(TUESDAY_10)["give_out"] == 0
    assert whose(request) == [None]
    organizing.set_away(place, is_away=False, by=cast.as_bob, now=TUESDAY_10)
    assert stories.sweep_at(TUESDAY_10)["give_out"] == 1
    assert whose(request) == ["bob"]


def test_only_types_that_a_group_takes_and_only_what_waits_is_given_out(cast):
    group(cast, cast.bob_member, categories=["price"])
    group(cast, cast.alice_member, way="hand", name="手工组")
    product, price = stories.send(cast), stories.send(cast, category="price")
    answered = stories.reply_unsolved(stories.send(cast, category="price"), cast, now=TUESDAY_10)
    night = stories.send(cast, category="price", now=shanghai("2026-03-02 22:00"))
    stories.sweep_at(shanghai("2026-03-03 08:59"))
    assert whose(price, product, answered, night) == ["bob", None, None, None]
    stories.sweep_at(shanghai("2026-03-03 09:00"))
    assert whose(night) == ["bob"]


def test_another_shops_group_gives_nothing_of_ours(cast):
    said = {"by": cast.as_charlie, "now": TUESDAY_10}
    organizing.add_group(name="组", way=IN_TURN, categories=["product"], members=[cast.charlie_member], **said)
    request = stories.send(cast)
    stories.sweep_at(TUESDAY_10)
    assert whose(request) == [None]


def test_of_two_groups_that_take_a_type_the_older_gives_and_the_other_where_nobody_is_there(cast):
    first = group(cast, cast.bob_member)
    group(cast, cast.alice_member, name="二组")
    one = stories.send(cast)
    stories.sweep_at(TUESDAY_10)
    organizing.set_away(first.members.get(), is_away=True, by=cast.as_bob, now=TUESDAY_10)
    other = stories.send(cast)
    stories.sweep_at(TUESDAY_10)
    assert whose(one, other) == ["bob", "alice"]


def test_what_was_assigned_by_hand_stays_and_the_trail_says_that_the_clock_gave_the_rest(cast):
    group(cast, cast.bob_member)
    by_hand, given_out = stories.send(cast), stories.send(cast)
    organizing.assign([by_hand.pk], member=cast.alice_member, by=cast.as_alice, now=TUESDAY_10)
    stories.sweep_at(TUESDAY_10)
    assert whose(by_hand, given_out) == ["alice", "bob"]
    line = Assignment.history.get(request=given_out)
    assert (line.move, line.actor_role, line.history_type, line.member_id) == (
        "give_out", "clock", "+", cast.bob_member.pk,
    )  # fmt: skip
    notice = Notice.everything.get(kind="request_given")
    assert notice.params == {"no": given_out.no, "name": "鲍勃"} and notice.path.endswith(f"/{given_out.no}/")


def test_a_hundred_cost_no_more_statements_than_ten(cast, django_assert_max_num_queries):
    group(cast, cast.alice_member, cast.bob_member)
    rows = [stories.send(cast) for _n in range(60)]
    with django_assert_max_num_queries(20):
        organizing.give_out(rows, now=TUESDAY_10)
    assert Counter(whose(*rows)) == {"alice": 30, "bob": 30}


# By hand
def deal(cast, made, *requests, by="as_alice"):
    keys = [request.pk for request in requests]
    return organizing.give_to_group(keys, group=made, by=getattr(cast, by), now=TUESDAY_10)


@pytest.mark.parametrize("way", ["hand", IN_TURN])
def test_given_to_a_group_by_hand_it_goes_on_where_the_worker_was(cast, way):
    made = group(cast, cast.alice_member, cast.bob_member, way=way)
    first, second, third = (stories.send(cast) for _n in range(3))
    deal(cast, made, first)
    deal(cast, made, second, third)
    assert whose(first, second, third) == ["alice", "bob", "alice"]


def test_by_hand_to_who_has_least_open_and_not_to_who_is_away(cast):
    made = group(cast, cast.alice_member, cast.bob_member, way=LEAST_OPEN)
    has, *new = (stories.send(cast) for _n in range(3))
    organizing.assign([has.pk], member=cast.alice_member, by=cast.as_alice, now=TUESDAY_10)
    deal(cast, made, *new)
    assert whose(*new) == ["bob", "alice"]
    place = made.members.get(member=cast.alice_member)
    organizing.set_away(place, is_away=True, by=cast.as_alice, now=TUESDAY_10)
    outcome = deal(cast, made, has, *new)
    # What he has who is there stays, what he had who is away goes on.
    assert whose(has, *new) == ["bob"] * 3
    assert outcome.unchanged == [new[0]] and outcome.before == {
        has.pk: cast.alice_member.pk,
        new[1].pk: cast.alice_member.pk,
    }


def test_by_hand_the_trail_names_who_gave_and_the_group_and_each_is_told_of_his(cast):
    made = group(cast, cast.alice_member, cast.bob_member)
    requests, closed = [stories.send(cast) for _n in range(3)], stories.reach(cast, "closed")
    outcome = deal(cast, made, *requests, closed)
    assert [refusal.code for _row, refusal in outcome.refused] == ["closed"]
    lines = Assignment.history.values_list("move", "actor_name", "history_change_reason").distinct()
    assert list(lines.order_by()) == [("assign", "爱丽丝", "售后组")]
    # Who gives to himself knows it.
    notice = Notice.everything.get(kind__contains="assigned")
    assert notice.params["name"] == "鲍勃"


def test_by_hand_a_strangers_group_is_not_there_and_an_empty_one_takes_nothing(cast):
    request, made = stories.send(cast), group(cast)
    with pytest.raises(Refused) as refused:
        deal(cast, made, request)
    assert refused.value.refusal.status == 409
    theirs = organizing.add_group(
        name="组", way=IN_TURN, categories=[], members=[cast.charlie_member], by=cast.as_charlie, now=TUESDAY_10
    )
    for made, by in ((theirs, "as_alice"), (theirs, "as_charlie")):
        with pytest.raises(Refused) as refused:
            deal(cast, made, request, by=by)
        assert refused.value.refusal.status == 404
    assert whose(request) == [None]


def test_by_hand_many_cost_as_many_statements_as_few(cast, django_assert_max_num_queries):
    made = group(cast, cast.alice_member, cast.bob_member)
    for n in (2, 40):
        requests = [stories.send(cast) for _n in range(n)]
        with django_assert_max_num_queries(14):
            deal(cast, made, *requests)


class TestOnPostgreSQL:
    pytestmark = real_rows

    def test_two_hands_and_a_worker_at_once_give_each_once_and_in_turn(self, transactional_db):
        cast = make_cast()
        made = group(cast, cast.alice_member, cast.bob_member)
        requests = [stories.send(cast) for _n in range(20)]
        all_at_once(
            lambda: stories.sweep_at(TUESDAY_10),
            lambda: deal(cast, made, *requests[:10]),
            lambda: deal(cast, made, *requests[5:]),
        )
        assert Counter(whose(*requests)) == {"alice": 10, "bob": 10}

    def test_workers_at_once_give_each_request_once_and_in_turn(self, transactional_db):
        cast = make_cast()
        group(cast, cast.alice_member, cast.bob_member)
        requests = [stories.send(cast) for _n in range(30)]
        counts = all_at_once(*[lambda: stories.sweep_at(TUESDAY_10)["give_out"]] * 4)
        assert sum(counts) == 30
        assert Counter(whose(*requests)) == {"alice": 15, "bob": 15}
        assert Assignment.history.count() == 30

    def test_a_worker_and_a_hand_at_once_leave_it_with_one(self, transactional_db):
        cast = make_cast()
        group(cast, cast.bob_member)
        for _n in range(5):
            request = stories.send(cast)
            keys = [request.pk]
            all_at_once(
                lambda: stories.sweep_at(TUESDAY_10),
                lambda keys=keys: organizing.assign(keys, member=cast.alice_member, by=cast.as_alice, now=TUESDAY_10),
            )
            assert whose(request) == ["alice"]


def test_ways_are_named_alike_by_choice_and_model():
    assert {IN_TURN, LEAST_OPEN} == set(AgentGroup.Way.values) - {AgentGroup.Way.HAND}
