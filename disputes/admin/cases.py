"""All cases of all shops, the two queues, and the page of one with what may be done to it."""

from dataclasses import dataclass
from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Prefetch, Value, prefetch_related_objects
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import FieldTextFilter
from unfold.decorators import display

from shop_cs import ledger, moment
from shop_cs.access import actor_for
from shop_cs.admin.asked import OfRulebook
from shop_cs.admin.base import PlatformAdmin, at
from shop_cs.admin.exporting import Exported
from shop_cs.admin.listing import Listing
from shop_cs.moves import why_not
from shop_cs.panels import panels
from shop_cs.sites import platform
from shop_cs.words import yuan

from .. import proof
from ..models import AwaitingSecond, Case, CaseState, Compensation, Exhibit, InArbitration, Offer
from ..moves import cases
from ..standing import standing, turn
from ..timeline import timeline
from . import opening, ruling
from .filters import Counts, Large, Late, Open

STATE_TONES = {
    CaseState.COLLECTING: "warning",
    CaseState.NEGOTIATING: "info",
    CaseState.ARBITRATING: "info",
    CaseState.PAYING: "warning",
    CaseState.CONFIRMING: "danger",
    CaseState.CLOSED: "success",
}
SHOWN_WITH = (
    "shop",
    "rulebook",
    "order__consumer",
    "after_sale",
    "request",
    "opened_by",
    "ruled_by",
    "paid_by",
    "compensation__confirmed_by",
)


@dataclass(frozen=True, slots=True)
class Button:
    """Something that may be done to a case, or why not."""

    name: str
    label: str
    address: str
    why_not: str
    is_danger: bool


class CaseList(PlatformAdmin):
    """What the list of all cases and the two queues have in common."""

    see_act = "see_disputes"
    list_select_related = ["shop", "order"]
    list_fullwidth = True
    trail_parts = [(part, "case_id") for part in (Offer, Exhibit, Compensation)]
    search_fields = ["no", "order__no", "after_sale__no", "shop__no"]

    def get_queryset(self, request):
        now = Value(moment.asked_at(request), output_field=DateTimeField())
        return super().get_queryset(request).annotate(seen_at=now)

    @admin.display(description=gettext_lazy("order number"), ordering="order__no")
    def order_no(self, record):
        return record.order.no

    @admin.display(description=gettext_lazy("amount claimed"), ordering="claim_fen")
    def claimed(self, record):
        return yuan(record.claim_fen)

    @admin.display(description=gettext_lazy("amount awarded"), ordering="award_fen")
    def awarded(self, record):
        return yuan(record.award_fen) or "—"

    @display(description=gettext_lazy("late"), label={"late": "danger"})
    def late(self, record):
        over = record.state == CaseState.COLLECTING and record.seen_at > record.deadline
        if record.merchant_late_at or (over and not record.merchant_stated_at):
            return "late", _("merchant silent")
        unpaid = record.state == CaseState.PAYING and record.seen_at > record.pay_due
        if unpaid or record.state == CaseState.CONFIRMING:
            return "late", _("not paid")
        return None


class QueueRows(Listing):
    """Rows that lead to the case's one page."""

    page_name = "disputes_case_change"


class Queue(CaseList):
    """Cases that wait for a reviewer, the longest waiting first; each row leads to the case's one page."""

    def get_changelist(self, request, **kwargs):
        return QueueRows

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied(_("Cases are not edited."))
        return redirect(f"{self.admin_site.name}:disputes_case_change", object_id)


@admin.register(InArbitration, site=platform)
class InArbitrationAdmin(Queue):
    list_display = ["no", "shop", "order_no", "claimed", "round", "late", "since"]
    list_filter = [Late, ("shop__no", FieldTextFilter)]
    list_filter_submit = True
    since = at("arbitrating_since", gettext_lazy("arbitrating since"))

    def get_queryset(self, request):
        return super().get_queryset(request).arbitrating()

    def get_ordering(self, request):
        return ["arbitrating_since", "pk"]


