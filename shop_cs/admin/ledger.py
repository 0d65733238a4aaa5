"""Whose money it is and what moved it: read here, never written."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Account, Transfer
from ..sites import PLATFORM_ITEMS, platform
from ..words import yuan
from .base import ACTIONS, PlatformAdmin, at
from .navigation import GROUND, entry

# A transfer is told in the trail by its cause.
ACTIONS.update({**dict(Transfer.Cause.choices), "open_account": _("open an account")})
MONEY = (
    _("Money"),
    [
        entry("see_money", _("Accounts"), "account_balance", "shop_cs_account_changelist"),
        entry("see_money", _("Transfers"), "swap_horiz", "shop_cs_transfer_changelist"),
    ],
)
PLATFORM_ITEMS.insert(PLATFORM_ITEMS.index(GROUND), MONEY)


@admin.register(Account, site=platform)
class AccountAdmin(PlatformAdmin):
    see_act = "see_money"
    list_display = ["kind", "shop", "subject", "balance"]
    list_select_related = ["shop"]
    list_filter = ["kind"]
    search_fields = ["shop__no", "shop__name", "subject"]
    fields = ["kind", "shop", "subject", "balance"]

    @admin.display(description=_("balance"), ordering="balance_fen")
    def balance(self, account):
        return yuan(account.balance_fen)


@admin.register(Transfer, site=platform)
class TransferAdmin(PlatformAdmin):
    see_act = "see_money"
    list_display = ["number", "moved_at", "cause", "reference", "amount", "debit", "credit"]
    list_select_related = ["debit__shop", "credit__shop"]
    list_filter = ["cause", "debit__kind", "credit__kind"]
    search_fields = ["reference", "key", "debit__shop__no", "credit__shop__no"]
    ordering = ["-pk"]
    fields = ["number", "at", "cause", "reference", "amount", "debit", "credit", "note", "key"]
    moved_at = at("at", _("at"))

    @admin.display(description=_("number"), ordering="pk")
    def number(self, transfer):
        return transfer.pk

    @admin.display(description=_("amount"), ordering="amount_fen")
    def amount(self, transfer):
        return yuan(transfer.amount_fen)
