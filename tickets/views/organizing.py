"""Assigning and tagging: many requests of the list at once, or one on a page of its own; and undoing the last act."""

from collections import Counter

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shop_cs.exporting.kinds import without_place
from shop_cs.models import Member
from shop_cs.moves import Refusal, Refused
from shop_cs.pages import MerchantPage

from ..actions import organizing
from ..arrivals import send_what_is_due
from ..hands import offers, picking, telling
from ..models import AgentGroup, ServiceRequest, Tag
from . import undoing
from .lists import RequestList

LONGEST_QUERY = 4000


class Organizes:
    """What the forms of one and of many can do. `do` returns the `Outcome` and what was done in words."""

    def do(self, keys):
        """Does what was posted. Raises `Refused`, and Http404 for what is not the shop's."""
        verbs = {
            "take": self._take,
            "assign": self._assign,
            "give_back": self._give_back,
            "tag": self._tag,
            "untag": self._untag,
        }
        verb = verbs.get(self.request.POST.get("act", ""))
        if verb is None:
            raise Refused(Refusal("act", _("This form is not complete. Go back, reload the page and try again."), 400))
        try:
            return verb(keys)
        except Refused as refused:
            if refused.refusal.status == 404:
                raise Http404(refused.refusal.text) from refused
            raise

    def typed(self, refused):
        """Why it was refused, with what was typed."""
        said = self.request.POST
        return {
            "alert": refused.refusal.text,
            "typed_tag": said.get("tag", ""),
            "typed_member": said.get("member", ""),
        }

    def _take(self, keys):
        return self._given(keys, self.member)

    def _assign(self, keys):
        typed = self.request.POST.get("member", "")
        key = typed.removeprefix(offers.OF_GROUP)
        if not key.isdecimal() or len(key) > 18:
            raise Refused(Refusal("no_member", _("Choose a member or a group first."), 400))
        return self._given(keys, Member(pk=int(key))) if key == typed else self._dealt(keys, AgentGroup(pk=int(key)))

    def _dealt(self, keys, group):
        outcome = organizing.give_to_group(keys, group=group, by=self.by, now=self.now)
        group = AgentGroup.objects.of(self.shop).get(pk=group.pk)
        members = Member.objects.of(self.shop).select_related("user").in_bulk(set(outcome.after.values()))
        shares = Counter(str(members[key].user) for key in outcome.after.values())
        return self._told(outcome, telling.dealt(group.name, shares), self._assigning(outcome))

    def _assigning(self, outcome):
        return {"act": "assign", "before": outcome.before, "after": outcome.after}

    def _given(self, keys, member):
        outcome = organizing.assign(keys, member=member, by=self.by, now=self.now)
        who = Member.objects.of(self.shop).select_related("user").get(pk=member.pk)
        return self._told(outcome, telling.assigned(str(who.user), len(outcome.done)), self._assigning(outcome))

    def _give_back(self, keys):
        outcome = organizing.give_back(keys, by=self.by, now=self.now)
        return self._told(outcome, telling.given_back(len(outcome.done)), self._assigning(outcome))

    def _tag(self, keys):
        if not (name := self._typed_tag()):
            raise Refused(Refusal("no_tag", _("Type or choose a tag first."), 400))
        tag = organizing.tag_named(name, by=self.by, now=self.now)
        outcome = organizing.tag(keys, tag=tag, by=self.by, now=self.now)
        return self._told(outcome, telling.tagged(tag.name, len(outcome.done)), self._tagging("untag", tag, outcome))

    def _untag(self, keys):
        name = self._typed_tag()
        tag = Tag.objects.of(self.shop).filter(name__iexact=name).first()
        if tag is None:
            raise Refused(Refusal("no_tag", _("Your shop has no tag “%(name)s”.") % {"name": name}, 400))
        outcome = organizing.untag(keys, tag=tag, by=self.by, now=self.now)
        return self._told(outcome, telling.untagged(tag.name, len(outcome.done)), self._tagging("tag", tag, outcome))

    def _typed_tag(self):
        name = " ".join(self.request.POST.get("tag", "").replace("\x00", "").split())
        longest = Tag._meta.get_field("name").max_length
        if len(name) > longest:
            raise Refused(Refusal("long", _("A tag has at most %(n)s characters.") % {"n": longest}, 400))
        return name

    def _tagging(self, back, tag, outcome):
        return {"act": back, "tag": tag.pk, "keys": [row.pk for row in outcome.done]}

    def _told(self, outcome, done, how):
        words = telling.told(done, outcome)
        if outcome.done:
            undoing.remember(self.request.session, self.shop, words=done, how=how, now=self.now)
        return outcome, words

    def went(self, to, outcome, words):
        """On to `to`, with what became of it: a warning where something was refused."""
        tell = messages.warning if outcome.refused else messages.success
        tell(self.request, words)
        return redirect(to)


