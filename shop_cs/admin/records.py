"""What came from the shop platform and what left the house: read here, never edited. Consumers appear masked. [3]"""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..access import actor_for
from ..actors import Role
from ..models import AfterSale, ConsumerMessage, Disclosure, Evidence, ExportLog, Order
from ..privacy import name_shown
from ..sites import platform
from ..words import yuan
from .asked import OfShop, RefundsOnly, from_day, to_day
from .base import PlatformAdmin
from .panelled import WithPanels

# What consumers are written, in words.
MESSAGES = {"survey": _("survey"), "reminder": _("reminder")}
OF_AN_ORDER = ["order__no", "shop__no"]


@admin.register(Order, site=platform)
class OrderAdmin(WithPanels):
    see_act = "see_orders"
    panel_place = "order_platform"
    list_display = ["no", "shop", "product", "amount", "paid_at", "buyer"]
    list_select_related = ["shop", "consumer"]
    list_filter = [OfShop, from_day("paid_at", "paid", _("paid since")), to_day("paid_at", "paid", _("paid until"))]
    search_fields = ["no", "shop__no"]
    fields = ["no", "shop", "product", "amount", "paid_at", "shipped_at", "signed_at"]
    fields += ["buyer", "phone", "address", "contact"]
    trail_parts = [(Disclosure, "order_id")]

    @admin.display(description=_("amount"), ordering="amount_fen")
    def amount(self, order):
        return yuan(order.amount_fen)

    @admin.display(description=_("consumer"))
    def buyer(self, order):
        return name_shown(order.consumer)

    @admin.display(description=_("phone"))
    def phone(self, order):
        return order.consumer.masked_phone if order.consumer else ""

    @admin.display(description=_("address"))
    def address(self, order):
        return order.consumer.masked_address if order.consumer else ""

    @admin.display(description=_("contact"))
    def contact(self, order):
        if order.consumer is None or order.consumer.erased_at:
            return "—"
        address = reverse(f"{platform.name}:contact", args=[order.shop.no, order.no])
        return format_html('<a class="text-link" href="{}">{}</a>', address, _("Show contact"))


@admin.register(AfterSale, site=platform)
class AfterSaleAdmin(PlatformAdmin):
    see_act = "see_orders"
    list_display = ["no", "order", "shop", "kind", "state", "amount", "applied_at"]
    list_select_related = ["shop", "order"]
    list_filter = ["kind", "state", RefundsOnly, OfShop]
    list_filter.append(from_day("applied_at", "applied", _("applied from")))
    list_filter.append(to_day("applied_at", "applied", _("applied to")))
    search_fields = ["no", *OF_AN_ORDER]
    fields = ["no", "shop", "order", "kind", "state", "amount", "reason", "applied_at"]

    @admin.display(description=_("amount"), ordering="amount_fen")
    def amount(self, after_sale):
        return yuan(after_sale.amount_fen)


@admin.register(ConsumerMessage, site=platform)
class ConsumerMessageAdmin(PlatformAdmin):
    """What a text-message gateway would send. The link opens the consumer's page for whoever holds it, so it is
    shown to agents, who send it on; the others see that it was sent."""

    see_act = "see_messages"
    list_display = ["sent_at", "what", "order", "shop"]
    list_select_related = ["shop", "order"]
    search_fields = OF_AN_ORDER

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, message):
        return MESSAGES.get(message.kind, message.kind)

    def get_readonly_fields(self, request, obj=None):
        return ["what"]

    def lookup_allowed(self, lookup, value, request):
        # Else who may not read the link could ask for it letter by letter.
        return not lookup.startswith("link") and super().lookup_allowed(lookup, value, request)

    def get_fields(self, request, obj=None):
        shown = ["sent_at", "what", "order", "shop"]
        return [*shown, "link"] if actor_for(request.user, "send_requests") else shown


@admin.register(Evidence, site=platform)
class EvidenceAdmin(PlatformAdmin):
    see_act = "see_evidence"
    list_display = ["name", "order", "shop", "side", "kind", "uploaded_at"]
    list_select_related = ["shop", "order"]
    list_filter = ["side", "kind"]
    search_fields = ["name", *OF_AN_ORDER]
    fields = ["file", "order", "shop", "side", "kind", "size", "sha256", "uploaded_by", "uploaded_at"]

    @admin.display(description=_("file"))
    def file(self, piece):
        return format_html('<a class="text-link" href="{}">{}</a>', reverse("evidence", args=[piece.pk]), piece.name)


@admin.register(ExportLog, site=platform)
class ExportLogAdmin(PlatformAdmin):
    see_act = "see_trail"
    list_display = ["at", "shop", "by", "format", "rows"]
    list_select_related = ["shop", "by"]
    list_filter = ["format"]
    search_fields = ["shop__no", "by__username"]
    fields = ["at", "shop", "by", "format", "rows", "query"]


@admin.register(Disclosure, site=platform)
class DisclosureAdmin(PlatformAdmin):
    see_act = "see_trail"
    list_display = ["at", "by", "role_shown", "shop", "order", "reason"]
    list_select_related = ["shop", "order", "by"]
    search_fields = ["by__username", "by__first_name", "reason", *OF_AN_ORDER]
    fields = ["at", "by", "role_shown", "shop", "order", "reason"]

    @admin.display(description=_("role"), ordering="role")
    def role_shown(self, disclosure):
        return Role(disclosure.role).label
