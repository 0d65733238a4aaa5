"""What proof an answer to a request is asked for, by the catalogue of evidence, and how complete it is."""

from shop_cs.evidence import catalogue
from shop_cs.models import Evidence

from .models import Reply


def marks(shown):
    """The catalogue's codes among (attachment or exhibit, its piece): those that the merchant himself has shown."""
    return {one.item for one, piece in shown if one.item and piece.side == Evidence.Side.MERCHANT}


def in_reply(category, *, present=()):
    """What each answer to a request of this type is asked for: by how it was settled, and by its reason."""

    def asked(claims):
        return [catalogue.asked(category, claim.value, label=claim.label, present=present) for claim in claims]

    return {"asked_solved": asked(Reply.Settlement), "asked_unsolved": asked(Reply.Reason)}


def of_answer(request, replies, *, present):
    """What the last of these replies was asked for, or None where nothing was answered yet."""
    last = max(replies, key=lambda reply: reply.round, default=None)
    if last is None:
        return None
    label = last.get_settlement_display() if last.solved else last.get_reason_display()
    return catalogue.asked(request.category, last.settlement or last.reason, label=label, present=present)
