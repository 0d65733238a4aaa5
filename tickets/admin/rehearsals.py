"""Rehearsals of the rulebook in the platform's desk: asked for on a version's page, watched, read, cancelled."""

from django import forms
from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop_cs import moment, panels
from shop_cs.access import may, platform_actor
from shop_cs.admin.base import ACTIONS
from shop_cs.admin.navigation import GROUND, entry
from shop_cs.exporting.showing import WATCHED
from shop_cs.models import Rulebook
from shop_cs.moves import Refused
from shop_cs.rules import Category, Kind
from shop_cs.sites import PLATFORM_URLS, platform

from ..models import Rehearsal
from ..planning import rehearsals, rehearsing
from .differences import differences

PAGE_SIZE, PANEL_SIZE = 50, 5
# What the findings are about, in words: name → (title, what it means).
TITLES = {
    rehearsing.EARLIER: (gettext_lazy("Deadline earlier"), ""),
    rehearsing.LATER: (gettext_lazy("Deadline later"), ""),
    rehearsing.NEWLY: (
        gettext_lazy("Would have been overdue, and was not"),
        gettext_lazy("Answered in time as it was; the answer came after the rehearsed deadline."),
    ),
    rehearsing.RELIEVED: (
        gettext_lazy("Was overdue, and would have had longer"),
        gettext_lazy(
            "Not answered by the deadline as it was. Whether it would have been by the later one, nobody knows."
        ),
    ),
    rehearsing.OVER_NOW: (
        gettext_lazy("Open, and would be overdue now"),
        gettext_lazy("Waits for the merchant; as it is, its time is not over."),
    ),
    rehearsing.NOT_OVER_NOW: (
        gettext_lazy("Open and overdue, and would not be"),
        gettext_lazy("Its time is over as it is; under the rehearsed version it would have had longer."),
    ),
    rehearsing.NEVER_SENT: (
        gettext_lazy("Agreed limit that would be refused"),
        gettext_lazy("This version does not allow the limit that was agreed: the request would not have been sent so."),
    ),
}


class PeriodForm(forms.Form):
    """How far back the requests are replayed."""

    days = forms.IntegerField(
        label=gettext_lazy("Requests of the last days"),
        min_value=1,
        max_value=rehearsals.MOST_DAYS,
        initial=90,
        help_text=gettext_lazy("By the day of their creation. What is open is always replayed, however old it is."),
    )


def _page(request, template, *, title, status=200, **context):
    request.current_app = platform.name
    context = {**platform.each_context(request), "title": title, **context}
    return TemplateResponse(request, template, context, status=status)


def _address(rehearsal):
    return reverse(f"{platform.name}:rehearsal", args=[rehearsal.pk])


def _listed(rows):
    """Without what was found, but how it ended."""
    ends = {"cancelled": F("findings__cancelled"), "failed": F("findings__failed")}
    return rows.annotate(**ends).defer("findings").select_related("asked_by")


