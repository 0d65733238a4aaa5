"""Private notes on a request: one is written, colleagues are named in it, who is named has read it."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.access import may
from shop_cs.models import Member, Notice, acting
from shop_cs.moves import Refusal, Refused

from ..models import Mention, Note, State

MOST = 2000
MENTIONED = "note_mention"
# An @ that begins a name; not the one in an e-mail address.
_SIGN = re.compile(r"(?<![A-Za-z0-9_.-])[@＠]")
_WORD = re.compile(r"[A-Za-z0-9_]")


def named(text, people):
    """The keys of those whom a text names with @; `people` are (key, names).

    Chinese has no blank behind a name: whatever follows, the longest name that fits counts, of namesakes each. A Latin
    name ends where the word does.
    """
    found = set()
    for sign in _SIGN.finditer(text):
        rest = text[sign.end() :]
        fitting = [(len(name), key) for key, names in people for name in names if name and _begins(rest, name)]
        longest = max((length for length, _key in fitting), default=0)
        found |= {key for length, key in fitting if length == longest}
    return found


def _begins(rest, name):
    if rest[: len(name)].casefold() != name.casefold():
        return False
    return not (_WORD.match(name[-1]) and _WORD.match(rest[len(name) : len(name) + 1]))


def write_note(request, *, text, by, now):
    """Notes something for the shop's people alone, and tells those whom it names with @. Returns the note.

    Raises `Refused`: nothing or too much written (400), another's request or one that is not sent yet (404).
    """
    refuse_outside(request, by)
    text = text.strip()
    if not text:
        raise Refused(Refusal("empty", _("Write something first."), 400))
    if len(text) > MOST:
        raise Refused(Refusal("long", _("A note has at most %(most)s characters.") % {"most": MOST}, 400))
    with transaction.atomic(), acting(by, move="write_note", at=now):
        note = Note.everything.create(
            shop_id=request.shop_id, request=request, text=text, written_by_id=by.user_id, written_at=now
        )
        _tell(request, note, by=by, now=now)
    return note


def _tell(request, note, *, by, now):
    members = Member.everything.filter(shop_id=request.shop_id, is_active=True).select_related("user").order_by("pk")
    others = {member.pk: member for member in members if member.user_id != by.user_id}
    people = [(pk, (member.user.username, str(member.user))) for pk, member in others.items()]
    called = [others[pk] for pk in sorted(named(note.text, people))]
    for member in called:
        Mention.everything.create(shop_id=request.shop_id, note=note, member=member)
    if called:
        who = ", ".join(str(member.user) for member in called)
        said = {"no": request.no, "by": by.name, "who": who}
        to = [member.user_id for member in called]
        notices.tell_some(request.shop_id, MENTIONED, to=to, now=now, path=path_of(request, note), **said)


def path_of(request, note):
    """A note's place on the page of its request."""
    return f"{request.path}#note-{note.pk}"


def read_notes(request, *, by, now):
    """Remembers that `by` has read the notes that name him; their notices are read by that too. Again does no harm."""
    refuse_outside(request, by)
    with transaction.atomic(), acting(by, move="read_note", at=now):
        unread = Mention.everything.select_for_update(of=("self",)).filter(
            note__request=request, member__user=by.user_id, read_at__isnull=True
        )
        mentions = list(unread.select_related("note", "member__user"))
        for mention in mentions:
            mention.read_at = now
            mention.save(update_fields=["read_at"])
        if mentions:
            paths = [path_of(request, mention.note) for mention in mentions]
            told = Notice.everything.filter(shop_id=request.shop_id, kind=MENTIONED, path__in=paths)
            notices.mark_read(told, by=mentions[0].member.user)
    return mentions


def refuse_outside(request, by):
    """Notes are the shop's own: nobody else's, and none on what the shop does not see yet (404)."""
    if not may(by, "use_desk", request.shop_id) or request.state == State.SCHEDULED:
        raise Refused(Refusal("stranger", _("There is no such record in your shop."), 404))
