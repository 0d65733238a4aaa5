"""The shop's merchant liability rate: of a month, with each case and what it did, and of the last twelve. [0] §三"""

from django.core.paginator import InvalidPage
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.pages import MerchantPage
from tickets.quality.months import month_asked

from .. import figures, liability


def told(shop, month, *, now, page):
    """What the page of a shop's month shows, here and in the platform's desk. Raises Http404."""
    try:
        return liability.told(shop.pk, month, now=now, page=page)
    except InvalidPage as error:
        raise Http404(_("The list has no such page.")) from error


class LiabilityPage(MerchantPage):
    act = "see_disputes"
    template_name = "disputes/liability.html"
    title = gettext_lazy("Merchant liability rate")

    def get(self, request, *args, **kwargs):
        asked = request.GET.get("month", "")
        self.month = month_asked(asked) if asked else figures.month_of(self.now)
        if self.month is None:
            self.month = figures.month_of(self.now)
            return self.again(status=400, problem=_("There is no such month. Choose one of those below."))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        page = 1 if "problem" in kwargs else self.request.GET.get("page", 1)
        return super().get_context_data(**told(self.shop, self.month, now=self.now, page=page), **kwargs)
