"""Staffing plans and rehearsals."""

from shop_cs.models import Rulebook
from tests import planning_stories
from tickets.models import StaffingPlan

from .ways import again, broken

BREACHES = {
    "staffing_name_once_a_shop": again(StaffingPlan),
    "staffing_rate_within_all": broken(StaffingPlan, refund_rate=10_001),
    "staffing_agent_handles_some": broken(StaffingPlan, per_agent_day=0),
}
NOBODYS = {"tickets.Rehearsal": {"ended"}}
UNTRACKED = {"Rehearsal": "derived"}


def make(cast):
    planning_stories.planned(cast)
    planning_stories.rehearsed(cast, Rulebook.objects.get(name="current"))
