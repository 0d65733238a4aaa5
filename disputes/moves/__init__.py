"""The lifecycles of this app, a table each: `moves.cases.PAY`, `moves.appeals.GRANT`, …"""

from . import appeals, cases, filings, reports, violations

ALL = (cases, appeals, violations, reports, filings)

__all__ = ["ALL", "appeals", "cases", "filings", "reports", "violations"]
