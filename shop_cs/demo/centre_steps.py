"""The words for violations, reports, filings and money: each verb makes a step, each step calls an action."""

import io
from dataclasses import dataclass
from datetime import timedelta

from disputes.actions import filing, punishing, reporting
from disputes.models import Source, Violation
from shop_cs import ledger
from shop_cs.clock import SHANGHAI
from shop_cs.evidence import vault
from shop_cs.models import Evidence
from shop_cs.moves import rulebook_in_force

from . import pictures
from .goods import IMPORT
from .scenes import Scene, Step
from .steps import MARKS

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ViolationStory:
    """A breach over the order of that word: without `detail` what the worker has proposed, else a reviewer's finding.

    `quantity` is how many upheld complaints it stands for.
    """

    kind: str
    order: str
    ago: float
    steps: tuple[Step, ...]
    detail: str = ""
    quantity: int = 1
    product = ""

    def begin(self, scene: Scene):
        """Finds or proposes it."""
        if not self.detail:
            return Violation.everything.proposed().get(order=scene.order, kind=self.kind)
        return punishing.propose(
            shop=scene.shop,
            kind=self.kind,
            detail=self.detail,
            source=Source.REVIEWER,
            order=scene.order,
            quantity=self.quantity,
            by=scene.reviewer,
            now=scene.now,
        )


def upheld(ago, reason):
    """The reviewer upholds it: what the ladder says follows."""
    return Step(ago, lambda scene: punishing.uphold(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


def dismissed(ago, reason):
    """The reviewer finds no breach."""
    return Step(ago, lambda scene: punishing.dismiss(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


@dataclass(frozen=True, slots=True)
class ReportStory:
    """The merchant reports who bought the order of that word."""

    kind: str
    order: str
    text: str
    ago: float
    steps: tuple[Step, ...] = ()
    proof: str = ""
    product = ""

    def begin(self, scene: Scene):
        """The merchant reports."""
        return reporting.submit(
            shop=scene.shop,
            orders=[scene.order],
            kind=self.kind,
            text=self.text,
            evidence=_drawn(scene, self.proof, order=scene.order),
            by=scene.merchant,
            now=scene.now,
        )


def taken_up(ago):
    """A reviewer begins to investigate the report."""
    return Step(ago, lambda scene: reporting.take_up(scene.record, by=scene.reviewer, now=scene.now))


def report_upheld(ago, reason):
    """The report is right: the user is marked."""
    return Step(ago, lambda scene: reporting.uphold(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


def report_dismissed(ago, reason):
    """The report is not right, or not shown to be."""
    return Step(ago, lambda scene: reporting.dismiss(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


@dataclass(frozen=True, slots=True)
class FilingStory:
    """A filing by one of `regions` (province, city), `courier` or the words of `orders`.

    Its span begins `since` days before the filing and lasts `days`, both of the wall clock.
    """

    kind: str
    text: str
    ago: float
    since: float
    days: float
    steps: tuple[Step, ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    courier: str = ""
    orders: tuple[str, ...] = ()
    proof: str = ""
    product = order = ""

    def begin(self, scene: Scene):
        """The merchant files."""
        starts_at = scene.now - self.since * DAY
        return filing.submit(
            shop=scene.shop,
            kind=self.kind,
            text=self.text,
            starts_at=starts_at,
            ends_at=starts_at + self.days * DAY,
            regions=[{"province": province, "city": city} for province, city in self.regions],
            courier=self.courier,
            orders=[scene.order_of(word) for word in self.orders],
            evidence=_drawn(scene, self.proof),
            by=scene.merchant,
            now=scene.now,
        )


def filing_approved(ago, reason=""):
    """The reviewer finds it true."""
    return Step(ago, lambda scene: filing.approve(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


def filing_rejected(ago, reason):
    """The reviewer does not find it shown."""
    return Step(ago, lambda scene: filing.reject(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


def _drawn(scene, title, *, order=None):
    """[(a drawn paper in the vault of the order or of the shop, its title, its mark)]; none without a title."""
    if not title:
        return []
    paper = pictures.paper(title, of=order.no if order else scene.shop.name, at=scene.now.astimezone(SHANGHAI))
    piece = vault.store(
        order=order,
        shop=scene.shop,
        file=io.BytesIO(paper),
        name=f"{title}.png",
        side=Evidence.Side.MERCHANT,
        by=scene.merchant,
        now=scene.now,
        rules=rulebook_in_force(scene.now).rules(),
    )
    return [(piece, title, MARKS[title])]


@dataclass(frozen=True, slots=True)
class Funds:
    """Money that came in for the shop: to its "deposit" or "other" funds, in yuan, under the bank's reference."""

    account: str
    yuan: float
    reference: str
    ago: float
    product = order = ""
    steps = ()

    def begin(self, scene: Scene):
        """It is booked; what the shop owes is repaid from it."""
        return ledger.receive(
            shop=scene.shop,
            account_kind=self.account,
            amount_fen=round(self.yuan * 100),
            reference=self.reference,
            at=scene.now,
            by=IMPORT,
            now=scene.now,
        )