class OrganizeMany(Organizes, RequestList):
    """Acts on what is ticked in the list, or on all that match. What is refused as a whole keeps ticks and words."""

    act = "organize"

    def get(self, request, *args, **kwargs):
        return redirect("requests", self.shop.no)

    def post(self, request, *args, **kwargs):
        query = request.POST.get("query", "")
        params = QueryDict(query)
        problem = self.choose(params)
        # Cut short it would mean other requests.
        if len(query) > LONGEST_QUERY:
            problem = _("These filters are too long to be kept.")
        if problem:
            return self.again(status=400, problem=problem)
        numbers, is_all = request.POST.getlist("pick"), request.POST.get("all") == "yes"
        if any("\x00" in number for number in numbers):
            raise Http404(_("There is no such request in this shop."))
        try:
            keys = picking.picked(self.chosen, self.chosen.in_tab(), numbers, is_all=is_all)
            outcome, words = self.do(keys)
        except Refused as refused:
            if refused.refusal.status == 404:
                raise Http404(refused.refusal.text) from refused
            return self.again(status=refused.refusal.status, picked=numbers, picked_all=is_all, **self.typed(refused))
        # What was changed may have left the page that one was on.
        query = without_place(params).urlencode()
        return self.went(f"{reverse('requests', args=[self.shop.no])}?{query}", outcome, words)


class OrganizeOne(Organizes, MerchantPage):
    """A page of its own to assign and tag one request; its forms stand on the request's page too."""

    act = "organize"
    template_name = "tickets/hands/organize.html"

    def load(self):
        send_what_is_due(self.shop, now=self.now)
        rows = ServiceRequest.objects.of(self.shop).visible_to_merchant().filter(no=self.kwargs["no"])
        self.record = rows.select_related("assignment").prefetch_related("taggings").first()
        if self.record is None:
            raise Http404(_("There is no such request in this shop."))

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        offered, assignment = offers.of(self.shop, self.by.user_id), getattr(self.record, "assignment", None)
        self.record.assignee = offered.name_of(assignment.member_id) if assignment else ""
        self.record.tags = offered.tags_of(self.record)
        return super().get_context_data(
            record=self.record,
            offers=offered,
            title=_("Assign and tag %(no)s") % {"no": self.record.no},
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.load()
        try:
            outcome, words = self.do([self.record.pk])
        except Refused as refused:
            return self.again(status=refused.refusal.status, **self.typed(refused))
        return self.went(reverse("request", args=[self.shop.no, self.record.no]), outcome, words)


class Undo(MerchantPage):
    """Takes the last act on requests back, where nobody has changed them since."""

    act = "organize"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        params = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY])
        to = f"{reverse('requests', args=[self.shop.no])}?{params.urlencode()}"
        kept = undoing.offered(request.session, self.shop, now=self.now)
        if kept is None:
            messages.warning(request, _("There is nothing to undo any more."))
            return redirect(to)
        try:
            outcome = self._undo(kept)
        except Refused as refused:
            messages.warning(request, refused.refusal.text)
            return redirect(to)
        undoing.forget(request.session)
        words = telling.told(_("Undone: %(what)s") % {"what": kept["words"]}, outcome)
        tell = messages.warning if outcome.refused else messages.success
        tell(request, words or _("There is nothing to undo any more."))
        return redirect(to)

    def _undo(self, kept):
        if kept["act"] == "assign":
            before, after = ({int(key): member for key, member in kept[name].items()} for name in ("before", "after"))
            return organizing.put_back(before, since=after, by=self.by, now=self.now)
        verb = organizing.tag if kept["act"] == "tag" else organizing.untag
        return verb(kept["keys"], tag=Tag(pk=kept["tag"]), by=self.by, now=self.now)
