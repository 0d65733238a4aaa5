"""Pages for what went wrong: each says in plain words what happened and what to do next, never how it broke."""

import logging
import sqlite3
import sys

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .receiving import NoRoomError

log = logging.getLogger(__name__)
# What Django calls a database that is away, locked for too long, full, or whose connection broke.
AWAY = (OperationalError, InterfaceError)


def bad_request(request, exception):
    """400; a body past the limits is 413, one for which the disk has no room 507."""
    if isinstance(exception, NoRoomError):
        log.error("an upload did not fit on the disk: %s", exception)
        text = _("There is no room left here for what you sent. Nothing of it was saved; tell the platform.")
        return render(request, "refused.html", {"refusal": {"text": text}}, status=507)
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return too_large(request, _("At most %(n)s files can be sent at once.") % {"n": most})
    words = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"words": words}, status=400)


def forbidden(request, exception):
    """403 with the words of the PermissionDenied: they name the post. [3]"""
    return render(request, "403.html", {"words": str(exception)}, status=403)


def csrf_failure(request, reason=""):
    """403 for a form whose page was open too long, or that came from somewhere else."""
    return render(request, "403_csrf.html", status=403)


def not_found(request, exception):
    """404; does not say whether there is such a thing elsewhere."""
    return render(request, "404.html", status=404)


def too_large(request, words=""):
    """413 for a body that is not even read."""
    words = words or _("Together the files of one form may have at most %(most)s.") % {
        "most": filesizeformat(settings.MAX_UPLOAD_BYTES)
    }
    return render(request, "413.html", {"words": words}, status=413)


def unavailable(request, error):
    """503 for a database that does not answer, 507 when its disk is full; asks nothing of it or of the session.

    Who was reading has changed nothing. For who was writing that is likely and not certain: it may be the answer to his
    COMMIT that was lost.
    """
    log.error("the database does not answer: %s", error)
    full = _is_full(error)
    if request.path.startswith("/api/"):
        words = _("The database is busy or away at this moment.")
        response = JsonResponse({"error": "unavailable", "message": words}, status=507 if full else 503)
    else:
        writing = request.method not in {"GET", "HEAD", "OPTIONS"}
        page = render_to_string("507.html" if full else "503.html", {"writing": writing})
        response = HttpResponse(page, status=507 if full else 503)
    response["Retry-After"] = "60" if full else "10"
    return response


def _is_full(error):
    """Whether the database says that there is no room left on its disk."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or getattr(cause, "sqlstate", None) == "53100"
    )


def broken(request):
    """500 with the id under which it stands in the log; asks nothing of the database or the session.

    Also for what breaks around the views, where no middleware hears of it: a database that is away is 503 there too.
    """
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        return unavailable(request, error)
    page = render_to_string("500.html", {"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=500)
