"""The words in which the demo's stories are written: each verb makes a step, each step calls an action."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop_cs.actors import Actor
from shop_cs.clock import SHANGHAI
from shop_cs.evidence import vault
from shop_cs.models import AfterSale, Evidence, Order
from shop_cs.rules import URGENT_CATEGORIES, Kind
from tickets import actions
from tickets.models import ServiceRequest

from . import pictures

# When a story begins outside the working hours: in the night that is now or was last.
LAST_NIGHT = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a step finds: the request so far, its order, who plays whom, and the moment."""

    request: ServiceRequest
    order: Order
    after_sale: AfterSale | None
    merchant: Actor
    agent: Actor
    reviewer: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `ago` working hours before the demo is made."""

    ago: float
    act: Callable[[Scene], None]


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

    @property
    def kind(self):
        if self.agreed:
            return Kind.AGREED
        return Kind.URGENT if self.category in URGENT_CATEGORIES else Kind.GENERAL

    @property
    def limit(self):
        """The agreed limit as working time, None for the others."""
        return timedelta(hours=self.agreed) if self.agreed else None


@dataclass(frozen=True, slots=True)
class Desk:
    """A shop's stories and who plays in them; `others` are its orders without a request: (product, yuan)."""

    shop_no: str
    merchant: str
    reviewer: str
    stories: tuple[Story, ...]
    others: tuple[tuple[str, float], ...] = ()


def called(ago, result, note):
    """The merchant telephones."""
    return Step(ago, lambda scene: _contact(scene, "call", result, note))


def messaged(ago, result, note):
    """The merchant writes."""
    return Step(ago, lambda scene: _contact(scene, "message", result, note))


def _contact(scene, channel, result, note):
    actions.log_contact(
        scene.request,
        channel=channel,
        contacted_at=scene.now - timedelta(minutes=4),
        result=result,
        note=note,
        by=scene.merchant,
        now=scene.now,
    )


def solved(ago, settlement, text, *, proof="", proves="", proposal=""):
    """The merchant answers: solved; `proof` is the title of a picture that is drawn and attached."""

    def act(scene):
        pieces = _pieces(scene, proof, proves)
        actions.reply(
            scene.request,
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
        pieces = _pieces(scene, proof, proves)
        actions.reply(
            scene.request,
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
        for piece, what in _pieces(scene, proof, proves):
            actions.attach(scene.request, evidence=piece, proves=what, by=scene.merchant, now=scene.now)

    return Step(ago, act)


def _pieces(scene, proof, proves):
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
        side=Evidence.Side.MERCHANT,
        by=scene.merchant,
        now=scene.now,
        rules=scene.request.rulebook.rules(),
    )
    return [(piece, proves or proof)]


def urged(ago):
    """The consumer presses."""
    return Step(ago, lambda scene: actions.urge(scene.request, by=scene.agent, now=scene.now))


def approved(ago, reason=""):
    """The reviewer closes it."""
    return Step(ago, lambda scene: actions.approve(scene.request, by=scene.reviewer, now=scene.now, reason=reason))


def rejected(ago, reason):
    """The reviewer sends it back."""
    return Step(ago, lambda scene: actions.reject(scene.request, by=scene.reviewer, now=scene.now, reason=reason))
