"""Quick phrases and playbooks are kept: by the shop its own, by reviewers the platform's. [1]"""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from shop_cs.access import may
from shop_cs.actors import Role
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, no_permission

from ..helping import checking, phrases
from ..models import Phrase, Playbook, PlaybookChoice, PlaybookStep

KEEP, EDIT = "keep_phrases", "edit_playbooks"
STEP_FIELDS = ("text", "text_en", "outcome", "settlement", "reason", "reply", "proposal")


def why_not_keep(shop_id, *, by):
    """The `Refusal` why `by` may not keep phrases of this shop (None: the platform's), or None."""
    if (by.role == Role.MERCHANT) != (shop_id is not None) or not may(by, KEEP, shop_id):
        return _not_allowed(by, KEEP)
    return None


def _not_allowed(by, act):
    is_post = by.role == Role.MERCHANT and act == KEEP
    words = no_permission(by, act) if is_post else _("“%(role)s” may not do this.") % {"role": by.role.label}
    return Refusal("permission", words, 403)


def add_phrase(*, shop, title, text, by, now, category="", is_active=True):
    """A new phrase at the end of the shop's (None: the platform's). Raises `Refused`: post or role (403), a variable
    that there is none of, a title that is taken (400)."""
    shop_id = shop and shop.pk
    with transaction.atomic():
        last = Phrase.everything.filter(shop=shop_id).aggregate(last=Max("position"))["last"]
        phrase = Phrase(shop_id=shop_id, position=0 if last is None else last + 1)
        said = {"title": title, "text": text, "category": category, "is_active": is_active}
        return _save(phrase, said, move="add_phrase", by=by, now=now)


def change_phrase(phrase, *, by, now, **said):
    """Another title, text, type, position or use. Raises as `add_phrase`, and 404 for one that is gone."""
    with transaction.atomic():
        return _save(_held(phrase), said, move="change_phrase", by=by, now=now)


def _save(phrase, said, *, move, by, now):
    if refusal := why_not_keep(phrase.shop_id, by=by):
        raise Refused(refusal)
    for name, value in said.items():
        setattr(phrase, name, value)
    if wrong := phrases.why_not(phrase.text):
        raise Refused(Refusal("variable", wrong, 400))
    try:
        with transaction.atomic(), acting(by, move=move, at=now):
            phrase.save()
    except IntegrityError as error:
        raise Refused(Refusal("taken", _("There is a phrase of this title already."), 400)) from error
    return phrase


def delete_phrase(phrase, *, by, now):
    """Deletes a phrase; replies that were written with it keep their text."""
    with transaction.atomic(), acting(by, move="delete_phrase", at=now):
        fresh = _held(phrase)
        if refusal := why_not_keep(fresh.shop_id, by=by):
            raise Refused(refusal)
        fresh.delete()


def move_phrase(phrase, *, up, by, now):
    """One place up or down among the shop's phrases; at the end it stays where it is."""
    with transaction.atomic():
        all_of_them = Phrase.everything.filter(shop=phrase.shop_id)
        # Locked in one order by all, which is not the order in which they stand.
        list(all_of_them.select_for_update(of=("self",)).order_by("pk"))
        rows = list(all_of_them)
        at = next((place for place, row in enumerate(rows) if row.pk == phrase.pk), None)
        if at is None:
            raise Refused(_gone())
        if refusal := why_not_keep(phrase.shop_id, by=by):
            raise Refused(refusal)
        to = max(0, at - 1) if up else min(len(rows) - 1, at + 1)
        rows.insert(to, rows.pop(at))
        with acting(by, move="move_phrase", at=now):
            for place, row in enumerate(rows):
                if row.position != place:
                    row.position = place
                    row.save()


def _held(phrase):
    fresh = Phrase.everything.select_for_update(of=("self",)).filter(pk=phrase.pk, shop=phrase.shop_id).first()
    if fresh is None:
        raise Refused(_gone())
    return fresh


def _gone():
    return Refusal("gone", _("There is no such phrase."), 404)


def write_playbook(playbook, *, steps, by, now, **said):
    """Writes a playbook, new or known, with `said` (its own columns) and all its steps (`guiding.Step`) as they are.

    Raises `Refused`: role (403), what cannot be saved, and in use what is unfinished, in sentences (400).
    """
    if not may(by, EDIT):
        raise Refused(_not_allowed(by, EDIT))
    with transaction.atomic(), acting(by, move="write_playbook", at=now):
        fresh = Playbook.objects.select_for_update().get(pk=playbook.pk) if playbook.pk else Playbook()
        for name, value in said.items():
            setattr(fresh, name, value)
        wrong = checking.broken(steps) or (fresh.is_active and checking.unfinished(steps))
        if wrong:
            raise Refused(Refusal("faults", " ".join(wrong), 400))
        fresh.save()
        _write_steps(fresh, steps)
    return fresh


def _write_steps(playbook, steps):
    """Steps are known again by their code, choices by their place: who is on the way meanwhile stays there."""
    codes = [step.code for step in steps]
    for gone in playbook.steps.exclude(code__in=codes):
        gone.delete()
    rows = {row.code: row for row in playbook.steps.all()}
    for place, step in enumerate(steps):
        row = rows.setdefault(step.code, PlaybookStep(playbook=playbook, code=step.code))
        _put(row, position=place, **{name: getattr(step, name) for name in STEP_FIELDS})
    for step in steps:
        row = rows[step.code]
        known = list(row.choices.order_by("position", "pk"))
        for one in known[len(step.choices) :]:
            one.delete()
        for place, choice in enumerate(step.choices):
            one = known[place] if place < len(known) else PlaybookChoice(step=row)
            to = rows[choice.to].pk
            _put(one, position=place, label=choice.label, label_en=choice.label_en, to_id=to)


def _put(row, **values):
    """Saves what differs: what stays as it is leaves no trace."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
