"""Beginnings of stories about appeals, through the actions as in life."""

from disputes.actions import appealing, punishing
from shop_cs.ladders import Breach
from tests.case_stories import DAY, HOUR, fund
from tests.people import TUESDAY_10

LATER = TUESDAY_10 + 4 * HOUR
# By then nobody has paid in the stories of compensations.
AFTER = TUESDAY_10 + 4 * DAY


def submit(subject, cast, **said):
    words = {"ground": "misjudged", "text": "包装完好，破损是运输所致", "by": cast.as_alice, "now": LATER}
    return appealing.submit(subject=subject, **{**words, **said})


def grant(appeal, cast, **said):
    return appealing.grant(appeal, **{"reason": "证据被误读", "by": cast.as_ray, "now": AFTER, **said})


def grant_part(appeal, cast, fen, **said):
    words = {"reason": "双方都有责任", "by": cast.as_ray, "now": AFTER}
    return appealing.grant_part(appeal, refund_fen=fen, **{**words, **said})


def punished(cast, *, kind=Breach.ABUSE, reference="R"):
    """A violation that Rita upheld; abuse costs points and 1,000 yuan of the deposit."""
    fund(cast.shop, deposit=200_000, reference=reference)
    violation = punishing.propose(
        shop=cast.shop, kind=kind, detail="辱骂消费者", by=cast.as_rita, now=TUESDAY_10, source="reviewer"
    )
    return punishing.uphold(violation, reason="聊天记录属实", by=cast.as_rita, now=TUESDAY_10 + HOUR)
