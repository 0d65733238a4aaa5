"""All shops' appeals: what waits comes first, the oldest; the page of one with its subject; its decision. [4] §三"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
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
from shop_cs.moves import Move, Refused, stamp, why_not
from shop_cs.sites import platform
from shop_cs.words import yuan
from tickets.admin.requests import Button

from .. import proof, prospects
from ..actions import appealing
from ..addresses import in_desk
from ..filters.appeals import Subject
from ..forms.appeals import AppealDecisionForm, GrantForm, GrantPartForm
from ..models import Appeal, AppealState, Exhibit
from ..moves import appeals as moves
from .filters import Against
from .waiting import WaitingFirst

STATE_TONES = {
    AppealState.OPEN: "warning",
    AppealState.GRANTED: "success",
    AppealState.PART: "success",
    AppealState.DENIED: "danger",
}


@dataclass(frozen=True, slots=True)
class Verb:
    """What a reviewer can decide: the move that guards it, the act, its form; what follows, and the button's words."""

    move: Move
    act: Callable
    form: type
    then: str
    press: str
    is_danger: bool = False


VERBS = {
    "grant": Verb(
        moves.GRANT,
        appealing.grant,
        GrantForm,
        gettext_lazy("What is shown above happens at once, all of it or nothing, and cannot be taken back."),
        gettext_lazy("Grant in full"),
    ),
    "grant_part": Verb(
        moves.GRANT_PART,
        appealing.grant_part,
        GrantPartForm,
        gettext_lazy("The amount is granted at once, and the case leaves the liability rate. It cannot be taken back."),
        gettext_lazy("Grant in part"),
    ),
    "deny": Verb(
        moves.DENY,
        appealing.deny,
        AppealDecisionForm,
        gettext_lazy("The decision stands, and no other appeal against it is possible."),
        gettext_lazy("Deny the appeal"),
        is_danger=True,
    ),
}
SHOWN_WITH = (
    "shop",
    "order",
    "rulebook",
    "made_by",
    "decided_by",
    "case__order",
    "case__ruled_by",
    "case__compensation__confirmed_by",
    "compensation__confirmed_by",
    "compensation__case__order",
    "compensation__case__ruled_by",
    "violation__decided_by",
)


