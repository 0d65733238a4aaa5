"""The review queue: oldest first, with the platform's own clock; many decided at once, each by its own stamp."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from shop_cs import moment
from shop_cs.access import actor_for, platform_actor
from shop_cs.admin.base import at
from shop_cs.models import Rulebook
from shop_cs.moves import Refused, stamp
from shop_cs.sites import platform
from shop_cs.words import listed

from .. import deadlines
from ..forms_platform import DecisionForm
from ..models import InReview, Reply, ServiceRequest, State
from .filters import Overdue, PlatformLate, Urged
from .requests import DECISIONS, RequestList

# The most decided in one go: as many as a page of the list shows.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """One request on the page that decides many: with the stamp that its reviewer saw, and why it was refused."""

    record: ServiceRequest
    stamp: str
    refusal: str = ""


@admin.register(InReview, site=platform)
class InReviewAdmin(RequestList):
    list_display = ["number", "late", "shop", "category", "answer", "overdue", "urges", "used", "due"]
    list_display_links = None
    list_filter = ["kind", "category", Overdue, Urged, PlatformLate]
    list_per_page = AT_ONCE
    actions = ["approve_chosen", "reject_chosen"]
    due = at("review_due", gettext_lazy("review due"))

    def get_queryset(self, request):
        answers = Reply.everything.filter(request=OuterRef("pk"), round=OuterRef("round")).order_by()
        rulebook = Rulebook.objects.filter(pk=OuterRef("rulebook_id")).order_by()
        return (
            super()
            .get_queryset(request)
            .reviewing()
            .oldest_review_first()
            .annotate(
                answer_solved=Subquery(answers.values("solved")),
                answer_reason=Subquery(answers.values("reason")),
                # Of the rulebook this alone: its tables would be read anew for every row.
                review_days=Subquery(rulebook.values("review_days")),
            )
        )

    def get_ordering(self, request):
        return ["reviewing_since", "pk"]

    def get_urls(self):
        page = self.admin_site.admin_view
        decide = [
            path(f"{verb}/", page(self.decide_many), {"verb": verb}, name=f"tickets_inreview_{verb}")
            for verb in DECISIONS
        ]
        return [*decide, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The queue's rows are requests, with one page."""
        if not self.has_view_permission(request) or request.method == "POST":
            raise PermissionDenied(_("Requests are not edited."))
        return redirect(f"{self.admin_site.name}:tickets_servicerequest_change", object_id)

    def response_action(self, request, queryset):
        """As Django's, which breaks on a ticked row that is no number."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(pk.isdecimal() and len(pk) < 19 for pk in ticked):
            raise BadRequest(_("This form is not complete. Go back, reload the page and try again."))
        return super().response_action(request, queryset)

    def has_decide_permission(self, request):
        return actor_for(request.user, "review_requests") is not None

    @admin.display(description=gettext_lazy("request number"), ordering="no")
    def number(self, record):
        address = reverse(f"{self.admin_site.name}:tickets_servicerequest_change", args=[record.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', address, record.no)

    @admin.display(description=gettext_lazy("answer"))
    def answer(self, record):
        if record.answer_solved is None:
            return _("no answer")
        if record.answer_solved:
            return _("solved")
        return _("unsolved: %(why)s") % {"why": Reply.Reason(record.answer_reason).label}

    @admin.display(description=gettext_lazy("working days"), ordering="reviewing_since")
    def used(self, record):
        used = deadlines.working_days_used(record.reviewing_since, record.seen_at)
        return _("%(used)s of %(days)s") % {"used": used, "days": record.review_days}

    @display(description=gettext_lazy("platform's delay"), label={"late": "danger"})
    def late(self, record):
        # [4] §五: late from the due instant on, whether or not a worker has marked it.
        return ("late", _("platform late")) if record.seen_at > record.review_due else None

    @admin.action(description=gettext_lazy("Approve the chosen"), permissions=["decide"])
    def approve_chosen(self, request, queryset):
        return self._ask(request, queryset, "approve")

    @admin.action(description=gettext_lazy("Reject the chosen"), permissions=["decide"])
    def reject_chosen(self, request, queryset):
        return self._ask(request, queryset, "reject")

    def _ask(self, request, queryset, verb):
        """The page between: what is being decided, each with the stamp it has now, and one reason."""
        pks = list(queryset.values_list("pk", flat=True)[:AT_ONCE])
        chosen = [Chosen(record, stamp(record)) for record in _requests(pks)]
        return self._many_page(request, verb, DecisionForm(verb=verb), chosen)

    def decide_many(self, request, verb):
        """Decides each by itself, as its own stamp allows; what is refused stays listed and is not touched."""
        by, now = platform_actor(request.user, "review_requests"), moment.now()
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        stamps = _stamps(request.POST.getlist("chosen"))
        chosen = [Chosen(record, stamps[record.pk]) for record in _requests(stamps)]
        form = DecisionForm(request.POST, verb=verb)
        if not form.is_valid() or not chosen:
            return self._many_page(request, verb, form, chosen, status=400)
        refused = [left for one in chosen if (left := _decide(one, verb, form, by=by, now=now))]
        done = len(chosen) - len(refused)
        if refused:
            told = _result_words(verb, done, refused)
            return self._many_page(request, verb, form, refused, status=200 if done else 409, told=told)
        messages.success(request, _done_words(verb, done))
        return redirect(f"{self.admin_site.name}:tickets_inreview_changelist")

    def _many_page(self, request, verb, form, chosen, *, status=200, told=""):
        return self.page(
            request,
            "admin/decide_many.html",
            title=str(DECISIONS[verb][0].label).capitalize(),
            status=status,
            verb=verb,
            form=form,
            chosen=chosen,
            told=told,
            still=[one for one in chosen if not one.refusal],
            to=reverse(f"{self.admin_site.name}:tickets_inreview_{verb}"),
            back=reverse(f"{self.admin_site.name}:tickets_inreview_changelist"),
        )


def _requests(pks):
    # Not the queue's own class: what is written through a proxy has no history.
    return list(ServiceRequest.everything.filter(pk__in=pks).select_related("shop", "order").oldest_review_first())


def _stamps(lines):
    """{pk: stamp} of lines "17=reviewing:1"; what is none of ours is left out."""
    pairs = (line.partition("=") for line in lines[:AT_ONCE])
    return {int(pk): said for pk, _equals, said in pairs if pk.isdecimal() and len(pk) < 19 and said}


def _decide(one, verb, form, *, by, now):
    """None when it is decided, else the same with the reason why not."""
    try:
        DECISIONS[verb][1](one.record, reason=form.cleaned_data["reason"], expect=one.stamp, by=by, now=now)
    except Refused as refused:
        fresh = ServiceRequest.everything.select_related("shop", "order").get(pk=one.record.pk)
        return Chosen(fresh, one.stamp, str(refused.refusal.text))
    return None


def _done_words(verb, count):
    if verb == "approve":
        return ngettext("%(n)s approved", "%(n)s approved", count) % {"n": count}
    return ngettext("%(n)s rejected", "%(n)s rejected", count) % {"n": count}


def _result_words(verb, done, refused):
    """ "3 approved, 1 not: SR… is “Pending” now." """
    stand = listed(
        _("%(no)s is “%(state)s” now") % {"no": one.record.no, "state": State(one.record.state).label}
        for one in refused
    )
    return _("%(done)s, %(n)s not: %(stand)s.") % {"done": _done_words(verb, done), "n": len(refused), "stand": stand}
