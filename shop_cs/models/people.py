"""Shops, their posts and members; users of both sites."""

import hmac
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .scope import ScopedQuerySet, managers
from .trail import tracked

# What numbers of shops, orders and requests are made of: they are parts of addresses.
NUMBER = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
# What a post can allow. [3]: without it, "this post may not …".
PERMISSIONS = {
    "answer_requests": _("answer service requests"),
    "organize": _("assign and tag requests"),
    "remind_consumers": _("remind consumers of a survey"),
    "export_requests": _("export service requests"),
    "manage_people": _("manage people and posts"),
    "answer_cases": _("answer arbitration cases, offer and pay"),
    "appeal": _("appeal"),
    "report_users": _("report malicious users"),
    "file_filings": _("file force majeure"),
    "see_money": _("see the shop's money"),
    "export_disputes": _("export cases and money"),
    "keep_phrases": _("keep the shop's quick phrases"),
    "keep_robot": _("keep the robot's answers"),
    "plan_staffing": _("plan staffing for sales"),
    "reveal_contacts": _("see consumers' names, phones and addresses unmasked"),
}
# What a penalty can restrict on the shop platform itself; no post here carries it. [1]
ELSEWHERE = {"publish": _("publish on its channels")}
SUSPENDED, CLOSED = "suspended", "closed"


class User(AbstractUser):
    """A person with a login. Which role he has is said by his groups, for which shops by his memberships.

    Who has done anything is not deleted but deactivated: what points at him is protected. `roles` (his groups) and
    `password_mark` (a keyed hash of the password's hash) are there for the trail: it would not notice a change of
    either behind our back otherwise.
    """

    roles = models.CharField(_("roles"), max_length=80, blank=True, editable=False)
    password_mark = models.CharField(max_length=64, blank=True, editable=False)

    history = tracked(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.get_full_name() or self.username

    def get_full_name(self):
        """The name as written: Chinese names have the family name first and no blank."""
        return self.first_name or self.last_name

    def save(self, *args, update_fields=None, **kwargs):
        self.password_mark = mark_of(self.password)
        if update_fields is not None and "password" in update_fields:
            update_fields = {*update_fields, "password_mark"}
        super().save(*args, update_fields=update_fields, **kwargs)


def mark_of(password):
    """What the trail keeps of a password's hash: enough to see that it was changed, nothing to log in with."""
    return hmac.new(settings.TRAIL_KEY.encode(), password.encode(), "sha256").hexdigest()


class Shop(models.Model):
    """A merchant's shop, the tenant: everything a merchant sees belongs to exactly one."""

    no = models.CharField(_("shop number"), max_length=32, unique=True, validators=[RegexValidator(rf"^{NUMBER}\Z")])
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(_("created at"))
    # Written by the penalties alone, read at every door: {permission, "suspended" or "closed": until when, as ISO; null
    # for ever}. An instant that has come is none any more, whether or not a worker has run.
    bars = models.JSONField(_("restrictions"), default=dict, blank=True, editable=False)

    history = tracked()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ["no"]

    def __str__(self):
        return f"{self.name} ({self.no})" if self.name != self.no else self.no

    def bars_at(self, now):
        """What is barred at `now`: {permission, "suspended" or "closed": aware datetime until when, None for ever}."""
        until = {name: at and datetime.fromisoformat(at) for name, at in self.bars.items()}
        return {name: at for name, at in until.items() if at is None or now < at}


def _known_permissions(names):
    if not isinstance(names, list) or (unknown := set(names) - set(PERMISSIONS)):
        raise ValidationError(_("Unknown permission: %(names)s") % {"names": ", ".join(map(str, sorted(unknown)))})


class Post(models.Model):
    """A named set of permissions that a shop's owner gives to sub-accounts. [3]"""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="posts", verbose_name=_("shop"))
    name = models.CharField(_("post"), max_length=40)
    permissions = models.JSONField(_("permissions"), default=list, blank=True, validators=[_known_permissions])

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["shop", "name"]
        constraints = [models.UniqueConstraint(fields=["shop", "name"], name="post_name_once_a_shop")]

    def __str__(self):
        return self.name


class Member(models.Model):
    """A user who works for a shop: its owner, who may do everything, or somebody with a post."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="members", verbose_name=_("shop"))
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("user"))
    is_owner = models.BooleanField(_("owner"), default=False)
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("post")
    )
    is_active = models.BooleanField(_("active"), default=True)
    # For this member alone, written by his exams, read at every door: {permission: after which instant, as ISO, he may
    # not any more, until he has passed}. It binds from then on, whether or not a worker has run. [3]
    bars = models.JSONField(_("restrictions"), default=dict, blank=True, editable=False)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["shop", "-is_owner", "user__username"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "user"], name="member_once_a_shop"),
            models.CheckConstraint(
                condition=Q(is_owner=True, post__isnull=True) | Q(is_owner=False, post__isnull=False),
                name="member_owner_or_post",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.post_name}"

    @property
    def post_name(self):
        return str(_("Owner")) if self.is_owner else self.post.name

    def bars_at(self, now):
        """What is barred for this member at `now`: {permission: aware datetime since when}."""
        since = {name: datetime.fromisoformat(at) for name, at in self.bars.items()}
        return {name: at for name, at in since.items() if at < now}

    @property
    def permissions(self):
        return frozenset(PERMISSIONS) if self.is_owner else frozenset(self.post.permissions)
