"""A rule for passwords beside Django's own."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class AnotherThanNow:
    """A new password is not the one that the user has already."""

    def validate(self, password, user=None):
        if user is not None and user.pk and user.password and user.check_password(password):
            raise ValidationError(_("This is your present password. Choose another one."), code="password_unchanged")

    def get_help_text(self):
        return _("Your new password is another one than the present one.")
