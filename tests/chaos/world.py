"""Where the chaos happens: one shop, its people, some orders with evidence, and stories to be played."""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

ORDERS = 40
# A round of these stories ends so long after their beginning: long enough for the one who begins it to be done.
SOON = timedelta(seconds=1.5)
KINDS = ("late", "soon", "asked", "plain", "plain")
# Every fourth story is played by two at once who do not know of each other.
RIVALS = 4


@dataclass
class Story:
    """One request from its beginning to its end, as one player sees it. `beside` is what he still does beside it.

    late: nobody answers the first round, the worker moves it. soon: the notice before the deadline is awaited.
    asked: the last answer goes to the consumer, who is reminded and says yes. plain: people alone.
    """

    number: int
    kind: str
    rounds: int
    no: str = ""
    beside: list = field(default_factory=lambda: ["attach", "contact", "urge"])

    @property
    def name(self):
        return f"story-{self.number}"

    @property
    def transitions(self):
        """Begun, and two a round: answered or overdue, and decided."""
        return 1 + 2 * self.rounds


def stories(transitions):
    """As many as it takes for so many transitions."""
    told, number = [], 0
    while transitions > 0:
        told.append(Story(number, KINDS[number % len(KINDS)], rounds=2 + number % 3))
        transitions -= told[-1].transitions
        number += 1
    return told


def played_twice(story, *, every):
    return story.number % every == every - 1


def prepare(*, now):
    """People, a rulebook open day and night, orders and an API key; returns what the players need."""
    from shop_cs.access import make_api_key, merchant_actor
    from shop_cs.models import Rulebook
    from tests.factories import EvidenceFactory, OrderFactory
    from tests.people import make_cast

    cast = make_cast()
    Rulebook.objects.create(
        name="chaos",
        effective_from=now - timedelta(days=30),
        windows=["00:00-24:00"],
        confirming_stage=True,
        survey_opens=0,
        survey_closes=1440,
    )
    orders = [OrderFactory(shop=cast.shop, no=f"9{number:09d}") for number in range(ORDERS)]
    return SimpleNamespace(
        cast=cast,
        orders=orders,
        pieces=[EvidenceFactory(order=order) for order in orders],
        bob=merchant_actor(cast.bob_member, now=now),
        api_key=make_api_key("chaos", now=now),
        cookie=_cookie_of(cast.bob),
    )


def _cookie_of(user):
    """The session of who is logged in already."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
