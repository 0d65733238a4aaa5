"""The case file of an order: one timeline of all that it gave rise to, by day, filtered by kind in the URL. [2]"""

import re
from collections import Counter

from django.http import Http404
from django.utils.translation import gettext as _

from shop_cs.models import Order
from shop_cs.models.people import NUMBER
from shop_cs.pages import MerchantPage
from tickets.arrivals import send_what_is_due
from tickets.views.lists import Tab

from .. import casefile

ALL = "all"


def named(shop, no):
    """The shop's order of that number, as an address names it; None for what is no number or of another shop."""
    return Order.objects.of(shop).filter(no=no).first() if re.fullmatch(NUMBER, no) else None


def shown(order, viewer, params):
    """What a case file's page shows of the order for that actor: tabs with counts, and the days of the chosen kind.

    `problem` says that there is no such kind; then no days are shown.
    """
    found = casefile.entries(order, viewer=viewer)
    counts = Counter(entry.kind for entry in found)
    chosen = params.get("kind") or ALL
    tabs = [Tab(_("All"), f"kind={ALL}", len(found), chosen == ALL)]
    tabs += [
        Tab(kind.label, f"kind={kind}", counts[kind], chosen == kind)
        for kind in casefile.Kind
        if counts[kind] or chosen == kind
    ]
    if chosen not in {ALL, *casefile.Kind.values}:
        return {"tabs": tabs, "problem": _("There is no such tab. Choose one of those above.")}
    days = casefile.by_day([entry for entry in found if chosen in (ALL, entry.kind)])
    return {"tabs": tabs, "days": days, "order": order}


class OrderFile(MerchantPage):
    act = "see_disputes"
    template_name = "disputes/orderfile.html"

    def get(self, request, *args, **kwargs):
        send_what_is_due(self.shop, now=self.now)
        mine = Order.objects.of(self.shop).select_related("shop", "consumer")
        order = mine.filter(no=kwargs["no"]).first()
        if order is None:
            raise Http404(_("There is no such order in this shop."))
        told = shown(order, self.by, request.GET)
        title = _("Case file of order %(no)s") % {"no": order.no}
        status = 400 if "problem" in told else 200
        return self.again(status=status, **{"title": title, "order": order, **told})
