"""The base of the workbench's pages: who is asking, for which shop, at what time; refusals keep what was typed.

And of the consumer's.
"""

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.db import transaction
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from . import moment
from .access import member_of, merchant_actor, require
from .evidence import vault
from .models import Evidence, acting
from .moves import Refused
from .sites import workbench
from .views.shell import log_in_again


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
        self.now = moment.asked_at(request)
        self.by = merchant_actor(self.member, now=self.now)
        require(self.by, self.act)
        with acting(self.by):
            return super().dispatch(request, *args, **kwargs)

    def handle_no_permission(self):
        """To the login; a script is told so (401), and who sent a form gets back what he had typed."""
        return log_in_again(self.request) or super().handle_no_permission()

    def get_context_data(self, **kwargs):
        return {
            **workbench.each_context(self.request),
            "title": self.title,
            "shop": self.shop,
            "member": self.member,
            "by": self.by,
            "now": self.now,
            "bars": self.shop.bars_at(self.now),
            **super().get_context_data(**kwargs),
        }

    def again(self, *, status, **context):
        """The same page once more, with what was typed, and the status that says what went wrong."""
        return self.render_to_response(self.get_context_data(**context), status=status)

    def done(self, to, text):
        """On to `to`, with a word about what was done."""
        messages.success(self.request, text)
        return redirect(to)


class Act:
    """One thing done on the page of the class that it is mixed in before, which has `load`, `page` (its address),
    `record` and `refusal_of`. `act_on` does it and says so; a `Refused` keeps the page and what was typed."""

    # The name and the form of what was posted, to be shown again.
    form_name = ""
    # Statuses of the files that were refused: 413 says more than 400.
    statuses = ()

    def get(self, request, *args, **kwargs):
        return redirect(self.page)

    def post(self, request, *args, **kwargs):
        self.load()
        self.form = self.make_form(request.POST, request.FILES)
        self.alerts = []
        try:
            text = self.act_on()
        except Refused as refused:
            return self._again(refused.refusal.status, [refused.refusal.text, *self.alerts])
        if text is None:
            return self._again(max(self.statuses, default=400), self.alerts)
        return self.done(self.page, text)

    def make_form(self, data, files=None):
        """The posted form, bound; nothing where there is nothing to type."""

    def act_on(self):
        """Does it and returns what to say; None when the form is to be shown again."""
        raise NotImplementedError

    def _again(self, status, alerts):
        self.load()
        form = {self.form_name: self.make_form(self.request.POST)} if self.form else {}
        return self.again(
            status=status, alerts=alerts or [_("Nothing was saved yet: look at the marked fields.")], **form
        )


class WithEvidence(Act):
    """An act that carries files: those that are good stay in the vault, ticked, whatever becomes of the rest.

    Its form has `uploads`, `ticked`, and `tick` for what is posted; the page has the `rules` of its record.
    """

    move = None

    def take_files(self):
        """Stores the new files and returns them as (piece, what it proves, its mark); the refused go to the alerts."""
        # [4] §五: over time the merchant adds nothing, not even to the vault.
        if refusal := self.refusal_of(self.move):
            raise Refused(refusal)
        taken, statuses, typed = [], [], self.request.POST.copy()
        for file, *said in self.form.uploads():
            try:
                piece = self._store(file)
            except Refused as refused:
                self.alerts.append(refused.refusal.text)
                statuses.append(refused.refusal.status)
                continue
            taken.append((piece, *said))
            self.form.tick(typed, piece, *said)
        self.request.POST, self.statuses = typed, statuses
        return taken

    def pieces(self):
        """(piece, what it proves, its mark) of what was ticked and uploaded; None: show the form again."""
        taken = self.take_files()
        if self.statuses or not self.form.is_valid():
            return None
        return [*self.form.ticked(), *taken]

    def _store(self, file):
        return vault.store(
            order=self.record.order,
            file=file,
            name=file.name,
            side=Evidence.Side.MERCHANT,
            by=self.by,
            now=self.now,
            rules=self.rules,
        )


class OnlyEvidence(WithEvidence):
    """An act that shows evidence and says nothing else: `show(record, evidence=, proves=, item=, by=, now=)`."""

    def show(self, record, **piece):
        raise NotImplementedError

    def act_on(self):
        pieces = self.pieces()
        if pieces is None:
            return None
        if not pieces:
            self.alerts.append(_("Choose a file or tick a piece of this order's evidence."))
            return None
        with transaction.atomic():
            for piece, proves, item in pieces:
                self.show(self.record, evidence=piece, proves=proves, item=item, by=self.by, now=self.now)
        return _("The evidence is attached.")


@method_decorator(never_cache, name="dispatch")
class ConsumerLink(View):
    """A consumer's page, reached by the signed link that `answer(request, token)` understands, without a login.

    GET tells and changes nothing, for messengers open links to preview them; only a POST does something.
    """

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        self.now = moment.now()
        known = request.method.lower() in self.http_method_names
        answer = self.answer if known else lambda request, token: self.http_method_not_allowed(request)
        response = answer(request, kwargs["token"])
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Keeps the link from other sites; with "no-referrer" browsers send "Origin: null", and no form would pass.
        response["Referrer-Policy"] = "same-origin"
        return response

    def answer(self, request, token):
        raise NotImplementedError
