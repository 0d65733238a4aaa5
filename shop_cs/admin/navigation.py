"""The ground's entries in the platform's sidebar. The apps add theirs."""

from functools import cache, partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..sites import PLATFORM_ITEMS, item, platform
from . import waiting


@cache
def _address(to):
    # To look up thirty of them takes longer than all else that an entry needs.
    return reverse(f"{platform.name}:{to}")


def link(request, *, title, icon, to, badge=None, not_under=None):
    """An entry for a page of the platform site; `badge` names what of `waiting` it counts."""
    address = _address(to)

    def active(asked):
        elsewhere = not_under and asked.path.startswith(_address(not_under))
        return asked.path.startswith(address) and not elsewhere

    return item(title, icon, address, badge=waiting.badge(request, badge) if badge else None, active=active)


def entry(act, title, icon, to, badge=None, not_under=None):
    """(act, maker): shown to roles that may do `act`; None: to superusers alone.

    It is marked on its page and on those below, save on and below the page `not_under` that has an entry of its own.
    """
    return act, partial(link, title=title, icon=icon, to=to, badge=badge, not_under=not_under)


RECORDS = (
    _("Records"),
    [
        entry("see_orders", _("Orders"), "package_2", "shop_cs_order_changelist"),
        entry("see_orders", _("After-sales"), "assignment_return", "shop_cs_aftersale_changelist"),
        entry("see_evidence", _("Evidence"), "attach_file", "shop_cs_evidence_changelist"),
        entry("see_messages", _("Messages to consumers"), "sms", "shop_cs_consumermessage_changelist"),
    ],
)
GROUND = (
    _("Ground"),
    [
        entry("see_people", _("Shops"), "storefront", "shop_cs_shop_changelist"),
        entry("see_people", _("Members"), "group", "shop_cs_member_changelist"),
        entry("see_people", _("Posts"), "badge", "shop_cs_post_changelist"),
        entry(None, _("Users"), "person", "shop_cs_user_changelist"),
        entry("see_rulebook", _("Rulebook"), "menu_book", "shop_cs_rulebook_changelist"),
        entry("import_records", _("Import"), "upload_file", "import"),
    ],
)
AUDIT = (
    _("Audit"),
    [
        entry("see_trail", _("Trail"), "manage_search", "trail"),
        entry("see_trail", _("Exports"), "download", "shop_cs_exportlog_changelist"),
        entry("see_trail", _("Contacts shown"), "visibility", "shop_cs_disclosure_changelist"),
    ],
)
PLATFORM_ITEMS += [RECORDS, AUDIT, GROUND]
