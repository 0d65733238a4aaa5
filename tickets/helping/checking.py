"""What is wrong with a playbook, in words. Pure: judges the steps as they were written."""

from django.utils.translation import gettext as _

from shop_cs.words import listed

from .guiding import Outcome
from .phrases import why_not


def broken(steps):
    """What cannot be saved at all, a sentence each: codes, choices that lead nowhere, ends that are not whole."""
    codes = [step.code for step in steps]
    twice = {code for code in codes if codes.count(code) > 1}
    found = [_("“%(code)s” is the code of two steps.") % {"code": code} for code in sorted(twice)]
    for step in steps:
        found += [_choice(step, choice, codes) for choice in step.choices]
        found.append(_end(step))
        found += [_variables(step, text) for text in (step.reply, step.proposal)]
    return [sentence for sentence in found if sentence]


def _choice(step, choice, codes):
    said = {"code": step.code, "label": choice.label, "to": choice.to}
    if choice.to not in codes:
        return _("Step “%(code)s”: the choice “%(label)s” leads to “%(to)s”, no step of this playbook.") % said
    if choice.to == step.code:
        return _("Step “%(code)s”: the choice “%(label)s” leads back to its own step.") % said
    return ""


def _end(step):
    said = {"code": step.code}
    if step.outcome == Outcome.SOLVED and not (step.settlement and step.reply and not step.reason):
        words = _("Step “%(code)s” ends as solved: it needs how it was settled and a reply, and has no reason.")
        return words % said
    if step.outcome == Outcome.UNSOLVED and not (step.reason and step.reply and not step.settlement):
        words = _("Step “%(code)s” ends as unsolved: it needs its reason and a reply, and settles nothing.")
        return words % said
    if not step.outcome and (step.settlement or step.reason or step.reply):
        return _("Step “%(code)s” has a part of a reply, but does not say as what it ends.") % said
    return ""


def _variables(step, text):
    wrong = why_not(text)
    return wrong and _("Step “%(code)s”: %(wrong)s") % {"code": step.code, "wrong": wrong}


def unfinished(steps):
    """What keeps a playbook out of use, a sentence each: no first step, dead ends, circles, what nobody comes to."""
    if not steps:
        return [_("There is no first step yet.")]
    found = []
    for step in steps:
        if not step.choices and not step.is_end:
            found.append(_("Step “%(code)s” has neither choices nor a reply.") % {"code": step.code})
        if step.choices and step.is_end:
            found.append(_("Step “%(code)s” both ends in a reply and goes on: take one out.") % {"code": step.code})
    ways = {step.code: [choice.to for choice in step.choices] for step in steps}
    circle = _circle(ways)
    if circle:
        found.append(_("It goes round in a circle: %(way)s.") % {"way": " → ".join(circle)})
    return found + _out_of_reach(steps, ways)


def _out_of_reach(steps, ways):
    reached = _reached(ways, steps[0].code)
    lonely = [step.code for step in steps if step.code not in reached]
    found = [_("Nobody comes to: %(steps)s.") % {"steps": listed(lonely)}] if lonely else []
    ends = {step.code for step in steps if step.is_end}
    lost = [code for code in ways if code in reached and not ends & _reached(ways, code)]
    if lost:
        found.append(_("No end can be reached from: %(steps)s.") % {"steps": listed(lost)})
    return found


def _reached(ways, start):
    """All steps that one may come to from `start`, itself included."""
    seen, waiting = set(), [start]
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            waiting += ways.get(code, [])
    return seen


def _circle(ways):
    """The codes of a circle, its first again at the end; [] where every way comes to an end."""
    done = set()
    for start in ways:
        way = [(start, iter(ways[start]))]
        while way:
            code, following = way[-1]
            on_it = [one for one, _left in way]
            step = next((one for one in following if one not in done), None)
            if step in on_it:
                return [*on_it[on_it.index(step) :], step]
            if step is None:
                done.add(code)
                way.pop()
            else:
                way.append((step, iter(ways.get(step, []))))
    return []
