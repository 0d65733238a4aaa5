"""What stands in a reply before it is typed: what other apps know of it, registered here without tickets knowing
them, and what the merchant chose on his way to the form."""

from .forms import SOLVED, UNSOLVED
from .helping import guiding, past, phrases
from .models import Phrase

# Functions (request, now) → {field of the reply form: value} or nothing; of two that fill one field the later counts.
PREFILLS = []


def register(prefill):
    if prefill not in PREFILLS:
        PREFILLS.append(prefill)


def initial(request, *, now):
    """What the reply form of a request is filled with at first; the merchant may change all of it."""
    known = {}
    for prefill in PREFILLS:
        known |= prefill(request, now) or {}
    return known


def chosen(request, asked, *, known, by):
    """The fields that the address asks for: `?guide=&at=` the end of a guide, `?past=` an earlier reply, `?phrase=` a
    phrase below what is `known` already. Raises LookupError for what there is not, or not any more."""
    if "guide" in asked:
        return _guided(request, asked["guide"], asked.get("at", ""), by)
    if "past" in asked:
        return _form_fields(_found(past.reply_for(request, _number(asked["past"]))))
    if "phrase" in asked:
        rows = Phrase.everything.usable_in(request.shop_id).filter(pk=_number(asked["phrase"]))
        filled = phrases.fill(_found(rows.first()).text, request, me=by.name)
        return {"text": "\n".join(filter(None, [known.get("text"), filled.text]))}
    return {}


def _guided(request, slug, path, by):
    walk = guiding.walk(_found(guiding.in_use(slug)), path)
    if walk is None or not walk.is_whole or not walk.step.is_end:
        raise LookupError(slug)
    return _form_fields(end_of(walk.step, request, me=by.name))


def end_of(step, request, *, me):
    """The reply that a guide's end fills in for this request."""
    return {
        "solved": step.outcome == guiding.Outcome.SOLVED,
        "settlement": step.settlement,
        "reason": step.reason,
        "text": phrases.fill(step.reply, request, me=me).text,
        "proposal": phrases.fill(step.proposal, request, me=me).text,
    }


def _form_fields(reply):
    return {**reply, "solved": SOLVED if reply["solved"] else UNSOLVED}


def _found(thing):
    if thing is None:
        raise LookupError
    return thing


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 19 else 0
