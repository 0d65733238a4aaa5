"""The pages on which an agent opens a case: the after-sale looked up, warned of what there is, opened once."""

import hashlib
import secrets

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop_cs import moment
from shop_cs.access import platform_actor
from shop_cs.models import AfterSale
from shop_cs.moves import Refused
from tickets.actions import warnings_before
from tickets.models import ServiceRequest

from .. import actions
from ..actions.opening import refuse_unfit
from ..forms.platform import LookUpForm, OpenForm
from ..models import Case

# The most after-sales shown for one number: it is one shop's, seldom several shops'.
MOST = 50


def look_up(admin, request):
    """After-sales by their own number or their order's: on which of them a case can be opened, or why not."""
    platform_actor(request.user, "open_cases")
    form = LookUpForm(request.GET if "no" in request.GET else None)
    found = _found(form.cleaned_data["no"]) if form.is_bound and form.is_valid() else []
    return admin.page(
        request,
        "admin/disputes/case_look_up.html",
        title=_("Open a case"),
        status=400 if form.errors else 200,
        form=form,
        found=[(one, _why_not(one)) for one in found],
        request_id=request.GET.get("request", ""),
    )


def _found(no):
    rows = AfterSale.everything.filter(Q(no=no) | Q(order__no=no)).select_related("shop", "order")
    return rows.prefetch_related("cases")[:MOST]


def _why_not(after_sale):
    """Why no case can be opened on this after-sale, "" when one can. Asks nothing of what was prefetched."""
    if there_is := next(iter(after_sale.cases.all()), None):
        return _("Case %(no)s is about this after-sale already.") % {"no": there_is.no}
    return "" if after_sale.state == AfterSale.State.REFUSED else _("The merchant has not refused it.")


def open_case(admin, request, after_sale_id):
    """The form, and its sending; the warnings are shown at once. Everything typed is kept."""
    by, now = platform_actor(request.user, "open_cases"), moment.now()
    after_sale = AfterSale.everything.select_related("shop", "order__shop").filter(pk=after_sale_id).first()
    if after_sale is None:
        raise Http404(_("There is no such record."))
    asking = _asking(request, after_sale.order)
    warnings = _warnings(after_sale.order, asking, now)
    page = {"asking": asking, "warnings": warnings}
    if request.method != "POST":
        form = OpenForm(initial=_first(request, after_sale, asking))
        return _page(admin, request, after_sale, form, refusal=_refusal(after_sale), **page)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _page(admin, request, after_sale, form, status=400, **page)
    if warnings and not _opened_before(form) and not _agreed(form.cleaned_data, warnings):
        return _page(admin, request, after_sale, form, **page)
    try:
        record = actions.open_case(after_sale=after_sale, request=asking, by=by, now=now, **form.case())
    except Refused as refused:
        return _page(admin, request, after_sale, form, refusal=refused.refusal, status=refused.refusal.status, **page)
    messages.success(request, _opened_words(record))
    return redirect(admin.address("change", record))


def _asking(request, order):
    """The service request that the case goes on from, as the address says; None without one. Http404 for another's."""
    said = request.GET.get("request", "")
    if not said:
        return None
    found = said.isdecimal() and len(said) < 19 and ServiceRequest.everything.filter(pk=said, order=order).first()
    if not found:
        raise Http404(_("There is no such record."))
    return found


def _warnings(order, asking, now):
    """What speaks against a case; not the very request that it goes on from."""
    return [one for one in warnings_before(order=order, now=now) if asking is None or one.no != asking.no]


def _first(request, after_sale, asking):
    """A blank form; what the after-sale and the request say is filled in."""
    return {
        "claim": asking.detail if asking else "",
        "claim_fen": after_sale.amount_fen or None,
        "submission": f"{request.user.pk}-{secrets.token_urlsafe(16)}",
    }


def _refusal(after_sale):
    """Why no case can be opened on this after-sale at all, told before anything is typed."""
    try:
        refuse_unfit(after_sale, claim_fen=after_sale.order.amount_fen)
    except Refused as refused:
        return refused.refusal
    return None


def _opened_before(form):
    return Case.everything.filter(submission=form.cleaned_data["submission"]).exists()


def _agreed(said, warnings):
    """Whether the agent wants to open it in spite of these very warnings, not of others that he saw before."""
    return said["all_the_same"] and said["seen"] == _digest(warnings)


def _digest(warnings):
    return hashlib.sha256("\n".join(warning.text for warning in warnings).encode()).hexdigest()


def _page(admin, request, after_sale, form, *, asking, warnings, refusal=None, status=None):
    return admin.page(
        request,
        "admin/disputes/case_open.html",
        title=_("Open a case"),
        status=status or (refusal.status if refusal else 200),
        after_sale=after_sale,
        order=after_sale.order,
        asking=asking,
        form=form,
        refusal=refusal,
        # Before anything was typed a refusal stands against the after-sale itself: there is nothing to send.
        is_open=refusal is None or form.is_bound,
        warnings=warnings,
        seen=_digest(warnings) if warnings else "",
    )


def _opened_words(record):
    at = localtime(record.deadline)
    words = {"no": record.no, "at": f"{at:%Y-%m-%d %H:%M}"}
    return _("%(no)s is opened; both sides are heard until %(at)s.") % words
