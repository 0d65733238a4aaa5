"""Groups, tags and views for the stories, and one of each for the walk along the fences."""

from tickets.actions import organizing


def furnish(cast, own, *, now):
    """One of everything that is kept around a shop's list of requests."""
    by = {"by": cast.as_alice, "now": now}
    own.group = organizing.add_group(name="售后组", way="round_robin", categories=["price"], members=[own.member], **by)
    own.place = own.group.members.get()
    own.tag = organizing.tag_named("加急", **by)
    organizing.assign([own.request.pk], member=own.member, **by)
    organizing.tag([own.request.pk], tag=own.tag, **by)
    own.view = organizing.save_view(member=own.member, name="本月", query="tab=all", is_shared=True, **by)
