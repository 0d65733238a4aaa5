"""What became of many requests, in words."""

from django.utils.translation import ngettext

from shop_cs.words import listed

SHOWN = 10


def told(done, outcome):
    """A sentence each: what was done (`done`, with the number in it), what was so already, what was refused and why."""
    sentences = [done] if outcome.done else []
    if n := len(outcome.unchanged):
        text = ngettext("%(n)s was so already.", "%(n)s were so already.", n)
        sentences.append(text % {"n": n})
    by_reason = {}
    for record, refusal in outcome.refused:
        by_reason.setdefault(str(refusal.text), []).append(record.no)
    for why, numbers in by_reason.items():
        text = ngettext("%(n)s was refused, %(why)s: %(which)s", "%(n)s were refused, %(why)s: %(which)s", len(numbers))
        sentences.append(text % {"n": len(numbers), "why": why, "which": _some(numbers)})
    return " ".join(sentences)


def _some(numbers):
    more = len(numbers) - SHOWN
    shown = listed(numbers[:SHOWN])
    if more <= 0:
        return f"{shown}."
    return ngettext("%(which)s and %(n)s more.", "%(which)s and %(n)s more.", more) % {"which": shown, "n": more}


def assigned(member, n):
    text = ngettext("%(n)s request is assigned to %(name)s.", "%(n)s requests are assigned to %(name)s.", n)
    return text % {"n": n, "name": member}


def dealt(group, shares):
    """What was given to a group, `shares` {member: how many} of it to whom."""
    n = sum(shares.values())
    text = ngettext(
        "%(n)s request is given to the group “%(group)s”: %(who)s.",
        "%(n)s requests are given to the group “%(group)s”: %(who)s.",
        n,
    )
    return text % {"n": n, "group": group, "who": listed(f"{name} {share}" for name, share in shares.items())}


def given_back(n):
    return ngettext("%(n)s request is nobody's again.", "%(n)s requests are nobody's again.", n) % {"n": n}


def tagged(tag, n):
    text = ngettext("%(n)s request carries “%(tag)s” now.", "%(n)s requests carry “%(tag)s” now.", n)
    return text % {"n": n, "tag": tag}


def untagged(tag, n):
    text = ngettext("“%(tag)s” is taken off %(n)s request.", "“%(tag)s” is taken off %(n)s requests.", n)
    return text % {"n": n, "tag": tag}
