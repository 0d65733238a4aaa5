"""What became of many requests at once, and what every act on several begins with."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from shop_cs.access import may
from shop_cs.actors import Role
from shop_cs.models import PERMISSIONS
from shop_cs.moves import Refusal, Refused, no_permission

from ...models import ServiceRequest

# What everybody in a shop may do for himself, what his post must allow, and what is for who manages people.
BESIDE, ACT, MANAGE = "use_desk", "organize", "manage_people"


@dataclass(slots=True)
class Outcome:
    """Of which requests it was done, which were so already, and which were refused with what reason.

    `before` and `after` keep what it takes to undo it: {request's key: the member it was assigned to, or None}.
    """

    done: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)


def require(by, act=ACT):
    """Raises `Refused` (403) unless the member may do that in his shop."""
    if may(by, act, by.shop_id):
        return
    if act in PERMISSIONS and by.role == Role.MERCHANT:
        raise Refused(Refusal("permission", no_permission(by, act), 403))
    raise Refused(Refusal("role", _("“%(role)s” may not do this.") % {"role": Role(by.role).label}, 403))


def held(keys, *, by):
    """The requests of one's shop with these keys, locked in one order by all. Raises `Refused`: no such one (404)."""
    require(by)
    keys = set(keys)
    mine = ServiceRequest.everything.visible_to_merchant().filter(shop=by.shop_id, pk__in=keys)
    # Others may still point new rows at them meanwhile: no_key.
    rows = list(mine.order_by("pk").select_for_update(of=("self",), no_key=True))
    if len(rows) != len(keys):
        raise Refused(Refusal("stranger", _("There is no such request in this shop."), 404))
    return rows
