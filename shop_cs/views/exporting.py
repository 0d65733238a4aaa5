"""Exports in the workbench: a list taken along at once or asked for, one's own exports, cancelling and fetching."""

import math
import tempfile
from contextlib import closing

from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from .. import sheets
from ..access import require
from ..exporting import asking, gate, showing
from ..exporting.kinds import KINDS
from ..exporting.running import PREFIX
from ..models import ExportJob
from ..pages import MerchantPage
from ..seals.rows import one_moment


class ExportPage(MerchantPage):
    """The export of a list, by what the URL filters. A small one comes at once as CSV or XLSX; of a large one the page
    says how it is made, and a POST asks for it. 404 for another format, 400 and 429 with words.

    A page names its `kind`, and gets `ready` to do before it looks.
    """

    template_name = "exporting/ask.html"
    title = gettext_lazy("Export")
    # No HEAD: an export is on record and takes the shop's minute.
    http_method_names = ["get", "post"]
    kind_name = ""

    def dispatch(self, request, *args, **kwargs):
        self.kind = KINDS[self.kind_name]
        self.act = self.kind.acts[0]
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, fmt):
        """Who may not, and what there is not, is refused before anything is looked for."""
        for act in self.kind.acts:
            require(self.by, act)
        if fmt not in sheets.TYPES:
            raise Http404(_("There is no export in this format."))

    def get(self, request, *, shop_no, fmt):
        self.prepare(fmt)
        offer = showing.offer(self.kind, shop=self.shop, params=request.GET, fmt=fmt, by=self.by, now=self.now)
        if offer.rows > asking.AT_ONCE or not offer.fits:
            return self.again(status=200 if offer.fits else 400, offer=offer, label=self.kind.label)
        query = request.GET.urlencode()
        try:
            log = gate.start(self.shop, requests=offer.records, fmt=fmt, query=query, by=self.by, now=self.now)
        except gate.TooSoon as error:
            return too_soon(request, error)
        return self.file(fmt, offer.records, log.rows)

    def post(self, request, *, shop_no, fmt):
        self.prepare(fmt)
        ask = asking.ask_split if request.POST.get("split") else asking.ask
        language = translation.get_language()
        said = {"shop": self.shop, "params": request.GET, "fmt": fmt, "language": language}
        try:
            ask(self.kind, **said, by=self.by, now=self.now)
        except gate.TooSoon as error:
            return too_soon(request, error)
        return self.done(redirect("exports", self.shop.no).url, _("Asked for: it is being made."))

    def file(self, fmt, records, rows):
        """The whole file before its first byte leaves: what breaks half-way is an error, never a short file."""
        kept = tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=f".{fmt}")  # noqa: SIM115 - the response closes it
        header, cells = self.kind.table(records, rows, by=self.by)
        with one_moment(), closing(cells):
            sheets.write(fmt, kept.name, header, cells)
        name = f"{self.kind.stem}-{self.shop.no}-{localtime(self.now):%Y%m%d-%H%M%S}.{fmt}"
        return download(kept, name, fmt)


def too_soon(request, error):
    page = render(request, "refused.html", {"refusal": error.refusal}, status=error.refusal.status)
    page["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
    return page


def download(content, name, fmt):
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=sheets.TYPES[fmt])
    answer["Cache-Control"] = "private, no-store"
    return answer


@method_decorator(never_cache, name="dispatch")
class MyExports(MerchantPage):
    """What this person asked for in this shop, newest first, and how it stands."""

    template_name = "exporting/list.html"
    title = gettext_lazy("My exports")

    def get_context_data(self, **kwargs):
        mine = ExportJob.objects.of(self.shop).filter(asked_by=self.request.user)
        listed = showing.listed(mine, params=self.request.GET, now=self.now, prefix="export", shop_no=self.shop.no)
        return super().get_context_data(**listed, **kwargs)


class OneExport(MerchantPage):
    """One export of one's own: a colleague's is 404, without the permission it is 403. Sets `self.job`."""

    def load(self, pk):
        jobs = ExportJob.objects.of(self.shop).select_related("shop", "asked_by", "log")
        self.job = jobs.filter(pk=pk).first()
        if self.job is None or self.job.kind not in KINDS:
            raise Http404(_("There is no such export among yours."))
        for act in KINDS[self.job.kind].acts:
            require(self.by, act)
        if self.job.asked_by_id != self.request.user.pk:
            raise Http404(_("There is no such export among yours."))


class FetchExport(OneExport):
    """The file, on record; 410 once it is deleted."""

    http_method_names = ["get"]

    def get(self, request, *, shop_no, pk):
        self.load(pk)
        return fetched(self.job, by=self.by, now=self.now)


def fetched(job, *, by, now):
    content = asking.fetch(job, by=by, now=now)
    return download(content, showing.called(job), job.format)


class CancelExport(OneExport):
    http_method_names = ["post"]

    def post(self, request, *, shop_no, pk):
        self.load(pk)
        asking.cancel(self.job, by=self.by, now=self.now)
        return self.done(redirect("exports", shop_no).url, _("Cancelled."))


class ExportAgain(OneExport):
    """What failed or was cancelled, asked for once more."""

    http_method_names = ["post"]

    def post(self, request, *, shop_no, pk):
        self.load(pk)
        try:
            asking.ask_again(self.job, by=self.by, now=self.now)
        except gate.TooSoon as error:
            return too_soon(request, error)
        return self.done(redirect("exports", shop_no).url, _("Asked for: it is being made."))
