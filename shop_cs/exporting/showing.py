"""What the pages of exports show: what would be made of a list, and how the jobs of a person stand."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from ..models import ExportJob, Heartbeat
from . import asking, gate, keeping, spans
from .kinds import KINDS
from .running import TROUBLES
from .working import HEARTBEAT

State = ExportJob.State
PAGE_SIZE = 30
TONES = {State.READY: "is-green", State.FAILED: "is-red", State.RUNNING: "is-blue", State.WAITING: "is-blue"}
# A page looks by itself how a job stands for so long: one that is forgotten keeps nobody logged in.
WATCHED = timedelta(minutes=30)
# A worker that has said nothing for so long is not there.
ABSENT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be made of a list: all of it in one file, or, where that does not fit, a file for each span."""

    records: QuerySet
    rows: int
    most: int
    fmt: str
    spans: list = field(default_factory=list)

    @property
    def fits(self):
        return self.rows <= self.most

    @property
    def can_split(self):
        return bool(self.spans) and all(span.fits for span in self.spans) and len(self.spans) <= asking.MOST_OPEN

    @property
    def refusal(self):
        """The words of the refusal, where it does not fit."""
        return "" if self.fits else gate.too_many(self.rows, self.most).text


def offer(kind, *, shop, params, fmt, by, now):
    """Raises `Refused` (400) for params that are not understood."""
    records, rows = asking.count(kind, shop=shop, params=params, by=by, now=now)
    most = gate.most(now)
    cut = spans.cut(spans.by_day(records, kind.when), most) if rows > most else []
    return Offer(records, rows, most, fmt, cut)


@dataclass(frozen=True, slots=True)
class Line:
    """A job as its asker sees it, with the addresses of what he can do."""

    job: ExportJob
    label: str
    tone: str
    called: str
    trouble: str
    percent: int
    is_open: bool
    can_fetch: bool
    fetch: str
    cancel: str
    again: str


def called(job):
    """What its file is called."""
    return keeping.called(job, KINDS[job.kind])


def listed(jobs, *, params, now, prefix, shop_no=None):
    """What a page of somebody's jobs shows; `prefix` names its addresses: `<prefix>-file`, `-cancel`, `-again`."""
    page = Paginator(jobs.select_related("shop"), PAGE_SIZE).get_page(params.get("page"))
    lines = [_line(job, prefix, shop_no, now) for job in page]
    watched = [line for line in lines if line.is_open and line.job.asked_at > now - WATCHED]
    waits = any(line.job.status == State.WAITING for line in lines)
    return {"page": page, "lines": lines, "is_watched": bool(watched), "no_worker": waits and _is_absent(now)}


def _is_absent(now):
    return not Heartbeat.objects.filter(name=HEARTBEAT, at__gt=now - ABSENT).exists()


def _line(job, prefix, shop_no, now):
    kind = KINDS.get(job.kind)
    args = [job.pk] if shop_no is None else [shop_no, job.pk]
    is_over = job.status == State.EXPIRED or job.status == State.READY and now > job.expires_at
    is_open = job.status in asking.OPEN
    can_again = job.status in (State.FAILED, State.CANCELLED) and not asking.is_forgotten(job, now=now)
    return Line(
        job=job,
        label=kind.label if kind else job.kind,
        tone=TONES.get(job.status, "") if not is_over else "",
        called=called(job) if kind and job.as_of else "",
        trouble=TROUBLES.get(job.trouble, ""),
        percent=min(100, job.rows_done * 100 // job.rows) if job.rows else 0,
        is_open=is_open,
        can_fetch=job.status == State.READY and not is_over,
        fetch=reverse(f"{prefix}-file", args=args),
        cancel=reverse(f"{prefix}-cancel", args=args) if is_open and not job.cancel_asked_at else "",
        again=reverse(f"{prefix}-again", args=args) if can_again else "",
    )
