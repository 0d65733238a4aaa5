"""Groups, tags, views, notes, drafts."""

from tests import aside_stories, stories
from tests.breaches.ways import again, broken
from tests.people import TUESDAY_10
from tickets.actions import organizing
from tickets.models import AgentGroup, Draft, GroupMember, Mention, Presence, SavedView, Tag, Tagging

BREACHES = {
    "group_name_once_a_shop": again(AgentGroup),
    "group_way_known": broken(AgentGroup, way="by lot"),
    "group_member_once": again(GroupMember),
    "tag_name_once_a_shop": again(Tag),
    "tag_colour_known": broken(Tag, colour="mauve"),
    "tagged_once": again(Tagging),
    "view_name_once_an_owner": again(SavedView),
    "mentioned_once": again(Mention),
    "draft_once_a_user": again(Draft),
    "present_once": again(Presence),
}
NOBODYS = {
    "tickets.GroupMember": {"last_given"},
    "tickets.Mention": {"read"},
    "tickets.Draft": {"saved"},
    "tickets.Presence": {"seen"},
}
UNTRACKED = {"Draft": "never said", "Presence": "over in a minute"}


def make(cast):
    aside_stories.furnish(cast, stories.send(cast), now=TUESDAY_10)
    _organize(cast)


def _organize(cast):
    said = {"by": cast.as_alice, "now": TUESDAY_10}
    request = stories.send(cast)
    organizing.add_group(name="售后组", way="round_robin", categories=[], members=[cast.bob_member], **said)
    organizing.assign([request.pk], member=cast.bob_member, **said)
    organizing.tag([request.pk], tag=organizing.tag_named("加急", **said), **said)
    organizing.save_view(member=cast.alice_member, name="加急的", query="tab=all", is_shared=True, **said)
