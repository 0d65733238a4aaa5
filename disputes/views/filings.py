"""The filing centre of a shop: its filings, a new one, what one covers, and what can still be done to it. [4] §一"""

import re

from django.core.paginator import InvalidPage
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs.access import may
from shop_cs.evidence import catalogue, checks, vault
from shop_cs.models import Evidence
from shop_cs.models.people import NUMBER
from shop_cs.moves import Refused, no_permission, rulebook_in_force, stamp, why_not
from shop_cs.pages import Act, MerchantPage
from tickets.forms import EvidenceForm

from .. import actions, coverage, proof
from ..filters import filings as filters
from ..forms.filings import ORDERS, FilingForm
from ..forms.reports import numbers_in
from ..models import COVERING, Exhibit, Filing, FilingOrder, FilingState, ViolationState
from ..moves import filings as moves
from . import acts
from .acts import exhibits_shown
from .lists import RecordList
from .orders import named

filing = actions.filing
# The excused violations that a filing's page names; the newest pieces of the shop's own vault that are offered.
EXCUSED, OWN_PIECES = 20, 20


class FilingList(RecordList):
    template_name = "disputes/filings.html"
    title = gettext_lazy("Filings")
    filters = filters
    list_name = "filings"
    rows_template = "disputes/_filing_rows.html"
    none_yet = gettext_lazy("Your shop has filed nothing yet.")
    show_all = gettext_lazy("Show all filings")

    def told(self, records):
        named = FilingOrder.objects.of(self.shop).filter(filing__in=records).order_by().values_list("filing")
        orders = dict(named.annotate(Count("pk")))
        return [(record, coverage.way(record, orders.get(record.pk, 0))) for record in records]

    def get_context_data(self, **kwargs):
        barred = "" if may(self.by, "file_filings", self.shop.pk) else no_permission(self.by, "file_filings")
        return super().get_context_data(no_filing=barred, **kwargs)


class WithFiles(MerchantPage):
    """A page that shows and fills the vaults of the orders that a filing names, or the shop's own."""

    def pieces_of(self, orders):
        """What the merchant sees in the vaults of these orders, and the newest pieces of the shop's own."""
        mine = vault.shown_to_merchant(Evidence.objects.of(self.shop))
        own = mine.filter(order=None).order_by("-uploaded_at", "-pk").values("pk")[:OWN_PIECES]
        return mine.filter(Q(order__in=orders) | Q(pk__in=own))

    def stored(self, file, orders, rules):
        """A new file: in the first order's vault, and without an order in the shop's own. Raises `Refused`."""
        home = {"order": orders[0]} if orders else {"shop": self.shop}
        side = Evidence.Side.MERCHANT
        return vault.store(**home, file=file, name=file.name, side=side, by=self.by, now=self.now, rules=rules)


@method_decorator(never_cache, name="dispatch")
class NewFiling(WithFiles):
    act = "file_filings"
    template_name = "disputes/filing_new.html"
    title = gettext_lazy("New filing")

    def dispatch(self, request, *args, **kwargs):
        self.refusals = []
        return super().dispatch(request, *args, **kwargs)

    def form(self, *data, orders=(), **kwargs):
        most = rulebook_in_force(self.now).filing_regions_max
        about, pieces = catalogue.FILING, self.pieces_of(orders)
        return FilingForm(*data, vault=pieces, about=about, most_regions=most, **kwargs)

    def get_context_data(self, **kwargs):
        rulebook = rulebook_in_force(self.now)
        if "form" not in kwargs:
            known = named(self.shop, self.request.GET.get("order", ""))
            kwargs["form"] = FilingForm.blank(
                self.now,
                order_no=known.no if known else "",
                vault=self.pieces_of([known] if known else []),
                about=catalogue.FILING,
                most_regions=rulebook.filing_regions_max,
            )
        limits = vault.limits_of(rulebook.rules())
        claims = proof.by_claim(catalogue.FILING)
        return super().get_context_data(help_texts=checks.help_text(limits), claims=claims, rulebook=rulebook, **kwargs)

    def post(self, request, *args, **kwargs):
        orders = self._orders()
        form = self.form(request.POST) if self.refusals else self._with_files(orders)
        if self.refusals or not form.is_valid():
            return self._again(form)
        try:
            record = filing.submit(
                shop=self.shop,
                orders=orders,
                evidence=form.ticked(),
                by=self.by,
                now=self.now,
                **form.filing(),
            )
        except Refused as refused:
            self.refusals.append(refused.refusal)
            return self._again(form)
        to = reverse("filing", args=[self.shop.no, record.no])
        return self.done(to, _("Filing %(no)s is submitted.") % {"no": record.no})

    def _orders(self):
        """The orders named, when that is the way; another shop's is refused, and then no vault but ours is shown."""
        nos = numbers_in(self.request.POST.get("orders", ""))
        if self.request.POST.get("way") != ORDERS or not all(re.fullmatch(NUMBER, no) for no in nos):
            return []
        try:
            return actions.reporting.orders_called(self.shop, nos)
        except Refused as refused:
            self.refusals.append(refused.refusal)
            return []

    def _with_files(self, orders):
        """The form with what was typed: new files that are good are in a vault by now, and ticked."""
        first = self.form(self.request.POST, self.request.FILES, orders=orders)
        rules, typed = rulebook_in_force(self.now).rules(), self.request.POST.copy()
        for file, *said in first.uploads():
            try:
                piece = self.stored(file, orders, rules)
            except Refused as refused:
                self.refusals.append(refused.refusal)
                continue
            first.tick(typed, piece, *said)
        return self.form(typed, orders=orders)

    def _again(self, form):
        alerts = [refusal.text for refusal in self.refusals]
        status = max((refusal.status for refusal in self.refusals), default=400)
        return self.again(
            status=status, form=form, alerts=alerts or [_("Nothing was saved yet: look at the marked fields.")]
        )


