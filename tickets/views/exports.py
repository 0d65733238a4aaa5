"""The export of the request list: what the URL filters, as a file."""

import math
import tempfile

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop_cs import sheets
from shop_cs.moves import Refusal, Refused
from shop_cs.pages import MerchantPage

from .. import exports
from ..arrivals import send_what_is_due
from ..filters import filtered


class ExportRequests(MerchantPage):
    """CSV or XLSX of the list as filtered; 404 for another format, 400 and 429 with words."""

    act = "export_requests"
    # No HEAD: an export is on record and takes the shop's minute.
    http_method_names = ["get"]

    def get(self, request, *, shop_no, fmt):
        if fmt not in sheets.TYPES:
            raise Http404(_("There is no export in this format."))
        send_what_is_due(self.shop, now=self.now)
        chosen, requests = filtered(self.shop, request.GET, self.now)
        if not chosen.form.is_valid():
            raise Refused(
                Refusal("filter", _("The filter is not understood: go back to the list and correct it."), 400)
            )
        query = request.GET.urlencode()
        try:
            log = exports.start(self.shop, requests=requests, fmt=fmt, query=query, by=self.by, now=self.now)
        except exports.TooSoon as error:
            page = render(request, "refused.html", {"refusal": error.refusal}, status=error.refusal.status)
            page["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
            return page
        return self.file(fmt, exports.rows(requests, log.rows))

    def file(self, fmt, rows):
        """The whole file before its first byte leaves: what breaks half-way is an error, never a short file."""
        kept = tempfile.NamedTemporaryFile(suffix=f".{fmt}")  # noqa: SIM115 - the response closes it
        sheets.write(fmt, kept.name, exports.header(), rows)
        name = f"requests-{self.shop.no}-{localtime(self.now):%Y%m%d-%H%M%S}.{fmt}"
        answer = FileResponse(kept, as_attachment=True, filename=name, content_type=sheets.TYPES[fmt])
        answer["Cache-Control"] = "private, no-store"
        return answer
