"""All shops' violations: what is proposed comes first, the oldest on top; the page of one with what would follow."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Case, DateTimeField, F, IntegerField, When
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import FieldTextFilter
from unfold.decorators import display

from shop_cs import moment
from shop_cs.access import actor_for, platform_actor
from shop_cs.admin.asked import OfRulebook
from shop_cs.admin.base import at
from shop_cs.admin.exporting import Exported
from shop_cs.moves import Refused, stamp, why_not
from shop_cs.sites import platform
from tickets.admin.requests import Button

from .. import consequences
from ..actions import punishing
from ..forms.violations import JudgementForm
from ..models import Exhibit, Penalty, Violation, ViolationState
from ..moves import violations as moves
from ..penalties import imposed
from . import proposing

STATE_TONES = {
    ViolationState.PROPOSED: "warning",
    ViolationState.UPHELD: "danger",
    ViolationState.DISMISSED: "default",
    ViolationState.EXCUSED: "success",
    ViolationState.REVOKED: "success",
}
# What a reviewer decides: the move and the verb that does it.
DECISIONS = {"uphold": (moves.UPHOLD, punishing.uphold), "dismiss": (moves.DISMISS, punishing.dismiss)}
SHOWN_WITH = ("shop", "rulebook", "order", "request", "case", "report", "filing", "found_by", "decided_by", "appeal")
# The most dismissed in one go: the fields of a form are limited.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """One violation on the page that dismisses many: with the stamp that its reviewer saw, and why it was refused."""

    record: Violation
    stamp: str
    refusal: str = ""


@admin.register(Violation, site=platform)
class ViolationAdmin(Exported):
    export_kind = "desk-violations"
    see_act = "see_disputes"
    list_display = ["no", "shop", "kind", "account", "source", "order_no", "status", "found", "decided"]
    list_select_related = ["shop", "order"]
    list_filter = ["state", "kind", "source", ("shop__no", FieldTextFilter), ("rulebook", OfRulebook)]
    list_filter_submit = True
    list_fullwidth = True
    list_per_page = 100
    keys_first = True
    actions = ["dismiss_chosen"]
    search_fields = ["no", "shop__no", "order__no", "request__no", "case__no", "account"]
    trail_parts = [(Penalty, "violation_id")]
    found = at("found_at", gettext_lazy("found at"))
    decided = at("decided_at", gettext_lazy("decided at"))

    def get_ordering(self, request):
        """What is proposed, the oldest first; then what is decided, the newest first."""
        waits = {"state": ViolationState.PROPOSED}
        turn = Case(When(**waits, then=0), default=1, output_field=IntegerField())
        waiting_since = Case(When(**waits, then=F("found_at")), output_field=DateTimeField())
        return [turn.asc(), waiting_since.asc(), "-found_at", "-pk"]

    @admin.display(description=gettext_lazy("order number"), ordering="order__no")
    def order_no(self, record):
        return record.order.no if record.order else "—"

    @display(description=gettext_lazy("status"), ordering="state", label=STATE_TONES)
    def status(self, record):
        return record.state, record.get_state_display()

    def get_urls(self):
        page, name = self.admin_site.admin_view, "disputes_violation"
        verbs = [
            path(f"<int:object_id>/{verb}/", page(self.judge), {"verb": verb}, name=f"{name}_{verb}")
            for verb in DECISIONS
        ]
        return [
            path("propose/", page(self.propose), name=f"{name}_propose"),
            path("dismiss/", page(self.dismiss_many), name=f"{name}_dismiss_many"),
            *verbs,
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        return actor_for(request.user, "judge_violations") is not None

    def has_judge_permission(self, request):
        return self.has_add_permission(request)

    def add_view(self, request, form_url="", extra_context=None):
        """Violations are proposed, not added."""
        return redirect(f"{self.admin_site.name}:disputes_violation_propose")

    def propose(self, request):
        return proposing.propose(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one violation. It is read; what may be done has addresses of its own."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Violations are not edited."))
        return self.page(request, "admin/disputes/violation.html", title=record.no, **self.shown(request, record))

    def shown(self, request, record):
        """What the pages of a violation say of it as it stands now."""
        now = moment.now()
        record = Violation.everything.select_related(*SHOWN_WITH).get(pk=record.pk)
        penalties = Penalty.everything.filter(violation=record).order_by("pk")
        is_open = record.state == ViolationState.PROPOSED
        return {
            "record": record,
            "appeal": getattr(record, "appeal", None),
            "coming": punishing.consequence(record, now=now) if is_open else None,
            "measures": [imposed(penalty, now=now) for penalty in penalties],
            "points": consequences.points_left(record.shop, record.rulebook, now=now),
            "exhibits": exhibits_of(record),
            "buttons": self.buttons(request, record, now),
            "history_url": self.address("history", record),
            "may_see_trail": actor_for(request.user, "see_trail") is not None,
        }

    def address(self, what, record):
        return reverse(f"{self.admin_site.name}:disputes_violation_{what}", args=[record.pk])

    def buttons(self, request, record, now):
        """What a reviewer can do; greyed with the reason by the very rule that guards the act."""
        by = actor_for(request.user, "judge_violations")
        offered = []
        for verb, (move, _act) in DECISIONS.items() if by else ():
            refusal = why_not(record, move, by=by, now=now)
            offered.append(Button(move, self.address(verb, record), str(refusal.text) if refusal else ""))
        return offered

    def judge(self, request, object_id, verb):
        """Uphold or dismiss one. What is refused keeps the typed reason and changes nothing."""
        move, act = DECISIONS[verb]
        by = platform_actor(request.user, "judge_violations")
        record, now = self.record_or_404(request, object_id), moment.now()
        refusal = why_not(record, move, by=by, now=now) if request.method != "POST" else None
        form = JudgementForm(request.POST or None, verb=verb)
        if request.method == "POST" and form.is_valid():
            try:
                record = act(record, by=by, now=now, **form.judgement())
            except Refused as refused:
                refusal = refused.refusal
            else:
                words = {"no": record.no, "state": record.get_state_display()}
                messages.success(request, _("Decided: %(no)s is “%(state)s” now.") % words)
                return redirect(f"{self.admin_site.name}:disputes_violation_changelist")
        status = refusal.status if refusal else 400 if form.errors else 200
        shown = self.shown(request, record)
        return self.page(
            request,
            "admin/disputes/violation_judge.html",
            title=_("%(act)s: %(no)s") % {"act": str(move.label).capitalize(), "no": record.no},
            status=status,
            form=form,
            verb=verb,
            refusal=refusal,
            stamp=stamp(shown["record"]),
            possible=shown["record"].state in move.sources,
            back=self.address("change", record),
            **shown,
        )

    def response_action(self, request, queryset):
        """As Django's, which breaks on a ticked row that is no number."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(pk.isdecimal() and len(pk) < 19 for pk in ticked):
            raise BadRequest(_("This form is not complete. Go back, reload the page and try again."))
        return super().response_action(request, queryset)

    @admin.action(description=gettext_lazy("Dismiss the chosen"), permissions=["judge"])
    def dismiss_chosen(self, request, queryset):
        """The page between: what is being dismissed, each with the stamp it has now, and one reason."""
        pks = list(queryset.values_list("pk", flat=True)[:AT_ONCE])
        chosen = [Chosen(record, stamp(record)) for record in _violations(pks)]
        return self._many_page(request, JudgementForm(verb="dismiss"), chosen)

    def dismiss_many(self, request):
        """Dismisses each by itself, as its own stamp allows; what is refused stays listed and is not touched."""
        by, now = platform_actor(request.user, "judge_violations"), moment.now()
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        stamps = _stamps(request.POST.getlist("chosen"))
        chosen = [Chosen(record, stamps[record.pk]) for record in _violations(stamps)]
        form = JudgementForm(request.POST, verb="dismiss")
        if not form.is_valid() or not chosen:
            return self._many_page(request, form, chosen, status=400)
        reason = form.cleaned_data["reason"]
        refused = [left for one in chosen if (left := _dismissed(one, reason, by=by, now=now))]
        count = len(chosen) - len(refused)
        done = ngettext("%(n)s dismissed", "%(n)s dismissed", count) % {"n": count}
        if refused:
            told = _("%(done)s, %(n)s not: look at the reasons.") % {"done": done, "n": len(refused)}
            return self._many_page(request, form, refused, status=200 if count else 409, told=told)
        messages.success(request, done)
        return redirect(f"{self.admin_site.name}:disputes_violation_changelist")

    def _many_page(self, request, form, chosen, *, status=200, told=""):
        return self.page(
            request,
            "admin/disputes/violations_dismiss.html",
            title=_("Dismiss violations"),
            status=status,
            form=form,
            chosen=chosen,
            told=told,
            still=[one for one in chosen if not one.refusal],
            to=reverse(f"{self.admin_site.name}:disputes_violation_dismiss_many"),
            back=reverse(f"{self.admin_site.name}:disputes_violation_changelist"),
        )


