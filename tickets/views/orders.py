"""An order's page: the order, its after-sales, and all that it ever gave rise to. [2] §二.3"""

from django.http import Http404
from django.utils.translation import gettext as _

from shop_cs.models import Order
from shop_cs.pages import MerchantPage
from shop_cs.panels import panels

from ..actions.opening import RulesOf
from ..arrivals import send_what_is_due
from ..models import ServiceRequest
from ..rows import drawn, row
from ..standing import standing


class OrderPage(MerchantPage):
    act = "see_orders"
    template_name = "tickets/order.html"

    def get_context_data(self, **kwargs):
        send_what_is_due(self.shop, now=self.now)
        order = Order.objects.of(self.shop).select_related("shop", "consumer").filter(no=self.kwargs["no"]).first()
        if order is None:
            raise Http404(_("There is no such order in this shop."))
        requests = ServiceRequest.objects.of(self.shop).visible_to_merchant().filter(order=order)
        rules = RulesOf()
        rows = [
            (record, standing(record, rules(record), now=self.now))
            for record in requests.select_related("rulebook").most_urgent_first()
        ]
        return super().get_context_data(
            title=order.no,
            order=order,
            after_sales=order.after_sales.all(),
            rows=rows,
            drawn=drawn([row(*one, order=False) for one in rows], self.shop.no),
            panels=panels("order", order, actor=self.by, now=self.now),
            **kwargs,
        )
