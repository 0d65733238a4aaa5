"""Around every web request: its id for the trail, and refusals as pages with the right status."""

import logging
import uuid

from django.conf import settings
from django.db import OperationalError
from django.shortcuts import render

from .models import acting
from .moves import Refused
from .views.errors import too_large

log = logging.getLogger(__name__)


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
        if isinstance(exception, OperationalError):
            log.error("the database does not answer: %s", exception)
            response = render(request, "503.html", status=503)
            response["Retry-After"] = "10"
            return response
        return None
