"""What colleagues leave beside a request: a note that names one of them, a draft, somebody's presence."""

from tickets import actions
from tickets.hands import drafting, presence


def furnish(cast, request, *, now):
    """Alice names Bob in a note; Bob has begun an answer and is on the page."""
    actions.write_note(request, text="@bob 请看聊天记录", by=cast.as_alice, now=now)
    kept = {"round": request.round, "base": "", "user_id": cast.bob.pk}
    drafting.save(request, fields={"text": "正在核实"}, now=now, **kept)
    presence.seen(request, user_id=cast.bob.pk, is_typing=True, now=now)
