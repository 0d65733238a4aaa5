"""All shops' reports of users: what waits comes first; the page of one, and its decision. [4] §一"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import FieldTextFilter
from unfold.decorators import display

from shop_cs import moment
from shop_cs.access import actor_for, platform_actor
from shop_cs.admin.base import at
from shop_cs.admin.exporting import Exported
from shop_cs.moves import Refused, stamp, why_not
from shop_cs.privacy import name_shown
from shop_cs.sites import platform
from tickets.admin.requests import Button

from .. import persons, proof
from ..actions import reporting
from ..forms.reports import ReportDecisionForm
from ..models import Exhibit, Report, ReportOrder, ReportState
from ..moves import reports as moves
from .waiting import WaitingFirst

STATE_TONES = {
    ReportState.SUBMITTED: "warning",
    ReportState.INVESTIGATING: "info",
    ReportState.UPHELD: "success",
    ReportState.DISMISSED: "default",
    ReportState.WITHDRAWN: "default",
}
# What a reviewer decides with a reason: the move and the verb that does it.
DECISIONS = {
    "uphold": (moves.UPHOLD, reporting.uphold),
    "dismiss": (moves.DISMISS, reporting.dismiss),
    "reopen": (moves.REOPEN, reporting.reopen),
}
SHOWN_WITH = ("shop", "consumer", "rulebook", "made_by", "taken_up_by", "decided_by")


@admin.register(Report, site=platform)
class ReportAdmin(WaitingFirst, Exported):
    export_kind = "desk-reports"
    waits = {"state__in": [ReportState.SUBMITTED, ReportState.INVESTIGATING]}
    see_act = "see_disputes"
    list_display = ["no", "shop", "user", "kind", "status", "made", "decided"]
    list_select_related = ["shop", "consumer"]
    list_filter = ["state", "kind", ("shop__no", FieldTextFilter)]
    list_filter_submit = True
    list_fullwidth = True
    search_fields = ["no", "shop__no", "report_orders__order__no"]
    trail_parts = [(ReportOrder, "report_id"), (Exhibit, "report_id")]
    made = at("made_at", gettext_lazy("made at"))
    decided = at("decided_at", gettext_lazy("decided at"))

    @admin.display(description=gettext_lazy("consumer"))
    def user(self, record):
        return f"{name_shown(record.consumer)} {record.consumer.masked_phone}".strip() or "—"

    @display(description=gettext_lazy("status"), ordering="state", label=STATE_TONES)
    def status(self, record):
        return record.state, record.get_state_display()

    def get_urls(self):
        page = self.admin_site.admin_view
        verbs = [
            path(f"<int:object_id>/{verb}/", page(self.decide), {"verb": verb}, name=f"disputes_report_{verb}")
            for verb in DECISIONS
        ]
        taking = path("<int:object_id>/take_up/", page(self.take_up), name="disputes_report_take_up")
        return [taking, *verbs, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one report. It is read; what may be done has addresses of its own."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Reports are not edited."))
        return self.shown(request, record)

    def shown(self, request, record, *, refusal=None):
        record = Report.everything.select_related(*SHOWN_WITH).get(pk=record.pk)
        exhibits = record.exhibits.select_related("evidence")
        may_see_dossier = actor_for(request.user, "see_dossiers") is not None
        return self.page(
            request,
            "admin/disputes/report.html",
            title=record.no,
            status=refusal.status if refusal else 200,
            refusal=refusal,
            record=record,
            orders=[one.order for one in record.report_orders.select_related("order")],
            exhibits=[(one, one.evidence, False) for one in exhibits],
            asked=proof.of(record, exhibits),
            others=_others(record) if may_see_dossier else None,
            buttons=self.buttons(request, record),
            stamp=stamp(record),
            propose_url=self.propose_address(request, record),
            may_see_dossier=may_see_dossier,
            history_url=self.address("history", record),
            may_see_trail=actor_for(request.user, "see_trail") is not None,
        )

    def address(self, what, record):
        return reverse(f"{self.admin_site.name}:disputes_report_{what}", args=[record.pk])

    def propose_address(self, request, record):
        """Where a reviewer proposes a violation that the report has brought to light; "" for others."""
        if actor_for(request.user, "judge_violations") is None:
            return ""
        asked = urlencode({"shop_no": record.shop.no, "report_no": record.no})
        return f"{reverse(f'{self.admin_site.name}:disputes_violation_propose')}?{asked}"

    def buttons(self, request, record):
        """What a reviewer can do; greyed with the reason by the very rule that guards the act."""
        by = actor_for(request.user, "judge_reports")
        if by is None:
            return []
        verbs = {"take_up": moves.TAKE_UP, **{verb: move for verb, (move, _act) in DECISIONS.items()}}
        offered = []
        for verb, move in verbs.items():
            # Reopening is not offered where there is nothing to reopen.
            if move is moves.REOPEN and record.state not in move.sources:
                continue
            refusal = why_not(record, move, by=by, now=moment.now())
            why = str(refusal.text) if refusal else ""
            offered.append(Button(move, self.address(verb, record), why, is_post=move is moves.TAKE_UP))
        return offered

    def take_up(self, request, object_id):
        """Begins the investigation: only by POST."""
        by = platform_actor(request.user, "judge_reports")
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            try:
                reporting.take_up(record, by=by, now=moment.now(), expect=request.POST.get("expect", ""))
            except Refused as refused:
                return self.shown(request, record, refusal=refused.refusal)
            messages.success(request, _("%(no)s is yours to investigate.") % {"no": record.no})
        return redirect(self.address("change", record))

    def decide(self, request, object_id, verb):
        """Upholds, dismisses or reopens one report. What is refused keeps the typed reason and changes nothing."""
        move, act = DECISIONS[verb]
        by = platform_actor(request.user, "judge_reports")
        record, now = self.record_or_404(request, object_id), moment.now()
        refusal = why_not(record, move, by=by, now=now) if request.method != "POST" else None
        form = ReportDecisionForm(request.POST or None, initial={"expect": stamp(record)})
        if request.method == "POST" and form.is_valid():
            try:
                record = act(record, by=by, now=now, **form.cleaned_data)
            except Refused as refused:
                refusal = refused.refusal
            else:
                words = {"no": record.no, "state": record.get_state_display()}
                messages.success(request, _("Decided: %(no)s is “%(state)s” now.") % words)
                return redirect(self.address("change", record))
        status = refusal.status if refusal else 400 if form.errors else 200
        return self._decision_page(request, record, verb, form, by=by, now=now, refusal=refusal, status=status)

    def _decision_page(self, request, record, verb, form, *, by, now, refusal, status):
        """The form with the report as it stands now: a new sending carries the stamp of what this page shows."""
        move = DECISIONS[verb][0]
        record = Report.everything.select_related(*SHOWN_WITH).get(pk=record.pk)
        return self.page(
            request,
            "admin/disputes/report_decide.html",
            title=_("%(act)s: %(no)s") % {"act": str(move.label).capitalize(), "no": record.no},
            status=status,
            record=record,
            form=form,
            verb=verb,
            stamp=stamp(record),
            refusal=refusal,
            possible=why_not(record, move, by=by, now=now) is None,
            back=self.address("change", record),
        )


def _others(record):
    """What other reports say of the same person: a part of the dossier, so for reviewers alone."""
    shops, reports, upheld = persons.others_about(record)
    return {"shops": shops, "reports": reports, "upheld": upheld}
