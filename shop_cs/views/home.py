"""Where a login leads: to one's shop, to the platform's desk, or to a choice between them."""

from django.shortcuts import redirect, render

from ..access import roles_of
from ..actors import Role
from ..pages import MerchantPage
from ..sites import memberships, platform

LAST_SHOP = "shop_no"


def root(request):
    """The one way in after every login."""
    if not request.user.is_authenticated:
        return redirect("workbench:login")
    is_merchant = Role.MERCHANT in roles_of(request.user)
    shops = [member.shop for member in memberships(request.user)] if is_merchant else []
    at_desk = platform.has_permission(request)
    if at_desk and shops:
        return render(request, "choose.html", {"shops": shops})
    if at_desk:
        return redirect("platform:index")
    if shops:
        last = request.session.get(LAST_SHOP)
        shop = next((shop for shop in shops if shop.no == last), shops[0])
        return redirect("requests", shop.no)
    return render(request, "no_shop.html", {"is_merchant": is_merchant}, status=403)


class ShopHome(MerchantPage):
    """Enters a shop: the next login leads here again."""

    def get(self, request, *args, **kwargs):
        request.session[LAST_SHOP] = self.shop.no
        return redirect("requests", self.shop.no)
