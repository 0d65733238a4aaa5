"""Filters of the platform's lists."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop_cs import moment
from shop_cs.admin.asked import Asked, from_day, to_day

from .. import conditions
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


class _OneOf(SimpleListFilter):
    """A filter with some choices; `only(code, now)` are the conditions of one."""

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        return queryset.filter(self.only(self.value(), moment.now())) if self.value() in known else queryset


class DueToday(_OneOf):
    title, parameter_name = _("due"), "due"

    def lookups(self, request, model_admin):
        return conditions.TODAY

    @staticmethod
    def only(code, now):
        return conditions.due_today(now)


class InReviewFor(_OneOf):
    title, parameter_name = _("in review for"), "in_review"
    only = staticmethod(conditions.in_review)

    def lookups(self, request, model_admin):
        return conditions.IN_REVIEW


class Answer(_OneOf):
    title, parameter_name = _("answer"), "answer"

    def lookups(self, request, model_admin):
        return conditions.ANSWERS

    @staticmethod
    def only(code, now):
        return conditions.answer(code)


class Confirmation(_OneOf):
    title, parameter_name = _("consumer's confirmation"), "consumer"

    def lookups(self, request, model_admin):
        return conditions.CONSUMER

    @staticmethod
    def only(code, now):
        return conditions.consumer(code)


class Round(_OneOf):
    title, parameter_name = _("round"), "round"

    def lookups(self, request, model_admin):
        return [("1", "1"), ("2+", _("2 or later"))]

    @staticmethod
    def only(code, now):
        return Q(round=1) if code == "1" else Q(round__gt=1)


class Sent(Asked):
    """[2] §一.1: what waits for the opening does not exist yet for the merchant, nor in the figures."""

    title, parameter_name = _("sent"), "sent"

    def lookups(self, request, model_admin):
        return [("yes", _("Sent to the merchant"))] if self.used_parameters.get("sent") else []

    def only(self, value):
        return {"sent_at__isnull": value != "yes"}


CreatedFrom = from_day("created_at", "created", _("created from"))
CreatedTo = to_day("created_at", "created", _("created to"))
