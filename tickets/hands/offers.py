"""What a shop's list offers to choose from: members, tags and views, read together in one statement."""

from dataclasses import dataclass

from django.db.models import Case, CharField, F, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext as _

from shop_cs.models import Member

from ..models import SavedView, Tag

ME, NOBODY = "me", "nobody"


@dataclass(frozen=True, slots=True)
class Offered:
    """A row of any kind: `says` is a tag's colour, a view's filter, or what a member may do; `user` its owner's key."""

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
    def tone(self):
        return Tag.TONES[self.says]


@dataclass(frozen=True, slots=True)
class Offers:
    """`members` by their names, `takers` those who may be given requests; `tags`; `views` that this user may open."""

    members: tuple
    takers: tuple
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
        members = [(str(one.pk), self.name_of(one.pk)) for one in self.members]
        return [(ME, _("Me")), (NOBODY, _("Nobody")), *members]


def of(shop, user_id=None):
    """All that the shop offers to this user, in one statement."""
    rows = _members(shop).union(_tags(shop), _views(shop), all=True)
    found = {"member": [], "tag": [], "view": []}
    for kind, pk, name, says, user, flag in rows:
        found[kind].append(Offered(pk, name, says, user, bool(flag)))
    for offered in found.values():
        offered.sort(key=lambda one: (one.name.casefold(), one.pk))
    views = [one for one in found["view"] if one.flag or (user_id is not None and one.user == user_id)]
    takers = [one for one in found["member"] if one.flag and one.says]
    return Offers(tuple(found["member"]), tuple(takers), tuple(found["tag"]), tuple(views))


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


def _tags(shop):
    nobody = Cast(Value(None), output_field=Member._meta.get_field("id"))
    rows = Tag.objects.of(shop).order_by()
    return rows.values_list(Value("tag", output_field=CharField()), "pk", "name", F("colour"), nobody, Value(True))


def _views(shop):
    rows = SavedView.objects.of(shop).order_by()
    return rows.values_list(
        Value("view", output_field=CharField()), "pk", "name", "query", F("owner__user_id"), "is_shared"
    )
