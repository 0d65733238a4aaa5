"""The drawn examples of the evidence catalogue, for everybody who is logged in, in his language."""

from functools import lru_cache

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..evidence.items import ITEMS
from ..evidence.samples import sample

CACHE_SECONDS = 86400
POLICY = "default-src 'none'; sandbox"


@require_safe
@login_required
def show(request, code, is_good):
    """A good or a bad example as SVG; 404 for a code that the catalogue does not know."""
    if code not in ITEMS:
        raise Http404(_("The catalogue of evidence has no such piece."))
    response = HttpResponse(_drawn(code, is_good, get_language()), content_type="image/svg+xml")
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=CACHE_SECONDS)
    # The language is the cookie's or, without one, the browser's.
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@lru_cache(maxsize=256)
def _drawn(code, is_good, language):
    with override(language):
        return sample(ITEMS[code], is_good=is_good)
