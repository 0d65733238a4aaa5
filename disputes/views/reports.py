"""The report centre of a shop: its reports, a new one, and what can still be done to one. [4] §一"""

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs.access import may
from shop_cs.evidence import catalogue, checks, vault
from shop_cs.models import Evidence
from shop_cs.moves import Refused, no_permission, rulebook_in_force, stamp, why_not
from shop_cs.pages import Act, MerchantPage
from tickets.forms import EvidenceForm

from .. import actions, persons, proof
from ..filters import reports as filters
from ..forms.reports import ReportForm
from ..models import Exhibit, Report
from ..moves import reports as moves
from . import acts
from .acts import exhibits_shown
from .lists import RecordList
from .orders import named

reporting = actions.reporting


class ReportList(RecordList):
    template_name = "disputes/reports.html"
    title = gettext_lazy("Reports of users")
    filters, list_name = filters, "reports"
    rows_template = "disputes/_report_rows.html"
    none_yet = gettext_lazy("No user has been reported by your shop yet.")
    show_all = gettext_lazy("Show all reports")
    related = ("shop", "consumer")

    def told(self, records):
        prefetch_related_objects(records, persons.ORDERS)
        return records

    def get_context_data(self, **kwargs):
        barred = "" if may(self.by, "report_users", self.shop.pk) else no_permission(self.by, "report_users")
        return super().get_context_data(no_report=barred, **kwargs)


class WithFiles(MerchantPage):
    """A page that shows and fills the vaults of several orders of the shop."""

    def pieces_of(self, orders):
        """What the merchant sees in the vaults of these orders."""
        return vault.shown_to_merchant(Evidence.objects.of(self.shop).filter(order__in=orders))

    def stored(self, file, order, rules):
        side = Evidence.Side.MERCHANT
        return vault.store(order=order, file=file, name=file.name, side=side, by=self.by, now=self.now, rules=rules)


@method_decorator(never_cache, name="dispatch")
class NewReport(WithFiles):
    act = "report_users"
    template_name = "disputes/report_new.html"
    title = gettext_lazy("Report a user")

    def get_context_data(self, **kwargs):
        rulebook = rulebook_in_force(self.now)
        if "form" not in kwargs:
            known = named(self.shop, self.request.GET.get("order", ""))
            pieces = self.pieces_of([known]) if known else ()
            kwargs["form"] = self.form(vault=pieces, initial={"orders": known.no if known else ""})
        limits = vault.limits_of(rulebook.rules())
        most = rulebook.filing_orders_max
        claims = proof.by_claim(catalogue.REPORT)
        return super().get_context_data(help_texts=checks.help_text(limits), claims=claims, most=most, **kwargs)

    def form(self, *data, **kwargs):
        return ReportForm(*data, about=catalogue.REPORT, **kwargs)

    def post(self, request, *args, **kwargs):
        first = self.form(request.POST)
        if "orders" in first.errors:
            return self._again(first, [])
        try:
            # Whose vaults are shown is decided by numbers that are all this shop's.
            orders = reporting.orders_called(self.shop, first.cleaned_data["orders"])
        except Refused as refused:
            return self._again(first, [refused.refusal])
        form, refusals = self._with_files(orders)
        if refusals or not form.is_valid():
            return self._again(form, refusals)
        said = {name: form.cleaned_data[name] for name in ("kind", "text")}
        evidence = form.ticked()
        try:
            record = reporting.submit(
                shop=self.shop, orders=orders, evidence=evidence, by=self.by, now=self.now, **said
            )
        except Refused as refused:
            return self._again(form, [refused.refusal])
        to = reverse("report", args=[self.shop.no, record.no])
        return self.done(to, _("Report %(no)s is submitted.") % {"no": record.no})

    def _with_files(self, orders):
        """(form with what was typed, why files were refused): new files are in the first order's vault, and ticked."""
        first = self.form(self.request.POST, self.request.FILES, vault=self.pieces_of(orders))
        rules, typed, refusals = rulebook_in_force(self.now).rules(), self.request.POST.copy(), []
        for file, *said in first.uploads():
            try:
                piece = self.stored(file, orders[0], rules)
            except Refused as refused:
                refusals.append(refused.refusal)
                continue
            first.tick(typed, piece, *said)
        return self.form(typed, vault=self.pieces_of(orders)), refusals

    def _again(self, form, refusals):
        alerts = [refusal.text for refusal in refusals]
        status = max((refusal.status for refusal in refusals), default=400)
        return self.again(
            status=status, form=form, alerts=alerts or [_("Nothing was saved yet: look at the marked fields.")]
        )


@method_decorator(never_cache, name="dispatch")
class ReportPage(WithFiles):
    act = "see_disputes"
    template_name = "disputes/report.html"
    about = catalogue.REPORT

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    @property
    def page(self):
        return reverse("report", args=[self.shop.no, self.kwargs["no"]])

    def load(self):
        exhibits = Prefetch("exhibits", Exhibit.everything.select_related("evidence"))
        mine = Report.objects.of(self.shop).filter(no=self.kwargs["no"]).select_related("shop", "consumer", "rulebook")
        self.record = mine.prefetch_related(persons.ORDERS, exhibits).first()
        if self.record is None:
            raise Http404(_("There is no such report in this shop."))
        self.orders = [one.order for one in self.record.report_orders.all()]
        shown = {one.evidence_id for one in self.record.exhibits.all()}
        self.vault = [piece for piece in self.pieces_of(self.orders) if piece.pk not in shown]

    def refusal_of(self, move):
        return why_not(self.record, move, by=self.by, now=self.now)

    def get_context_data(self, **kwargs):
        no_exhibit, no_withdraw = self.refusal_of(moves.EXHIBIT), self.refusal_of(moves.WITHDRAW)
        return super().get_context_data(
            **{
                "title": self.record.no,
                "record": self.record,
                "orders": self.orders,
                "exhibits": exhibits_shown(self.record, no_exhibit),
                "asked": proof.of(self.record, self.record.exhibits.all()),
                "form": EvidenceForm(vault=self.vault, about=self.about),
                "no_exhibit": no_exhibit,
                "no_withdraw": no_withdraw,
                "stamp": stamp(self.record),
                "help_texts": checks.help_text(vault.limits_of(self.record.rulebook.rules())),
                **kwargs,
            }
        )


class ShowEvidence(acts.ShowEvidence, ReportPage):
    act = "report_users"
    move = moves.EXHIBIT

    def _store(self, file):
        return self.stored(file, self.orders[0], self.record.rulebook.rules())


class TakeBack(acts.TakeBack, ReportPage):
    act = "report_users"


class Withdraw(Act, ReportPage):
    """Asks first: a withdrawn report is not brought back."""

    act = "report_users"
    template_name = "disputes/report_withdraw.html"

    def get(self, request, *args, **kwargs):
        return ReportPage.get(self, request, *args, **kwargs)

    def act_on(self):
        reporting.withdraw(self.record, by=self.by, now=self.now, expect=self.request.POST.get("expect", ""))
        return _("Report %(no)s is withdrawn.") % {"no": self.record.no}
