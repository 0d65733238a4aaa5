"""The lifecycle of a violation, as a table: proposed, never automatic punishment."""

from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role

from ..models import ViolationState
from .guards import decided, row

NOTHING = ""
S = ViolationState
FINDERS, REVIEWER = frozenset({Role.CLOCK, Role.REVIEWER}), frozenset({Role.REVIEWER})

_DECIDE = {"closed": decided(S.UPHELD, S.DISMISSED, S.EXCUSED, S.REVOKED)}

# fmt: off
PROPOSE = row("propose", _("propose"), {NOTHING}, S.PROPOSED, FINDERS)
UPHOLD  = row("uphold", _("uphold"), {S.PROPOSED}, S.UPHELD, REVIEWER, **_DECIDE)
DISMISS = row("dismiss", _("dismiss"), {S.PROPOSED}, S.DISMISSED, REVIEWER, **_DECIDE)
EXCUSE  = row("excuse", _("excused by a filing"), {S.PROPOSED, S.UPHELD}, S.EXCUSED, FINDERS)
REVOKE  = row("revoke", _("revoke on appeal"), {S.UPHELD}, S.REVOKED, REVIEWER)
# fmt: on

LIFECYCLE = (PROPOSE, UPHOLD, DISMISS, EXCUSE, REVOKE)
BESIDE = ()
TURN = {S.PROPOSED: Role.REVIEWER, S.UPHELD: None, S.DISMISSED: None, S.EXCUSED: None, S.REVOKED: None}
