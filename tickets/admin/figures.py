"""The figures in the platform's desk: of all shops or of one."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from shop_cs import moment
from shop_cs.access import actor_for, platform_actor
from shop_cs.audit import export
from shop_cs.sites import PLATFORM_URLS, platform

from ..figures import asking, tables
from ..figures.links import DeskLinks
from ..views.figures import FORMATS, asked_of, file, shown, table_asked, today_of


@require_safe
def page(request):
    """400 with the form again for what is not understood, an unknown shop too."""
    platform_actor(request.user, "see_figures")
    now = moment.now()
    form = asking.PlatformForm(request.GET, today=today_of(now))
    told = shown(form, DeskLinks(form.cleaned_data.get("shop") if form.is_valid() else None), now=now)
    request.current_app = platform.name
    context = {**platform.each_context(request), "title": _("Figures"), "desk_site": True, "formats": FORMATS, **told}
    context["no_export"] = "" if actor_for(request.user, "export_records") else _("Your role may not do this.")
    return TemplateResponse(request, "admin/figures.html", context, status=400 if "problem" in told else 200)


@require_GET
@never_cache
def export_figures(request, fmt):
    """The table that is shown, on record."""
    by = platform_actor(request.user, "export_records")
    table, now = table_asked(request.GET, fmt), moment.now()
    asked = asked_of(asking.PlatformForm(request.GET, today=today_of(now)))
    query = f"figures?{request.GET.urlencode()}"
    export.record(fmt=fmt, query=query, rows=len(tables.rows(table, asked)), by=by, now=now)
    return file(fmt, table, asked, called=f"figures-{asked.shop.no}" if asked.shop else "figures", now=now)


PLATFORM_URLS += [
    ("figures/", page, "figures"),
    ("figures/export/<slug:fmt>/", export_figures, "figures-export"),
]
