"""The lifecycle of a report, as a table."""

from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role

from ..models import ReportState
from .guards import decided, over, past, row

NOTHING = ""
S = ReportState
MERCHANT, REVIEWER = frozenset({Role.MERCHANT}), frozenset({Role.REVIEWER})

_DONE = (S.UPHELD, S.DISMISSED, S.WITHDRAWN)
_DECIDE = {"closed": decided(*_DONE)}

# fmt: off
SUBMIT   = row("report", _("report"), {NOTHING}, S.SUBMITTED, MERCHANT, permission="report_users")
WITHDRAW = row("withdraw_report", _("withdraw"), {S.SUBMITTED}, S.WITHDRAWN, MERCHANT, permission="report_users",
               closed=past(*_DONE))
TAKE_UP  = row("take_up", _("take up"), {S.SUBMITTED}, S.INVESTIGATING, REVIEWER, **_DECIDE)
UPHOLD   = row("uphold_report", _("uphold"), {S.INVESTIGATING}, S.UPHELD, REVIEWER, **_DECIDE)
DISMISS  = row("dismiss_report", _("dismiss"), {S.SUBMITTED, S.INVESTIGATING}, S.DISMISSED, REVIEWER, **_DECIDE)
REOPEN   = row("reopen_report", _("reopen"), {S.UPHELD, S.DISMISSED}, S.INVESTIGATING, REVIEWER)

# What is done beside, without another state.
EXHIBIT  = row("exhibit_report", _("add evidence"), {S.SUBMITTED, S.INVESTIGATING}, None, MERCHANT,
               permission="report_users", closed=over(*_DONE))
# fmt: on

LIFECYCLE = (SUBMIT, WITHDRAW, TAKE_UP, UPHOLD, DISMISS, REOPEN)
BESIDE = (EXHIBIT,)
TURN = {
    S.SUBMITTED: Role.REVIEWER,
    S.INVESTIGATING: Role.REVIEWER,
    S.UPHELD: None,
    S.DISMISSED: None,
    S.WITHDRAWN: None,
}
