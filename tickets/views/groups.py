"""Groups of a shop: everybody sees them, who manages people keeps them, each says for himself that he is away."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.access import may
from shop_cs.moves import Refused, no_permission
from shop_cs.pages import MerchantPage
from shop_cs.rules import Category

from ..actions import organizing
from ..actions.organizing.assigning import can_take
from ..forms_hands import GroupForm
from ..models import AgentGroup, GroupMember

KEEP = "manage_people"


class Groups(MerchantPage):
    """Each group with its way, its types and who is there."""

    act = "use_desk"
    template_name = "tickets/hands/groups.html"
    title = gettext_lazy("Groups")

    def get_context_data(self, **kwargs):
        allowed = may(self.by, KEEP, self.shop.pk)
        return super().get_context_data(
            groups=[self._line(group) for group in self._groups()],
            allowed=allowed,
            why_not="" if allowed else no_permission(self.by, KEEP),
            **kwargs,
        )

    def _groups(self):
        places = GroupMember.everything.select_related("member__user", "member__post", "member__shop").order_by("pk")
        return AgentGroup.objects.of(self.shop).prefetch_related(Prefetch("members", places))

    def _line(self, group):
        group.labels = [label for code, label in Category.choices if code in group.categories]
        group.places = list(group.members.all())
        for place in group.places:
            place.may_take = can_take(place.member, now=self.now)
        group.is_idle = group.way != AgentGroup.Way.HAND and not any(
            place.may_take and not place.is_away for place in group.places
        )
        return group


class SetAway(MerchantPage):
    """Away, or back: one's own place, or anybody's for who manages people."""

    act = "use_desk"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        place = get_object_or_404(GroupMember.objects.of(self.shop), pk=self.kwargs["pk"])
        is_away = request.POST.get("away")
        to = reverse("groups", args=[self.shop.no])
        if is_away not in {"yes", "no"}:
            return self.done(to, _("Nothing was changed."))
        place = organizing.set_away(place, is_away=is_away == "yes", by=self.by, now=self.now)
        words = {"name": place.member.user, "group": place.group.name}
        if place.is_away:
            return self.done(to, _("%(name)s is away: “%(group)s” gives him nothing.") % words)
        return self.done(to, _("%(name)s is back in “%(group)s”.") % words)


class KeepingPage(MerchantPage):
    """A page that changes groups: 403 with the post's name for who may not."""

    act = KEEP
    template_name = "tickets/hands/group.html"

    def home(self):
        return reverse("groups", args=[self.shop.no])

    def refused(self, refused, **context):
        return self.again(status=refused.refusal.status, refusal=refused.refusal, **context)


class AddGroup(KeepingPage):
    title = gettext_lazy("Add a group")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"form": GroupForm(shop=self.shop), **kwargs})

    def act_on(self, said):
        return organizing.add_group(by=self.by, now=self.now, **said)

    def post(self, request, *args, **kwargs):
        form = GroupForm(request.POST, shop=self.shop)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            group = self.act_on(form.cleaned_data)
        except Refused as refused:
            return self.refused(refused, form=form)
        return self.done(self.home(), _("The group “%(group)s” is saved.") % {"group": group.name})


class GroupPage(KeepingPage):
    """A page about one group of this shop."""

    @cached_property
    def subject(self):
        return get_object_or_404(AgentGroup.objects.of(self.shop), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"subject": self.subject, "title": self.subject.name, **kwargs})


class EditGroup(GroupPage, AddGroup):
    def get_context_data(self, **kwargs):
        group = self.subject
        members = list(group.members.values_list("member", flat=True))
        kept = {"name": group.name, "way": group.way, "categories": group.categories, "members": members}
        return super().get_context_data(**{"form": GroupForm(shop=self.shop, initial=kept), **kwargs})

    def act_on(self, said):
        return organizing.change_group(self.subject, by=self.by, now=self.now, **said)


class DeleteGroup(GroupPage):
    """Asks first; the answer is a POST."""

    template_name = "tickets/hands/delete.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=_("Delete the group “%(group)s”?") % {"group": self.subject.name},
            consequence=_("What its members have stays theirs; new requests are not given out by it any more."),
            back=reverse("group", args=[self.shop.no, self.subject.pk]),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("sure") != "yes":
            return self.again(status=400)
        organizing.delete_group(self.subject, by=self.by, now=self.now)
        return self.done(self.home(), _("The group “%(group)s” is deleted.") % {"group": self.subject.name})
