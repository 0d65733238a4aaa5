"""The lifecycle of a filing, as a table."""

from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role

from ..models import FilingState
from .guards import decided, only_after, over, past, row

NOTHING = ""
S = FilingState
MERCHANT, REVIEWER, CLOCK = frozenset({Role.MERCHANT}), frozenset({Role.REVIEWER}), frozenset({Role.CLOCK})

_DONE = (S.APPROVED, S.REJECTED, S.EXPIRED, S.WITHDRAWN)
_DECIDE = {"closed": decided(*_DONE)}

# fmt: off
SUBMIT   = row("file", _("file"), {NOTHING}, S.SUBMITTED, MERCHANT, permission="file_filings")
WITHDRAW = row("withdraw_filing", _("withdraw"), {S.SUBMITTED}, S.WITHDRAWN, MERCHANT, permission="file_filings",
               closed=past(*_DONE))
APPROVE  = row("approve_filing", _("approve"), {S.SUBMITTED}, S.APPROVED, REVIEWER, **_DECIDE)
REJECT   = row("reject_filing", _("reject"), {S.SUBMITTED}, S.REJECTED, REVIEWER, **_DECIDE)
EXPIRE   = row("expire_filing", _("expire"), {S.APPROVED}, S.EXPIRED, CLOCK, guards=(only_after("ends_at"),))

# What is done beside, without another state.
EXHIBIT  = row("exhibit_filing", _("add evidence"), {S.SUBMITTED}, None, MERCHANT, permission="file_filings",
               closed=over(*_DONE))
# fmt: on

LIFECYCLE = (SUBMIT, WITHDRAW, APPROVE, REJECT, EXPIRE)
BESIDE = (EXHIBIT,)
TURN = {S.SUBMITTED: Role.REVIEWER, S.APPROVED: None, S.REJECTED: None, S.EXPIRED: None, S.WITHDRAWN: None}
