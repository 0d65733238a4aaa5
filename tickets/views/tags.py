"""A shop's tags: all of them with how many requests carry each; made, renamed, coloured, deleted."""

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop_cs.access import require
from shop_cs.moves import Refused
from shop_cs.pages import MerchantPage

from ..actions import organizing
from ..forms_hands import TagForm
from ..models import Tag


class Tags(MerchantPage):
    """The list, and a form for a new one for whose post may do so."""

    act = "use_desk"
    template_name = "tickets/hands/tags.html"
    title = gettext_lazy("Tags")

    def get_context_data(self, **kwargs):
        tags = Tag.objects.of(self.shop).annotate(carriers=Count("taggings"))
        return super().get_context_data(**{"tags": tags, "form": TagForm(), **kwargs})

    def post(self, request, *args, **kwargs):
        require(self.by, "organize")
        form = TagForm(request.POST)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            tag = organizing.add_tag(by=self.by, now=self.now, **form.cleaned_data)
        except Refused as refused:
            return self.again(status=refused.refusal.status, refusal=refused.refusal, form=form)
        return self.done(request.path, _("The tag “%(tag)s” is saved.") % {"tag": tag.name})


class TagPage(MerchantPage):
    """A page about one tag of this shop."""

    act = "organize"

    @cached_property
    def subject(self):
        rows = Tag.objects.of(self.shop).annotate(carriers=Count("taggings"))
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def home(self):
        return reverse("tags", args=[self.shop.no])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"subject": self.subject, "title": self.subject.name, **kwargs})


class EditTag(TagPage):
    template_name = "tickets/hands/tag.html"

    def get_context_data(self, **kwargs):
        kept = {"name": self.subject.name, "colour": self.subject.colour}
        return super().get_context_data(**{"form": TagForm(initial=kept), **kwargs})

    def post(self, request, *args, **kwargs):
        form = TagForm(request.POST)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            tag = organizing.change_tag(self.subject, by=self.by, now=self.now, **form.cleaned_data)
        except Refused as refused:
            return self.again(status=refused.refusal.status, refusal=refused.refusal, form=form)
        return self.done(self.home(), _("The tag “%(tag)s” is saved.") % {"tag": tag.name})


class DeleteTag(TagPage):
    """Asks first, and says how many requests carry it; the answer is a POST."""

    template_name = "tickets/hands/delete.html"

    def get_context_data(self, **kwargs):
        n = self.subject.carriers
        text = ngettext("%(n)s request carries it.", "%(n)s requests carry it.", n) % {"n": n}
        return super().get_context_data(
            question=_("Delete the tag “%(tag)s”?") % {"tag": self.subject.name},
            consequence=text if n else _("No request carries it."),
            back=reverse("tag", args=[self.shop.no, self.subject.pk]),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if request.POST.get("sure") != "yes":
            return self.again(status=400)
        name = self.subject.name
        n = organizing.delete_tag(self.subject, by=self.by, now=self.now)
        text = ngettext(
            "The tag “%(tag)s” is deleted; %(n)s request carried it.",
            "The tag “%(tag)s” is deleted; %(n)s requests carried it.",
            n,
        )
        return self.done(self.home(), text % {"tag": name, "n": n})
