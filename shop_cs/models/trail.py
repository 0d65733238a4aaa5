"""What every history row says beside the fields: who, in which role, by which move, under which rulebook."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, wraps

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from ..actors import SYSTEM, Actor, Role


@dataclass(frozen=True, slots=True)
class Acting:
    """What is being done at this moment, for the history rows written meanwhile."""

    by: Actor = SYSTEM
    move: str = ""
    reason: str = ""
    rulebook: str = ""
    at: datetime | None = None
    request_id: str = ""


_NOTHING = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=_NOTHING)


def current() -> Acting:
    return _acting.get()


@contextmanager
def acting(by=None, **said):
    """Within the block, history rows carry this actor and what else is `said`; the rest is kept from outside."""
    token = _acting.set(replace(_acting.get(), **({"by": by} if by else {}), **said))
    try:
        yield
    finally:
        _acting.reset(token)


class TrailRow(models.Model):
    """Base of every history table. The actor's id is a plain number: he stays named when his account is gone."""

    actor_role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.SYSTEM)
    actor_name = models.CharField(_("by"), max_length=150, blank=True)
    move = models.CharField(_("action"), max_length=40, blank=True)
    rulebook_name = models.CharField(_("rulebook"), max_length=40, blank=True)
    # Not `request_id`: that is the column of a service request's own parts.
    web_request = models.CharField(_("request id"), max_length=36, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def said():
        """The fields above, from what is being done now; for rows written singly and in bulk."""
        doing = _acting.get()
        return {
            "actor_role": doing.by.role,
            "actor_name": doing.by.name,
            "move": doing.move,
            "rulebook_name": doing.rulebook,
            "web_request": doing.request_id,
        }


def _acting_user_id(instance, request=None, **kwargs):
    return _acting.get().by.user_id


def _get_user(row):
    return get_user_model().objects.filter(pk=row.history_user_id).first()


def _set_user(row, user_id):
    row.history_user_id = user_id


class _Manager(HistoryManager):
    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        """Its base makes a class for each look at `history`, and each save looks: a fifth of a save's time."""
        return super().from_queryset(queryset_class, class_name)


class _Records(HistoricalRecords):
    def finalize(self, sender, **kwargs):
        """As its base; and a row and what the trail says of it are one transaction, whoever saves it, from wherever."""
        super().finalize(sender, **kwargs)
        if hasattr(sender, self.manager_name) and "save_base" not in vars(sender):
            sender.save_base = _whole(sender.save_base)

    def post_save(self, instance, created, using=None, update_fields=None, **kwargs):
        """As its base, but a save of nothing that the trail keeps (each login's `last_login`) is no change."""
        if update_fields is None:
            super().post_save(instance, created, using=using, **kwargs)
        elif not set(update_fields) <= set(self.excluded_fields):
            # What else was set on the instance was not written: the trail tells of the row, not of the intention.
            written = type(instance)._base_manager.using(using).get(pk=instance.pk)
            super().post_save(written, created, using=using, **kwargs)


def _whole(save_base):
    @wraps(save_base)
    def save(self, *args, using=None, **kwargs):
        with transaction.atomic(using=using, savepoint=False):
            return save_base(self, *args, using=using, **kwargs)

    return save


def tracked(**options):
    """`history = tracked()` on a model: one row per change, with the actor, never pointing at the user's row."""
    return _Records(
        bases=[TrailRow],
        history_manager=_Manager,
        get_user=_acting_user_id,
        history_id_field=models.BigAutoField(),
        history_user_id_field=models.BigIntegerField(null=True),
        history_user_getter=_get_user,
        history_user_setter=_set_user,
        history_change_reason_field=models.TextField(default="", blank=True),
        **options,
    )
