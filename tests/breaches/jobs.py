"""Exports being made, followers of the trail."""

from shop_cs.models import ExportJob, FollowMark
from tests.breaches.ways import again, broken
from tests.export_stories import made

BREACHES = {
    "export_job_status_known": broken(ExportJob, status="lost"),
    "export_job_ready_has_file": broken(ExportJob, file=""),
    "follow_mark_once": again(FollowMark),
}
NOBODYS = {"shop_cs.ExportJob": {"started", "beat", "cancel_asked", "ended", "expires", "fetched"}}
UNTRACKED = {"ExportJob": "the machine's, told of in ExportLog", "FollowMark": "how far it read"}


def make(cast):
    made(cast)
    FollowMark.objects.create(follower="test", table="tickets_historicalreply")
