"""Groups of members who take requests of certain types. [1] Kept by who manages people; away says each for himself."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs.access import may
from shop_cs.models import Member, acting
from shop_cs.moves import Refusal, Refused

from ...models import AgentGroup, GroupMember
from .outcome import BESIDE, MANAGE, require


def add_group(*, name, way, categories, members, by, now):
    """A new group. Raises `Refused`: name taken (409), post (403), a stranger's member (404)."""
    require(by, MANAGE)
    with transaction.atomic(), acting(by, move="add_group", at=now):
        group = AgentGroup(shop_id=by.shop_id)
        return _save(group, name, way, categories, members, by=by)


def change_group(group, *, name, way, categories, members, by, now):
    """Another name, way, types or members. What was given out already stays with whom it is. Raises as `add_group`."""
    with transaction.atomic(), acting(by, move="change_group", at=now):
        return _save(_held(group, by=by), name, way, categories, members, by=by)


def delete_group(group, *, by, now):
    """Deletes the group; what its members have stays theirs."""
    with transaction.atomic(), acting(by, move="delete_group", at=now):
        _held(group, by=by).delete()


def set_away(place, *, is_away, by, now):
    """Says that the member is away, or back: oneself, or who manages people. Returns his place in the group."""
    with transaction.atomic(), acting(by, move="set_away", at=now):
        rows = GroupMember.everything.select_for_update(of=("self",)).select_related("member__user", "group")
        fresh = rows.filter(pk=place.pk, shop=by.shop_id).first()
        if fresh is None:
            raise Refused(Refusal("no_member", _("There is no such member in your shop."), 404))
        if fresh.member.user_id != by.user_id or not may(by, BESIDE, by.shop_id):
            require(by, MANAGE)
        if fresh.is_away != is_away:
            fresh.is_away = is_away
            fresh.save(update_fields=["is_away"])
    return fresh


def _save(group, name, way, categories, members, *, by):
    group.name, group.way, group.categories = " ".join(name.split()), way, sorted(categories)
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise Refused(Refusal("taken", _("Your shop has a group of this name already."))) from error
    wanted = {one.pk for one in members}
    if Member.objects.of(by.shop_id).filter(pk__in=wanted).count() != len(wanted):
        raise Refused(Refusal("no_member", _("There is no such member in your shop."), 404))
    places = {place.member_id: place for place in GroupMember.everything.filter(group=group)}
    for key in sorted(places.keys() - wanted):
        places[key].delete()
    for key in sorted(wanted - places.keys()):
        GroupMember.everything.create(shop_id=group.shop_id, group=group, member_id=key)
    return group


def _held(group, *, by):
    require(by, MANAGE)
    fresh = AgentGroup.everything.select_for_update(of=("self",)).filter(pk=group.pk, shop=by.shop_id).first()
    if fresh is None:
        raise Refused(Refusal("no_group", _("There is no such group in your shop."), 404))
    return fresh
