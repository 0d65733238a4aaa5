"""Who works for a shop and what he may do: members and posts, changed by those whose post allows it. [3]"""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .access import GROUPS, may
from .actors import Role
from .models import PERMISSIONS, Member, Post, User, acting
from .moves import Refusal, Refused, locked, no_permission

ACT = "manage_people"


def hire_new(*, shop, username, password, name, post, by, now):
    """A new user as a member of the shop; the password was validated. Raises `Refused`: taken (409), post (403)."""
    try:
        with transaction.atomic(), acting(by, move="hire", at=now):
            post = _to_give(post, shop.pk, by)
            user = User(username=username, first_name=name, date_joined=now)
            user.set_password(password)
            user.save()
            user.groups.add(Group.objects.get(name=GROUPS[Role.MERCHANT]))
            return _join(shop, user, post)
    except IntegrityError as error:
        raise Refused(Refusal("taken", _("This user name is taken. Choose another one."))) from error


def hire(*, shop, username, post, by, now):
    """A merchant's user by his exact name as a member of the shop. Raises `Refused`: nobody to add (400), post (403).

    Says nothing about users of other shops beyond that they cannot be added.
    """
    _may_give(post.permissions, shop.pk, by)
    user = User.objects.filter(username=username, is_active=True, groups__name=GROUPS[Role.MERCHANT]).first()
    if user is None:
        raise Refused(Refusal("unknown", _("There is no user of this name who could be added."), 400))
    try:
        with transaction.atomic(), acting(by, move="hire", at=now):
            return _join(shop, user, _to_give(post, shop.pk, by))
    except IntegrityError as error:
        raise Refused(Refusal("member", _("This user is a member of your shop already."), 400)) from error


def _join(shop, user, post):
    return Member.everything.create(shop=shop, user=user, post=post)


def give_post(member, *, post, by, now):
    """Another post for a member, at once. Raises `Refused`: the owner (409), more than one's own post may (403)."""
    with transaction.atomic():
        post = _to_give(post, member.shop_id, by)
        return _change(member, move="give_post", by=by, now=now, post=post)


def deactivate(member, *, by, now):
    """The member may not enter the shop any more, at once. Raises `Refused` (409) for the owner and for oneself."""
    return _change(member, move="deactivate", by=by, now=now, is_active=False)


def reactivate(member, *, by, now):
    """The member may enter the shop again, with the post he had."""
    return _change(member, move="reactivate", by=by, now=now, is_active=True)


def why_not_change(member, *, by):
    """The `Refusal` why `by` may not change this member, or None: guards the act, takes the place of the form."""
    if not may(by, ACT, member.shop_id):
        return Refusal("permission", no_permission(by, ACT), 403)
    if member.is_owner:
        return Refusal("owner", _("The owner of the shop may do everything and stays its member."))
    if member.user_id == by.user_id:
        return Refusal("self", _("Nobody changes his own membership: ask your shop's owner."))
    return None


def _change(member, *, move, by, now, **values):
    with transaction.atomic(), acting(by, move=move, at=now):
        fresh = locked(member)
        if refusal := why_not_change(fresh, by=by):
            raise Refused(refusal)
        # Who may do more than the one who acts is not his to change.
        _may_give(fresh.permissions, fresh.shop_id, by)
        for field, value in values.items():
            setattr(fresh, field, value)
        fresh.save()
    return fresh


def add_post(*, shop, name, permissions, by, now):
    """A new post. Raises `Refused`: name taken (409), more than one's own post may (403)."""
    _may_give(permissions, shop.pk, by)
    return _save_post(Post(shop=shop, name=name, permissions=permissions), move="add_post", by=by, now=now)


def change_post(post, *, name, permissions, by, now):
    """Another name or other permissions, in force at once for all who have the post. Raises as `add_post`."""
    with transaction.atomic():
        fresh = _held(post, post.shop_id)
        # What the post may already is as much beyond him as what it gets.
        _may_give({*fresh.permissions, *permissions}, fresh.shop_id, by)
        fresh.name, fresh.permissions = name, permissions
        return _save_post(fresh, move="change_post", by=by, now=now)


def _save_post(post, *, move, by, now):
    try:
        with transaction.atomic(), acting(by, move=move, at=now):
            post.permissions = sorted(post.permissions)
            post.save()
    except IntegrityError as error:
        raise Refused(Refusal("post_taken", _("Your shop has a post of this name already."))) from error
    return post


def delete_post(post, *, by, now):
    """Deletes a post that nobody has. Raises `Refused` (409) that names who has it."""
    with transaction.atomic(), acting(by, move="delete_post", at=now):
        fresh = _held(post, post.shop_id)
        _may_give(fresh.permissions, fresh.shop_id, by)
        if refusal := why_not_delete(fresh):
            raise Refused(refusal)
        fresh.delete()


def why_not_delete(post):
    """The `Refusal` (409) that names who has the post, or None."""
    holders = Member.everything.filter(post=post).select_related("user")
    if not holders:
        return None
    words = {"post": post.name, "who": _(", ").join(str(member.user) for member in holders)}
    return Refusal("in_use", _("“%(post)s” is the post of: %(who)s. Give them another post first.") % words)


def _held(post, shop_id):
    """The post as it is now, held until the transaction ends. Raises `Refused` (404): another shop's, or deleted."""
    fresh = Post.everything.select_for_update(of=("self",)).filter(pk=post.pk, shop=shop_id).first()
    if fresh is None:
        raise Refused(Refusal("no_post", _("There is no such post in your shop."), 404))
    return fresh


def _to_give(post, shop_id, by):
    """The held post, when `by` may give it."""
    fresh = _held(post, shop_id)
    _may_give(fresh.permissions, shop_id, by)
    return fresh


def _may_give(permissions, shop_id, by):
    """Nobody gives or takes what his own post does not have: else he would make himself the owner. Assumed."""
    if not may(by, ACT, shop_id):
        raise Refused(Refusal("permission", no_permission(by, ACT), 403))
    beyond = [PERMISSIONS[name] for name in PERMISSIONS if name in permissions and not by.may(name)]
    if beyond:
        words = {"post": by.post, "what": _(", ").join(map(str, beyond))}
        text = _("Your own post (%(post)s) may not %(what)s: only the owner can give or change that.") % words
        raise Refused(Refusal("beyond", text, 403))