@admin.register(Appeal, site=platform)
class AppealAdmin(WaitingFirst, Exported):
    export_kind = "desk-appeals"
    waits = {"state": AppealState.OPEN}
    see_act = "see_disputes"
    list_display = ["no", "shop", "against", "status", "granted", "made", "decided"]
    list_select_related = ["shop", "case", "compensation", "violation"]
    list_filter = ["state", "ground", Against, ("shop__no", FieldTextFilter)]
    list_filter_submit = True
    list_fullwidth = True
    search_fields = ["no", "shop__no", "order__no", "case__no", "compensation__no", "violation__no"]
    trail_parts = [(Exhibit, "appeal_id")]
    made = at("made_at", gettext_lazy("made at"))
    decided = at("decided_at", gettext_lazy("decided at"))

    @admin.display(description=gettext_lazy("against"))
    def against(self, record):
        return f"{Subject(appealing.column_of(record.subject)).label} {record.subject.no}"

    @admin.display(description=gettext_lazy("granted amount"), ordering="refund_fen")
    def granted(self, record):
        return yuan(record.refund_fen) if record.refund_fen else "—"

    @display(description=gettext_lazy("status"), ordering="state", label=STATE_TONES)
    def status(self, record):
        return record.state, record.get_state_display()

    def get_urls(self):
        page = self.admin_site.admin_view
        verbs = [
            path(f"<int:object_id>/{name}/", page(self.decide), {"name": name}, name=f"disputes_appeal_{name}")
            for name in VERBS
        ]
        return [*verbs, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one appeal. It is read; what may be decided has addresses of its own."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Appeals are not edited."))
        record = self.whole(record.pk)
        subject, case = record.subject, prospects.case_of(record.subject)
        is_open, exhibits = record.state == AppealState.OPEN, _pieces(record)
        return self.page(
            request,
            "admin/disputes/appeal.html",
            title=record.no,
            record=record,
            prospect=prospects.prospect(subject) if is_open else prospects.result(record),
            exhibits=exhibits,
            asked=proof.of(record, [one for one, *_rest in exhibits]),
            case_exhibits=_pieces(case) if case else [],
            penalties=[] if case else subject.penalties.all(),
            compensation=getattr(case, "compensation", None) if case else None,
            offers=case.offers.select_related("made_by") if case else [],
            buttons=self.buttons(request, record, moment.now()),
            history_url=self.address("history", record),
            may_see_trail=actor_for(request.user, "see_trail") is not None,
            **_facts(record),
        )

    def whole(self, pk):
        """The appeal with what its pages show of it, fresh."""
        return Appeal.everything.select_related(*SHOWN_WITH).get(pk=pk)

    def address(self, what, record):
        return reverse(f"{self.admin_site.name}:disputes_appeal_{what}", args=[record.pk])

    def buttons(self, request, record, now):
        """What a reviewer can decide; greyed with the reason by the very rule that guards the act."""
        by = actor_for(request.user, "decide_appeals")
        offered = []
        for name, verb in VERBS.items() if by else ():
            refusal = _why_not(record, name, by=by, now=now)
            offered.append(Button(verb.move, self.address(name, record), str(refusal.text) if refusal else ""))
        return offered

    def decide(self, request, object_id, name):
        """One decision about one appeal. What is refused keeps what was typed and changes nothing."""
        verb = VERBS[name]
        by = platform_actor(request.user, "decide_appeals")
        record, now = self.record_or_404(request, object_id), moment.now()
        refusal = _why_not(record, name, by=by, now=now) if request.method != "POST" else None
        form = verb.form(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                record = verb.act(record, by=by, now=now, **form.said())
            except Refused as refused:
                refusal = refused.refusal
            else:
                words = {"no": record.no, "state": record.get_state_display()}
                messages.success(request, _("Decided: %(no)s is “%(state)s” now.") % words)
                return redirect(f"{self.admin_site.name}:disputes_appeal_changelist")
        status = refusal.status if refusal else 400 if form.errors else 200
        return self._decision_page(request, record, name, form, by=by, now=now, refusal=refusal, status=status)

    def _decision_page(self, request, record, name, form, *, by, now, refusal, status):
        """The form with the appeal as it stands now: a new sending carries the stamp and the amount of this page."""
        verb, record = VERBS[name], self.whole(record.pk)
        is_open = record.state == AppealState.OPEN
        return self.page(
            request,
            "admin/disputes/appeal_decide.html",
            title=_("%(act)s: %(no)s") % {"act": str(verb.move.label).capitalize(), "no": record.no},
            status=status,
            record=record,
            name=name,
            verb=verb,
            form=form,
            stamp=stamp(record),
            refusal=refusal,
            possible=_why_not(record, name, by=by, now=now) is None,
            prospect=prospects.prospect(record.subject) if is_open else prospects.result(record),
            back=self.address("change", record),
            **_facts(record),
        )


def _facts(record):
    """What the pages tell of the subject."""
    subject = record.subject
    return {
        "subject": subject,
        "subject_url": in_desk(subject),
        "kind": appealing.column_of(subject),
        "kind_label": Subject(appealing.column_of(subject)).label,
        "case": prospects.case_of(subject),
    }


def _pieces(record):
    return [(one, one.evidence, False) for one in record.exhibits.select_related("evidence")]


def _why_not(record, name, *, by, now):
    """The move's own reason, then that of a part where no part can be granted."""
    if refusal := why_not(record, VERBS[name].move, by=by, now=now):
        return refusal
    return appealing.why_no_part(appealing.stake(record.subject)) if name == "grant_part" else None
