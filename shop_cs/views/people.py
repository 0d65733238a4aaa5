"""People and posts of a shop: everybody sees them, who may manage them changes them."""

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import people
from ..access import may
from ..forms import ExistingMemberForm, MemberPostForm, NewMemberForm, PostForm
from ..models import PERMISSIONS, Member, Post
from ..moves import Refused, no_permission
from ..pages import MerchantPage


class People(MerchantPage):
    """Members with post and state, posts with what they may do."""

    act = "see_people"
    template_name = "people/list.html"
    title = gettext_lazy("People and posts")

    def get_context_data(self, **kwargs):
        allowed = may(self.by, people.ACT, self.shop.pk)
        posts = list(Post.objects.of(self.shop).annotate(holders=Count("members")))
        for post in posts:
            post.labels = [PERMISSIONS[name] for name in PERMISSIONS if name in post.permissions]
        return super().get_context_data(
            members=Member.objects.of(self.shop).select_related("user", "post"),
            posts=posts,
            allowed=allowed,
            why_not=None if allowed else no_permission(self.by, people.ACT),
            **kwargs,
        )


class ManagingPage(MerchantPage):
    """A page that changes people or posts: 403 with the post's name for who may not."""

    act = people.ACT

    def home(self):
        return reverse("people", args=[self.shop.no])

    def refused(self, refused, **context):
        return self.again(status=refused.refusal.status, refusal=refused.refusal, **context)


class AddMember(ManagingPage):
    """Two forms on a page: a new login, or somebody who has one."""

    template_name = "people/new.html"
    title = gettext_lazy("Add a member")

    def forms(self, data=None):
        """Both forms, the one that was sent filled in."""
        how = (data or {}).get("how")
        return {
            "new": NewMemberForm(data if how == "new" else None, shop=self.shop, prefix="new"),
            "existing": ExistingMemberForm(data if how == "existing" else None, shop=self.shop, prefix="existing"),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{**self.forms(), **kwargs})

    def post(self, request, *args, **kwargs):
        both = self.forms(request.POST)
        form = next((form for form in both.values() if form.is_bound), None)
        if form is None or not form.is_valid():
            return self.again(status=400, **both)
        act = people.hire_new if form is both["new"] else people.hire
        try:
            member = act(shop=self.shop, by=self.by, now=self.now, **form.cleaned_data)
        except Refused as refused:
            return self.refused(refused, **both)
        return self.done(self.home(), _("%(name)s is a member now.") % {"name": member.user})


class MemberPage(ManagingPage):
    """A page about one member of this shop."""

    @cached_property
    def subject(self):
        rows = Member.objects.of(self.shop).select_related("user", "post")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subject=self.subject,
            why_not=people.why_not_change(self.subject, by=self.by),
            **kwargs,
        )


class EditMember(MemberPage):
    """Another post; and the way to deactivating and back."""

    template_name = "people/member.html"

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or MemberPostForm(shop=self.shop, initial={"post": self.subject.post})
        return super().get_context_data(form=form, **{"title": str(self.subject.user), **kwargs})

    def post(self, request, *args, **kwargs):
        form = MemberPostForm(request.POST, shop=self.shop)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            member = people.give_post(self.subject, post=form.cleaned_data["post"], by=self.by, now=self.now)
        except Refused as refused:
            return self.refused(refused, form=form)
        words = {"name": member.user, "post": member.post_name}
        return self.done(self.home(), _("%(name)s has the post “%(post)s” now.") % words)


class Deactivate(MemberPage):
    """Asks first; the answer is a POST."""

    template_name = "people/deactivate.html"
    title = gettext_lazy("Deactivate a member")

    def post(self, request, *args, **kwargs):
        try:
            member = people.deactivate(self.subject, by=self.by, now=self.now)
        except Refused as refused:
            return self.refused(refused)
        return self.done(self.home(), _("%(name)s cannot enter this shop any more.") % {"name": member.user})


class Reactivate(MemberPage):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        member = people.reactivate(self.subject, by=self.by, now=self.now)
        return self.done(self.home(), _("%(name)s can enter this shop again.") % {"name": member.user})


class AddPost(ManagingPage):
    template_name = "people/post.html"
    title = gettext_lazy("Add a post")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"form": PostForm(), **kwargs})

    def act_on(self, said):
        return people.add_post(shop=self.shop, by=self.by, now=self.now, **said)

    def post(self, request, *args, **kwargs):
        form = PostForm(request.POST)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            post = self.act_on(form.cleaned_data)
        except Refused as refused:
            return self.refused(refused, form=form)
        return self.done(self.home(), _("The post “%(post)s” is saved.") % {"post": post.name})


class PostPage(ManagingPage):
    """A page about one post of this shop."""

    @cached_property
    def subject(self):
        return get_object_or_404(Post.objects.of(self.shop), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        in_use = people.why_not_delete(self.subject)
        return super().get_context_data(subject=self.subject, in_use=in_use, **kwargs)


class EditPost(PostPage, AddPost):
    def get_context_data(self, **kwargs):
        kept = {"name": self.subject.name, "permissions": self.subject.permissions}
        return super().get_context_data(**{"form": PostForm(initial=kept), "title": self.subject.name, **kwargs})

    def act_on(self, said):
        return people.change_post(self.subject, by=self.by, now=self.now, **said)


class DeletePost(PostPage):
    """Asks first; the answer is a POST."""

    template_name = "people/delete_post.html"
    title = gettext_lazy("Delete a post")

    def post(self, request, *args, **kwargs):
        try:
            people.delete_post(self.subject, by=self.by, now=self.now)
        except Refused as refused:
            return self.refused(refused)
        return self.done(self.home(), _("The post “%(post)s” is deleted.") % {"post": self.subject.name})
