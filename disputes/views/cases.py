"""The shop's arbitration cases: the list, a case's page, and what the merchant does on it."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs import ledger
from shop_cs.access import may
from shop_cs.evidence import catalogue, checks, vault
from shop_cs.models import Evidence
from shop_cs.moves import Refused, stamp, why_not
from shop_cs.pages import Act, MerchantPage, WithEvidence
from shop_cs.panels import panels
from tickets import deadlines
from tickets.actions.opening import RulesOf
from tickets.forms import EvidenceForm
from tickets.models import State as RequestState

from .. import actions, proof
from ..filters import cases as filters
from ..forms.cases import OfferForm, PayForm, StatementForm
from ..models import Case, CaseState, Exhibit, Remedy
from ..moves import cases as moves
from ..standing import standing, turn
from ..timeline import timeline
from . import acts
from .lists import RecordList

EXHIBIT_PREFIX, OFFER_PREFIX, PAY_PREFIX = "exhibit", "offer", "pay"


class CaseList(RecordList):
    title = gettext_lazy("Arbitration cases")
    filters = filters
    list_name = "cases"
    rows_template = "disputes/_case_rows.html"
    none_yet = gettext_lazy("No arbitration case yet. When the platform opens one, it appears here and you are told.")
    show_all = gettext_lazy("Show all cases")
    related = ("order", "rulebook")

    def told(self, records):
        rules = RulesOf()
        return [(record, standing(record, rules(record), now=self.now)) for record in records]


@dataclass(frozen=True, slots=True)
class Side:
    """What one side has said and shown: its `exhibits` are (exhibit, whether it can be taken back)."""

    label: str
    statement: str
    stated_at: object
    late_at: object
    exhibits: list


@dataclass(frozen=True, slots=True)
class Advance:
    """What the platform would take if nobody pays: from where how much, and what is there now; whole fen."""

    balances: ledger.Balances
    deposit: int
    other: int
    owed: int


def shown(shop, no):
    """A shop's case with all that its page needs. Raises Http404."""
    exhibits = Exhibit.everything.select_related("evidence")
    record = (
        Case.objects.of(shop)
        .filter(no=no)
        .select_related(
            "shop", "order__consumer", "after_sale", "request", "rulebook", "appeal", "compensation__appeal"
        )
        .prefetch_related(
            "offers",
            Prefetch("exhibits", exhibits),
            Prefetch("order__evidence", vault.shown_to_merchant(Evidence.everything.all())),
        )
        .first()
    )
    if record is None:
        raise Http404(_("There is no such case in this shop."))
    return record


