"""The auditor's desk in the platform site: the trail searched, a record as it stood, a person's day, the export."""

import tempfile
from dataclasses import replace
from datetime import timedelta

from django.http import FileResponse, Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from .. import moment, sheets
from ..access import actor_for, platform_actor
from ..audit import days, export, search
from ..audit.standing import standing
from ..audit.tables import tables
from ..clock import SHANGHAI
from ..exporting.running import PREFIX
from ..sites import PLATFORM_URLS, platform
from ..words import plain
from .audit_form import DayForm, SearchForm, StandingForm
from .base import ACTIONS


def page_of(request, template, *, title, status=200, **context):
    """One of these pages within the site's shell."""
    request.current_app = platform.name
    shell = {**platform.each_context(request), "title": title}
    return TemplateResponse(request, template, {**shell, **context}, status=status)


def shown(entries, user):
    """(entry with its action and values in words, address of the record's own page or "") of each entry."""
    return [(in_words(entry), address_of(entry.table, entry.pk, user) if entry.is_there else "") for entry in entries]


def in_words(entry):
    fields = (replace(step, before=plain(step.before), after=plain(step.after)) for step in entry.fields)
    return replace(entry, action=action_called(entry.action), fields=tuple(fields))


def action_called(name):
    return ACTIONS.get(name, name)


def address_of(table, pk, user):
    """A record's own page in the desk, where it has one that this user may see; else ""."""
    model = tables()[table].model
    if not platform.is_registered(model) or not platform.get_model_admin(model).sees(user):
        return ""
    return reverse(f"{platform.name}:{table}_change", args=[pk])


def without(params, *names, **more):
    """The query of an address without some of its parts, and with others."""
    left = params.copy()
    for name in names:
        left.pop(name, None)
    for name, value in more.items():
        left[name] = value
    return "&".join(part for part in left.urlencode().split("&") if not part.endswith("="))


@require_safe
@never_cache
def trail(request):
    """The search: 400 with the reason at its field for what is not understood."""
    platform_actor(request.user, "see_trail")
    form = SearchForm(request.GET)
    context = {"form": form, "active": form.active(), "is_first": not request.GET.get("after")}
    if form.is_valid():
        where, after = search.conditions(form.asked()), form.cleaned_data["after"]
        page = search.page(where, after=after)
        context["rows"] = shown(page.entries, request.user)
        if after is None:
            # What is on one page is counted without asking again.
            total = search.count(where) if page.older else len(page.entries)
            context |= {"total": min(total, search.MOST_COUNTED), "is_more": total > search.MOST_COUNTED}
        if page.older:
            context["older_query"] = without(request.GET, after=str(page.older))
    query = without(request.GET, "after")
    if actor_for(request.user, "export_trail") and context.get("rows"):
        address = [(fmt, reverse(f"{platform.name}:trail-export", args=[fmt])) for fmt in sheets.TYPES]
        context["exports"] = [(fmt.upper(), f"{path}?{query}") for fmt, path in address]
    context |= {"newest_query": query, "person": _asked_person(form)}
    status = 200 if form.is_valid() else 400
    return page_of(request, "admin/audit/search.html", title=_("Trail"), status=status, **context)


def _asked_person(form):
    """The person that a link, not a name, narrows the search to."""
    user_id = form.is_valid() and form.cleaned_data["user"]
    return days.person(user_id) if user_id else None


@require_GET
@never_cache
def trail_export(request, fmt):
    """The search as a file, on record: 404 for another format, 400 for a search that is not understood or too large."""
    by = platform_actor(request.user, "export_trail")
    if fmt not in sheets.TYPES:
        raise Http404(_("There is no export in this format."))
    form = SearchForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "active": form.active(), "is_first": True}
        return page_of(request, "admin/audit/search.html", title=_("Trail"), status=400, **context)
    now, where = moment.now(), search.conditions(form.asked())
    export.check(where)
    rows = export.Counted(export.rows(where, ACTIONS))
    # The whole file before its first byte leaves: what breaks half-way is an error, never a short file.
    kept = tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=f".{fmt}")  # noqa: SIM115 - the response closes it
    sheets.write(fmt, kept.name, export.header(), rows)
    query = f"trail?{without(request.GET, 'after')}"
    export.record(fmt=fmt, query=query, rows=rows.count, by=by, now=now)
    name = f"trail-{localtime(now):%Y%m%d-%H%M%S}.{fmt}"
    return FileResponse(kept, as_attachment=True, filename=name, content_type=sheets.TYPES[fmt])


@require_safe
@never_cache
def as_it_stood(request, table, pk):
    """A record at `?at=`, or in `?version=`; now without either. 404 for what the trail does not know."""
    platform_actor(request.user, "see_trail")
    if table not in tables():
        raise Http404(_("There is no such record."))
    form, now = StandingForm(request.GET), moment.now()
    said = form.cleaned_data if form.is_valid() else {}
    told = standing(tables()[table], pk, at=said.get("at") or now, version=said.get("version"))
    if told is None:
        raise Http404(_("There is no such record."))
    ((entry, _address),) = shown([told.entry], request.user) if told.entry else ((None, ""),)
    return page_of(
        request,
        "admin/audit/standing.html",
        title=_("%(kind)s %(record)s as it stood") % {"kind": capfirst(told.table.label), "record": told.called},
        status=200 if form.is_valid() else 400,
        form=form,
        told=told,
        entry=entry,
        values=[replace(one, then=plain(one.then), today=plain(one.today)) for one in told.values],
        differing=sum(one.differs for one in told.values),
        address=address_of(table, pk, request.user) if told.is_there else "",
    )


@require_safe
@never_cache
def persons_day(request, user_id):
    """All that one person did on `?day=`, today without it; also of who has no login any more."""
    platform_actor(request.user, "see_trail")
    person = days.person(user_id)
    if person is None:
        raise Http404(_("There is no such person."))
    form, today = DayForm(request.GET), localtime(moment.now(), SHANGHAI).date()
    day = (form.cleaned_data["day"] if form.is_valid() else None) or today
    told = days.day_of(user_id, day)
    hours = [(hour, [(some, shown(some.entries, request.user)) for some in groups]) for hour, groups in told.hours]
    sees_sign_ins = actor_for(request.user, "see_sign_ins") is not None
    return page_of(
        request,
        "admin/audit/day.html",
        title=_("%(name)s on %(day)s") % {"name": person.name, "day": f"{day:%Y-%m-%d}"},
        status=200 if form.is_valid() else 400,
        form=form,
        person=person,
        day=day,
        before=day - timedelta(days=1),
        following=day + timedelta(days=1) if day < today else None,
        told=told,
        hours=hours,
        counts=[(action_called(name) or _("no action named"), n) for name, n in told.counts],
        sign_ins=told.sign_ins if sees_sign_ins else [],
        sees_sign_ins=sees_sign_ins,
    )


# Persons before records: their word is no table's name.
PLATFORM_URLS += [
    ("trail/", trail, "trail"),
    ("trail/export/<slug:fmt>/", trail_export, "trail-export"),
    ("trail/person/<int:user_id>/", persons_day, "trail-person"),
    ("trail/<slug:table>/<int:pk>/", as_it_stood, "trail-record"),
]
