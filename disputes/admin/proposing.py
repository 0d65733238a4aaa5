"""The page on which a reviewer proposes a violation: what would follow is shown before it is proposed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shop_cs import moment
from shop_cs.access import platform_actor
from shop_cs.moves import Refused

from ..actions import punishing
from ..forms.violations import ProposalForm

PREFILLED = ("shop_no", "order_no", "request_no", "case_no", "report_no", "kind")


def propose(admin, request):
    """The form, and its sending; links from the pages of requests, cases and reports fill in the numbers."""
    by, now = platform_actor(request.user, "judge_violations"), moment.now()
    if request.method != "POST":
        known = {name: request.GET[name] for name in PREFILLED if request.GET.get(name)}
        return _page(admin, request, ProposalForm(initial={"quantity": 1, **known}))
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _page(admin, request, form, status=400)
    try:
        record = punishing.propose(**form.proposal(), by=by, now=now)
    except Refused as refused:
        return _page(admin, request, form, status=refused.refusal.status, refusal=refused.refusal)
    messages.success(request, _("%(no)s is proposed. See what would follow and decide.") % {"no": record.no})
    return redirect(admin.address("change", record))


def _page(admin, request, form, *, status=200, refusal=None):
    return admin.page(
        request,
        "admin/disputes/violation_propose.html",
        title=_("Propose a violation"),
        status=status,
        form=form,
        refusal=refusal,
    )
