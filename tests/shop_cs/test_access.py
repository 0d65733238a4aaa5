"""Who may do what: the decision table cell by cell, roles from groups, the door of a shop."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.http import Http404

from shop_cs import access
from shop_cs.actors import Actor, Role
from shop_cs.models import PERMISSIONS, User
from tests.factories import MemberFactory
from tests.people import TUESDAY_10

# Written from the domain, not from the code: how far each role's leave for an act goes.
TABLE = """
act               merchant agent reviewer auditor
see_requests      own      all   all      all
answer_requests   post     no    no       no
remind_consumers  post     no    no       no
export_requests   post     no    no       no
see_orders        own      all   all      all
see_evidence      own      all   all      all
reveal_contacts   post     all   all      all
see_people        own      all   all      all
manage_people     post     no    no       no
see_notices       own      no    no       no
send_requests     no       all   no       no
urge_requests     no       all   no       no
review_requests   no       no    all      no
import_records    no       all   no       no
see_rulebook      no       all   all      all
edit_rulebook     no       no    all      no
see_messages      no       all   all      all
see_trail         no       all   all      all
export_trail      no       no    all      all
see_sign_ins      no       no    all      all
see_disputes      own      all   all      all
answer_cases      post     no    no       no
appeal            post     no    no       no
report_users      post     no    no       no
file_filings      post     no    no       no
see_money         post     all   all      all
export_disputes   post     no    no       no
open_cases        no       all   no       no
rule_cases        no       no    all      no
decide_appeals    no       no    all      no
judge_violations  no       no    all      no
judge_reports     no       no    all      no
judge_filings     no       no    all      no
see_dossiers      no       no    all      no
see_figures       own      all   all      all
export_records    no       all   all      all
use_desk          own      no    no       no
organize          post     no    no       no
keep_phrases      post     no    all      no
see_playbooks     own      all   all      all
edit_playbooks    no       no    all      no
see_quality       own      all   all      all
keep_robot        post     no    no       no
sit_exams         own      no    no       no
edit_questions    no       no    all      no
plan_staffing     post     no    no       no
rehearse_rules    no       no    all      no
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(row[0], role, reach) for row in ROWS for role, reach in zip(HEAD[1:], row[1:], strict=True)]
OWN, FOREIGN = 1, 2


def actor(role, *, permissions=frozenset()):
    shop_id = OWN if role == Role.MERCHANT else None
    return Actor(Role(role), shop_id=shop_id, post="岗位", permissions=permissions)


@pytest.mark.parametrize(("act", "role", "reach"), CELLS)
def test_each_act_reaches_as_far_as_the_table_says(act, role, reach):
    bare, full = actor(role), actor(role, permissions=frozenset(PERMISSIONS))
    assert access.may(full, act, OWN) == (reach != "no")
    assert access.may(bare, act, OWN) == (reach in {"own", "all"})
    assert access.may(full, act, FOREIGN) == access.may(full, act, None) == (reach == "all")


def test_the_table_has_every_act_and_every_post_permission_is_one():
    assert {row[0] for row in ROWS} == access.DECISIONS.keys()
    by_post = {row[0] for row in ROWS if "post" in row[1:]}
    assert by_post == PERMISSIONS.keys()


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.CLOCK, Role.IMPORT, Role.API, Role.SYSTEM])
def test_roles_without_a_login_may_nothing_by_the_table(role):
    assert not any(access.may(Actor(role), act, shop_id) for act in access.DECISIONS for shop_id in (OWN, None))


def again(user):
    """The user as a new request knows him."""
    return User.objects.get(pk=user.pk)


def test_roles_come_from_groups(cast):
    assert access.roles_of(cast.bob) == {Role.MERCHANT}
    assert access.roles_of(cast.pia) == {Role.AGENT}
    assert access.roles_of(cast.olive) == {Role.AUDITOR}
    cast.rita.groups.add(Group.objects.get(name="agents"))
    assert access.roles_of(again(cast.rita)) == {Role.AGENT, Role.REVIEWER}


def test_a_stranger_and_a_disabled_user_have_no_role(cast):
    assert access.roles_of(AnonymousUser()) == frozenset()
    User.objects.filter(pk=cast.pia.pk).update(is_active=False)
    assert access.roles_of(again(cast.pia)) == frozenset()


def test_who_has_several_roles_acts_in_the_one_that_may(cast):
    cast.rita.groups.add(Group.objects.get(name="agents"))
    rita = again(cast.rita)
    assert access.platform_actor(rita, "send_requests").role == Role.AGENT
    assert access.platform_actor(rita, "review_requests").role == Role.REVIEWER
    assert access.platform_actor(rita, "review_requests").name == "丽塔"


@pytest.mark.parametrize(("who", "act"), [("pia", "review_requests"), ("olive", "send_requests"), ("bob", "see_trail")])
def test_no_role_that_may_no_actor(cast, who, act):
    assert access.actor_for(getattr(cast, who), act) is None
    with pytest.raises(PermissionDenied):
        access.platform_actor(getattr(cast, who), act)


def test_a_member_enters_his_own_shop(cast):
    assert access.member_of(cast.bob, "S001") == cast.bob_member
    assert access.member_of(cast.charlie, "S002") == cast.charlie_member


@pytest.mark.parametrize(("who", "shop_no"), [("charlie", "S001"), ("bob", "S002"), ("bob", "S999"), ("pia", "S001")])
def test_another_shop_is_not_told_from_none(cast, who, shop_no):
    with pytest.raises(Http404):
        access.member_of(getattr(cast, who), shop_no)


def test_who_was_deactivated_or_lost_the_merchants_group_stays_outside(cast):
    cast.bob_member.is_active = False
    cast.bob_member.save()
    cast.alice.groups.clear()
    for user in (cast.bob, cast.alice):
        with pytest.raises(Http404):
            access.member_of(again(user), "S001")


def test_who_works_for_two_shops_acts_for_the_one_he_is_in(cast):
    MemberFactory(shop=cast.other_shop, user=cast.alice)
    here = access.merchant_actor(access.member_of(cast.alice, "S001"), now=TUESDAY_10)
    there = access.merchant_actor(access.member_of(cast.alice, "S002"), now=TUESDAY_10)
    assert (here.shop_id, there.shop_id) == (cast.shop.pk, cast.other_shop.pk)
    assert here.may("manage_people")
    assert not there.may("manage_people")


def test_an_owner_may_everything_and_a_clerk_what_his_post_allows(cast):
    assert cast.as_alice.permissions == PERMISSIONS.keys()
    assert cast.as_bob.permissions == {"answer_requests", "organize", "remind_consumers", "answer_cases"}
    assert cast.as_bob.post == "售后客服"


def test_a_missing_permission_is_refused_with_the_posts_name(cast):
    access.require(cast.as_bob, "answer_requests")
    with pytest.raises(PermissionDenied, match="售后客服"):
        access.require(cast.as_bob, "manage_people")


@pytest.mark.parametrize("number", ["S001", "SR26030300000001", "a", "A-1_2.3", "x" * 64])
def test_a_number_in_an_address_may_have_letters_digits_and_a_few_signs(number):
    assert re.fullmatch(access.Number.regex, number)
    assert access.Number().to_url(access.Number().to_python(number)) == number


@pytest.mark.parametrize("odd", ["", "-x", ".x", "x/y", "x y", "x" * 65, "号"])
def test_anything_else_is_no_number(odd):
    assert not re.fullmatch(access.Number.regex, odd)
