"""What there is of an order in this app, for its page: cases, appeals, violations, filings and reports. [2] §二.3"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Value

from ..models import (
    Appeal,
    AppealState,
    Case,
    CaseState,
    Compensation,
    Filing,
    FilingState,
    Penalty,
    Report,
    ReportState,
    Violation,
    ViolationState,
)
from .reader import Reader

# Of each kind: its states in words, the model whose page it has, its folder on the workbench.
SORTS = {
    "case": (CaseState, Case, "cases"),
    "compensation": (None, Case, "cases"),
    "appeal": (AppealState, Appeal, "appeals"),
    "violation": (ViolationState, Violation, "violations"),
    "penalty": (Penalty._meta.get_field("measure").choices, Violation, "violations"),
    "filing": (FilingState, Filing, "filings"),
    "report": (ReportState, Report, "reports"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One of them: `sort` is a key of SORTS, `state` in words; a compensation and a penalty lead to whose they are."""

    sort: str
    label: str
    no: str
    state: str
    at: datetime
    path: str


def records(order, *, viewer):
    """The `Record`s of an order that the actor `viewer` may see, newest first; one statement."""
    reader = Reader(order, viewer)
    violations = reader.of(Violation).filter(order=order)
    if not reader.for_platform:
        violations = violations.visible_to_merchant()
    parts = [
        _rows("case", reader.of(Case).filter(order=order), "state", "opened_at"),
        _rows("compensation", reader.of(Compensation).filter(order=order), "", "paid_at", page="case"),
        _rows("appeal", reader.of(Appeal).filter(order=order), "state", "made_at"),
        _rows("violation", violations, "state", "found_at"),
        _rows("penalty", _penalties(reader), "measure", "from_at", page="violation"),
        _rows("filing", reader.of(Filing).filter(filing_orders__order=order), "state", "made_at"),
        _rows("report", reader.of(Report).filter(report_orders__order=order), "state", "made_at"),
    ]
    first, *others = parts
    found = first.union(*others, all=True).order_by("-told_at", "told_no")
    return [_record(reader, row) for row in found]


def _penalties(reader):
    return reader.of(Penalty).filter(violation__order=reader.order, undone_at__isnull=True)


def _rows(sort, rows, state, at, page=""):
    """The same columns of each kind; `page` names the foreign key to the record whose page it has."""
    text = CharField()
    return rows.order_by().values(
        told_sort=Value(sort, output_field=text),
        told_no=F("no") if sort != "penalty" else F("violation__no"),
        told_state=F(state) if state else Value("", output_field=text),
        told_at=F(at),
        told_page=F(f"{page}__no") if page else F("no"),
        told_pk=F(f"{page}_id") if page else F("pk"),
    )


def _record(reader, row):
    states, model, folder = SORTS[row["told_sort"]]
    choices = dict(getattr(states, "choices", states) or ())
    labelled = {"compensation": Compensation, "penalty": Penalty}.get(row["told_sort"], model)
    if reader.for_platform:
        path = reader.path(model(pk=row["told_pk"]))
    else:
        path = f"/s/{reader.order.shop.no}/{folder}/{row['told_page']}/"
    return Record(
        sort=row["told_sort"],
        label=str(labelled._meta.verbose_name),
        no=row["told_no"],
        state=str(choices.get(row["told_state"], "")),
        at=row["told_at"],
        path=path,
    )
