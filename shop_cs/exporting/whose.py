"""Whose a job is: who asked for it, as who he is now."""

from ..access import actor_for, may, merchant_actor, roles_of
from ..actors import Role
from ..models import Member
from .kinds import KINDS


def who(job, *, now):
    """Who asked, as an actor, if he may still have what he asked for; else None."""
    kind, user = KINDS.get(job.kind), job.asked_by
    if kind is None:
        return None
    by = actor_for(user, kind.acts[0]) if job.shop is None else _merchant(job.shop, user, now)
    return by if by and all(may(by, act, job.shop_id) for act in kind.acts) else None


def _merchant(shop, user, now):
    mine = Member.objects.of(shop).filter(user=user, is_active=True).select_related("shop", "post", "user").first()
    return merchant_actor(mine, now=now) if mine and Role.MERCHANT in roles_of(user) else None