@method_decorator(never_cache, name="dispatch")
class CasePage(MerchantPage):
    act = "see_disputes"
    template_name = "disputes/case.html"
    about = catalogue.CASE

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    def load(self):
        self.record = shown(self.shop, self.kwargs["no"])
        self.rules = self.record.rulebook.rules()
        exhibited = {one.evidence_id for one in self.record.exhibits.all()}
        pieces = self.record.order.evidence.all()
        self.vault = [piece for piece in pieces if piece.pk not in exhibited]
        # A receipt that was shown as evidence proves the payment too; one that was doubted does not.
        doubted = {one.evidence_id for one in self.record.exhibits.all() if one.is_payment}
        mine = [piece for piece in pieces if piece.side == Evidence.Side.MERCHANT]
        self.receipts = [piece for piece in mine if piece.pk not in doubted]

    @property
    def page(self):
        return reverse("case", args=[self.shop.no, self.kwargs["no"]])

    def refusal_of(self, move):
        return why_not(self.record, move, by=self.by, now=self.now)

    def get_context_data(self, **kwargs):
        record = self.record
        return super().get_context_data(
            **{
                "title": record.no,
                "record": record,
                "order": record.order,
                "request_shown": record.request if _is_sent(record.request) else None,
                "standing": standing(record, self.rules, now=self.now),
                "turn": turn(record, now=self.now),
                "explanation": self._explanation(),
                "sides": self._sides(),
                **self._proof(),
                "offers": record.offers.all(),
                "compensation": getattr(record, "compensation", None),
                "sees_money": may(self.by, "see_money", self.shop.pk),
                "advance": self._advance(),
                "is_large": moves.is_large(record),
                "entries": timeline(record),
                "panels": panels("case", record, actor=self.by, now=self.now),
                "help_texts": checks.help_text(vault.limits_of(self.rules)),
                "stamp": stamp(record),
                **self._forms(),
                **kwargs,
            }
        )

    def _forms(self):
        stated = {"text": self.record.merchant_statement}
        return {
            "no_statement": self.refusal_of(moves.STATE),
            "no_exhibit": self.refusal_of(moves.EXHIBIT),
            "no_offer": self.refusal_of(moves.OFFER),
            "no_pay": self.refusal_of(moves.PAY),
            "statement_form": StatementForm(vault=self.vault, about=self.about, initial=stated),
            "exhibit_form": EvidenceForm(vault=self.vault, about=self.about, prefix=EXHIBIT_PREFIX),
            "offer_form": OfferForm(prefix=OFFER_PREFIX),
            "pay_form": PayForm(vault=self.receipts, about=catalogue.PAYMENT, prefix=PAY_PREFIX),
        }

    def _proof(self):
        record, shown = self.record, self.record.exhibits.all()
        return {"asked_case": proof.of(record, shown), "asked_payment": proof.of_payment(record, shown)}

    def _explanation(self):
        """Why the time for evidence ends when it does, while it runs."""
        if self.record.state not in moves.HEARING:
            return None
        return deadlines.explain(self.rules, self.record.round_opened_at, self.rules.evidence_limit)

    def _sides(self):
        record, open_ = self.record, self.refusal_of(moves.EXHIBIT) is None
        exhibits = {side: [] for side in Evidence.Side}
        for one in record.exhibits.all():
            mine = one.evidence.side == Evidence.Side.MERCHANT
            can_go = open_ and mine and one.round == record.round and not one.is_payment
            exhibits[one.evidence.side].append((one, can_go))
        merchant = Side(
            _("Merchant's statement"),
            record.merchant_statement,
            record.merchant_stated_at,
            record.merchant_late_at,
            exhibits[Evidence.Side.MERCHANT],
        )
        consumer = Side(
            _("Consumer's statement"),
            record.consumer_statement,
            record.consumer_stated_at,
            record.consumer_late_at,
            exhibits[Evidence.Side.CONSUMER] + exhibits[Evidence.Side.PLATFORM],
        )
        return [merchant, consumer]

    def _advance(self):
        """[4]: what is not paid in time is taken from the deposit, then from other funds. For members who see money."""
        record = self.record
        due = record.state in {CaseState.PAYING, CaseState.CONFIRMING} and record.remedy == Remedy.AMOUNT
        if not due or not may(self.by, "see_money", self.shop.pk):
            return None
        balances = ledger.balances(self.shop)
        return Advance(balances, *ledger.split(record.award_fen, balances.deposit, balances.other))


def _is_sent(request):
    """Whether a merchant may see the request that a case came from. [2] §一.1"""
    return request is not None and request.state != RequestState.SCHEDULED


class StateCase(WithEvidence, CasePage):
    """The merchant's statement; again replaces it until both sides were heard."""

    form_name = "statement_form"
    move = moves.STATE

    def make_form(self, data, files=None):
        return StatementForm(data, files, vault=self.vault, about=self.about)

    def act_on(self):
        pieces = self.pieces()
        if pieces is None:
            return None
        said = self.form.cleaned_data
        actions.state_case(
            self.record, text=said["text"], evidence=pieces, expect=said["expect"], by=self.by, now=self.now
        )
        return _("Your statement in %(no)s is made.") % {"no": self.record.no}


class ShowExhibit(acts.ShowEvidence, CasePage):
    form_name = "exhibit_form"
    prefix = EXHIBIT_PREFIX
    move = moves.EXHIBIT


class TakeBack(acts.TakeBack, CasePage):
    pass


class MakeOffer(Act, CasePage):
    form_name = "offer_form"

    def make_form(self, data, files=None):
        return OfferForm(data, prefix=OFFER_PREFIX)

    def act_on(self):
        if refusal := self.refusal_of(moves.OFFER):
            raise Refused(refusal)
        if not self.form.is_valid():
            return None
        actions.offer(self.record, **self.form.offer(), by=self.by, now=self.now)
        return _("The offer is made; the consumer is asked.")


class PayCase(WithEvidence, CasePage):
    form_name = "pay_form"
    move = moves.PAY

    def make_form(self, data, files=None):
        return PayForm(data, files, vault=self.receipts, about=catalogue.PAYMENT, prefix=PAY_PREFIX)

    def act_on(self):
        pieces = self.pieces()
        if pieces is None:
            return None
        said = self.form.cleaned_data
        actions.pay(self.record, note=said["note"], evidence=pieces, expect=said["expect"], by=self.by, now=self.now)
        return _("%(no)s is paid and closed.") % {"no": self.record.no}
