"""The platform's lists at size: rows counted up to a limit, those of deep pages found by their keys."""

from functools import cached_property

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ORDER_VAR
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.html import escape, format_html
from unfold.templatetags.unfold_list import LINK_CLASSES, result_headers
from unfold.views import ChangeList

from . import cells
from .waiting import sizes

# Nobody leafs further: filters lead there sooner, and to count a million rows takes longer than to show fifty.
MOST_COUNTED = 10_000
LINK = " ".join(LINK_CLASSES)


class Counted(Paginator):
    """Counts no further than `MOST_COUNTED`; `is_more` says that there are more rows than that."""

    template_name = "admin/_pages.html"

    @cached_property
    def counted(self):
        return sizes({"rows": self.object_list}, MOST_COUNTED + 1)["rows"]

    @property
    def count(self):
        return min(self.counted, MOST_COUNTED)

    @property
    def is_more(self):
        return self.counted > MOST_COUNTED


class Listing(ChangeList):
    """Unfold's list, whose rows are drawn here. `page_name` is the name of the page that a row leads to."""

    page_name = ""

    def get_results(self, request):
        super().get_results(request)
        is_sorted = self.model_admin.keys_first or ORDER_VAR in self.params
        if self.multi_page and (self.page_num > 1 or is_sorted):
            self.result_list = self._by_keys(self.result_list)

    def _by_keys(self, rows):
        """The same rows: what belongs to them is not joined to all that stand before them or have to be sorted."""
        keys = list(rows.values_list("pk", flat=True))
        found = self.queryset.order_by().in_bulk(keys)
        return [found[key] for key in keys if key in found]

    @cached_property
    def headers(self):
        return list(result_headers(self))

    @property
    def sorted_fields(self):
        return sum(1 for header in self.headers if header["sortable"] and header["sorted"])

    @cached_property
    def _address(self):
        """What stands before and behind the key in the address of a record's page."""
        name = self.page_name or f"{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(f"{self.model_admin.admin_site.name}:{name}", args=["0"]).rsplit("0", 1)

    def url_for_result(self, result):
        before, after = self._address
        return f"{before}{quote(getattr(result, self.pk_attname))}{after}"

    @cached_property
    def _way_back(self):
        """The query that leads from a record's page back to the list as it is filtered."""
        page, filters = "0".join(self._address), {"preserved_filters": self.preserved_filters, "opts": self.opts}
        return add_preserved_filters(filters, page).removeprefix(page)

    def link_to(self, result, words):
        """A row's link to its page; `words` are HTML."""
        opener = ""
        if self.is_popup:
            value = result.serializable_value(self.to_field or self.pk_attname)
            opener = format_html(' data-popup-opener="{}"', value)
        address = escape(self.url_for_result(result) + self._way_back)
        return f'<a href="{address}" class="{LINK}" {opener}>{words}</a>'

    @property
    def rows(self):
        """The cells of each row as one piece of HTML."""
        return cells.rows(self)
