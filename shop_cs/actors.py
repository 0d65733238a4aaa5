"""Who acts: a role and what is known of the person behind it. Pure values; `access` makes them from users."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """In which capacity something was done. The first four are groups of users; the others have no login."""

    MERCHANT = "merchant", _("Merchant")
    AGENT = "agent", _("Platform agent")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    CONSUMER = "consumer", _("Consumer")
    CLOCK = "clock", _("Clock")
    IMPORT = "import", _("Import")
    API = "api", _("Open API")
    SYSTEM = "system", _("System")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts, in one role.

    `shop_id`, `post` and `permissions` are a merchant's: the shop he acts for, his post's name and what it may do.
    """

    role: Role
    user_id: int | None = None
    name: str = ""
    shop_id: int | None = None
    post: str = ""
    permissions: frozenset[str] = frozenset()
    # What a penalty bars his shop from now: (permission, until when or None for ever); `permissions` is without them.
    barred: tuple[tuple[str, datetime | None], ...] = ()
    # What his own exam, not passed in time, keeps him from: (permission, where he can sit it); likewise without them.
    owing: tuple[tuple[str, str], ...] = ()

    def may(self, permission):
        """Whether a merchant's post carries `permission`; other roles are not bound to posts."""
        return self.role != Role.MERCHANT or permission in self.permissions


CLOCK = Actor(Role.CLOCK)
SYSTEM = Actor(Role.SYSTEM)
CONSUMER = Actor(Role.CONSUMER)
