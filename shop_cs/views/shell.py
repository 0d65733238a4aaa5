"""What the design's shell needs from a browser, and where a request is sent that may not be answered yet."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ..sites import platform, workbench

# A value shorter than this is typed again sooner than copied.
WORTH_KEEPING = 15
SECRET = ("csrf", "password", "token", "code")


@cache
def policy():
    """Directives of the pages in the shell, in place of the stricter ones of all others.

    Alpine, on which all of its menus run, turns the expressions in its attributes into functions: without
    'unsafe-eval' none opens. It also writes style attributes. No inline script runs; of inline styles only the shell's
    own colours, known by their hash.
    """
    return {
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", *_hashes()],
        "style-src-attr": ["'unsafe-inline'"],
        "connect-src": ["'self'"],
    }


def _hashes():
    """The shell's own inline style, as its template writes it with each site's colours."""
    return sorted({_hash(site) for site in (workbench, platform)})


def _hash(site):
    look = {"colors": site._get_colors("COLORS", None), "border_radius": site._get_config("BORDER_RADIUS")}
    page = render_to_string("unfold/layouts/skeleton.html", look)
    style = re.search(r"<style id=\"unfold-theme-colors\">(.*?)</style>", page, re.DOTALL)
    return f"'sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}'"


def go_to(request, name, after=None):
    """A redirect to the page of that name, which leads back (or on to `after`); scripts get 401 and where to go."""
    address = f"{reverse(name)}?{urlencode({'next': after or _way_back(request)})}"
    if not _is_script(request):
        return redirect(address)
    response = HttpResponse(status=401)
    response["HX-Redirect"] = address
    return response


def log_in_again(request):
    """For a request of a login that has ended: None where the view itself asks to log in."""
    name = f"{(platform if request.path.startswith(reverse('platform:index')) else workbench).name}:login"
    if _is_script(request):
        return go_to(request, name)
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    typed = [text for key, text in request.POST.items() if len(text) >= WORTH_KEEPING and not _is_secret(key)]
    if not typed:
        return go_to(request, name)
    address = f"{reverse(name)}?{urlencode({'next': _way_back(request)})}"
    return render(request, "login/unsent.html", {"typed": typed, "address": address}, status=401)


def safe_next(request, otherwise):
    """Where the form or the address says to go on, if that is one of our pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise


def _way_back(request):
    """The page that was asked for; of a form, the page that it stood on."""
    if request.method in {"GET", "HEAD"} and not _is_script(request):
        return request.get_full_path()
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came_from.netloc != request.get_host():
        return reverse("root")
    return came_from._replace(scheme="", netloc="", fragment="").geturl()


def _is_script(request):
    return "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _is_secret(key):
    return any(sign in key.lower() for sign in SECRET)
