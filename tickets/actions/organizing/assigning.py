"""Whose a request is: given to a member, taken, given back; many at once in the same few statements."""

from django.db import transaction
from django.utils.translation import gettext as _

from shop_cs import notices
from shop_cs.access import merchant_actor
from shop_cs.history import delete_many, record_many, update_many
from shop_cs.models import Member, acting
from shop_cs.moves import Refusal, Refused

from ...models import Assignment, State
from .outcome import Outcome, held

ANSWER = "answer_requests"


def can_take(member, *, now):
    """Whether requests are given to this member: active, and nothing keeps him from answering."""
    return member.is_active and merchant_actor(member, now=now).may(ANSWER)


def why_not_take(member, *, now):
    """The `Refusal` why nothing is assigned to this member, or None."""
    if not member.is_active:
        return Refusal("inactive", _("%(name)s is deactivated: choose somebody else.") % {"name": member.user})
    if not can_take(member, now=now):
        words = {"name": member.user, "post": member.post_name}
        return Refusal("may_not", _("%(name)s (%(post)s) may not answer requests: choose somebody else.") % words)
    return None


def assign(keys, *, member, by, now):
    """Gives the requests with these keys to `member` of one's own shop; to oneself is taking them. An `Outcome`.

    A closed request is refused within it. Raises `Refused`: a stranger's request or member (404), a member who is
    deactivated or may not answer (409); then nothing is assigned.
    """
    with transaction.atomic():
        rows, member = held(keys, by=by), _member(member.pk, by=by)
        if refusal := why_not_take(member, now=now):
            raise Refused(refusal)
        outcome, taken = sorted_out(rows, {member.pk})
        outcome.after = dict.fromkeys(outcome.before, member.pk)
        move = "take" if member.user_id == by.user_id else "assign"
        with acting(by, move=move, at=now):
            write(outcome, taken, by=by, now=now)
        if outcome.done and move == "assign":
            tell(outcome.done, member, by=by, now=now)
    return outcome


def _member(pk, *, by):
    """The member as he is now, held: nobody deactivates him meanwhile."""
    rows = Member.everything.select_for_update(of=("self",), no_key=True)
    member = rows.select_related("user", "post", "shop").filter(pk=pk, shop=by.shop_id).first()
    if member is None:
        raise Refused(Refusal("no_member", _("There is no such member in your shop."), 404))
    return member


def sorted_out(rows, members):
    """(outcome, {request's key: its assignment}): closed ones are refused, what one of the `members` has is so already.

    Of the others, which are `done`, `before` says whose they were.
    """
    outcome = Outcome()
    taken = {one.request_id: one for one in Assignment.everything.filter(request__in=rows)}
    for row in rows:
        holder = taken[row.pk].member_id if row.pk in taken else None
        if row.state == State.CLOSED:
            outcome.refused.append((row, Refusal("closed", _("closed: nothing is left to do"))))
        elif holder in members:
            outcome.unchanged.append(row)
        else:
            outcome.before[row.pk] = holder
            outcome.done.append(row)
    return outcome, taken


def write(outcome, taken, *, by, now):
    """Gives each of what is `done` to the member that `after` names, in a few statements."""
    new, changed = [], []
    for row in outcome.done:
        given = {"member_id": outcome.after[row.pk], "assigned_by_id": by.user_id, "assigned_at": now}
        if row.pk not in taken:
            new.append(Assignment(shop_id=row.shop_id, request=row, **given))
            continue
        for name, value in given.items():
            setattr(taken[row.pk], name, value)
        changed.append(taken[row.pk])
    Assignment.everything.bulk_create(new)
    record_many(new, created=True)
    update_many(changed, ["member", "assigned_by", "assigned_at"])
    record_many(changed, created=False)


def tell(rows, member, *, by, now):
    """Notices are the shop's: they say whom they name, and lead to what he got."""
    said = {"name": str(member.user), "by": by.name}
    list_path = f"/s/{member.shop.no}/requests/"
    if len(rows) == 1:
        path = f"{list_path}{rows[0].no}/"
        notices.tell(member.shop_id, "request_assigned", now=now, path=path, no=rows[0].no, **said)
    else:
        path = f"{list_path}?tab=all&assignee={member.pk}"
        notices.tell(member.shop_id, "requests_assigned", now=now, path=path, count=len(rows), **said)


def give_back(keys, *, by, now):
    """Takes the requests from whoever has them: they are nobody's again. An `Outcome`; raises `Refused` (404)."""
    with transaction.atomic():
        rows, outcome = held(keys, by=by), Outcome()
        taken = {one.request_id: one for one in Assignment.everything.filter(request__in=rows)}
        outcome.done = [row for row in rows if row.pk in taken]
        outcome.unchanged = [row for row in rows if row.pk not in taken]
        outcome.before = {key: one.member_id for key, one in taken.items()}
        outcome.after = dict.fromkeys(outcome.before)
        with acting(by, move="give_back", at=now):
            delete_many(list(taken.values()))
    return outcome


def put_back(before, *, since, by, now):
    """Undoes an assignment: each request goes back to whom it had `before` {key: member's key or None}.

    It is refused where somebody else has it now than `since` that act, which is another such dict. An `Outcome`.
    """
    whole = Outcome()
    with transaction.atomic():
        rows = held(before, by=by)
        now_is = dict(Assignment.everything.filter(request__in=rows).values_list("request", "member"))
        by_member = {}
        for row in rows:
            if now_is.get(row.pk) == since[row.pk]:
                by_member.setdefault(before[row.pk], []).append(row.pk)
            elif now_is.get(row.pk) == before[row.pk]:
                whole.unchanged.append(row)
            else:
                whole.refused.append((row, Refusal("changed", _("changed meanwhile by somebody else"))))
        # Members are locked in one order by all.
        for member_id, keys in sorted(by_member.items(), key=lambda one: one[0] or 0):
            try:
                part = _put(keys, member_id, by=by, now=now)
            except Refused as refused:
                whole.refused += [(row, refused.refusal) for row in rows if row.pk in keys]
                continue
            whole.done += part.done
            whole.refused += part.refused
            whole.unchanged += part.unchanged
    return whole


def _put(keys, member_id, *, by, now):
    if member_id is None:
        return give_back(keys, by=by, now=now)
    return assign(keys, member=Member(pk=member_id), by=by, now=now)
