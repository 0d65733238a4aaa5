"""This app's entries in the workbench's sidebar."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shop_cs import sites

from .models import Case


def connect():
    if _items not in sites.WORKBENCH_ITEMS:
        sites.WORKBENCH_ITEMS.append(_items)


def _entry(member, title, icon, name, badge=None):
    link = reverse(name, args=[member.shop.no])
    return sites.item(title, icon, link, badge=badge, active=lambda asked: asked.path.startswith(link))


def _waiting(shop_id, user_id):
    return Case.objects.of(shop_id).waiting_on_merchant()


def _items(request, member):
    return [
        _entry(member, _("Arbitration cases"), "gavel", "cases", badge=_waiting),
        _entry(member, _("Appeals"), "undo", "appeals"),
        _entry(member, _("Violations"), "report", "violations"),
        _entry(member, _("Reports of users"), "flag", "reports"),
        _entry(member, _("Filings"), "assignment_late", "filings"),
        *([_entry(member, _("Money"), "account_balance", "money")] if "see_money" in member.permissions else []),
        _entry(member, _("Merchant liability rate"), "percent", "liability"),
        _entry(member, _("What evidence is wanted"), "fact_check", "evidence-wanted"),
    ]
