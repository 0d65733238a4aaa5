"""What one has typed into the reply form and not sent: kept for him alone, until it is sent or was of no use any more.

A page says on which draft its form goes on. What it knows nothing of, from another machine or an earlier visit, is put
aside when it saves, not written over: the last one put aside is offered beside the newest. Files are no part of it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from shop_cs.moves import Refusal, Refused, locked

from ..models import Draft, Reply, State

FIELDS = ("solved", "settlement", "reason", "text", "proposal", "after_sale")
# Pieces of the vault that were ticked, and what was said of them.
_PIECE = re.compile(r"piece_[0-9]{1,18}(_proves|_item)?\Z")
# Characters in all; a form that is full has about 5,000.
MOST = 50_000
BEGINNING = 60
# So long what was never sent can still be copied after the round is over.
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft to go on with; `token` names it. Of a round that is over it can only be copied."""

    token: str
    at: datetime
    fields: dict
    is_older: bool
    is_over: bool

    @property
    def texts(self):
        """What was written out, to be read and copied."""
        return [self.fields[name] for name in ("text", "proposal") if self.fields.get(name)]

    @property
    def beginning(self):
        text = " ".join(" ".join(self.texts).split())
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING]}…"


def typed(data):
    """What of a posted reply form makes a draft: {field: text}. Raises `Refused` (400) for far too much."""
    known = [name for name in data if name in FIELDS or _PIECE.match(name)]
    # PostgreSQL takes no NUL.
    fields = {name: data[name].replace("\0", "") for name in known if data[name].strip()}
    if sum(map(len, fields.values())) > MOST:
        words = _("This is too long for a draft: %(most)s characters at most. Keep a copy of it yourself.")
        raise Refused(Refusal("long", words % {"most": MOST}, 400))
    return fields


def token_of(at):
    return at.astimezone(UTC).isoformat()


def save(request, *, fields, base, round, user_id, now):
    """Keeps `fields` as the user's draft of this round; `base` is the token of the draft that his form goes on with.

    Returns the draft's token, "" where nothing is typed. Raises `Refused` (409): sent, or the form is of an earlier
    round than his draft.
    """
    with transaction.atomic():
        # As an answer does: what is looked for is not sent meanwhile.
        locked(request)
        if Reply.everything.filter(request=request, round=round, replied_by=user_id).exists():
            raise Refused(Refusal("sent", _("This answer is sent: there is nothing left to save.")))
        rows = Draft.everything.select_for_update(of=("self",))
        row = rows.filter(request=request, user=user_id).first()
        if row is None and not fields:
            return ""
        new = {"shop_id": request.shop_id, "round": round, "fields": {"typed": fields}, "saved_at": now}
        if row is None:
            rows.create(request=request, user_id=user_id, **new)
            return token_of(now)
        return _save_over(row, fields, base, round, now)


def _save_over(row, fields, base, round, now):
    if row.round > round:
        words = _("Not saved: this page is of an earlier round. Reload it; copy before what you have typed.")
        raise Refused(Refusal("stale", words))
    aside = _put_aside(row, fields, base)
    if not fields and not aside:
        row.delete()
        return ""
    row.fields, row.round, row.saved_at = {"typed": fields, **aside}, round, now
    row.save()
    return token_of(now) if fields else ""


def _put_aside(row, fields, base):
    """The newest draft that this page did not go on with, if there is any."""
    before = {"before": row.fields["before"], "before_at": row.fields["before_at"]} if "before" in row.fields else {}
    if token_of(row.saved_at) == base or row.fields["typed"] in (fields, {}):
        return before if before.get("before") != fields else {}
    return {"before": row.fields["typed"], "before_at": token_of(row.saved_at)}


def offers(request, *, user_id, base=""):
    """The user's drafts of this request that his form does not go on with (`base`), newest first."""
    row = Draft.everything.filter(request=request, user=user_id).first()
    if row is None:
        return []
    is_over = request.state != State.PENDING or row.round != request.round
    kept = [(token_of(row.saved_at), row.fields["typed"], False)]
    if "before" in row.fields:
        kept.append((row.fields["before_at"], row.fields["before"], True))
    return [
        Offer(token, datetime.fromisoformat(token), fields, is_older, is_over)
        for token, fields, is_older in kept
        if fields and token != base
    ]


def chosen(request, *, user_id, token):
    """What the reply form is filled with to go on with that draft; {} when there is none such."""
    found = [one for one in offers(request, user_id=user_id) if one.token == token and not one.is_over]
    return found[0].fields if found else {}


def discard(request, *, user_id, token):
    """Throws that draft away; of two the other stays. Again does no harm."""
    with transaction.atomic():
        row = Draft.everything.select_for_update(of=("self",)).filter(request=request, user=user_id).first()
        if row is None:
            return
        is_newest = token == token_of(row.saved_at)
        if is_newest and "before" in row.fields:
            row.saved_at = datetime.fromisoformat(row.fields["before_at"])
            row.fields = {"typed": row.fields["before"]}
            row.save()
        elif is_newest:
            row.delete()
        elif token == row.fields.get("before_at"):
            row.fields = {"typed": row.fields["typed"]}
            row.save()


def over(now):
    """Drafts of rounds that are over, which nobody has asked for since."""
    ended = ~Q(request__state=State.PENDING) | Q(round__lt=F("request__round"))
    return Draft.everything.filter(ended, saved_at__lt=now - KEPT).order_by("saved_at", "pk")


def forget(rows, *, now):
    """For the worker: clears them away."""
    Draft.everything.filter(pk__in=[row.pk for row in rows]).delete()
    return rows
