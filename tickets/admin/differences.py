"""What two versions of the rulebook say differently, rule by rule, in words."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from shop_cs import ladder_text
from shop_cs.admin.rulebook_form import WEEKDAYS
from shop_cs.ladders import BadLadder
from shop_cs.models import Rulebook
from shop_cs.rules import Category, Kind
from shop_cs.words import duration, listed, plain, yuan

from ..planning.rehearsals import NO_RULES


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is another: its name, what it was and would be; `is_long` for what fills lines."""

    label: str
    before: str
    after: str
    is_long: bool = False


def differences(before, after):
    """The rules in which two versions differ, as `rehearsals.said_by` keeps them, in the order of the columns."""
    told = []
    for field in Rulebook._meta.concrete_fields:
        if field.name in NO_RULES or before.get(field.name) == after.get(field.name):
            continue
        old, new = before.get(field.name), after.get(field.name)
        if field.name == "categories":
            told += _types(old or {}, new or {})
        else:
            words = _WORDS.get(field.name, _plain)
            told.append(Difference(field.verbose_name, words(old), words(new), field.name == "ladders"))
    return told


def _types(before, after):
    """A line for each type whose kind or limit is another."""
    return [
        Difference(label, _type(before.get(code)), _type(after.get(code)))
        for code, label in Category.choices
        if before.get(code) != after.get(code)
    ]


def _type(entry):
    if entry is None:
        return "—"
    limit = duration(timedelta(minutes=entry["minutes"]))
    return _("%(kind)s, %(limit)s") % {"kind": Kind(entry["kind"]).label, "limit": limit}


def _plain(value):
    return "—" if value is None else str(plain(value))


def _list(values):
    return listed(values or ()) or "—"


def _weekdays(days):
    return listed(dict(WEEKDAYS)[day] for day in days or ()) or "—"


def _ladders(data):
    try:
        return ladder_text.written(data)
    except BadLadder:
        return _plain(data)


_WORDS = {
    "windows": _list,
    "closed_weekdays": _weekdays,
    "closed_days": _list,
    "makeup_days": _list,
    "ladders": _ladders,
    "second_reviewer_fen": yuan,
}
