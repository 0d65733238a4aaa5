"""The shop's figures: today's desk, trends of a period, their export."""

import tempfile

from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs import sheets
from shop_cs.access import may
from shop_cs.clock import SHANGHAI
from shop_cs.exporting import gate
from shop_cs.exporting.running import PREFIX
from shop_cs.moves import Refusal, Refused, no_permission
from shop_cs.pages import MerchantPage

from ..arrivals import send_what_is_due
from ..figures import asking, tables
from ..figures.desk import desk
from ..figures.links import ShopLinks
from .lists import FORMATS

TABLES = ("spans", "types")


def shown(form, links, *, now, shop=None):
    """What the page of the figures shows, for a merchant or in the platform's desk; four statements."""
    is_valid = form.is_valid()
    asked = form.asked() if is_valid else asking.usual(form.today)
    if is_valid:
        form.show(asked)
    if shop is not None:
        asked = asking.of_shop(asked, shop)
    told = {
        "form": form,
        "asked": asked,
        "desk": desk(asked, links, now=now),
        "presets": presets(form, today=form.today),
        "query": form.data.urlencode(),
    }
    if not is_valid:
        return {**told, "problem": _("These filters cannot be understood: look at the marked fields.")}
    sections = tables.of_period(asked, links)
    # Of what there is nothing is said shortly, at the end.
    full = [one for one in sections if not one.is_empty]
    return {
        **told,
        "tables": [*full[:1], tables.of_types(asked, links), *full[1:]] if full else [],
        "empty": [one for one in sections if one.is_empty],
    }


def presets(form, *, today):
    """(days, query, whether it is shown) of the periods that are one click away; the other filters stay."""
    shown_ = form.is_valid() and (form.cleaned_data["first"], form.cleaned_data["last"])
    told = []
    for days in asking.PRESETS:
        first, query = today - (days - 1) * asking.ONE_DAY, form.data.copy()
        for name in ("since", "until", "step"):
            query.pop(name, None)
        query["since"], query["until"] = f"{first:%Y-%m-%d}", f"{today:%Y-%m-%d}"
        told.append((days, query.urlencode(), shown_ == (first, today)))
    return told


def today_of(now):
    return localtime(now, SHANGHAI).date()


def file(fmt, table, asked, *, called, now):
    """The shown table as a file, whole before its first byte leaves."""
    kept = tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=f".{fmt}")  # noqa: SIM115 - the response closes it
    sheets.write(fmt, kept.name, tables.header(table), tables.rows(table, asked))
    name = f"{called}-{asked.first:%Y%m%d}-{asked.last:%Y%m%d}-{localtime(now):%H%M%S}.{fmt}"
    answer = FileResponse(kept, as_attachment=True, filename=name, content_type=sheets.TYPES[fmt])
    answer["Cache-Control"] = "private, no-store"
    return answer


def table_asked(params, fmt):
    """Which table is to be exported. Http404 for another one, or another format."""
    table = params.get("table", TABLES[0])
    if fmt not in sheets.TYPES or table not in TABLES:
        raise Http404(_("There is no such export."))
    return table


def asked_of(form):
    """What a form asks; Refused (400) when it is not understood."""
    if not form.is_valid():
        raise Refused(Refusal("filter", _("The filter is not understood: go back to the page and correct it."), 400))
    return form.asked()


class FiguresPage(MerchantPage):
    act = "see_figures"
    template_name = "tickets/figures.html"
    title = gettext_lazy("Figures")

    def get(self, request, *args, **kwargs):
        send_what_is_due(self.shop, now=self.now)
        form = asking.FiguresForm(request.GET, today=today_of(self.now))
        told = shown(form, ShopLinks(self.shop), now=self.now, shop=self.shop)
        refused = "" if may(self.by, "export_requests", self.shop.pk) else no_permission(self.by, "export_requests")
        status = 400 if "problem" in told else 200
        return self.again(status=status, formats=FORMATS, no_export=refused, **told)


class ExportFigures(MerchantPage):
    """The table that is shown, on record; within the shop's minute as every export. [2] §二.4"""

    act = "export_requests"
    http_method_names = ["get"]

    def get(self, request, *, shop_no, fmt):
        table = table_asked(request.GET, fmt)
        asked = asking.of_shop(asked_of(asking.FiguresForm(request.GET, today=today_of(self.now))), self.shop)
        query = f"figures?{request.GET.urlencode()}"
        rows = len(tables.rows(table, asked))
        with transaction.atomic():
            gate.pass_one(self.shop, now=self.now)
            gate.record(self.shop, fmt=fmt, query=query, rows=rows, by=self.by, now=self.now, move="export")
        return file(fmt, table, asked, called=f"figures-{self.shop.no}", now=self.now)
