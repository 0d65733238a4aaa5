from .appeals import WON, Appeal, AppealState, Ground
from .cases import (
    MERCHANT_BLAMES,
    RULED_OUTCOMES,
    AwaitingSecond,
    Blame,
    Case,
    CaseState,
    InArbitration,
    Offer,
    Outcome,
    Remedy,
    Scene,
    counting,
)
from .compensations import Compensation
from .exhibits import Exhibit
from .filings import COURIER_CAUSES, COVERING, Cause, Filing, FilingOrder, FilingState
from .reports import Malice, Report, ReportOrder, ReportState
from .searching import RecordText
from .violations import HIDDEN, Penalty, Source, Violation, ViolationState

__all__ = [
    "COURIER_CAUSES",
    "COVERING",
    "HIDDEN",
    "MERCHANT_BLAMES",
    "RULED_OUTCOMES",
    "WON",
    "Appeal",
    "AppealState",
    "AwaitingSecond",
    "Blame",
    "Case",
    "CaseState",
    "Cause",
    "Compensation",
    "Exhibit",
    "Filing",
    "FilingOrder",
    "FilingState",
    "Ground",
    "InArbitration",
    "Malice",
    "Offer",
    "Outcome",
    "Penalty",
    "RecordText",
    "Remedy",
    "Report",
    "ReportOrder",
    "ReportState",
    "Scene",
    "Source",
    "Violation",
    "ViolationState",
    "counting",
]
