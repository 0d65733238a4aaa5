"""Where a person is signed in: one row for each session, for himself to look at and to end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import User


class SignIn(models.Model):
    """A session of a user. Kept without history: it is a trace of use and not a record; it ends with its session.

    `session` is a keyed hash of the session's key: who reads this table cannot take a session over.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("user"))
    session = models.CharField(max_length=64, unique=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    at = models.DateTimeField(_("signed in at"))
    seen_at = models.DateTimeField(_("last seen at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-seen_at", "-pk"]

    def __str__(self):
        return f"{self.user_id} {self.at:%F %T}"
