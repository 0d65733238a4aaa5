"""What this app shows on the pages of others, and a merchant of the others' evidence."""

from collections import Counter

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from shop_cs import panels
from shop_cs.access import may
from shop_cs.actors import Role
from shop_cs.evidence import vault
from shop_cs.models import AfterSale

from . import casefile, daily, figures, filed, persons, prospects
from .addresses import casefile_in_desk, report_in_desk
from .models import Case, Exhibit, Violation


def connect():
    panels.register("order", records_panel)
    panels.register("order_platform", records_panel)
    panels.register("shop_platform", money_panel)
    panels.register("case", ruling_panel)
    panels.register("case", appeals_panel)
    panels.register("case_platform", appeals_desk_panel)
    filed.connect()
    daily.connect()
    panels.register("order", report_panel)
    panels.register("request_platform", violations_panel)
    panels.register("case_platform", violations_panel)
    panels.register("request_platform", mark_panel)
    panels.register("case_platform", mark_panel)
    panels.register("request_platform", opening_panel)
    if _exhibited not in vault.SHOWN_WHERE:
        vault.SHOWN_WHERE.append(_exhibited)


def _exhibited():
    """Both sides of a case see what was shown in it; a piece belongs to one shop, and so does its case."""
    return Exists(Exhibit.everything.filter(evidence=OuterRef("pk"), case__isnull=False))


def opening_panel(request, actor, now):
    """On a request about an after-sale that the merchant refused: its case, or the way to one for who may open it."""
    after_sale = request.after_sale
    if after_sale is None or after_sale.state != AfterSale.State.REFUSED:
        return None
    case = Case.everything.filter(after_sale=after_sale).first()
    if case is None and not may(actor, "open_cases"):
        return None
    return "admin/disputes/case_panel.html", {"case": case, "after_sale": after_sale, "request": request}


def records_panel(order, actor, now):
    """On an order's page: all that there is of it here, and the way to its case file. [2] §二.3"""
    found = casefile.records(order, viewer=actor)
    sorts = Counter(record.sort for record in found)
    counts = [(_("Cases"), sorts["case"]), (_("Appeals"), sorts["appeal"]), (_("Penalties"), sorts["penalty"])]
    is_merchant = actor.role == Role.MERCHANT
    address = reverse("order-file", args=[order.shop.no, order.no]) if is_merchant else casefile_in_desk(order)
    report = "" if is_merchant or not may(actor, "see_trail") else report_in_desk(order)
    return "disputes/_order_records.html", {"records": found, "counts": counts, "address": address, "report": report}


def money_panel(shop, actor, now):
    """On a shop's page in the desk: the way to its money."""
    return ("admin/disputes/_shop_money.html", {"shop": shop}) if may(actor, "see_money", shop.pk) else None


def report_panel(order, actor, now):
    """On an order's page: for who may report users, the way to report this one."""
    if order.consumer is None or not may(actor, "report_users", order.shop_id):
        return None
    return "disputes/_report_order.html", {"order": order}


def mark_panel(record, actor, now):
    """On an open request or case, for reviewers alone: that reports about this person were upheld. [4] §一"""
    mark = persons.mark_on(record) if may(actor, "see_dossiers") else None
    return ("admin/disputes/_mark.html", {"mark": mark}) if mark else None


def ruling_panel(case, actor, now):
    """On a case that is not decided yet: what a ruling against the shop by its own blame would do to its rate. [0]"""
    month = figures.month_of_case(case)
    if case.outcome or month is None:
        return None
    return "disputes/_ruling_prospect.html", {"effect": figures.effect(case, counts=True), "month": month}


def appeals_panel(case, actor, now):
    """On a case that went against the shop: until when an appeal is possible, or how it was decided, and the rate."""
    told = prospects.shown(case, by=actor, now=now)
    return ("disputes/_appeals.html", told) if told else None


def appeals_desk_panel(case, actor, now):
    """The same in the platform's desk: the appeals that were made."""
    told = prospects.shown(case, by=actor, now=now)
    made = [one.appeal for one in told["contested"] if one.appeal] if told else []
    return ("admin/disputes/_appeals.html", {**told, "appeals": made}) if made else None


def violations_panel(record, actor, now):
    """On the platform's page of a request or case: the violations found on it, and for reviewers the way to another."""
    of = "case" if isinstance(record, Case) else "request"
    found = list(Violation.everything.filter(**{of: record}).order_by("pk"))
    may_propose = may(actor, "judge_violations")
    if not found and not may_propose:
        return None
    context = {"violations": found, "may_propose": may_propose, "record": record, "of": of}
    return "admin/disputes/violation_panel.html", context
