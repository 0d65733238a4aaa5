"""All requests of all shops, and the page of one with what may be done to it."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, Prefetch, Value, prefetch_related_objects
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import FieldTextFilter
from unfold.decorators import display

from shop_cs import moment
from shop_cs.access import actor_for, platform_actor
from shop_cs.admin.asked import OfRulebook, OfShop
from shop_cs.admin.base import PlatformAdmin, at
from shop_cs.admin.exporting import Exported
from shop_cs.moves import Refused, stamp, why_not
from shop_cs.panels import panels
from shop_cs.sites import platform

from .. import actions, deadlines, moves, proof
from ..forms_platform import DecisionForm
from ..models import Attachment, ContactAttempt, Reply, Review, ServiceRequest, State, Survey
from ..standing import standing, turn
from ..timeline import timeline
from .filters import (
    Answer,
    Confirmation,
    CreatedFrom,
    CreatedTo,
    DueToday,
    InReviewFor,
    Open,
    Overdue,
    OverdueNow,
    PlatformLate,
    Round,
    Sent,
    Urged,
)

STATE_TONES = {
    State.SCHEDULED: "default",
    State.PENDING: "warning",
    State.CONFIRMING: "info",
    State.REVIEWING: "info",
    State.CLOSED: "success",
}
# What a reviewer can decide: the move, the verb that does it, and whether it needs a reason.
DECISIONS = {
    "approve": (moves.APPROVE, actions.approve),
    "reject": (moves.REJECT, actions.reject),
}
REPLIES = Prefetch("replies", Reply.everything.select_related("replied_by"))
# What is shown of the order's other requests.
OTHER = ("no", "state", "created_at", "order")
NO_REPLIES = Prefetch("replies", Reply.everything.none())


@dataclass(frozen=True, slots=True)
class Button:
    """Something that may be done to a request, or why not."""

    move: moves.Move
    address: str
    why_not: str
    is_post: bool = False


class RequestList(PlatformAdmin):
    """What the list of all requests and the review queue have in common."""

    see_act = "see_requests"
    list_select_related = ["shop", "order"]
    list_fullwidth = True
    trail_parts = [(part, "request_id") for part in (Reply, ContactAttempt, Attachment, Survey, Review)]
    search_fields = ["no", "order__no", "shop__no"]

    def get_queryset(self, request):
        now = Value(moment.asked_at(request), output_field=DateTimeField())
        return super().get_queryset(request).annotate(seen_at=now)

    @admin.display(description=gettext_lazy("order number"), ordering="order__no")
    def order_no(self, record):
        return record.order.no

    @display(description=gettext_lazy("overdue"), label={"late": "danger"})
    def overdue(self, record):
        late = record.overdue_at or (record.state == State.PENDING and record.seen_at > record.deadline)
        return ("late", _("overdue")) if late else None


@admin.register(ServiceRequest, site=platform)
class ServiceRequestAdmin(Exported, RequestList):
    export_kind = "desk-requests"
    # The after-sale and who sent it are asked for where there are any: joined, they cost every page as much.
    shown_with = ("shop", "rulebook", "order__consumer")
    list_display = [
        "no",
        "shop",
        "order_no",
        "category",
        "kind",
        "status",
        "round",
        "urges",
        "overdue",
        "due",
    ]
    list_filter = [
        "state",
        "kind",
        "category",
        Open,
        Overdue,
        OverdueNow,
        Urged,
        PlatformLate,
        DueToday,
        InReviewFor,
        Round,
        Answer,
        Confirmation,
        # What the figures lead here with.
        Sent,
        CreatedFrom,
        CreatedTo,
        OfShop,
        ("shop__no", FieldTextFilter),
        ("rulebook", OfRulebook),
    ]
    list_filter_submit = True
    ordering = ["-created_at", "-pk"]
    due = at("deadline", gettext_lazy("deadline"))

    @display(description=gettext_lazy("status"), ordering="state", label=STATE_TONES)
    def status(self, record):
        return record.state, record.get_state_display()

    def get_urls(self):
        def page(view):
            return self.admin_site.admin_view(view)

        named = "tickets_servicerequest"
        verbs = [
            path(f"<int:object_id>/{verb}/", page(self.decide), {"verb": verb}, name=f"{named}_{verb}")
            for verb in DECISIONS
        ]
        return [
            path("send/", page(self.send), name=f"{named}_send"),
            *verbs,
            path("<int:object_id>/urge/", page(self.urge), name=f"{named}_urge"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        return actor_for(request.user, "send_requests") is not None

    def add_view(self, request, form_url="", extra_context=None):
        """Requests are sent, not added."""
        return redirect(f"{self.admin_site.name}:tickets_servicerequest_send")

    def send(self, request):
        from .sending import send

        return send(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one request. It is read; what may be done has addresses of its own."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Requests are not edited."))
        return self.shown(request, record)

    def shown(self, request, record, *, refusal=None):
        now, rules = moment.asked_at(request), record.rulebook.rules()
        answered = _is_answered(record)
        prefetch_related_objects([record], REPLIES if answered else NO_REPLIES, "order__evidence")
        replies = list(record.replies.all())[::-1]
        attachments = _attachments(record)
        present = proof.marks((one, piece) for one, piece, _is_open in attachments)
        return self.page(
            request,
            "admin/request.html",
            title=record.no,
            status=refusal.status if refusal else 200,
            refusal=refusal,
            record=record,
            order=record.order,
            consumer=record.order.consumer,
            standing=standing(record, rules, now=now),
            turn=turn(record),
            explanation=deadlines.explain(rules, record.counts_from, record.limit),
            replies=replies,
            asked=proof.of_answer(record, replies, present=present),
            reviews=record.reviews.select_related("reviewed_by").order_by("-round") if answered else [],
            attachments=attachments,
            surveys=record.surveys.all() if answered and moves.has_confirming_stage(record) else [],
            earlier=record.order.requests.exclude(pk=record.pk).only(*OTHER).order_by("-created_at"),
            entries=timeline(record, for_platform=True),
            panels=self.panels(request, record, now),
            buttons=self.buttons(request, record, now),
            history_url=self.address("history", record),
            may_see_trail=actor_for(request.user, "see_trail") is not None,
        )

    def panels(self, request, record, now):
        """What other apps show of the request; to who has several roles, as to a reviewer."""
        actor = actor_for(request.user, "review_requests") or actor_for(request.user, "see_requests")
        return panels("request_platform", record, actor=actor, now=now)

    def address(self, what, record):
        return reverse(f"{self.admin_site.name}:tickets_servicerequest_{what}", args=[record.pk])

    def buttons(self, request, record, now):
        """What the user's role can do; greyed with the reason by the very rule that guards the act."""
        offered = []
        for act, move in (
            ("review_requests", moves.APPROVE),
            ("review_requests", moves.REJECT),
            ("urge_requests", moves.URGE),
        ):
            if by := actor_for(request.user, act):
                refusal = why_not(record, move, by=by, now=now)
                why = str(refusal.text) if refusal else ""
                offered.append(Button(move, self.address(move.name, record), why, is_post=move is moves.URGE))
        return offered

    def urge(self, request, object_id):
        """The consumer presses: only by POST."""
        by = platform_actor(request.user, "urge_requests")
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            try:
                actions.urge(record, by=by, now=moment.now())
            except Refused as refused:
                return self.shown(request, self.record_or_404(request, object_id), refusal=refused.refusal)
            messages.success(request, _("The merchant is told that the consumer urges %(no)s.") % {"no": record.no})
        return redirect(self.address("change", record))

    def decide(self, request, object_id, verb):
        """Approve or reject one request. What is refused keeps the typed reason and changes nothing."""
        move, act = DECISIONS[verb]
        by = platform_actor(request.user, "review_requests")
        record, now = self.record_or_404(request, object_id), moment.now()
        refusal = why_not(record, move, by=by, now=now) if request.method != "POST" else None
        form = DecisionForm(request.POST or None, verb=verb, initial={"expect": stamp(record)})
        if request.method == "POST" and form.is_valid():
            try:
                record = act(record, by=by, now=now, **form.cleaned_data)
            except Refused as refused:
                refusal = refused.refusal
            else:
                messages.success(request, decided_words(record))
                return redirect(f"{self.admin_site.name}:tickets_inreview_changelist")
        status = refusal.status if refusal else 400 if form.errors else 200
        return self._decision_page(request, record, verb, form, by=by, now=now, refusal=refusal, status=status)

    def _decision_page(self, request, record, verb, form, *, by, now, refusal, status):
        """The form with the request as it stands now: a new sending carries the stamp of what this page shows."""
        move = DECISIONS[verb][0]
        record = self.record_or_404(request, record.pk)
        reply = record.replies.filter(round=record.round).first()
        return self.page(
            request,
            "admin/decide.html",
            title=_("%(act)s: %(no)s") % {"act": str(move.label).capitalize(), "no": record.no},
            status=status,
            record=record,
            form=form,
            verb=verb,
            stamp=stamp(record),
            refusal=refusal,
            possible=why_not(record, move, by=by, now=now) is None,
            panels=self.panels(request, record, now),
            reply=reply,
            asked=proof.of_answer(record, [reply] if reply else [], present=_marks(record)),
            standing=standing(record, record.rulebook.rules(), now=now),
            back=self.address("change", record),
        )


def _attachments(record):
    """(attachment, its piece, not to be taken back) of what was shown; none where the order has no evidence at all."""
    pieces = {piece.pk: piece for piece in record.order.evidence.all()}
    return [(one, pieces[one.evidence_id], False) for one in record.attachments.all()] if pieces else []


def _is_answered(record):
    """Whether anybody can have answered, been asked or decided: nobody while its first round waits for the merchant."""
    return record.round > 1 or record.state not in {State.SCHEDULED, State.PENDING}


def _marks(record):
    return proof.marks((one, one.evidence) for one in record.attachments.select_related("evidence"))


def decided_words(record):
    words = {"no": record.no, "state": record.get_state_display()}
    return _("Decided: %(no)s is “%(state)s” now.") % words
