"""What a filing shows on the pages of what it covers, and what it fills into the merchant's answer. [4] §一"""

from django.urls import reverse
from django.utils.translation import gettext as _

from shop_cs import panels
from shop_cs.access import may
from shop_cs.actors import Role
from shop_cs.sites import platform
from shop_cs.words import instant
from tickets import prefills
from tickets.forms import UNSOLVED
from tickets.models import Reply

from . import coverage
from .models import COURIER_CAUSES

PLACES = ("request", "request_platform", "case", "case_platform")


def connect():
    for place in PLACES:
        panels.register(place, filing_panel)
    panels.register("order", order_panel)
    prefills.register(unsolved_reply)


def filing_panel(record, actor, now):
    """On a request or a case: the filings that cover it. Nothing of the record is hidden by it."""
    filings = [(filing, _address(record, filing, actor)) for filing in coverage.covering(record)]
    return ("disputes/filing_panel.html", {"filings": filings}) if filings else None


def order_panel(order, actor, now):
    """On an order's page: for who may file, the way to file what stands in its way."""
    if not may(actor, "file_filings", order.shop_id):
        return None
    return "disputes/_filing_order.html", {"order": order}


def unsolved_reply(request, now):
    """What stands in the way is the true reason of an unsolved reply; the filing's number is named. [2] §三.4"""
    filings = coverage.covering(request)
    if not filings:
        return {}
    filing = filings[0]
    is_couriers = filing.kind in COURIER_CAUSES
    words = _("%(kind)s, as filed and approved under %(no)s, from %(from)s until %(until)s.")
    text = words % {
        "kind": filing.get_kind_display(),
        "no": filing.no,
        "from": instant(filing.starts_at),
        "until": instant(filing.ends_at),
    }
    reason = Reply.Reason.COURIER_FAULT if is_couriers else Reply.Reason.FORCE_MAJEURE
    return {"solved": UNSOLVED, "reason": reason, "text": text}


def _address(record, filing, actor):
    if actor is not None and actor.role == Role.MERCHANT:
        return reverse("filing", args=[record.shop.no, filing.no])
    return reverse(f"{platform.name}:disputes_filing_change", args=[filing.pk])
