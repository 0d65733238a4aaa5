"""Saved views of the list: all that one may open, made from the filters in force, renamed, shared, deleted."""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.moves import Refused
from shop_cs.pages import MerchantPage

from ..actions import organizing
from ..forms_hands import ViewForm
from ..hands.saved import kept
from ..models import SavedView


def opened_by(shop, member):
    """The views that the member may open: his own, and what is shared."""
    rows = SavedView.objects.of(shop).select_related("owner__user").order_by("name", "pk")
    return [view for view in rows if view.is_shared or view.owner_id == member.pk]


class Views(MerchantPage):
    """One's own and shared views; a POST keeps the filters of the list under a name."""

    act = "use_desk"
    template_name = "tickets/hands/views.html"
    title = gettext_lazy("Saved views")

    def get_context_data(self, **kwargs):
        views = opened_by(self.shop, self.member)
        for view in views:
            view.why_not = organizing.why_not_change_view(view, member=self.member)
        query = kept(self.request.GET.urlencode())
        return super().get_context_data(**{"views": views, "form": ViewForm(), "query": query, **kwargs})

    def post(self, request, *args, **kwargs):
        form, query = ViewForm(request.POST), kept(request.POST.get("query", "").replace("\x00", ""))
        if not form.is_valid():
            return self.again(status=400, form=form, query=query, is_new=True)
        try:
            said = {"member": self.member, "query": query, "by": self.by, "now": self.now}
            view = organizing.save_view(**said, **form.cleaned_data)
        except Refused as refused:
            context = {"refusal": refused.refusal, "form": form, "query": query, "is_new": True}
            return self.again(status=refused.refusal.status, **context)
        to = f"{reverse('requests', args=[self.shop.no])}?{query}&{urlencode({'view': view.pk})}"
        return self.done(to, _("The view “%(view)s” is saved.") % {"view": view.name})


class ViewPage(MerchantPage):
    """A page that changes one view; another's that is not shared is not there."""

    act = "use_desk"

    @cached_property
    def subject(self):
        mine = opened_by(self.shop, self.member)
        if view := next((one for one in mine if one.pk == self.kwargs["pk"]), None):
            return view
        raise Http404(_("There is no such view among yours."))

    def home(self):
        return reverse("views", args=[self.shop.no])

    def get_context_data(self, **kwargs):
        why_not = organizing.why_not_change_view(self.subject, member=self.member)
        shown = {"subject": self.subject, "title": self.subject.name, "why_not": why_not}
        return super().get_context_data(**{**shown, **kwargs})

    def refused(self, refused, **context):
        return self.again(status=refused.refusal.status, refusal=refused.refusal, **context)


class EditView(ViewPage):
    template_name = "tickets/hands/view.html"

    def get_context_data(self, **kwargs):
        said = {"name": self.subject.name, "is_shared": self.subject.is_shared}
        return super().get_context_data(**{"form": ViewForm(initial=said), **kwargs})

    def post(self, request, *args, **kwargs):
        form, by = ViewForm(request.POST), {"member": self.member, "by": self.by, "now": self.now}
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            view = organizing.change_view(self.subject, **by, **form.cleaned_data)
        except Refused as refused:
            return self.refused(refused, form=form)
        return self.done(self.home(), _("The view “%(view)s” is saved.") % {"view": view.name})


class DeleteView(ViewPage):
    """Asks first; the answer is a POST."""

    template_name = "tickets/hands/delete.html"

    def get_context_data(self, **kwargs):
        shared = _("It is shared: nobody in the shop has it any more then.")
        return super().get_context_data(
            question=_("Delete the view “%(view)s”?") % {"view": self.subject.name},
            consequence=shared if self.subject.is_shared else _("The requests in it stay as they are."),
            back=reverse("view", args=[self.shop.no, self.subject.pk]),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("sure") != "yes":
            return self.again(status=400)
        try:
            organizing.delete_view(self.subject, member=self.member, by=self.by, now=self.now)
        except Refused as refused:
            return self.refused(refused)
        return self.done(self.home(), _("The view “%(view)s” is deleted.") % {"view": self.subject.name})
