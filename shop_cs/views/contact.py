"""A consumer's contact, unmasked: asked for with a reason, shown once as the answer, never by an address alone."""

from django import forms
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from .. import moment, privacy
from ..access import platform_actor
from ..models import Order
from ..moves import Refused
from ..pages import MerchantPage
from ..sites import platform


class RevealForm(forms.Form):
    """Why the contact is wanted; whether that is enough is judged where it is recorded."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need it?"),
        required=False,
        help_text=gettext_lazy("For example: to tell the consumer that the parcel is lost. The reason is kept."),
        # The browser asks for it too. Not max_length: with that a pasted text is cut short in silence.
        widget=forms.Textarea(attrs={"rows": 3, "required": True, "minlength": privacy.SHORTEST}),
    )


class Revealing:
    """GET asks, POST records and shows. The page mixed in has `asker()`, the actor, and `shown(status, **context)`."""

    http_method_names = ["get", "head", "post"]

    def get(self, request, *args, **kwargs):
        return self._page(RevealForm())

    def post(self, request, *args, **kwargs):
        form = RevealForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        try:
            reason = form.cleaned_data["reason"]
            contact = privacy.reveal(self.order(), by=self.asker(), reason=reason, now=moment.now())
        except Refused as refused:
            # Why it cannot be shown at all stands on the page in place of the form.
            if refused.refusal.code == "reason":
                form.add_error("reason", str(refused.refusal.text))
            return self._page(form, status=refused.refusal.status)
        return self._page(None, contact=contact)

    def order(self):
        """Http404 also for another shop's."""
        rows = Order.everything.select_related("shop", "consumer")
        order = rows.filter(shop__no=self.kwargs["shop_no"], no=self.kwargs["no"]).first()
        if order is None:
            raise Http404(_("There is no such order in this shop."))
        return order

    def _page(self, form, *, status=200, contact=None):
        order = self.order()
        return self.shown(
            status,
            title=_("Contact of the consumer"),
            order=order,
            form=form,
            contact=contact,
            refusal=privacy.why_not_reveal(order, by=self.asker()),
            seen=privacy.disclosures(order, viewer=self.asker()),
        )


@method_decorator(never_cache, name="dispatch")
class ShopContact(Revealing, MerchantPage):
    """In the workbench, for whom the post lets."""

    act = privacy.ACT
    template_name = "contact.html"

    def asker(self):
        return self.by

    def shown(self, status, **context):
        return self.again(status=status, **context)


@method_decorator(never_cache, name="dispatch")
class DeskContact(Revealing, View):
    """In the platform's desk, for every role: auditors' reading is on record like everybody's."""

    def asker(self):
        return platform_actor(self.request.user, privacy.ACT)

    def shown(self, status, **context):
        self.request.current_app = platform.name
        shell = platform.each_context(self.request)
        return TemplateResponse(self.request, "admin/contact.html", {**shell, **context}, status=status)
