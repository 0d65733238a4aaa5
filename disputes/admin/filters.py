"""Filters of the platform's lists of cases and compensations."""

from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop_cs import moment
from shop_cs.admin.asked import OnlyThose
from shop_cs.admin.records import AfterSaleAdmin, OrderAdmin
from tickets.admin.filters import Yes

from ..filters.appeals import Subject
from ..models import Case, CaseState, Outcome, counting

LOST = Q(outcome__in=[Outcome.CONSUMER, Outcome.SHARED])


def _collecting_over(now):
    return Q(state=CaseState.COLLECTING, deadline__lt=now)


# Who was too late, once or now, whether or not a worker has noticed it: words and rows.
LATE = {
    "merchant": (
        _("Merchant was silent"),
        lambda now: Q(merchant_late_at__isnull=False) | _collecting_over(now) & Q(merchant_stated_at__isnull=True),
    ),
    "consumer": (
        _("Consumer was silent"),
        lambda now: Q(consumer_late_at__isnull=False) | _collecting_over(now) & Q(consumer_stated_at__isnull=True),
    ),
    "payment": (
        _("Not paid in time"),
        lambda now: (
            Q(state=CaseState.PAYING, pay_due__lt=now) | Q(state=CaseState.CONFIRMING) | Q(compensation__isnull=False)
        ),
    ),
}


class Late(SimpleListFilter):
    title, parameter_name = _("late"), "late"

    def lookups(self, request, model_admin):
        return [(name, words) for name, (words, _rows) in LATE.items()]

    def queryset(self, request, queryset):
        return queryset.filter(LATE[self.value()][1](moment.now())) if self.value() in LATE else queryset


class Counts(SimpleListFilter):
    title, parameter_name = _("in the liability rate"), "counts"

    def lookups(self, request, model_admin):
        return [("yes", _("Counts")), ("no", _("Lost, but does not count"))]

    def queryset(self, request, queryset):
        rows = {"yes": counting(), "no": LOST & ~counting()}
        return queryset.filter(rows[self.value()]) if self.value() in rows else queryset


class Open(Yes):
    title, parameter_name, yes = _("open"), "open", _("Not closed")

    @staticmethod
    def only(now):
        return ~Q(state=CaseState.CLOSED)


class Large(Yes):
    title, parameter_name, yes = _("second reviewer"), "large", _("Above the second reviewer's amount")

    @staticmethod
    def only(now):
        return Q(award_fen__gt=F("rulebook__second_reviewer_fen"))


class Owed(Yes):
    title, parameter_name, yes = _("owed"), "owed", _("Not covered by the shop's funds")

    @staticmethod
    def only(now):
        return Q(owed_fen__gt=0)


class Refunded(Yes):
    title, parameter_name, yes = _("refunded"), "refunded", _("Refunded in full or in part")

    @staticmethod
    def only(now):
        return Q(refunded_fen__gt=0)


class Unsettled(Yes):
    title, parameter_name, yes = _("settled"), "unsettled", _("Still held")

    @staticmethod
    def only(now):
        return Q(settled_at__isnull=True)


class Against(SimpleListFilter):
    title, parameter_name = _("against"), "against"

    def lookups(self, request, model_admin):
        return Subject.choices

    def queryset(self, request, queryset):
        return queryset.filter(**{f"{self.value()}__isnull": False}) if self.value() in Subject.values else queryset


class OrdersThatCount(OnlyThose):
    """Orders with a case that counts against their shop."""

    title, parameter_name, words = _("in the liability rate"), "counting", _("Orders that count")

    def only(self, value):
        return {"pk__in": Case.everything.counting().order_by().values("order")}


class DisputedOnly(OnlyThose):
    """After-sales that went to arbitration."""

    title, parameter_name, words = _("Disputed"), "disputed", _("Disputed")

    def only(self, value):
        return {"pk__in": Case.everything.order_by().values("after_sale")}


OrderAdmin.list_filter.append(OrdersThatCount)
AfterSaleAdmin.list_filter.append(DisputedOnly)