def exhibits_of(violation):
    """Evidence of what it was found on, as (exhibit, its piece, False): of its case, of its report, of its request."""
    if violation.request_id:
        attached = violation.request.attachments.select_related("evidence")
        return [(one, one.evidence, False) for one in attached]
    of = {"case": violation.case_id} if violation.case_id else {"report": violation.report_id}
    if not any(of.values()):
        return []
    return [(one, one.evidence, False) for one in Exhibit.everything.filter(**of).select_related("evidence")]


def _violations(pks):
    return list(Violation.everything.filter(pk__in=pks).select_related("shop").order_by("found_at", "pk"))


def _stamps(lines):
    """{pk: stamp} of lines "17=proposed:1"; what is none of ours is left out."""
    pairs = (line.partition("=") for line in lines[:AT_ONCE])
    return {int(pk): said for pk, _equals, said in pairs if pk.isdecimal() and len(pk) < 19 and said}


def _dismissed(one, reason, *, by, now):
    """None when it is dismissed, else the same with the reason why not."""
    try:
        punishing.dismiss(one.record, reason=reason, expect=one.stamp, by=by, now=now)
    except Refused as refused:
        fresh = Violation.everything.select_related("shop").get(pk=one.record.pk)
        return Chosen(fresh, one.stamp, str(refused.refusal.text))
    return None
