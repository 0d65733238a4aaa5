"""The words for arbitration cases and for appeals: each verb makes a step, each step calls an action."""

from dataclasses import dataclass

from disputes import actions
from disputes.actions import appealing
from disputes.models import Compensation, Outcome, Remedy
from shop_cs.actors import CONSUMER
from shop_cs.models import Evidence

from .scenes import Buyer, Scene, Step
from .steps import pieces

FEN = 100


@dataclass(frozen=True, slots=True)
class CaseStory:
    """One case: the merchant refused an after-sale for `reason`, and the consumer claims the whole `amount`, in yuan.

    Opened `ago` working hours before the demo is made, then `steps`. With `order` it is about the order that has the
    same word; with `follows` it also follows from that order's last service request.
    """

    product: str
    amount: float
    reason: str
    claim: str
    ago: float
    steps: tuple[Step, ...] = ()
    kind: str = "refund"
    signed: bool = True
    order: str = ""
    courier: str = ""
    buyer: Buyer | None = None
    follows: bool = False

    @property
    def after_sale(self):
        return self.kind, "refused", self.reason

    def begin(self, scene: Scene):
        """The agent opens it."""
        return actions.open_case(
            after_sale=scene.after_sale,
            claim=self.claim,
            claim_fen=scene.order.amount_fen,
            request=scene.order.requests.order_by("pk").last() if self.follows else None,
            by=scene.agent,
            now=scene.now,
        )


def stated(ago, text, *, proof="", proves=""):
    """The merchant's statement."""

    def act(scene):
        actions.state_case(
            scene.record, text=text, evidence=_merchants(scene, proof, proves), by=scene.merchant, now=scene.now
        )

    return Step(ago, act)


def consumer_stated(ago, text, *, proof="", proves=""):
    """The consumer's statement, by his link."""

    def act(scene):
        shown = pieces(scene, proof, proves, side=Evidence.Side.CONSUMER, by=CONSUMER)
        actions.consumer_states(scene.record, text=text, evidence=shown, now=scene.now)

    return Step(ago, act)


def _merchants(scene, proof, proves):
    return pieces(scene, proof, proves, side=Evidence.Side.MERCHANT, by=scene.merchant)


def offered(ago, yuan, text):
    """The merchant offers an amount, in yuan; None: to resend."""

    def act(scene):
        actions.offer(
            scene.record,
            remedy=Remedy.RESEND if yuan is None else Remedy.AMOUNT,
            amount_fen=None if yuan is None else _fen(yuan),
            text=text,
            by=scene.merchant,
            now=scene.now,
        )

    return Step(ago, act)


def accepted(ago, comment):
    """The consumer accepts the open offer."""
    return Step(ago, lambda scene: actions.accept(_offer(scene), now=scene.now, comment=comment))


def declined(ago, comment):
    """The consumer declines the open offer."""
    return Step(ago, lambda scene: actions.decline(_offer(scene), now=scene.now, comment=comment))


def _offer(scene):
    return scene.record.offers.order_by("number").last()


def withdrawn(ago, comment):
    """The consumer gives up."""
    return Step(ago, lambda scene: actions.withdraw(scene.record, now=scene.now, comment=comment))


def asked_more(ago, reason):
    """The reviewer wants more evidence from both."""
    return Step(ago, lambda scene: actions.ask_more(scene.record, reason=reason, by=scene.reviewer, now=scene.now))


def for_consumer(ago, yuan, reason, *, blame="merchant", scene=""):
    """The reviewer rules for the consumer; with a `scene` it does not count in the liability rate."""
    return _ruled(ago, Outcome.CONSUMER, reason, blame=blame, award_fen=_fen(yuan), counts=not scene, scene=scene)


def shared(ago, yuan, reason):
    """The reviewer finds both to blame."""
    return _ruled(ago, Outcome.SHARED, reason, blame="both", award_fen=_fen(yuan))


def for_merchant(ago, reason, *, blame="consumer"):
    """The reviewer rules for the merchant."""
    return _ruled(ago, Outcome.MERCHANT, reason, blame=blame)


def _ruled(ago, outcome, reason, **ruling):
    def act(scene):
        actions.rule(scene.record, outcome=outcome, reason=reason, by=scene.reviewer, now=scene.now, **ruling)

    return Step(ago, act)


def paid(ago, note, *, proof="退款凭证"):
    """The merchant has paid, or resent, and proves it."""

    def act(scene):
        evidence = _merchants(scene, proof, note)
        actions.pay(scene.record, note=note, evidence=evidence, by=scene.merchant, now=scene.now)

    return Step(ago, act)


def proof_refused(ago, reason):
    """The reviewer does not take that as a proof of the payment."""
    return Step(
        ago, lambda scene: actions.refuse_payment(scene.record, reason=reason, by=scene.reviewer, now=scene.now)
    )


def confirmed(ago, reason):
    """The second reviewer lets a large advance compensation go out."""
    return Step(ago, lambda scene: actions.confirm(scene.record, reason=reason, by=scene.second, now=scene.now))


def appealed(ago, ground, text, *, proof="", proves=""):
    """The merchant appeals against the ruling or, of a violation's story, against the violation."""
    return Step(ago, lambda scene: _appeal(scene, scene.record, ground, text, proof, proves))


def appealed_payment(ago, ground, text, *, proof="", proves=""):
    """The merchant appeals against the advance compensation."""

    def act(scene):
        _appeal(scene, Compensation.everything.get(case=scene.record), ground, text, proof, proves)

    return Step(ago, act)


def _appeal(scene, subject, ground, text, proof, proves):
    evidence = _merchants(scene, proof, proves)
    appealing.submit(subject=subject, ground=ground, text=text, evidence=evidence, by=scene.merchant, now=scene.now)


def granted(ago, reason):
    """The second reviewer grants the story's appeal in full."""
    return Step(ago, lambda scene: appealing.grant(_appeal_of(scene), reason=reason, by=scene.second, now=scene.now))


def granted_part(ago, yuan, reason):
    """The second reviewer grants it in part: so many yuan come back."""

    def act(scene):
        appealing.grant_part(_appeal_of(scene), refund_fen=_fen(yuan), reason=reason, by=scene.second, now=scene.now)

    return Step(ago, act)


def denied(ago, reason):
    """The second reviewer denies the story's appeal."""
    return Step(ago, lambda scene: appealing.deny(_appeal_of(scene), reason=reason, by=scene.second, now=scene.now))


def _appeal_of(scene):
    """The last appeal that the story's order has seen."""
    return scene.order.appeals.order_by("pk").last()


def _fen(yuan):
    return round(yuan * FEN)
