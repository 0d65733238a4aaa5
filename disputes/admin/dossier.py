"""The dossier of a person across all shops: for reviewers alone, read and never edited. [4] §一"""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from shop_cs.access import platform_actor
from shop_cs.sites import platform

from .. import persons

# The figures of a dossier: title, name, tone where it is not 0.
FIGURES = (
    (gettext_lazy("Orders"), "orders", ""),
    (gettext_lazy("Service requests"), "requests", ""),
    (gettext_lazy("After-sales"), "after_sales", ""),
    (gettext_lazy("Refused after-sales"), "refused", ""),
    (gettext_lazy("Refused returns"), "refused_returns", ""),
    (gettext_lazy("Arbitration cases"), "cases", ""),
    (gettext_lazy("Cases won by the user"), "won", ""),
    (gettext_lazy("Cases shared"), "shared", ""),
    (gettext_lazy("Cases lost by the user"), "lost", ""),
    (gettext_lazy("Reports"), "reports", ""),
    (gettext_lazy("Reports upheld"), "upheld", "is-red"),
)


@method_decorator(never_cache, name="dispatch")
class DossierPage(View):
    """For who may `see_dossiers`; 403 for the other roles, 404 for a key that nobody has. Personal data is masked."""

    http_method_names = ["get", "head"]

    def get(self, request, key):
        platform_actor(request.user, "see_dossiers")
        told = persons.dossier(key)
        if told is None:
            raise Http404(_("There is no such person."))
        context = {
            **platform.each_context(request),
            "title": _("Dossier"),
            "dossier": told,
            "figures": [(title, told.figures[name], tone) for title, name, tone in FIGURES],
        }
        return TemplateResponse(request, "admin/disputes/dossier.html", context)
