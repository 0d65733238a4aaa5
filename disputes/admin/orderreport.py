"""Everything about one order on one page to print: for those who read the trail."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop_cs import moment
from shop_cs.access import platform_actor
from shop_cs.admin.audit import page_of, shown
from shop_cs.models import Order
from shop_cs.sites import PLATFORM_URLS

from ..orderreport import MOST, report


@require_safe
@never_cache
def order_report(request, shop_no, no):
    """Http404 for an order that is not there. The consumer is masked; nothing on it is recorded."""
    by = platform_actor(request.user, "see_trail")
    order = Order.everything.select_related("shop", "consumer").filter(shop__no=shop_no, no=no).first()
    if order is None:
        raise Http404(_("There is no such order."))
    told = report(order, viewer=by)
    return page_of(
        request,
        "admin/disputes/orderreport.html",
        title=_("Everything about order %(no)s") % {"no": order.no},
        order=order,
        told=told,
        trail=[entry for entry, _address in shown(told.trail, request.user)],
        most=MOST,
        now=moment.now(),
        by=by,
    )


# Before the floor's own addresses of the trail, whose records have no number of an order.
PLATFORM_URLS.insert(0, ("trail/order/<number:shop_no>/<number:no>/", order_report, "order-report"))
