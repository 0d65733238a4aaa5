"""The page on which an agent sends a request: looked up, warned of what there is, sent once."""

import hashlib
import secrets

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop_cs import moment
from shop_cs.access import platform_actor
from shop_cs.evidence import checks, vault
from shop_cs.models import Evidence
from shop_cs.moves import Refused, rulebook_in_force

from .. import actions, deadlines
from ..forms_platform import SendForm, order_typed
from ..models import ServiceRequest, State

# What the merchant himself has put into the order's vault is not the consumer's to show.
SIDES = (Evidence.Side.CONSUMER, Evidence.Side.PLATFORM)


def send(admin, request):
    """The form, and its sending. Everything typed is kept; files that are good stay in the vault, ticked."""
    by, now = platform_actor(request.user, "send_requests"), moment.now()
    rules = rulebook_in_force(now).rules()
    if request.method != "POST":
        return _page(admin, request, SendForm(rules=rules, initial=_first(request)), rules=rules)
    form, refusal = _typed(request, rules, by=by, now=now)
    if refusal:
        return _page(admin, request, form, rules=rules, status=refusal.status, refusal=refusal)
    if not form.is_valid():
        return _page(admin, request, form, rules=rules, status=400)
    asked = form.request()
    warnings = actions.warnings_before(order=asked["order"], now=now)
    if warnings and not _sent_before(asked) and not _agreed(form.cleaned_data, warnings):
        return _page(admin, request, form, rules=rules, warnings=warnings, now=now)
    try:
        record = actions.create_with_evidence(**asked, evidence=form.ticked(), by=by, now=now)
    except Refused as refused:
        return _page(admin, request, form, rules=rules, status=refused.refusal.status, refusal=refused.refusal)
    messages.success(request, _sent_words(record))
    return redirect(admin.address("change", record))


def _first(request):
    """A blank form; links from an order's page fill in the numbers."""
    told = {name: request.GET.get(name, "") for name in ("shop_no", "order_no", "after_sale_no")}
    return {**told, "kind": "general", "submission": f"{request.user.pk}-{secrets.token_urlsafe(16)}"}


def _typed(request, rules, *, by, now):
    """(form with what was typed, why a file was refused): new files are in the vault by now, and ticked."""
    data, order = request.POST.copy(), order_typed(request.POST)
    if order is None:
        return SendForm(data, request.FILES, rules=rules), None
    first = SendForm(data, request.FILES, rules=rules, vault=_vault(order))
    try:
        for file, *said in first.uploads():
            piece = _stored(order, file, rules, by=by, now=now)
            first.tick(data, piece, *said)
    except Refused as refused:
        return SendForm(data, rules=rules, vault=_vault(order)), refused.refusal
    return SendForm(data, rules=rules, vault=_vault(order)), None


def _stored(order, file, rules, *, by, now):
    """The consumer's piece in the order's vault. Raises `Refused`."""
    side = Evidence.Side.CONSUMER
    return vault.store(order=order, file=file, name=file.name, side=side, by=by, now=now, rules=rules)


def _vault(order):
    return Evidence.everything.filter(order=order, side__in=SIDES)


def _sent_before(asked):
    return ServiceRequest.everything.filter(submission=asked["submission"]).exists()


def _agreed(said, warnings):
    """Whether the agent wants to send in spite of these very warnings, not of others that he saw before."""
    return said["all_the_same"] and said["seen"] == _digest(warnings)


def _digest(warnings):
    return hashlib.sha256("\n".join(warning.text for warning in warnings).encode()).hexdigest()


def _page(admin, request, form, *, rules, status=200, refusal=None, warnings=(), now=None):
    preview = None
    if warnings:
        opening = deadlines.opening(rules, now)
        preview = {
            "opening": opening if opening > now else None,
            "explanation": deadlines.explain(rules, now, form.cleaned_data["limit"]),
        }
    nos = {record.no: record for record in ServiceRequest.everything.filter(no__in=[w.no for w in warnings])}
    return admin.page(
        request,
        "admin/send.html",
        title=_("Send a request"),
        status=status,
        form=form,
        refusal=refusal,
        warnings=[(warning, nos.get(warning.no)) for warning in warnings],
        seen=_digest(warnings) if warnings else "",
        preview=preview,
        help_texts=checks.help_text(vault.limits_of(rules, Evidence.Side.CONSUMER)),
    )


def _sent_words(record):
    if record.state == State.SCHEDULED:
        at = localtime(record.send_at)
        return _("%(no)s is scheduled: it is sent at %(at)s.") % {"no": record.no, "at": f"{at:%Y-%m-%d %H:%M}"}
    at = localtime(record.deadline)
    return _("%(no)s is sent; its deadline is %(at)s.") % {"no": record.no, "at": f"{at:%Y-%m-%d %H:%M}"}
