"""A list of a shop's records, whichever noun: tabs with counts, filters in the URL. Twin: `tickets.views.lists`."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from shop_cs.access import may
from shop_cs.moves import no_permission
from shop_cs.pages import MerchantPage
from tickets.views.lists import FORMATS, PAGE_SIZE, Tab


class RecordList(MerchantPage):
    """A noun names the module of its `filters` (TABS, ALL, FIRST_TAB, filtered, counts), the piece of a template that
    draws its `rows_template`, the address's name `list_name` (its export's is `<list_name>-export`) and its words."""

    act = "see_disputes"
    template_name = "disputes/list.html"
    filters = None
    list_name = rows_template = ""
    # What is said when there is none at all; what leads to all of them.
    none_yet = show_all = ""
    related = ()

    def get(self, request, *args, **kwargs):
        self.chosen, self.rows = self.filters.filtered(self.shop, request.GET, self.now)
        if not self.chosen.form.is_valid():
            return self.again(status=400, problem=self._problem())
        return super().get(request, *args, **kwargs)

    def told(self, records):
        """What the rows are made of, of the records of a page."""
        return records

    def get_context_data(self, **kwargs):
        listed = {} if "problem" in kwargs else self._listed()
        query = self.request.GET.urlencode()
        return super().get_context_data(
            filter=self.chosen,
            tabs=self._tabs(listed.get("counts")),
            clear_query=self._query(only=["tab"]),
            list_name=self.list_name,
            export_name=f"{self.list_name}-export",
            rows_template=self.rows_template,
            none_yet=self.none_yet,
            show_all=self.show_all,
            exports=[(format_, label, query) for format_, label in FORMATS],
            no_export=""
            if may(self.by, "export_disputes", self.shop.pk)
            else no_permission(self.by, "export_disputes"),
            **listed,
            **kwargs,
        )

    def _problem(self):
        if "tab" in self.chosen.form.errors:
            return _("There is no such tab. Choose one of those above.")
        return _("These filters cannot be understood: look at the marked fields.")

    def _listed(self):
        counts = self.chosen.by_state()
        paginator = Paginator(self.rows.select_related(*self.related), PAGE_SIZE)
        # Counted with the tabs already.
        paginator.count = self._in_tab(counts, self.chosen.tab_chosen)
        try:
            page = paginator.page(self.request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404(_("The list has no such page.")) from error
        return {
            "counts": counts,
            "page": page,
            "rows": self.told(list(page)),
            "previous_query": page.has_previous() and self._query(page=page.previous_page_number()),
            "next_query": page.has_next() and self._query(page=page.next_page_number()),
            "has_any": self.chosen.has_any(counts),
            "all_query": self._query(only=[], tab=self.filters.ALL),
        }

    def _tabs(self, counts):
        chosen = self.chosen.form.cleaned_data.get("tab", None)
        active = None if chosen is None else chosen or self.filters.FIRST_TAB
        return [
            Tab(
                label=label,
                query=self._query(tab=tab, page=None),
                count=None if counts is None else self._in_tab(counts, tab),
                is_active=tab == active,
            )
            for tab, label in self.filters.TABS.items()
        ]

    def _in_tab(self, counts, tab):
        return counts.of(None if tab == self.filters.ALL else (tab,))

    def _query(self, only=None, **changes):
        """The query string with these changes; None takes a part out, `only` keeps no others."""
        query = self.request.GET.copy()
        for name in set(query) - set(query if only is None else only):
            del query[name]
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()
