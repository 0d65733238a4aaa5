"""The shop's money: balances, a statement of each account with its causes, what is held, and the export. [4] §三"""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.access import may
from shop_cs.moves import no_permission
from shop_cs.pages import MerchantPage
from tickets.views.lists import FORMATS, PAGE_SIZE, Tab

from .. import money
from ..filters import money as filters

# Of an account that no money has ever moved through.
NOTHING = (0, 0, 0)


class Statement:
    """What the page of a shop's money shows, for the merchant and in the platform's desk. Http404: no such page."""

    def __init__(self, shop, params, *, now):
        self.shop, self.params, self.now = shop, params, now
        self.chosen, self.lines = filters.filtered(shop, params, now)
        self.is_valid = self.chosen.form.is_valid()

    def context(self):
        told = money.counts(self.shop, self.chosen.only if self.is_valid else None)
        all_held, held = money.held(self.shop)
        return {
            "balances": money.balances(told, all_held),
            "filter": self.chosen,
            "tabs": self._tabs(told if self.is_valid else None),
            "clear_query": self._query(only=["tab"]),
            "held": [(one, one.can_appeal(self.now)) for one in held],
            "most_held": money.MOST_HELD,
            **(self._listed(told) if self.is_valid else {"problem": self._problem()}),
        }

    def _problem(self):
        if "tab" in self.chosen.form.errors:
            return _("There is no such tab. Choose one of those above.")
        return _("These filters cannot be understood: look at the marked fields.")

    def _listed(self, counts):
        paginator = Paginator(self.lines, PAGE_SIZE)
        # Counted with the tabs already.
        _balance, whole, paginator.count = counts.get(self.chosen.tab_chosen, NOTHING)
        try:
            page = paginator.page(self.params.get("page", 1))
        except InvalidPage as error:
            raise Http404(_("The list has no such page.")) from error
        return {
            "page": page,
            "lines": list(page),
            "previous_query": page.has_previous() and self._query(page=page.previous_page_number()),
            "next_query": page.has_next() and self._query(page=page.next_page_number()),
            "has_any": bool(whole),
        }

    def _tabs(self, counts):
        tab = self.chosen.form.cleaned_data.get("tab")
        active = None if tab is None else tab or filters.FIRST_TAB
        return [
            Tab(
                label=label,
                query=self._query(tab=kind, page=None),
                count=None if counts is None else counts.get(kind, NOTHING)[2],
                is_active=kind == active,
            )
            for kind, label in filters.TABS.items()
        ]

    def _query(self, only=None, **changes):
        """The query string with these changes; None takes a part out, `only` keeps no others."""
        query = self.params.copy()
        for name in set(query) - set(query if only is None else only):
            del query[name]
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return query.urlencode()


class MoneyPage(MerchantPage):
    act = "see_money"
    template_name = "disputes/money.html"
    title = gettext_lazy("Money")

    def get(self, request, *args, **kwargs):
        self.told = Statement(self.shop, request.GET, now=self.now)
        if not self.told.is_valid:
            return self.again(status=400)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        told = self.told.context()
        query = self.request.GET.urlencode()
        may_export = may(self.by, "export_disputes", self.shop.pk)
        return super().get_context_data(
            **told,
            rows=[(line, line.path) for line in told.get("lines", ())],
            held_rows=[(one, can_appeal, one.path) for one, can_appeal in told["held"]],
            exports=[(format_, label, query) for format_, label in FORMATS],
            no_export="" if may_export else no_permission(self.by, "export_disputes"),
            **kwargs,
        )
