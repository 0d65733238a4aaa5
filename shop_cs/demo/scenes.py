"""What the demo's stories are made of: who meets whom over which goods, and what happens when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop_cs.actors import Actor
from shop_cs.models import AfterSale, Order, Shop

# When a story begins outside the working hours: in the night that is now or was last.
LAST_NIGHT = None


@dataclass(frozen=True, slots=True)
class Buyer:
    """A consumer with a part of his own: the same in every shop where he buys."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What a step finds: the story's record so far, its order, who plays whom, and the moment.

    `second` is the reviewer who decides what `reviewer` must not; `order_of(word)` the shop's order of that word.
    """

    record: Any
    order: Order | None
    after_sale: AfterSale | None
    shop: Shop
    merchant: Actor
    agent: Actor
    reviewer: Actor
    second: Actor
    order_of: Callable[[str], Order]
    now: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `ago` working hours before the demo is made."""

    ago: float
    act: Callable[[Scene], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A shop's stories and who plays in them; of its many orders without a request, `others` are the products
    (name, yuan) and `sold` is how many there are.

    A story has `ago` and `steps`, and `begin(scene)`, which returns its record; one about goods has a `product`.
    """

    shop_no: str
    merchant: str
    reviewer: str
    second: str
    stories: tuple[Any, ...]
    others: tuple[tuple[str, float], ...] = ()
    sold: int = 0
