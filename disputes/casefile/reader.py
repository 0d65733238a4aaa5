"""Who reads a case file and what he may see; and what an entry of it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shop_cs.actors import Role
from shop_cs.models import Order

from ..addresses import in_desk


class Kind(TextChoices):
    """What an entry is about."""

    ORDER = "order", _("Order and after-sale")
    REQUEST = "request", _("Service requests")
    CASE = "case", _("Arbitration")
    COMPENSATION = "compensation", _("Advance compensation")
    APPEAL = "appeal", _("Appeals")
    VIOLATION = "violation", _("Violations and penalties")
    FILING = "filing", _("Filings")
    REPORT = "report", _("Reports")
    EVIDENCE = "evidence", _("Evidence")
    MONEY = "money", _("Money")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `no` and `path` name the record it is about and its page; `fen` is money of it."""

    at: datetime
    kind: str
    what: str
    who: str = ""
    text: str = ""
    tone: str = ""
    no: str = ""
    path: str = ""
    fen: int | None = None


class Reader:
    """Who reads the file of `order`. A merchant reads of the platform's people the role only, and nothing internal."""

    def __init__(self, order, viewer):
        self.order, self.viewer = order, viewer
        self.for_platform = viewer.role != Role.MERCHANT
        self.sees_money = viewer.may("see_money")

    def of(self, model):
        """The shop's rows of a model; the platform needs no narrowing, but the order is one shop's all the same."""
        return model.everything.all() if self.for_platform else model.objects.of(self.order.shop_id)

    def person(self, role, who):
        """The role, with the name where it may be told: their own people to merchants, everybody to the platform."""
        told = who and (self.for_platform or role == Role.MERCHANT)
        return f"{role.label} · {who}" if told else str(role.label)

    def path(self, record):
        """Where its page is for this reader."""
        if self.for_platform:
            return in_desk(record)
        # Its shop is the order's: not asked of the database once more.
        if isinstance(record, Order):
            return f"/s/{self.order.shop.no}/orders/{record.no}/"
        record.shop = self.order.shop
        return record.path

    def entry(self, kind, record, at, what, who="", text="", *, tone="", fen=None):
        return Entry(
            at=at,
            kind=kind,
            what=str(what),
            who=who,
            text=str(text or ""),
            tone=tone,
            no=record.no,
            path=self.path(record),
            fen=fen,
        )


def together(*parts):
    """Parts of a text, a line each, the empty ones left out."""
    return "\n".join(str(part) for part in parts if part)
