"""Serves a piece of evidence to those who may see it: never as anything but what the checks found it to be."""

import logging

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..access import actor_for, may, member_of, merchant_actor
from ..evidence import vault
from ..models import Evidence

log = logging.getLogger(__name__)
CACHE_SECONDS = 3600
POLICY = "default-src 'none'; img-src 'self'; sandbox"


@require_safe
@login_required
def serve(request, pk):
    """The bytes of a piece: pictures inline, all else (and with `?download`) as a download.

    404 for a stranger's piece, and for what the merchant has not been shown yet.
    """
    piece = get_object_or_404(Evidence.everything.select_related("shop"), pk=pk)
    if not actor_for(request.user, "see_evidence"):
        by = merchant_actor(member_of(request.user, piece.shop.no))
        mine = vault.shown_to_merchant(Evidence.objects.of(piece.shop_id)).filter(pk=pk)
        if not (may(by, "see_evidence", piece.shop_id) and mine.exists()):
            raise Http404
    try:
        content = piece.open()
    except FileNotFoundError:
        log.error("evidence %s: its bytes %s are not in the storage", piece.pk, piece.sha256)
        raise Http404(_("The file of this piece is missing.")) from None
    response = FileResponse(
        content,
        content_type=piece.kind,
        as_attachment=not piece.is_picture or "download" in request.GET,
        filename=piece.name,
    )
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=CACHE_SECONDS)
    return response
