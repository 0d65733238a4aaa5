"""Giving out: what waits for a merchant and is nobody's goes to the groups that take its type, by their way.

Or what somebody has chosen goes to a group that he names.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.actors import CLOCK
from shop_cs.history import record_many, update_many
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused

from ...hands.giving import moment_of_turn, next_member, shared_out
from ...models import AgentGroup, Assignment, GroupMember, ServiceRequest
from .assigning import can_take, sorted_out, tell, write
from .outcome import held


def waiting_for_hands(now):
    """Pending requests that nobody has and a group takes in which somebody is there."""
    shops = {}
    for place in _present(now):
        for category in place.group.categories:
            shops.setdefault(category, set()).add(place.shop_id)
    if not shops:
        return ServiceRequest.everything.none()
    taken = Q()
    for category, keys in sorted(shops.items()):
        taken |= Q(category=category, shop__in=sorted(keys))
    return ServiceRequest.everything.pending().filter(taken, assignment__isnull=True).order_by("deadline", "pk")


def _present(now, shops=None):
    """Places in groups that give out by themselves, of members who are there and may answer."""
    rows = GroupMember.everything.exclude(group__way=AgentGroup.Way.HAND).exclude(group__categories=[])
    return _there(rows if shops is None else rows.filter(shop__in=shops), now)


def _there(places, now):
    """Those of the places whose member is there and may answer."""
    rows = places.filter(is_away=False, member__is_active=True)
    rows = rows.select_related("group", "member__user", "member__post", "member__shop").order_by("group_id", "pk")
    return [place for place in rows if can_take(place.member, now=now)]


def _loads(members):
    """{member: how many open requests he has}"""
    theirs = Assignment.everything.filter(member__in=members).exclude(request__state="closed").order_by()
    return dict(theirs.values_list("member").annotate(Count("pk")))


@dataclass(slots=True)
class _Table:
    """Who is there: `groups` are {shop: {key: group}}, `places` {group: {member: place}}, `loads` what each has."""

    places: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    loads: dict = field(default_factory=dict)

    def next(self, request, now):
        """The place of the member who gets the request; the first group by its key in which somebody is."""
        for key, group in self.groups.get(request.shop_id, {}).items():
            if request.category in group.categories:
                turns = {member: place.last_given_at for member, place in self.places[key].items()}
                member = next_member(group.way, turns, self.loads)
                if member is not None:
                    place = self.places[key][member]
                    place.last_given_at = moment_of_turn(turns, now)
                    self.loads[member] = self.loads.get(member, 0) + 1
                    return place
        return None


def _table(shops, now):
    # One worker at a time deals for a shop, that the turn is kept; all take the groups in one order.
    list(AgentGroup.everything.filter(shop__in=shops).order_by("pk").select_for_update(no_key=True))
    table = _Table()
    for place in _present(now, shops):
        table.groups.setdefault(place.shop_id, {})[place.group_id] = place.group
        table.places.setdefault(place.group_id, {})[place.member_id] = place
    table.loads = _loads({member for places in table.places.values() for member in places})
    return table


def give_out(rows, *, now, by=CLOCK):
    """Assigns the pending `rows`, locked by the caller's transaction; returns those that were given to somebody."""
    # Looked at again under the lock: whoever was assigned meanwhile stays with whom he is.
    taken = set(Assignment.everything.filter(request__in=rows).values_list("request", flat=True))
    table, given, touched = _table(sorted({row.shop_id for row in rows}), now), [], {}
    for row in rows:
        place = None if row.pk in taken else table.next(row, now)
        if place is not None:
            touched[place.pk] = place
            given.append((row, place.member))
    new = [
        Assignment(shop_id=row.shop_id, request=row, member=member, assigned_by=None, assigned_at=now)
        for row, member in given
    ]
    with acting(by, move="give_out", at=now):
        Assignment.everything.bulk_create(new)
        record_many(new, created=True)
    # No line in the trail: whose turn it was is no change of the group.
    update_many(list(touched.values()), ["last_given_at"])
    _tell(given, now=now)
    return [row for row, _member in given]


def _tell(given, *, now):
    numbers = {member.shop_id: member.shop.no for _row, member in given}
    items = [
        (row.shop_id, f"/s/{member.shop.no}/requests/{row.no}/", {"no": row.no, "name": str(member.user)})
        for row, member in given
    ]
    path = "/s/%s/requests/?tab=all&assignee=me"
    notices.tell_many("request_given", items, now=now, gathered_path=lambda shop_id: path % numbers[shop_id])


def give_to_group(keys, *, group, by, now):
    """Deals the requests among who is there in a group of one's own shop: in turn, or to who has least open.

    An `Outcome`, in which what one of them has is so already, and a closed request is refused. Raises `Refused`: a
    stranger's request or group (404), nobody there (409); then nothing is assigned.
    """
    with transaction.atomic():
        rows = held(keys, by=by)
        # As the worker does: one at a time deals, that the turn is kept.
        mine = AgentGroup.everything.select_for_update(no_key=True).filter(shop=by.shop_id)
        group = mine.filter(pk=group.pk).first()
        if group is None:
            raise Refused(Refusal("no_group", _("There is no such group in your shop."), 404))
        places = {place.member_id: place for place in _there(group.members.all(), now)}
        if not places:
            words = _("Nobody is there in “%(group)s” to whom it could be given: choose a member.")
            raise Refused(Refusal("nobody", words % {"group": group.name}))
        outcome, taken = sorted_out(rows, places.keys())
        _deal(outcome, taken, group, places, by=by, now=now)
    return outcome


def _deal(outcome, taken, group, places, *, by, now):
    turns = {member: place.last_given_at for member, place in places.items()}
    outcome.after = shared_out(outcome.before, group.way, turns, _loads(places), now=now)
    with acting(by, move="assign", reason=group.name, at=now):
        write(outcome, taken, by=by, now=now)
    touched = [places[key] for key in sorted(set(outcome.after.values()))]
    for place in touched:
        place.last_given_at = turns[place.member_id]
        if place.member.user_id != by.user_id:
            theirs = [row for row in outcome.done if outcome.after[row.pk] == place.member_id]
            tell(theirs, place.member, by=by, now=now)
    # No line in the trail: whose turn it was is no change of the group.
    update_many(touched, ["last_given_at"])
