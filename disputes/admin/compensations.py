"""Advance compensations: what the platform paid for shops, whence it was taken, what came back. Read, never edited."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import FieldTextFilter

from shop_cs.access import actor_for
from shop_cs.admin.base import PlatformAdmin, at
from shop_cs.models import Account, Transfer
from shop_cs.sites import platform
from shop_cs.words import yuan

from ..models import Compensation
from .filters import Owed, Refunded, Unsettled


def _yuan(field, description):
    """A column of a list: the fen in `field`, as yuan."""

    @admin.display(description=description, ordering=field)
    def shown(self, record):
        return yuan(getattr(record, field))

    return shown


@admin.register(Compensation, site=platform)
class CompensationAdmin(PlatformAdmin):
    see_act = "see_disputes"
    list_display = ["no", "shop", "case", "amount", "from_deposit", "from_other", "owed", "refunded", "paid", "settled"]
    list_select_related = ["shop", "case"]
    list_filter = [Unsettled, Owed, Refunded, ("shop__no", FieldTextFilter)]
    list_filter_submit = True
    list_fullwidth = True
    search_fields = ["no", "case__no", "order__no", "shop__no"]
    ordering = ["-paid_at", "-pk"]
    amount = _yuan("amount_fen", gettext_lazy("amount"))
    from_deposit = _yuan("from_deposit_fen", gettext_lazy("from the deposit"))
    from_other = _yuan("from_other_fen", gettext_lazy("from other funds"))
    owed = _yuan("owed_fen", gettext_lazy("owed"))
    refunded = _yuan("refunded_fen", gettext_lazy("refunded"))
    paid = at("paid_at", gettext_lazy("paid at"))
    settled = at("settled_at", gettext_lazy("settled at"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of one compensation, with each entry of the ledger that belongs to it."""
        record = self.record_or_404(request, object_id)
        if request.method == "POST":
            raise PermissionDenied(_("Compensations are not edited."))
        record = Compensation.everything.select_related("shop", "order", "case", "confirmed_by", "rulebook").get(
            pk=record.pk
        )
        held = Account.everything.filter(shop=record.shop_id, kind=Account.Kind.HELD, subject=record.no).first()
        # What was paid to the consumer moved between accounts that are nobody's shop's: it is found by its key.
        mine = Q(debit=held) | Q(credit=held) | Q(key=f"consumer:{record.no}")
        return self.page(
            request,
            "admin/disputes/compensation.html",
            title=record.no,
            record=record,
            transfers=Transfer.everything.filter(mine).select_related("debit__shop", "credit__shop").order_by("pk"),
            history_url=reverse(f"{self.admin_site.name}:disputes_compensation_history", args=[record.pk]),
            may_see_trail=actor_for(request.user, "see_trail") is not None,
        )
