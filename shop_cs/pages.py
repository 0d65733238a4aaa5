"""The base of the workbench's pages: who is asking, for which shop, at what time; refusals keep what was typed."""

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.shortcuts import redirect
from django.views.generic import TemplateView

from . import moment
from .access import member_of, merchant_actor, require
from .models import acting
from .sites import workbench


class MerchantPage(AccessMixin, TemplateView):
    """A page of one shop. Sets `self.member`, `self.shop`, `self.by` (the actor) and `self.now` before anything else.

    `act` is the row of the decision table that it needs: without it 403 names the post; a stranger's shop is 404.
    """

    act = "see_requests"
    title = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.member = request.member = member_of(request.user, kwargs["shop_no"])
        request.current_app = workbench.name
        self.shop = self.member.shop
        self.by = merchant_actor(self.member)
        self.now = moment.now()
        require(self.by, self.act)
        with acting(self.by):
            return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return {
            **workbench.each_context(self.request),
            "title": self.title,
            "shop": self.shop,
            "member": self.member,
            "by": self.by,
            "now": self.now,
            **super().get_context_data(**kwargs),
        }

    def again(self, *, status, **context):
        """The same page once more, with what was typed, and the status that says what went wrong."""
        return self.render_to_response(self.get_context_data(**context), status=status)

    def done(self, to, text):
        """On to `to`, with a word about what was done."""
        messages.success(self.request, text)
        return redirect(to)
