"""Serves evidence to those who may see it: the file as it came is only ever downloaded, what is shown is a preview."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import moment
from ..access import actor_for, may, member_of, merchant_actor
from ..evidence import keeping, previews, vault
from ..models import Evidence, evidence_path
from ..moves import Refusal

log = logging.getLogger(__name__)
CACHE_SECONDS = 3600
AGAIN_SECONDS = "10"
POLICY = "default-src 'none'; img-src 'self'; sandbox"
# A frame with a line through it, in a grey that is seen on light and on dark.
NO_PREVIEW = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120" fill="none" stroke="#8a94a6">
<rect x="44" y="32" width="72" height="56" rx="6"/><path d="M36 96 124 24"/></svg>"""


@require_safe
@login_required
def serve(request, pk):
    """The bytes of a piece as they came, as a download. 404 for what the reader may not see, or is gone."""
    piece = _seen_by(request.user, pk)
    try:
        content = keeping.opened(evidence_path(piece.sha256))
    except FileNotFoundError:
        log.error("evidence %s: its bytes %s are not in the storage", piece.pk, piece.sha256)
        raise Http404(_("The file of this piece is missing.")) from None
    except keeping.StorageAwayError:
        log.exception("evidence %s: the storage does not answer", piece.pk)
        return _away(request)
    response = FileResponse(content, content_type=piece.kind, as_attachment=True, filename=piece.name)
    return _harmless(response, seconds=CACHE_SECONDS)


@require_safe
@login_required
def preview(request, pk, side):
    """A picture drawn anew, at most `side` pixels long. Where none can be made, a sign that says so."""
    piece = _seen_by(request.user, pk)
    if not piece.is_picture:
        raise Http404(_("This piece has no preview: download it."))
    try:
        return _harmless(HttpResponse(previews.preview(piece, side), previews.MEDIA_TYPE), seconds=CACHE_SECONDS)
    except (previews.NoPreviewError, FileNotFoundError):
        log.error("evidence %s: no preview of %s can be made", piece.pk, piece.sha256)
        status = 200
    except keeping.StorageAwayError:
        log.exception("evidence %s: the storage does not answer", piece.pk)
        status = 503
    return _harmless(HttpResponse(NO_PREVIEW, "image/svg+xml", status=status), seconds=0)


def _seen_by(user, pk):
    """The piece, for whoever may see it. Http404 for a stranger's, and for what the merchant was not shown yet."""
    piece = get_object_or_404(Evidence.everything.select_related("shop"), pk=pk)
    if actor_for(user, "see_evidence"):
        return piece
    by = merchant_actor(member_of(user, piece.shop.no), now=moment.now())
    mine = vault.shown_to_merchant(Evidence.objects.of(piece.shop_id)).filter(pk=pk)
    if not (may(by, "see_evidence", piece.shop_id) and mine.exists()):
        raise Http404
    return piece


def _harmless(response, *, seconds):
    """Whatever the bytes are, the browser runs nothing of them."""
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=seconds)
    return response


def _away(request):
    text = _("The file cannot be fetched now: the storage does not answer. It is not lost; try again soon.")
    refusal = Refusal("storage_away", text, 503)
    response = render(request, "refused.html", {"refusal": refusal}, status=503)
    response["Retry-After"] = AGAIN_SECONDS
    return response
