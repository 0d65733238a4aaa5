"""The lifecycle of an appeal, as a table."""

from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role
from shop_cs.moves import Refusal

from ..models import AppealState
from .guards import decided, over, row

NOTHING = ""
S = AppealState
MERCHANT, REVIEWER = frozenset({Role.MERCHANT}), frozenset({Role.REVIEWER})


def judges_of(appeal):
    """User ids of those whose decision is contested: they do not decide on it."""
    if appeal.violation_id:
        return {appeal.violation.decided_by_id}
    if appeal.compensation_id:
        return {appeal.compensation.case.ruled_by_id, appeal.compensation.confirmed_by_id}
    return {appeal.case.ruled_by_id, *_rulers_of(appeal)}


def _rulers_of(appeal):
    """Who made the ruling that it is against, and those since: one that was sent back is gone from the case itself."""
    trail = appeal.case.history.filter(ruled_by__isnull=False).order_by("ruled_at")
    rulings = list(trail.values_list("ruled_at", "ruled_by_id").distinct())
    contested = [user_id for at, user_id in rulings if at <= appeal.made_at][-1:]
    return {*contested, *(user_id for at, user_id in rulings if at > appeal.made_at)}


def not_his_own(record, by, now):
    """A reviewer never decides an appeal against his own ruling."""
    if by.user_id in judges_of(record) - {None}:
        return Refusal("own_ruling", _("The appeal is against your own decision: another reviewer decides it."), 403)
    return None


_DECIDE = {"guards": (not_his_own,), "closed": decided(S.GRANTED, S.PART, S.DENIED)}

# fmt: off
SUBMIT     = row("appeal", _("appeal"), {NOTHING}, S.OPEN, MERCHANT, permission="appeal")
GRANT      = row("grant", _("grant in full"), {S.OPEN}, S.GRANTED, REVIEWER, **_DECIDE)
GRANT_PART = row("grant_part", _("grant in part"), {S.OPEN}, S.PART, REVIEWER, **_DECIDE)
DENY       = row("deny", _("deny"), {S.OPEN}, S.DENIED, REVIEWER, **_DECIDE)

# What is done beside, without another state.
EXHIBIT    = row("exhibit_appeal", _("add evidence"), {S.OPEN}, None, MERCHANT, permission="appeal",
                 closed=over(S.GRANTED, S.PART, S.DENIED))
# fmt: on

LIFECYCLE = (SUBMIT, GRANT, GRANT_PART, DENY)
BESIDE = (EXHIBIT,)
TURN = {S.OPEN: Role.REVIEWER, S.GRANTED: None, S.PART: None, S.DENIED: None}
