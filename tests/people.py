"""The people of every story: Alice owns a shop, Bob is her clerk, Charlie has another shop, Pia sends for the
platform, Rita and Ray review, Olive audits. And the instants they live at."""

from datetime import datetime
from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.contrib.auth.models import Group

from shop_cs.access import GROUPS, merchant_actor
from shop_cs.actors import Actor, Role
from shop_cs.clock import SHANGHAI
from shop_cs.models import Rulebook
from tests.factories import MemberFactory, PostFactory, ShopFactory, UserFactory
from tickets.helping.shipped import ship as ship_playbooks
from tickets.models import Playbook


def shanghai(text):
    """ "2026-03-03 10:00" as an aware instant in Shanghai; the story's days have no public holiday."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# A Tuesday, inside the working hours.
TUESDAY_10 = shanghai("2026-03-03 10:00")


def user(username, role, name):
    person = UserFactory(username=username, first_name=name, is_staff=role != Role.MERCHANT)
    person.groups.add(Group.objects.get(name=GROUPS[role]))
    return person


def platform(person, role):
    return Actor(role, user_id=person.pk, name=str(person))


def make_ground():
    """Groups, rulebooks and playbooks as they ship; a test that commits leaves the next one without them."""
    if not Rulebook.objects.exists():
        import_module("shop_cs.migrations.0002_rulebooks").ship(apps, None)
    if not Playbook.objects.exists():
        ship_playbooks(apps, None)
    for name in GROUPS.values():
        Group.objects.get_or_create(name=name)


def make_cast():
    """Users, shops and members; `cast.alice` is a user, `cast.as_alice` the actor."""
    make_ground()
    cast = SimpleNamespace()
    cast.shop = ShopFactory(no="S001", name="向日葵家居")
    cast.other_shop = ShopFactory(no="S002", name="蓝海数码")
    cast.alice, cast.bob = user("alice", Role.MERCHANT, "爱丽丝"), user("bob", Role.MERCHANT, "鲍勃")
    cast.charlie = user("charlie", Role.MERCHANT, "查理")
    cast.pia, cast.rita = user("pia", Role.AGENT, "皮娅"), user("rita", Role.REVIEWER, "丽塔")
    cast.ray, cast.olive = user("ray", Role.REVIEWER, "雷"), user("olive", Role.AUDITOR, "奥莉芙")
    cast.clerks = PostFactory(
        shop=cast.shop, name="售后客服", permissions=["answer_requests", "organize", "remind_consumers", "answer_cases"]
    )
    cast.interns = PostFactory(shop=cast.shop, name="实习生", permissions=[])
    cast.alice_member = MemberFactory(shop=cast.shop, user=cast.alice, is_owner=True, post=None)
    cast.bob_member = MemberFactory(shop=cast.shop, user=cast.bob, post=cast.clerks)
    cast.charlie_member = MemberFactory(shop=cast.other_shop, user=cast.charlie, is_owner=True, post=None)
    cast.as_alice = merchant_actor(cast.alice_member, now=TUESDAY_10)
    cast.as_bob = merchant_actor(cast.bob_member, now=TUESDAY_10)
    cast.as_charlie = merchant_actor(cast.charlie_member, now=TUESDAY_10)
    cast.as_pia, cast.as_rita = platform(cast.pia, Role.AGENT), platform(cast.rita, Role.REVIEWER)
    cast.as_ray, cast.as_olive = platform(cast.ray, Role.REVIEWER), platform(cast.olive, Role.AUDITOR)
    return cast
