"""The export of a list: what the URL filters, as a file. Twin: `tickets.views.exports`."""

import math
import tempfile

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop_cs import sheets
from shop_cs.access import may
from shop_cs.moves import Refusal, Refused
from shop_cs.pages import MerchantPage
from tickets.exports import TooSoon, start

from ..exports import cases as case_exports
from ..filters import cases as case_filters


class ExportRecords(MerchantPage):
    """CSV or XLSX of a list as filtered; 404 for another format, 400 and 429 with words.

    A noun names the module of its `filters` (filtered), that of its `exports` (header, rows) and the file's `name`.
    """

    act = "export_disputes"
    # No HEAD: an export is on record and takes the shop's minute.
    http_method_names = ["get"]
    filters = exports = None
    name = ""

    def get(self, request, *, shop_no, fmt):
        if fmt not in sheets.TYPES:
            raise Http404(_("There is no export in this format."))
        chosen, records = self.filters.filtered(self.shop, request.GET, self.now)
        if not chosen.form.is_valid():
            raise Refused(
                Refusal("filter", _("The filter is not understood: go back to the list and correct it."), 400)
            )
        query = request.GET.urlencode()
        try:
            log = start(self.shop, requests=records, fmt=fmt, query=query, by=self.by, now=self.now)
        except TooSoon as error:
            page = render(request, "refused.html", {"refusal": error.refusal}, status=error.refusal.status)
            page["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
            return page
        return self.file(fmt, *self.table(records, log.rows))

    def table(self, records, most):
        """The header and the first `most` rows."""
        return self.exports.header(), self.exports.rows(records, most)

    def file(self, fmt, header, rows):
        """The whole file before its first byte leaves: what breaks half-way is an error, never a short file."""
        kept = tempfile.NamedTemporaryFile(suffix=f".{fmt}")  # noqa: SIM115 - the response closes it
        sheets.write(fmt, kept.name, header, rows)
        name = f"{self.name}-{self.shop.no}-{localtime(self.now):%Y%m%d-%H%M%S}.{fmt}"
        answer = FileResponse(kept, as_attachment=True, filename=name, content_type=sheets.TYPES[fmt])
        answer["Cache-Control"] = "private, no-store"
        return answer


class ExportCases(ExportRecords):
    filters, exports, name = case_filters, case_exports, "cases"

    def table(self, records, most):
        seen = {"sees_money": may(self.by, "see_money", self.shop.pk)}
        return self.exports.header(**seen), self.exports.rows(records, most, **seen)
