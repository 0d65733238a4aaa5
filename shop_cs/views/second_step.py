"""The second step of a login: its code, setting an authenticator up, new recovery codes."""

import django_otp
from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views import View

from .. import moment
from ..login import otp, signins
from ..login.steps import SECOND, oneself, owes_code
from ..moves import Refused
from .shell import go_to, safe_next

CODE_LENGTH = 40


class CodeForm(forms.Form):
    """One code, of the authenticator or, at the login, a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


class _Page(LoginRequiredMixin, View):
    """A page outside the shell: it has secrets on it and needs no script."""

    http_method_names = ["get", "post"]
    template_name = ""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def page(self, form=None, *, status=200, **context):
        context = {"form": form or CodeForm(), "next": self.after, **context}
        return render(self.request, self.template_name, context, status=status)

    @property
    def after(self):
        return safe_next(self.request, reverse("root"))

    def refused(self, form, refused, **context):
        """The page again, with the words and the status of the refusal; what was typed is not."""
        form.add_error("code", refused.refusal.text)
        return self.page(form, status=refused.refusal.status, **context)

    def let_in(self, device):
        """From here on the session counts as verified, under a new key."""
        django_otp.login(self.request, device)
        self.request.session[SECOND] = True
        self.request.session.cycle_key()


class Verify(_Page):
    """Asks for the code of who has an authenticator; sends who has none to set one up."""

    template_name = "login/code.html"

    def get(self, request):
        if not owes_code(request.user, request.session):
            return redirect(self.after)
        if otp.device_of(request.user) is None:
            return go_to(request, "second-step-setup", self.after)
        return self.page()

    def post(self, request):
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        try:
            otp.verify(request.user, form.cleaned_data["code"], now=moment.now())
        except Refused as refused:
            return self.refused(form, refused)
        # Of a recovery code, too: its set may be replaced while the session goes on.
        self.let_in(otp.device_of(request.user))
        return redirect(self.after)


class SetUp(_Page):
    """Sets an authenticator up, in three steps: begin, scan and prove it, keep the recovery codes."""

    template_name = "login/authenticator.html"

    def get(self, request):
        if otp.device_of(request.user) and owes_code(request.user, request.session):
            return go_to(request, "second-step", self.after)
        return self.page()

    def post(self, request):
        enrolled = otp.device_of(request.user)
        if enrolled and owes_code(request.user, request.session):
            return go_to(request, "second-step", self.after)
        if not enrolled and "begin" in request.POST:
            otp.begin(request.user)
            return go_to(request, "second-step-setup", self.after)
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        act = self._renew if enrolled else self._confirm
        try:
            codes = act(form.cleaned_data["code"], oneself(request.user), moment.now())
        except Refused as refused:
            return self.refused(form, refused)
        return render(request, "login/recovery.html", {"codes": codes, "next": self.after})

    def page(self, form=None, **context):
        device = otp.device_of(self.request.user)
        pending = None if device else otp.device_of(self.request.user, confirmed=False)
        if pending:
            context |= {"picture": otp.picture_of(pending), "secret": otp.secret_of(pending)}
        left = otp.codes_left(self.request.user) if device else 0
        must = owes_code(self.request.user, self.request.session)
        return super().page(form, device=device, pending=pending, left=left, must=must, **context)

    def _confirm(self, code, by, now):
        device, codes = otp.confirm(self.request.user, code, by=by, now=now)
        self.let_in(device)
        signins.end_others(self.request.user, but=self.request.session.get(signins.ROW), now=now)
        return codes

    def _renew(self, code, by, now):
        otp.verify(self.request.user, code, now=now)
        return otp.renew_codes(self.request.user, by=by, now=now)
