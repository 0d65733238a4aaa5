"""The search over all shops, in the platform's desk."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop_cs.access import platform_actor
from shop_cs.admin.audit import page_of
from shop_cs.sites import PLATFORM_URLS, platform

from ..searching.form import SearchForm
from ..views.searching import shown


@require_safe
@never_cache
def search(request):
    """Numbers and words; 400 with the reason at its field for what is not understood."""
    by = platform_actor(request.user, "see_requests")
    if "s" in request.GET and "q" not in request.GET:
        # The shell's own search, for the names of its pages, asks at this address.
        return platform.search(request)
    form = SearchForm(request.GET, for_platform=True)
    if not form.is_valid():
        return page_of(request, "admin/search.html", title=_("Search"), status=400, form=form)
    answer = form.answer(by)
    if answer.straight:
        return redirect(answer.straight)
    return page_of(request, "admin/search.html", title=_("Search"), form=form, **shown(form, answer, request.GET))


PLATFORM_URLS += [("search/", search, "search")]
