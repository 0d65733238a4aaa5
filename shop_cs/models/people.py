"""Shops, their posts and members; users of both sites."""

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
    "remind_consumers": _("remind consumers of a survey"),
    "export_requests": _("export service requests"),
    "manage_people": _("manage people and posts"),
}


class User(AbstractUser):
    """A person with a login. Which role he has is said by his groups, for which shops by his memberships.

    Who has done anything is not deleted but deactivated: what points at him is protected.
    """

    history = tracked(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.get_full_name() or self.username

    def get_full_name(self):
        """The name as written: Chinese names have the family name first and no blank."""
        return self.first_name or self.last_name


class Shop(models.Model):
    """A merchant's shop, the tenant: everything a merchant sees belongs to exactly one."""

    no = models.CharField(_("shop number"), max_length=32, unique=True, validators=[RegexValidator(rf"^{NUMBER}\Z")])
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(_("created at"))

    history = tracked()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ["no"]

    def __str__(self):
        return f"{self.name} ({self.no})" if self.name != self.no else self.no


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

    @property
    def permissions(self):
        return frozenset(PERMISSIONS) if self.is_owner else frozenset(self.post.permissions)
