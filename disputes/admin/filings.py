"""All shops' filings: what waits comes first; the page of one with what it would cover, and its decision. [4] §一"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import FieldTextFilter
from unfold.decorators import display

from shop_cs import moment
from shop_cs.access import actor_for, platform_actor
from shop_cs.admin.base import at
from shop_cs.admin.exporting import Exported
from shop_cs.moves import Refused, stamp, why_not
from shop_cs.sites import platform
from tickets.admin.requests import Button

from .. import coverage, proof
from ..actions import filing
from ..forms.platform import ReasonForm
from ..models import COVERING, Exhibit, Filing, FilingOrder, FilingState
from ..moves import filings as moves
from .waiting import WaitingFirst

STATE_TONES = {
    FilingState.SUBMITTED: "warning",
    FilingState.APPROVED: "success",
    FilingState.REJECTED: "danger",
    FilingState.EXPIRED: "default",
    FilingState.WITHDRAWN: "default",
}
WHY = gettext_lazy("Say why: the merchant must be able to understand it.")
# What a reviewer decides: the move, the verb that does it, and the words where a reason is needed.
DECISIONS = {
    "approve": (moves.APPROVE, filing.approve, ""),
    "reject": (moves.REJECT, filing.reject, WHY),
}
SHOWN_WITH = ("shop", "rulebook", "made_by", "decided_by")


@admin.register(Filing, site=platform)
class FilingAdmin(WaitingFirst, Exported):
    export_kind = "desk-filings"
    waits = {"state": FilingState.SUBMITTED}
    see_act = "see_disputes"
    list_display = ["no", "shop", "kind", "way", "status", "starts", "ends", "made"]
    list_select_related = ["shop"]
    list_filter = ["state", "kind", ("shop__no", FieldTextFilter), ("courier", FieldTextFilter)]
    list_filter_submit = True
    list_fullwidth = True
    search_fields = ["no", "shop__no", "filing_orders__order__no"]
    trail_parts = [(FilingOrder, "filing_id"), (Exhibit, "filing_id")]
    starts = at("starts_at", gettext_lazy("from"))
    ends = at("ends_at", gettext_lazy("until"))
    made = at("made_at", gettext_lazy("made at"))

    @admin.display(description=gettext_lazy("what it covers"))
    def way(self, record):
        return coverage.way(record)

    @display(description=gettext_lazy("status"), ordering="state", label=STATE_TONES)
    def status(self, record):
        return record.state, record.get_state_display()

    def get_urls(self):
        page = self.admin_site.admin_view
        verbs = [
            path(f"<int:object_id>/{verb}/", page(self.decide), {"verb": verb}, name=f"disputes_filing_{verb}")
            for verb in DECISIONS
        ]
        return [*verbs, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one filing. It is read; what may be done has addresses of its own."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Filings are not edited."))
        exhibits = record.exhibits.select_related("evidence")
        return self.page(
            request,
            "admin/disputes/filing.html",
            title=record.no,
            **self.facts(request, record),
            exhibits=[(one, one.evidence, False) for one in exhibits],
            asked=proof.of(record, exhibits),
            buttons=self.buttons(request, record),
            history_url=self.address("history", record),
            may_see_trail=actor_for(request.user, "see_trail") is not None,
        )

    def facts(self, request, record):
        """What both its pages show: the filing as it stands now, and what it covers or would."""
        record = Filing.everything.select_related(*SHOWN_WITH).get(pk=record.pk)
        told = {
            "record": record,
            "way": coverage.way(record),
            "orders": [one.order for one in record.filing_orders.select_related("order")],
            "on_platform": True,
            "covers": record.state in COVERING,
        }
        if record.state not in {*COVERING, FilingState.SUBMITTED}:
            return told
        try:
            return {**told, "extent": coverage.extent(record), **coverage.pages(record, request.GET)}
        except InvalidPage as error:
            raise Http404(_("The list has no such page.")) from error

    def address(self, what, record):
        return reverse(f"{self.admin_site.name}:disputes_filing_{what}", args=[record.pk])

    def buttons(self, request, record):
        """What a reviewer can do; greyed with the reason by the very rule that guards the act."""
        by = actor_for(request.user, "judge_filings")
        offered = []
        for verb, (move, _act, _needed) in DECISIONS.items() if by else ():
            refusal = why_not(record, move, by=by, now=moment.now())
            offered.append(Button(move, self.address(verb, record), str(refusal.text) if refusal else ""))
        return offered

    def decide(self, request, object_id, verb):
        """Approves or rejects one filing. What is refused keeps the typed reason and changes nothing."""
        move, act, needed = DECISIONS[verb]
        by = platform_actor(request.user, "judge_filings")
        record, now = self.record_or_404(request, object_id), moment.now()
        refusal = why_not(record, move, by=by, now=now) if request.method != "POST" else None
        form = ReasonForm(request.POST or None, needed=needed)
        if request.method == "POST" and form.is_valid():
            try:
                record = act(record, by=by, now=now, **form.said())
            except Refused as refused:
                refusal = refused.refusal
            else:
                messages.success(request, decided_words(record))
                return redirect(f"{self.admin_site.name}:disputes_filing_changelist")
        status = refusal.status if refusal else 400 if form.errors else 200
        return self._decision_page(request, record, verb, form, by=by, refusal=refusal, status=status)

    def _decision_page(self, request, record, verb, form, *, by, refusal, status):
        """The form with the filing as it stands now: a new sending carries the stamp of what this page shows."""
        move, facts = DECISIONS[verb][0], self.facts(request, record)
        record = facts["record"]
        return self.page(
            request,
            "admin/disputes/filing_decide.html",
            title=_("%(act)s: %(no)s") % {"act": str(move.label).capitalize(), "no": record.no},
            status=status,
            **facts,
            form=form,
            verb=verb,
            stamp=stamp(record),
            refusal=refusal,
            possible=why_not(record, move, by=by, now=moment.now()) is None,
            back=self.address("change", record),
        )


def decided_words(record):
    words = {"no": record.no, "state": record.get_state_display()}
    return _("Decided: %(no)s is “%(state)s” now.") % words
