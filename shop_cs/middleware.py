"""Around every web request: its id for the trail, what its answer tells the browser, how long a login lasts, and
refusals as pages with the right status."""

import logging
import uuid
from datetime import datetime

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from . import moment
from .login import signins
from .login.steps import is_of_platform, owes_code
from .models import acting
from .moves import Refused
from .views import doorkeeper, shell
from .views.errors import AWAY, too_large, unavailable

log = logging.getLogger(__name__)
# What is shown, changed or answered without a login: a login that has ended is nothing to them.
OPEN = {"consumer", "consumer-case", "healthz", "set_language", "api-requests", "api-request"}
DOORS = {"workbench:login", "platform:login", "workbench:logout", "platform:logout"}
SECOND_STEP = {"second-step", "second-step-setup", "workbench:logout", "platform:logout"}


class HeadersMiddleware(CSPMiddleware):
    """What the browser may do with an answer: scripts only in the shell, no frames, no sensors, no shared cache."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if getattr(request, "in_shell", False):
            parts.replace = {**shell.policy(), **(parts.replace or {})}
        return parts

    def process_response(self, request, response):
        response = super().process_response(request, response)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        if response.get("Content-Type", "").startswith("text/html") and "Cache-Control" not in response:
            # Not no-store: with it browsers forget what was typed when somebody goes back.
            patch_cache_control(response, private=True, no_cache=True)
        return response


class SessionLimitsMiddleware:
    """Ends a login that is too old or, for the platform's people, was not used for too long; notes when it was used.

    Who sends a form then is told that nothing was saved, and gets back what he typed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.login_ended = False
        try:
            self._look(request)
        except AWAY as error:
            return unavailable(request, error)
        key = request.session.session_key
        response = self.get_response(request)
        row = request.session.get(signins.ROW)
        if row and request.session.session_key not in (key, None):
            signins.moved(row, request.session.session_key)
        return response

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name
        if not request.login_ended or name in OPEN | DOORS:
            return None
        return shell.log_in_again(request)

    def _look(self, request):
        if not request.user.is_authenticated:
            return
        request.asked_at = now = moment.now()
        session = request.session
        if doorkeeper.SINCE not in session:
            doorkeeper.remember(request, request.user, now=now)
        since, seen = (datetime.fromisoformat(session[name]) for name in (doorkeeper.SINCE, doorkeeper.SEEN))
        if settings.SESSION_LONGEST and now - since >= settings.SESSION_LONGEST:
            self._end(request, _("You were logged out: a login lasts 8 hours. Log in again to go on."))
        elif settings.SESSION_IDLE and now - seen >= settings.SESSION_IDLE and is_of_platform(request.user):
            self._end(request, _("You were logged out: nothing was asked for 30 minutes. Log in again to go on."))
        elif settings.SESSION_SEEN_EVERY and now - seen >= settings.SESSION_SEEN_EVERY:
            session[doorkeeper.SEEN] = now.isoformat()
            signins.seen(session[signins.ROW], address=doorkeeper.address_of(request), now=now)

    @staticmethod
    def _end(request, words):
        logout(request)
        request.login_ended = True
        messages.warning(request, words)


class SecondStepMiddleware:
    """Shows nothing but the second step, and what needs no login, to who owes it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.view_name in OPEN | SECOND_STEP or not owes_code(request.user, request.session):
            return None
        return shell.go_to(request, "second-step")


class RequestIdMiddleware:
    """Gives each request an id that its history rows carry and the answer names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = str(uuid.uuid4())
        with acting(request_id=request.id):
            response = self.get_response(request)
        response["X-Request-Id"] = request.id
        return response


class MethodMiddleware:
    """Refuses (405) every method that no page here has: views of libraries take any of them, as a GET or a POST."""

    METHODS = ("GET", "HEAD", "POST")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        return self.get_response(request)


class BodyLimitMiddleware:
    """Refuses a body past MAX_UPLOAD_BYTES by what it says of its length, before a byte of it is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said) > settings.MAX_UPLOAD_BYTES:
            return too_large(request)
        return self.get_response(request)


class RefusalMiddleware:
    """A `Refused` that no view caught becomes a page that says why, with the refusal's status.

    A database that is away or locked for too long is 503: what was begun has not happened, trying again may help.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return render(request, "refused.html", {"refusal": exception.refusal}, status=exception.refusal.status)
        if isinstance(exception, AWAY):
            return unavailable(request, exception)
        return None
