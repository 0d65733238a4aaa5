"""What a shop's list offers to choose from: members, groups, tags and views, read together in one statement."""

from dataclasses import dataclass

from django.db.models import Case, CharField, F, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext as _

from shop_cs.composed import composed
from shop_cs.models import Member

from ..models import AgentGroup, SavedView, Tag

ME, NOBODY = "me", "nobody"
# How a form sends a group, where a member is sent by his key alone.
OF_GROUP = "group-"


@dataclass(frozen=True, slots=True)
class Offered:
    """A row of any kind: `says` is a tag's colour, a view's filter, a group's way, or what a member may do; `user` its
    owner's key."""

    pk: int
    name: str
    says: str
    user: int | None
    flag: bool

    @property
    def key(self):
        """As a form sends it."""
        return str(self.pk)

    @property
    def group_key(self):
        return f"{OF_GROUP}{self.pk}"

    @property
    def turn(self):
        """To whom of a group something is given."""
        is_load = self.says == AgentGroup.Way.LOAD
        return _("who has least open") if is_load else _("whose turn it is")

    @property
    def tone(self):
        return Tag.TONES[self.says]


@dataclass(frozen=True, slots=True)
class Offers:
    """`members` by their names, `takers` those who may be given requests; `groups` with anybody in them; `tags`;
    `views` that this user may open."""

    members: tuple
    takers: tuple
    groups: tuple
    tags: tuple
    views: tuple

    def name_of(self, member_id):
        """How a member is called; who was deactivated is said to be."""
        member = next((one for one in self.members if one.pk == member_id), None)
        if member is None:
            return ""
        return member.name if member.flag else _("%(name)s (deactivated)") % {"name": member.name}

    def tags_of(self, record):
        """The tags on a request whose taggings are prefetched, in the order of their names."""
        there = {one.tag_id for one in record.taggings.all()}
        return [tag for tag in self.tags if tag.pk in there]

    def assignees(self):
        """What the filter offers: oneself, nobody, each member."""
        members = ((str(one.pk), self.name_of(one.pk)) for one in self.members)
        return (ME, _("Me")), (NOBODY, _("Nobody")), *members


NOTHING = Offers((), (), (), (), ())


def of(shop, user_id=None):
    """All that the shop offers to this user, in one statement."""
    found = {"member": [], "group": [], "tag": [], "view": []}
    for kind, pk, name, says, user, flag in _offered(shop.pk):
        found[kind].append(Offered(pk, name, says, user, bool(flag)))
    for offered in found.values():
        offered.sort(key=lambda one: (one.name.casefold(), one.pk))
    views = [one for one in found["view"] if one.flag or (user_id is not None and one.user == user_id)]
    takers = [one for one in found["member"] if one.flag and one.says]
    return Offers(*map(tuple, (found["member"], takers, found["group"], found["tag"], views)))


@composed
def _offered(shop):
    return _members(shop).union(_groups(shop), _tags(shop), _views(shop), all=True)


def _members(shop):
    called = Coalesce(NullIf("user__first_name", Value("")), NullIf("user__last_name", Value("")), "user__username")
    answers = When(is_owner=True, then=Value("answers"))
    posted = When(may__contains='"answer_requests"', then=Value("answers"))
    rows = Member.objects.of(shop).alias(may=Cast("post__permissions", TextField())).order_by()
    return rows.values_list(
        Value("member", output_field=CharField()),
        "pk",
        called,
        Case(answers, posted, default=Value(""), output_field=CharField()),
        "user_id",
        "is_active",
    )


def _groups(shop):
    rows = AgentGroup.objects.of(shop).filter(members__isnull=False).distinct().order_by()
    return rows.values_list(Value("group", output_field=CharField()), "pk", "name", F("way"), _nobody(), Value(True))


def _tags(shop):
    rows = Tag.objects.of(shop).order_by()
    return rows.values_list(Value("tag", output_field=CharField()), "pk", "name", F("colour"), _nobody(), Value(True))


def _nobody():
    return Cast(Value(None), output_field=Member._meta.get_field("id"))


def _views(shop):
    rows = SavedView.objects.of(shop).order_by()
    return rows.values_list(
        Value("view", output_field=CharField()), "pk", "name", "query", F("owner__user_id"), "is_shared"
    )
