"""Pages for what went wrong: each says in plain words what happened and what to do next, never how it broke."""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFilesSent
from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request, exception):
    """400; a body past the limits is 413."""
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


def broken(request):
    """500 with the id under which it stands in the log; asks nothing of the database or the session."""
    page = render_to_string("500.html", {"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=500)
