"""Saved views: filters of the request list under a name, one's own or shared with the shop."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused

from ...models import SavedView
from .outcome import BESIDE, require

MOST_VIEWS = 30
LONGEST = SavedView._meta.get_field("query").max_length


def save_view(*, member, name, query, is_shared, by, now):
    """The filters `query` as a view of the member's own. Raises `Refused`: taken, too many (409), too long (400)."""
    require(by, BESIDE)
    if len(query) > LONGEST:
        raise Refused(Refusal("too_long", _("These filters are too long to be kept."), 400))
    with transaction.atomic(), acting(by, move="save_view", at=now):
        if SavedView.objects.of(by.shop_id).filter(owner=member).count() >= MOST_VIEWS:
            words = _("You have %(n)s views already: delete one that you do not need.") % {"n": MOST_VIEWS}
            raise Refused(Refusal("too_many", words))
        return _save(SavedView(shop_id=by.shop_id, owner=member, query=query), name, is_shared)


def change_view(view, *, name, is_shared, member, by, now):
    """Another name, shared or not. Raises `Refused`: not his (403), name taken (409), a stranger's (404)."""
    with transaction.atomic(), acting(by, move="change_view", at=now):
        return _save(_held(view, member=member, by=by), name, is_shared)


def delete_view(view, *, member, by, now):
    with transaction.atomic(), acting(by, move="delete_view", at=now):
        _held(view, member=member, by=by).delete()


def why_not_change_view(view, *, member):
    """The `Refusal` why this member may not change the view, or None: its owner may, a shared one the shop's too."""
    if view.owner_id == member.pk or (view.is_shared and member.is_owner):
        return None
    if not view.is_shared:
        return Refusal("no_view", _("There is no such view among yours."), 404)
    words = _("“%(view)s” belongs to %(name)s: only he and the owner of the shop change it.")
    return Refusal("not_yours", words % {"view": view.name, "name": view.owner.user}, 403)


def _save(view, name, is_shared):
    view.name, view.is_shared = " ".join(name.split()), is_shared
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Refused(Refusal("taken", _("There is a view of this name already: choose another one."))) from error
    return view


def _held(view, *, member, by):
    require(by, BESIDE)
    rows = SavedView.everything.select_for_update(of=("self",)).select_related("owner__user")
    fresh = rows.filter(pk=view.pk, shop=by.shop_id).first()
    if fresh is None:
        raise Refused(Refusal("no_view", _("There is no such view among yours."), 404))
    if refusal := why_not_change_view(fresh, member=member):
        raise Refused(refusal)
    return fresh
