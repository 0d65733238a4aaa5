"""Who still owes the second step of his login."""

from django.conf import settings

from ..access import GROUPS, roles_of
from ..actors import Actor, Role

# In the session: whether the person had an authenticator when he logged in.
SECOND = "second_step"


def is_of_platform(user):
    """Whether a user works for the platform: in any role but the merchant's, or as superuser."""
    return user.is_active and (bool(roles_of(user) - {Role.MERCHANT}) or user.is_superuser)


def oneself(user):
    """A user as the actor of what he does to his own login, in the first role that he has."""
    role = next((role for role in GROUPS if role in roles_of(user)), Role.SYSTEM)
    return Actor(role, user_id=user.pk, name=str(user))


def owes_code(user, session):
    """Whether nothing is shown to this session before a code: asked of who has an authenticator, and demanded of the
    platform's people with REQUIRE_OTP."""
    if not user.is_authenticated or getattr(user, "otp_device", None) is not None:
        return False
    return bool(session.get(SECOND)) or (settings.REQUIRE_OTP and is_of_platform(user))
