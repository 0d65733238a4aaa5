"""Plans for sales are made, changed, copied and deleted; what is taken out of the house is on record."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop_cs.access import may
from shop_cs.exporting.gate import NO_LIST
from shop_cs.models import ExportLog, acting
from shop_cs.moves import Refusal, Refused, no_permission

from ..models import StaffingPlan
from .staffing import BadPlan, Sale

ACT = "plan_staffing"
NAME_LENGTH = 60
# What a plan says, as `said` of the actions names it.
PARTS = ("name", "first_day", "orders", "refund_rate", "shares", "hours", "per_agent_day", "shifts")


def make(*, shop, said, by, now):
    """A new plan; `said` are its parts. Raises `Refused`: a part that does not fit (400), post (403), name (409)."""
    _may(by, shop.pk)
    plan = StaffingPlan(shop=shop, made_by_id=by.user_id, made_at=now)
    return _save(plan, said, move="make_plan", by=by, now=now)


def change(plan, *, said, by, now):
    """The plan says something else. Raises `Refused` as `make`; 404 when it was deleted meanwhile."""
    with transaction.atomic():
        return _save(_held(plan, by), said, move="change_plan", by=by, now=now)


def copy(plan, *, by, now):
    """Another plan that says the same, under a name that is free. Raises `Refused` as `change`."""
    with transaction.atomic():
        fresh = _held(plan, by)
        said = {name: getattr(fresh, name) for name in PARTS}
        twin = StaffingPlan(shop_id=fresh.shop_id, made_by_id=by.user_id, made_at=now)
        return _save(twin, {**said, "name": _free_name(fresh)}, move="copy_plan", by=by, now=now)


def delete(plan, *, by, now):
    """The plan is gone; the trail keeps what it said. Raises `Refused`: post (403), deleted already (404)."""
    with transaction.atomic(), acting(by, move="delete_plan", at=now):
        _held(plan, by).delete()


def exported(plan, *, fmt, rows, by, now):
    """Puts on record that a plan's forecast left the house: so many rows in that format. Takes no shop's minute."""
    _may(by, plan.shop_id)
    with transaction.atomic(), acting(by, move="export", at=now):
        query = f"{NO_LIST}staffing={plan.pk}"
        return ExportLog.everything.create(
            shop_id=plan.shop_id, by_id=by.user_id, at=now, format=fmt, query=query, rows=rows
        )


def _may(by, shop_id):
    if not may(by, ACT, shop_id):
        raise Refused(Refusal("permission", no_permission(by, ACT), 403))


def _held(plan, by):
    """The plan as it is now, held until the transaction ends."""
    _may(by, plan.shop_id)
    rows = StaffingPlan.everything.select_for_update(of=("self",))
    if fresh := rows.filter(pk=plan.pk, shop=plan.shop_id).first():
        return fresh
    raise Refused(Refusal("no_plan", _("There is no such plan any more."), 404))


def _save(plan, said, *, move, by, now):
    for name in PARTS:
        setattr(plan, name, said[name])
    try:
        Sale.of(plan)
    except BadPlan as error:
        raise Refused(Refusal(error.part, str(error), 400)) from error
    try:
        with transaction.atomic(), acting(by, move=move, at=now):
            plan.save()
    except IntegrityError as error:
        raise Refused(Refusal("name", _("Your shop has a plan of this name already."))) from error
    return plan


def _free_name(plan):
    taken = set(StaffingPlan.objects.of(plan.shop_id).values_list("name", flat=True))
    number = 2
    while (name := _numbered(plan.name, number)) in taken:
        number += 1
    return name


def _numbered(name, number):
    tail = f" ({number})"
    return name[: NAME_LENGTH - len(tail)] + tail
