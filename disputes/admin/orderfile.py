"""The case file of an order in the platform's desk, for agents, reviewers and auditors: everything, with names."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop_cs import moment
from shop_cs.access import may, platform_actor
from shop_cs.models import Order
from shop_cs.sites import PLATFORM_URLS, platform

from ..views.orders import shown


@require_safe
def order_file(request, pk):
    """Http404 for an order that is not there; 400 for a kind that there is not."""
    by = platform_actor(request.user, "see_disputes")
    order = Order.everything.select_related("shop", "consumer").filter(pk=pk).first()
    if order is None:
        raise Http404(_("There is no such order."))
    told = shown(order, by, request.GET)
    request.current_app = platform.name
    context = {
        **platform.each_context(request),
        "title": _("Case file of order %(no)s") % {"no": order.no},
        "order": order,
        "now": moment.now(),
        "may_see_trail": may(by, "see_trail"),
        **told,
    }
    status = 400 if "problem" in told else 200
    return TemplateResponse(request, "admin/disputes/orderfile.html", context, status=status)


PLATFORM_URLS += [("order-file/<int:pk>/", order_file, "order-file")]
