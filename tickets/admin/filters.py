"""Filters of the platform's lists."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs import moment

from ..models import State, late, late_now


def platform_late(now):
    """[4] §五: requests that the platform has had for longer than its working days."""
    return Q(state=State.REVIEWING) & (Q(platform_late_at__isnull=False) | Q(review_due__lt=now))


class Yes(SimpleListFilter):
    """A filter with one choice beside “all”: the rows for which `only(now)` holds."""

    def lookups(self, request, model_admin):
        return [("yes", self.yes)]

    def queryset(self, request, queryset):
        return queryset.filter(self.only(moment.now())) if self.value() == "yes" else queryset


class Open(Yes):
    title, parameter_name, yes = _("open"), "open", _("Not closed")

    @staticmethod
    def only(now):
        return ~Q(state=State.CLOSED)


class Overdue(Yes):
    title, parameter_name, yes = _("overdue"), "overdue", _("Overdue once or now")
    only = staticmethod(late)


class OverdueNow(Yes):
    title, parameter_name, yes = _("merchant's time"), "over", _("Pending beyond its deadline")
    only = staticmethod(late_now)


class Urged(Yes):
    title, parameter_name, yes = _("urged"), "urged", _("Urged by the consumer")

    @staticmethod
    def only(now):
        return Q(urges__gt=0)


class PlatformLate(Yes):
    title, parameter_name, yes = _("platform's delay"), "platform_late", _("Platform late")
    only = staticmethod(platform_late)
