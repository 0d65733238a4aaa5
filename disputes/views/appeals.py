"""A shop's appeals: the list, a new one against a ruling, a compensation or a violation, an appeal's page. [4] §三"""

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs.evidence import checks, vault
from shop_cs.models import Evidence
from shop_cs.moves import why_not
from shop_cs.pages import MerchantPage, WithEvidence
from tickets.forms import EvidenceForm

from .. import proof, prospects
from ..actions import appealing
from ..filters import appeals as filters
from ..forms.appeals import AppealForm
from ..models import Appeal, AppealState, Case, Compensation, Exhibit, Violation
from ..moves import appeals as moves
from . import acts
from .acts import exhibits_shown
from .lists import RecordList


class AppealList(RecordList):
    title = gettext_lazy("Appeals")
    filters, list_name = filters, "appeals"
    rows_template = "disputes/_appeal_rows.html"
    none_yet = gettext_lazy("No appeal yet. An appeal is made on the page of what it is against.")
    show_all = gettext_lazy("Show all appeals")
    related = ("order", "case", "compensation__case", "violation")


class Vault(MerchantPage):
    """A page that shows and fills the vault behind a record: its order's, without an order the shop's own."""

    def pieces_of(self, record):
        pieces = Evidence.objects.of(self.shop).filter(order=record.order_id)
        return vault.shown_to_merchant(pieces).order_by("uploaded_at", "pk")

    def stored(self, file, record, rules):
        home = {"order": record.order} if record.order_id else {"shop": self.shop}
        side = Evidence.Side.MERCHANT
        return vault.store(file=file, name=file.name, side=side, by=self.by, now=self.now, rules=rules, **home)


class NewAppeal(WithEvidence, Vault):
    """The form of an appeal, with what it is against, until when, and what a granted one would change."""

    act = "appeal"
    template_name = "disputes/appeal_new.html"
    title = gettext_lazy("Appeal")
    form_name = "form"
    # The address of the page that it came from, and what is said where there is no such record.
    came_from = missing = ""
    record = None

    def get(self, request, *args, **kwargs):
        self.load()
        return MerchantPage.get(self, request, *args, **kwargs)

    def load(self):
        self.subject = self.subject_called(self.kwargs["no"])
        if self.subject is None:
            raise Http404(self.missing)
        self.vault = list(self.pieces_of(self.subject))

    def subject_called(self, no):
        """The shop's record of that number as its address names it, or None."""
        raise NotImplementedError

    @property
    def page(self):
        return reverse("appeal", args=[self.shop.no, self.record.no])

    def refusal_of(self, move):
        return appealing.why_no_appeal(self.subject, by=self.by, now=self.now)

    @property
    def about(self):
        return proof.about_appeal(appealing.column_of(self.subject))

    def make_form(self, data, files=None):
        return AppealForm(data, files, vault=self.vault, about=self.about)

    def get_context_data(self, **kwargs):
        subject = self.subject
        return super().get_context_data(
            **{
                "subject": subject,
                "kind": appealing.column_of(subject),
                "case": prospects.case_of(subject),
                "until": appealing.appeal_until(subject),
                "no_appeal": self.refusal_of(moves.SUBMIT),
                "prospect": prospects.prospect(subject),
                "back": reverse(self.came_from, args=[self.shop.no, self.kwargs["no"]]),
                "form": AppealForm(vault=self.vault, about=self.about),
                "claims": proof.by_claim(self.about),
                "help_texts": checks.help_text(vault.limits_of(subject.rulebook.rules())),
                **kwargs,
            }
        )

    def act_on(self):
        pieces = self.pieces()
        if pieces is None:
            return None
        self.record = appealing.submit(
            subject=self.subject, **self.form.appeal(), evidence=pieces, by=self.by, now=self.now
        )
        return _("Appeal %(no)s is made. Another reviewer decides it.") % {"no": self.record.no}

    def _store(self, file):
        return self.stored(file, self.subject, self.subject.rulebook.rules())


class AppealRuling(NewAppeal):
    came_from, missing = "case", gettext_lazy("There is no such case in this shop.")

    def subject_called(self, no):
        whole = Case.objects.of(self.shop).select_related("shop", "order", "rulebook", "appeal", "compensation")
        return whole.filter(no=no).first()


class AppealCompensation(NewAppeal):
    came_from, missing = "case", gettext_lazy("There is no advance compensation in this case.")

    def subject_called(self, no):
        whole = Compensation.objects.of(self.shop).select_related("shop", "order", "rulebook", "appeal", "case__order")
        return whole.filter(case__no=no).first()


class AppealViolation(NewAppeal):
    came_from, missing = "violation", gettext_lazy("There is no such violation in this shop.")

    def subject_called(self, no):
        mine = Violation.objects.of(self.shop).visible_to_merchant()
        return mine.select_related("shop", "order", "rulebook", "appeal").filter(no=no).first()


@method_decorator(never_cache, name="dispatch")
class AppealPage(Vault):
    act = "see_disputes"
    template_name = "disputes/appeal.html"

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    @property
    def page(self):
        return reverse("appeal", args=[self.shop.no, self.kwargs["no"]])

    def load(self):
        subjects = ("case__order", "case__compensation", "compensation__case__order", "violation")
        mine = Appeal.objects.of(self.shop).select_related("shop", "order", "rulebook", "made_by", *subjects)
        exhibits = Prefetch("exhibits", Exhibit.everything.select_related("evidence"))
        self.record = mine.filter(no=self.kwargs["no"]).prefetch_related(exhibits).first()
        if self.record is None:
            raise Http404(_("There is no such appeal in this shop."))
        shown = {one.evidence_id for one in self.record.exhibits.all()}
        self.vault = [piece for piece in self.pieces_of(self.record) if piece.pk not in shown]
        self.about = proof.about_appeal(appealing.column_of(self.record.subject))

    def refusal_of(self, move):
        return why_not(self.record, move, by=self.by, now=self.now)

    def get_context_data(self, **kwargs):
        record, no_exhibit = self.record, self.refusal_of(moves.EXHIBIT)
        is_open = record.state == AppealState.OPEN
        return super().get_context_data(
            **{
                "title": record.no,
                "record": record,
                "subject": record.subject,
                "kind": appealing.column_of(record.subject),
                "case": prospects.case_of(record.subject),
                "prospect": prospects.prospect(record.subject) if is_open else prospects.result(record),
                "exhibits": exhibits_shown(record, no_exhibit),
                "asked": proof.of(record, record.exhibits.all()),
                "form": EvidenceForm(vault=self.vault, about=self.about),
                "no_exhibit": no_exhibit,
                "help_texts": checks.help_text(vault.limits_of(record.rulebook.rules())),
                **kwargs,
            }
        )


class ShowEvidence(acts.ShowEvidence, AppealPage):
    act = "appeal"
    move = moves.EXHIBIT

    def _store(self, file):
        return self.stored(file, self.record, self.record.rulebook.rules())


class TakeBack(acts.TakeBack, AppealPage):
    act = "appeal"