@method_decorator(never_cache, name="dispatch")
class FilingPage(WithFiles):
    act = "see_disputes"
    template_name = "disputes/filing.html"
    about = catalogue.FILING

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    @property
    def page(self):
        return reverse("filing", args=[self.shop.no, self.kwargs["no"]])

    def load(self):
        exhibits = Prefetch("exhibits", Exhibit.everything.select_related("evidence"))
        named = Prefetch("filing_orders", FilingOrder.everything.select_related("order"))
        mine = Filing.objects.of(self.shop).filter(no=self.kwargs["no"]).select_related("shop", "rulebook", "made_by")
        self.record = mine.prefetch_related(named, exhibits).first()
        if self.record is None:
            raise Http404(_("There is no such filing in this shop."))
        self.orders = [one.order for one in self.record.filing_orders.all()]
        shown = {one.evidence_id for one in self.record.exhibits.all()}
        self.vault = [piece for piece in self.pieces_of(self.orders) if piece.pk not in shown]

    def refusal_of(self, move):
        return why_not(self.record, move, by=self.by, now=self.now)

    def get_context_data(self, **kwargs):
        record, no_exhibit = self.record, self.refusal_of(moves.EXHIBIT)
        return super().get_context_data(
            **{
                "title": record.no,
                "record": record,
                "way": coverage.way(record),
                "orders": self.orders,
                "exhibits": exhibits_shown(record, no_exhibit),
                "asked": proof.of(record, record.exhibits.all()),
                "form": EvidenceForm(vault=self.vault, about=self.about),
                "no_exhibit": no_exhibit,
                "no_withdraw": self.refusal_of(moves.WITHDRAW),
                "stamp": stamp(record),
                "help_texts": checks.help_text(vault.limits_of(record.rulebook.rules())),
                **self._covered(),
                **kwargs,
            }
        )

    def _covered(self):
        """What it covers, or would; of violations those that it excused: what is only proposed is the reviewers'."""
        record = self.record
        if record.state not in {*COVERING, FilingState.SUBMITTED}:
            return {}
        excused = record.violations.filter(state=ViolationState.EXCUSED).select_related("shop").order_by("pk")
        return {
            "covers": record.state in COVERING,
            "extent": coverage.extent(record),
            **self._pages(),
            "excused": excused[:EXCUSED],
        }

    def _pages(self):
        try:
            return coverage.pages(self.record, self.request.GET)
        except InvalidPage as error:
            raise Http404(_("The list has no such page.")) from error


class ShowEvidence(acts.ShowEvidence, FilingPage):
    act = "file_filings"
    move = moves.EXHIBIT

    def _store(self, file):
        return self.stored(file, self.orders, self.record.rulebook.rules())


class TakeBack(acts.TakeBack, FilingPage):
    act = "file_filings"


class Withdraw(Act, FilingPage):
    """Asks first: a withdrawn filing is not brought back."""

    act = "file_filings"
    template_name = "disputes/filing_withdraw.html"

    def get(self, request, *args, **kwargs):
        return FilingPage.get(self, request, *args, **kwargs)

    def act_on(self):
        filing.withdraw(self.record, by=self.by, now=self.now, expect=self.request.POST.get("expect", ""))
        return _("Filing %(no)s is withdrawn.") % {"no": self.record.no}
