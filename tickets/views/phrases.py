"""The shop's quick phrases: everybody sees them, who may keep them makes, changes, orders and deletes them. [1]"""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.access import may
from shop_cs.moves import Refused, no_permission
from shop_cs.pages import MerchantPage

from .. import actions
from ..actions.helping import KEEP
from ..forms_helping import PhraseForm
from ..helping import phrases
from ..models import Phrase


class Phrases(MerchantPage):
    """The shop's own in their order, then the platform's, which every shop has."""

    act = "see_playbooks"
    template_name = "tickets/helping/phrases.html"
    title = gettext_lazy("Quick phrases")

    def get_context_data(self, **kwargs):
        own = list(Phrase.objects.of(self.shop))
        allowed = may(self.by, KEEP, self.shop.pk)
        return super().get_context_data(
            own=own,
            last=len(own),
            platforms=Phrase.everything.filter(shop__isnull=True, is_active=True),
            allowed=allowed,
            why_not=None if allowed else no_permission(self.by, KEEP),
            variables=phrases.table(),
            **kwargs,
        )


class KeepingPage(MerchantPage):
    """A page that changes phrases: 403 with the post's name for who may not."""

    act = KEEP

    def home(self):
        return reverse("phrases", args=[self.shop.no])

    @cached_property
    def subject(self):
        return get_object_or_404(Phrase.objects.of(self.shop), pk=self.kwargs["pk"])


class AddPhrase(KeepingPage):
    template_name = "tickets/helping/phrase.html"
    title = gettext_lazy("Add a quick phrase")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"form": PhraseForm(initial={"is_active": True}), "variables": phrases.table(), **kwargs}
        )

    def act_on(self, said):
        return actions.add_phrase(shop=self.shop, by=self.by, now=self.now, **said)

    def post(self, request, *args, **kwargs):
        form = PhraseForm(request.POST)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            phrase = self.act_on(form.cleaned_data)
        except Refused as refused:
            return self.again(status=refused.refusal.status, form=form, refusal=refused.refusal)
        return self.done(self.home(), _("The phrase “%(title)s” is saved.") % {"title": phrase.title})


class EditPhrase(AddPhrase):
    def get_context_data(self, **kwargs):
        kept = {name: getattr(self.subject, name) for name in PhraseForm.base_fields}
        words = {"form": PhraseForm(initial=kept), "title": self.subject.title, "subject": self.subject}
        return super().get_context_data(**{**words, **kwargs})

    def act_on(self, said):
        return actions.change_phrase(self.subject, by=self.by, now=self.now, **said)


class DeletePhrase(KeepingPage):
    """Asks first; the answer is a POST."""

    template_name = "tickets/helping/phrase_delete.html"
    title = gettext_lazy("Delete a quick phrase")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"subject": self.subject, **kwargs})

    def post(self, request, *args, **kwargs):
        actions.delete_phrase(self.subject, by=self.by, now=self.now)
        return self.done(self.home(), _("The phrase “%(title)s” is deleted.") % {"title": self.subject.title})


class MovePhrase(KeepingPage):
    """One place up or down."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        phrase, way = self.subject, request.POST.get("way")
        if way not in ("up", "down"):
            raise BadRequest(_("Say whether it goes up or down."))
        actions.move_phrase(phrase, up=way == "up", by=self.by, now=self.now)
        return redirect(self.home())