@admin.register(AwaitingSecond, site=platform)
class AwaitingSecondAdmin(Queue):
    list_display = ["no", "shop", "order_no", "awarded", "blame", "ruled_by", "since"]
    list_select_related = [*CaseList.list_select_related, "ruled_by"]
    list_filter = [("shop__no", FieldTextFilter)]
    list_filter_submit = True
    since = at("pay_due", gettext_lazy("was to be paid until"))

    def get_queryset(self, request):
        return super().get_queryset(request).confirming()

    def get_ordering(self, request):
        return ["pay_due", "pk"]


@admin.register(Case, site=platform)
class CaseAdmin(Exported, CaseList):
    export_kind = "desk-cases"
    shown_with = SHOWN_WITH
    list_display = ["no", "shop", "order_no", "status", "outcome", "awarded", "late", "opened"]
    list_filter = ["state", "outcome", "blame", Counts, Open, Late, Large, ("shop__no", FieldTextFilter)]
    list_filter.append(("rulebook", OfRulebook))
    list_filter_submit = True
    ordering = ["-opened_at", "-pk"]
    opened = at("opened_at", gettext_lazy("opened at"))

    @display(description=gettext_lazy("status"), ordering="state", label=STATE_TONES)
    def status(self, record):
        return record.state, record.get_state_display()

    def get_urls(self):
        def page(view):
            return self.admin_site.admin_view(partial(view, self))

        named = "disputes_case"
        verbs = [
            path(f"<int:object_id>/{name}/", page(ruling.decide), {"name": name}, name=f"{named}_{name}")
            for name in ruling.VERBS
        ]
        return [
            path("open/", page(opening.look_up), name=f"{named}_open"),
            path("open/<int:after_sale_id>/", page(opening.open_case), name=f"{named}_open_on"),
            *verbs,
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        return actor_for(request.user, "open_cases") is not None

    def add_view(self, request, form_url="", extra_context=None):
        """Cases are opened on an after-sale, not added."""
        return redirect(f"{self.admin_site.name}:disputes_case_open")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one case. It is read; what may be done has addresses of its own."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Cases are not edited."))
        return self.shown(request, record)

    def shown(self, request, record):
        now = moment.asked_at(request)
        prefetch_related_objects([record], Prefetch("offers", Offer.everything.select_related("made_by")))
        exhibits = [(one, one.evidence, False) for one in record.exhibits.select_related("evidence")]
        by = actor_for(request.user, "rule_cases") or actor_for(request.user, self.see_act)
        return self.page(
            request,
            "admin/disputes/case.html",
            title=record.no,
            record=record,
            order=record.order,
            compensation=getattr(record, "compensation", None),
            standing=standing(record, record.rulebook.rules(), now=now),
            turn=turn(record, now=now),
            is_large=cases.is_large(record),
            offers=record.offers.all(),
            asked=proof.of(record, [one for one, *_rest in exhibits]),
            asked_payment=proof.of_payment(record, [one for one, *_rest in exhibits]),
            exhibits=[one for one in exhibits if not one[0].is_payment],
            proofs=[one for one in exhibits if one[0].is_payment],
            others=record.order.cases.exclude(pk=record.pk).order_by("-opened_at"),
            funds=ledger.balances(record.shop),
            entries=timeline(record, for_platform=True),
            panels=panels("case_platform", record, actor=by, now=now),
            buttons=self.buttons(request, record, now),
            history_url=self.address("history", record),
            may_see_trail=actor_for(request.user, "see_trail") is not None,
        )

    def whole(self, pk):
        """The case with what its pages show of it, fresh."""
        return Case.everything.select_related(*SHOWN_WITH).get(pk=pk)

    def address(self, what, record):
        return reverse(f"{self.admin_site.name}:disputes_case_{what}", args=[record.pk])

    def buttons(self, request, record, now):
        """What a reviewer can do now, greyed with the reason by the very rule that guards the act; to rule always."""
        by = actor_for(request.user, "rule_cases")
        offered = []
        for name, verb in ruling.VERBS.items() if by else ():
            if name == "rule" or record.state in verb.move.sources:
                refusal = why_not(record, verb.move, by=by, now=now)
                why = str(refusal.text) if refusal else ""
                offered.append(Button(name, verb.label, self.address(name, record), why, verb.is_danger))
        return offered
