"""The export of the request list: what the URL filters, as a file."""

from shop_cs.views.exporting import ExportPage

from ..arrivals import send_what_is_due


class ExportRequests(ExportPage):
    kind_name = "requests"

    def prepare(self, fmt):
        super().prepare(fmt)
        send_what_is_due(self.shop, now=self.now)
