"""What the sweep looks for in this app, in the order of a pass: what lapses early may be over in the same pass."""

from shop_cs import sweep

from . import actions
from .actions import filing, finding, serving
from .models import Case, Compensation, Filing, Penalty

# Money moves row by row, some forty statements each, and meanwhile all that moves money waits; on SQLite all writers,
# who give up after 20 s.
_MONEY_ROWS = 50
# Few versions and many rows: a version is read once a batch, not beside each row.
_CASES = Case.everything.select_related("shop").prefetch_related("rulebook")


def connect():
    sweep.register(
        sweep.Job("offers", lambda now: _CASES.offer_over(now).order_by("offer_until", "pk"), actions.offers_over),
        sweep.Job("evidence", lambda now: _CASES.evidence_over(now).order_by("deadline", "pk"), actions.evidence_over),
        sweep.Job("cases_due_soon", _due_soon, actions.case_due_soon),
        sweep.Job(
            "unpaid", lambda now: _CASES.unpaid(now).order_by("pay_due", "pk"), actions.pay_in_advance, _MONEY_ROWS
        ),
        sweep.Job("settle", _to_settle, actions.settle, _MONEY_ROWS),
        sweep.Job("overdue_violations", _overdue, finding.propose_overdue),
        sweep.Job("unpaid_violations", _unpaid, finding.propose_unpaid),
        sweep.Job("penalties", _to_end, serving.end_penalties),
        sweep.Job("deductions", _to_be_final, serving.settle_deductions, _MONEY_ROWS),
        sweep.Job("filings", _filings_over, filing.expire),
    )


def _due_soon(now):
    return _CASES.due_soon(now).order_by("due_soon_at", "pk")


def _to_settle(now):
    rows = Compensation.everything.select_related("shop", "case__shop", "rulebook")
    return rows.to_settle(now).order_by("appeal_until", "pk")


def _overdue(now):
    return finding.overdue_unproposed(now).order_by("overdue_at", "pk")


def _unpaid(now):
    return finding.unpaid_unproposed(now).order_by("paid_at", "pk")


def _to_end(now):
    rows = Penalty.everything.select_related("violation").prefetch_related("violation__rulebook")
    return rows.to_end(now).order_by("until_at", "pk")


def _filings_over(now):
    rows = Filing.everything.select_related("shop").prefetch_related("rulebook")
    return rows.to_expire(now).order_by("ends_at", "pk")


def _to_be_final(now):
    return serving.to_settle(now).order_by("appeal_until", "pk")
