"""The robot's answers as the shop keeps them: each with the source at which it has to be changed. [1]"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs.access import may
from shop_cs.models import acting
from shop_cs.moves import Refusal, Refused, no_permission

from ..models import RobotAnswer

ACT = "keep_robot"


def require(by, shop_id):
    """Raises `Refused` (403) with the post's name for who may not change the shop's robot."""
    if not may(by, ACT, shop_id):
        raise Refused(Refusal("permission", no_permission(by, ACT), 403))


def add(*, shop, by, now, **said):
    """A new answer: source, question, answer, where it is changed. Raises `Refused`: asked there already (409)."""
    return _save(RobotAnswer(shop=shop), said, move="add_robot_answer", by=by, now=now)


def change(record, *, by, now, expect="", **said):
    """Corrects an answer, or takes it out of use; the trail keeps what it said before. Nothing new changes nothing.

    `expect` is the stamp of the page. Raises `Refused`: changed meanwhile, asked there already (409), post (403).
    """
    with transaction.atomic():
        fresh = RobotAnswer.everything.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        if expect and expect != stamp(fresh):
            text = _("Somebody else has changed this answer meanwhile. Nothing was saved: look at it and save again.")
            raise Refused(Refusal("stale", text))
        if all(getattr(fresh, name) == value for name, value in said.items()):
            return fresh
        return _save(fresh, said, move="change_robot_answer", by=by, now=now)


def stamp(record):
    """Which state of an answer a page shows."""
    return record.changed_at.isoformat()


def _save(record, said, *, move, by, now):
    require(by, record.shop_id)
    for name, value in said.items():
        setattr(record, name, value)
    record.changed_at = now
    try:
        with transaction.atomic(), acting(by, move=move, at=now):
            record.save()
    except IntegrityError as error:
        text = _("This source has this question already: change the answer that is there.")
        raise Refused(Refusal("twice", text)) from error
    return record