@require_safe
@never_cache
def all_rehearsals(request):
    """What was rehearsed, the newest first."""
    platform_actor(request.user, rehearsals.ACT)
    rows = _listed(Rehearsal.objects.select_related("rulebook"))
    try:
        page = Paginator(rows, PAGE_SIZE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(_("The list has no such page.")) from error
    now = moment.now()
    to_come = Rulebook.objects.filter(effective_from__gt=now).only("pk", "name")
    title = _("Rehearsals of the rulebook")
    return _page(request, "tickets/planning/rehearsals.html", title=title, page=page, to_come=to_come)


@never_cache
def ask(request, pk):
    """The question, and how to ask it; 400 and 409 keep what was typed."""
    by = platform_actor(request.user, rehearsals.ACT)
    book, now = get_object_or_404(Rulebook, pk=pk), moment.now()
    form, status, refusal = PeriodForm(request.POST or None), 200, None
    if request.method == "POST":
        form, status = PeriodForm(request.POST), 400
        if form.is_valid():
            try:
                asked = rehearsals.ask(rulebook=book, days=form.cleaned_data["days"], by=by, now=now)
                return redirect(_address(asked))
            except Refused as refused:
                refusal, status = refused.refusal, refused.refusal.status
    context = {"book": book, "form": form, "refusal": refusal, "is_to_come": book.effective_from > now}
    title = _("Rehearse “%(version)s”") % {"version": book.name}
    return _page(request, "tickets/planning/rehearse.html", title=title, status=status, **context)


@require_safe
@never_cache
def one(request, pk):
    """How far a rehearsal is and what it has found; the page asks for itself again while it runs."""
    platform_actor(request.user, rehearsals.ACT)
    asked = get_object_or_404(Rehearsal.objects.select_related("rulebook", "asked_by"), pk=pk)
    book, now = asked.rulebook, moment.now()
    said, in_force = asked.findings.get("rules", {}), Rulebook.objects.in_force(asked.asked_at)
    return _page(
        request,
        "tickets/planning/rehearsal.html",
        title=_("Rehearsal of “%(version)s”") % {"version": book.name},
        asked=asked,
        book=book,
        is_watched=asked.ended_at is None and asked.asked_at > now - WATCHED,
        is_to_come=book.effective_from > now,
        is_changed=bool(differences(said, rehearsals.said_by(book))),
        in_force=in_force,
        differences=differences(rehearsals.said_by(in_force), said) if in_force else [],
        **_told(asked.findings),
    )


def _told(findings):
    """The findings as the page shows them."""
    counts, examples = findings["counts"], findings["examples"]
    found = [
        {"name": name, "title": title, "means": means, "count": counts[name], "examples": _shown(examples[name])}
        for name, (title, means) in TITLES.items()
    ]
    buckets = [
        (_bucket(key), findings["buckets"][rehearsing.EARLIER][key], findings["buckets"][rehearsing.LATER][key])
        for key in (*map(str, rehearsing.BUCKETS), rehearsing.MORE)
    ]
    largest = {way: _shown([example])[0] for way, example in findings["largest"].items()}
    return {
        "found": found,
        "counts": counts,
        "same": findings["same"],
        "buckets": buckets,
        "largest": [(TITLES[way][0], largest[way]) for way in (rehearsing.EARLIER, rehearsing.LATER) if way in largest],
        "types": _types(findings["types"]),
    }


def _shown(examples):
    return [{**one, "old": rehearsing.instant(one["old"]), "new": rehearsing.instant(one["new"])} for one in examples]


def _types(types):
    """(type, kind, its counts), in the order of the rulebook."""
    order = {code: place for place, code in enumerate(Category.values)}
    rows = [(*key.split(" "), row) for key, row in types.items()]
    rows.sort(key=lambda row: (order.get(row[0], len(order)), row[1]))
    return [(Category(category).label, Kind(kind).label, row) for category, kind, row in rows]


def _bucket(key):
    hours = {str(minutes): minutes // 60 for minutes in rehearsing.BUCKETS}
    if key == rehearsing.MORE:
        return _("more than %(h)s h") % {"h": rehearsing.BUCKETS[-1] // 60}
    return _("up to %(h)s h") % {"h": hours[key]}


@require_POST
def cancel(request, pk):
    """Ends it where it stands."""
    by = platform_actor(request.user, rehearsals.ACT)
    asked = rehearsals.cancel(get_object_or_404(Rehearsal, pk=pk), by=by, now=moment.now())
    messages.success(request, _("The rehearsal was cancelled. What it had found until then is below."))
    return redirect(_address(asked))


@require_POST
def delete(request, pk):
    """It is gone; it can be made anew."""
    by = platform_actor(request.user, rehearsals.ACT)
    rehearsals.delete(get_object_or_404(Rehearsal, pk=pk), by=by)
    messages.success(request, _("The rehearsal is deleted."))
    return redirect(f"{platform.name}:rehearsals")


def _panel(book, actor, now):
    """On a version's page: the way to a rehearsal, and those there were."""
    if not may(actor, rehearsals.ACT):
        return None
    past = _listed(Rehearsal.objects.filter(rulebook=book))[:PANEL_SIZE]
    context = {"book": book, "past": list(past), "is_to_come": book.effective_from > now}
    return "tickets/planning/_rulebook_panel.html", context


panels.register("rulebook", _panel)
GROUND[1].append(entry(rehearsals.ACT, gettext_lazy("Rule rehearsals"), "science", "rehearsals"))
ACTIONS.update(
    {
        "make_plan": gettext_lazy("plan a sale"),
        "change_plan": gettext_lazy("change the plan of a sale"),
        "copy_plan": gettext_lazy("copy the plan of a sale"),
        "delete_plan": gettext_lazy("delete the plan of a sale"),
    }
)
PLATFORM_URLS += [
    ("rehearsals/", all_rehearsals, "rehearsals"),
    ("rehearsals/rulebook/<int:pk>/", ask, "rehearsal-ask"),
    ("rehearsals/<int:pk>/", one, "rehearsal"),
    ("rehearsals/<int:pk>/cancel/", cancel, "rehearsal-cancel"),
    ("rehearsals/<int:pk>/delete/", delete, "rehearsal-delete"),
]
