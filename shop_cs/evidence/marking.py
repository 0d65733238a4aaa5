"""A shown piece may be marked as one of the catalogue's."""

from django.utils.translation import gettext as _

from ..moves import Refusal, Refused
from . import catalogue


def refuse_unknown(item):
    """Raises `Refused` (400) for a code that the catalogue does not know; "" marks nothing."""
    if not catalogue.is_known(item):
        raise Refused(Refusal("item", _("The catalogue of evidence has no such piece."), 400))
