"""Exports in the platform's desk: a list as it is shown is asked for, made by the worker and fetched here."""

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.messages import MessageFailure
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from .. import moment, sheets
from ..access import actor_for, platform_actor
from ..clock import SHANGHAI
from ..exporting import asking, showing
from ..exporting.kinds import KINDS, Kind, register
from ..models import ExportJob, User
from ..sites import PLATFORM_URLS, item, platform
from ..views.exporting import fetched
from . import waiting
from .audit import page_of
from .base import PlatformAdmin
from .navigation import RECORDS

ACT = "export_records"
# The days of a span, which no list of the desk knows of itself.
DAYS = ("span_from", "span_to")
# Days outside are typing mistakes, and the ends of the calendar cannot be moved to another zone.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


class Exported(PlatformAdmin):
    """A list that can be exported as it is filtered; `export_kind` names what `export_of` registered."""

    export_kind = ""
    list_before_template = "admin/exporting/_buttons.html"

    def changelist_view(self, request, extra_context=None):
        shown = {"exports": self._exports(request)}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def _exports(self, request):
        if actor_for(request.user, ACT) is None:
            return []
        query = request.GET.copy()
        query.pop("p", None)
        address = [(fmt, reverse(f"{platform.name}:export-ask", args=[self.export_kind, fmt])) for fmt in sheets.TYPES]
        return [(fmt.upper(), f"{path}?{query.urlencode()}") for fmt, path in address]


def export_of(model, *, name, label, stem, when, table, acts):
    """Registers the platform's list of a model: what its page in the desk shows, by the same filters."""

    def find(shop, params, *, by, now):
        return _as_listed(model, when, params, by.user_id)

    said = {"name": name, "label": label, "stem": stem, "when": when, "days": DAYS}
    register(Kind(**said, acts=(ACT, *acts), find=find, table=table, is_platforms=True))


def _as_listed(model, when, params, user_id):
    """(whether the filters are understood, what the list of the desk would show). No web request is needed."""
    asked = HttpRequest()
    asked.method, asked.user = "GET", User.objects.get(pk=user_id)
    lists = dict(params.lists())
    span = _span(*(lists.pop(name, [""])[-1] for name in DAYS), when)
    if span is None:
        return False, model.everything.none()
    asked.GET = QueryDict(mutable=True)
    for name, values in lists.items():
        asked.GET.setlist(name, values)
    listing = platform.get_model_admin(model)
    try:
        rows = listing.get_changelist_instance(asked).queryset
    except (IncorrectLookupParameters, SuspiciousOperation, MessageFailure):
        # What the desk answers by going back to the list without its filters.
        return False, model.everything.none()
    return True, rows.filter(span)


def _span(first, last, when):
    """The days that a split asks for, as Shanghai has them; None for what are none."""
    if not first and not last:
        return Q()
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    if not FIRST_DAY <= begins <= ends <= LAST_DAY:
        return None
    since, until = (datetime.combine(day, time(), tzinfo=SHANGHAI) for day in (begins, ends + timedelta(days=1)))
    return Q(**{f"{when}__gte": since, f"{when}__lt": until})


def _kind(listing):
    kind = KINDS.get(listing)
    if kind is None or not kind.is_platforms:
        raise Http404(_("There is no export of this list."))
    return kind


@require_http_methods(["GET", "POST"])
@never_cache
def ask(request, listing, fmt):
    """What would be made of a list as filtered; a POST asks for it. 404 for another list or format."""
    by, kind = platform_actor(request.user, ACT), _kind(listing)
    if fmt not in sheets.TYPES:
        raise Http404(_("There is no export in this format."))
    for act in kind.acts:
        platform_actor(request.user, act)
    said = {"shop": None, "params": request.GET, "fmt": fmt, "by": by, "now": moment.now()}
    if request.method == "POST":
        make = asking.ask_split if request.POST.get("split") else asking.ask
        make(kind, **said, language=translation.get_language())
        return _back(request, _("Asked for: it is being made."))
    offer = showing.offer(kind, **said)
    status, title = 200 if offer.fits else 400, _("Export")
    return page_of(request, "admin/exporting/ask.html", title=title, status=status, offer=offer, label=kind.label)


@require_safe
@never_cache
def mine(request):
    """What this person asked for, newest first."""
    platform_actor(request.user, ACT)
    jobs = ExportJob.everything.filter(shop=None, asked_by=request.user)
    listed = showing.listed(jobs, params=request.GET, now=moment.now(), prefix=f"{platform.name}:export")
    return page_of(request, "admin/exporting/list.html", title=_("My exports"), **listed)


@require_GET
@never_cache
def fetch(request, pk):
    """The file, on record; 410 once it is deleted."""
    job, by = _job(request, pk)
    return fetched(job, by=by, now=moment.now())


@require_POST
def cancel(request, pk):
    job, by = _job(request, pk)
    asking.cancel(job, by=by, now=moment.now())
    return _back(request, _("Cancelled."))


@require_POST
def again(request, pk):
    """What failed or was cancelled, asked for once more."""
    job, by = _job(request, pk)
    asking.ask_again(job, by=by, now=moment.now())
    return _back(request, _("Asked for: it is being made."))


def _job(request, pk):
    """(a job of one's own, its asker as an actor); 404 for a colleague's, 403 for who may no longer."""
    by = platform_actor(request.user, ACT)
    jobs = ExportJob.everything.filter(shop=None, asked_by=request.user).select_related("asked_by", "log")
    job = jobs.filter(pk=pk).first()
    if job is None:
        raise Http404(_("There is no such export among yours."))
    for act in _kind(job.kind).acts:
        platform_actor(request.user, act)
    return job, by


def _back(request, text):
    messages.success(request, text)
    return redirect(f"{platform.name}:exports")


def _entry(request):
    address = reverse(f"{platform.name}:exports")
    badge = waiting.badge(request, "exports")
    return item(_("My exports"), "download", address, badge=badge, active=lambda asked: asked.path.startswith(address))


def _to_fetch(user_id):
    return ExportJob.everything.filter(shop=None, asked_by=user_id, status="ready", fetched_at=None)


waiting.WAITING["exports"] = _to_fetch
RECORDS[1].append((ACT, _entry))
PLATFORM_URLS += [
    ("exports/", mine, "exports"),
    ("exports/ask/<slug:listing>/<slug:fmt>/", ask, "export-ask"),
    ("exports/<int:pk>/file/", fetch, "export-file"),
    ("exports/<int:pk>/cancel/", cancel, "export-cancel"),
    ("exports/<int:pk>/again/", again, "export-again"),
]
