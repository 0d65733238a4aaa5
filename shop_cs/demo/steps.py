"""The words for service requests: each verb makes a step, each step calls an action."""

import io
from dataclasses import dataclass
from datetime import timedelta

from shop_cs.clock import SHANGHAI
from shop_cs.evidence import vault
from shop_cs.models import Evidence
from shop_cs.rules import URGENT_CATEGORIES, Kind
from tickets import actions

from . import pictures
from .scenes import Buyer, Scene, Step


@dataclass(frozen=True, slots=True)
class Story:
    """One service request: opened `ago` working hours before the demo is made, then `steps`, in that order.

    `amount` in yuan, `agreed` in working hours, `after_sale` as (kind, state, reason). With `order` two stories that
    have the same word there are about the same order: the first one's product and amount count.
    """

    category: str
    product: str
    amount: float
    detail: str
    ago: float | None
    steps: tuple[Step, ...] = ()
    agreed: float | None = None
    after_sale: tuple[str, str, str] | None = None
    signed: bool = True
    order: str = ""
    courier: str = ""
    buyer: Buyer | None = None

    def begin(self, scene: Scene):
        """The agent sends it."""
        return actions.create(
            order=scene.order,
            kind=self.kind,
            category=self.category,
            detail=self.detail,
            agreed=self.limit,
            after_sale=scene.after_sale,
            by=scene.agent,
            now=scene.now,
        )

    @property
    def kind(self):
        if self.agreed:
            return Kind.AGREED
        return Kind.URGENT if self.category in URGENT_CATEGORIES else Kind.GENERAL

    @property
    def limit(self):
        """The agreed limit as working time, None for the others."""
        return timedelta(hours=self.agreed) if self.agreed else None


def called(ago, result, note):
    """The merchant telephones."""
    return Step(ago, lambda scene: _contact(scene, "call", result, note))


def messaged(ago, result, note):
    """The merchant writes."""
    return Step(ago, lambda scene: _contact(scene, "message", result, note))


def noted(ago, text):
    """The merchant notes something for his colleagues."""
    return Step(ago, lambda scene: actions.write_note(scene.record, text=text, by=scene.merchant, now=scene.now))


def _contact(scene, channel, result, note):
    actions.log_contact(
        scene.record,
        channel=channel,
        contacted_at=scene.now - timedelta(minutes=4),
        result=result,
        note=note,
        by=scene.merchant,
        now=scene.now,
    )


# As which pieces of the catalogue the drawn pictures are marked; a talk by what it is to show.
MARKS = {
    "退款凭证": "refund_receipt",
    "物流凭证": "tracking",
    "质检报告": "inspection",
    "商品照片": "product_photo",
    "气象预警": "notice",
    "停运通知": "courier_statement",
    "沟通记录": "chat",
}
TALKS = {"agreed": "agreement", "unreachable": "call_log"}


def solved(ago, settlement, text, *, proof="", proves="", proposal=""):
    """The merchant answers: solved; `proof` is the title of a picture that is drawn and attached."""

    def act(scene):
        pieces = _pieces(scene, proof, proves, settlement)
        actions.reply(
            scene.record,
            solved=True,
            settlement=settlement,
            text=text,
            proposal=proposal,
            evidence=pieces,
            by=scene.merchant,
            now=scene.now,
        )

    return Step(ago, act)


def unsolved(ago, reason, text, *, proof="", proves="", proposal=""):
    """The merchant answers: unsolved, and why."""

    def act(scene):
        pieces = _pieces(scene, proof, proves, reason)
        actions.reply(
            scene.record,
            solved=False,
            reason=reason,
            text=text,
            proposal=proposal,
            evidence=pieces,
            after_sale=scene.after_sale,
            by=scene.merchant,
            now=scene.now,
        )

    return Step(ago, act)


def shown(ago, proof, proves):
    """The merchant adds a picture before he answers."""

    def act(scene):
        for piece, what, item in _pieces(scene, proof, proves):
            actions.attach(scene.record, evidence=piece, proves=what, item=item, by=scene.merchant, now=scene.now)

    return Step(ago, act)


def _pieces(scene, proof, proves, claim=""):
    return pieces(scene, proof, proves, claim, side=Evidence.Side.MERCHANT, by=scene.merchant)


def pieces(scene, proof, proves, claim="", *, side, by):
    """[(a drawn picture in the vault of the scene's order, what it proves, its mark)]; none without a title.

    Only the merchant's pieces are marked; `claim` is what he answers with it.
    """
    if not proof:
        return []
    picture = pictures.proof(
        proof,
        order_no=scene.order.no,
        amount_fen=scene.order.amount_fen,
        at=(scene.now - timedelta(minutes=9)).astimezone(SHANGHAI),
    )
    piece = vault.store(
        order=scene.order,
        file=io.BytesIO(picture),
        name=f"{proof}.png",
        side=side,
        by=by,
        now=scene.now,
        rules=scene.record.rulebook.rules(),
    )
    mark = (TALKS.get(claim) if proof == "沟通记录" else None) or MARKS[proof]
    return [(piece, proves or proof, mark if side == Evidence.Side.MERCHANT else "")]


def urged(ago):
    """The consumer presses."""
    return Step(ago, lambda scene: actions.urge(scene.record, by=scene.agent, now=scene.now))


def approved(ago, reason=""):
    """The reviewer closes it."""
    return Step(ago, lambda scene: actions.approve(scene.record, by=scene.reviewer, now=scene.now, reason=reason))


def rejected(ago, reason):
    """The reviewer sends it back."""
    return Step(ago, lambda scene: actions.reject(scene.record, by=scene.reviewer, now=scene.now, reason=reason))
