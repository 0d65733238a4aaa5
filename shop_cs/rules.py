"""The rulebook as a typed value: limits and switches of one version. Pure; `Rulebook.rules()` makes it from a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .clock import Calendar


class Kind(TextChoices):
    """How fast an answer is wanted. [2] §一.2"""

    GENERAL = "general", _("General")
    URGENT = "urgent", _("Urgent")
    AGREED = "agreed", _("Agreed limit")


class Category(TextChoices):
    """The type of a request. [2] §一.2, [4] §五"""

    CONTENT_PROMOTION = "content_promotion", _("Content promotion")
    PRICE = "price", _("Price")
    ORDER_OPERATION = "order_operation", _("Order operation")
    PRODUCT = "product", pgettext_lazy("type of request", "Product")
    SHIPPING_LOGISTICS = "shipping_logistics", _("Shipping and logistics")
    AFTER_SALE_SERVICE = "after_sale_service", _("After-sale service")
    EXCHANGE = "exchange", _("Exchange")
    MERCHANT_SERVICE = "merchant_service", _("Merchant service")
    COURIER = "courier", _("Courier")
    RISKY_PRODUCT = "risky_product", _("Risky product")
    HIGH_RISK_COMPLAINT = "high_risk_complaint", _("High-risk complaint")
    PERSONAL_INJURY = "personal_injury", _("Personal injury")


URGENT_CATEGORIES = frozenset({Category.RISKY_PRODUCT, Category.HIGH_RISK_COMPLAINT, Category.PERSONAL_INJURY})


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """Kind and limit (minutes of the working clock) of a type of request."""

    kind: Kind
    limit: timedelta


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the rulebook. Durations are timedeltas; which clock they run on is said at each.

    Working clock: category limits, agreed_min, agreed_max, due_soon_left, due_soon_above.
    Working clock too: evidence_limit (of a case). Wall clock: confirm_limit, reminder_gap, export_gap, offer_limit,
    payment_limit. Working days: review_days. Survey hours in local minutes.
    """

    name: str
    calendar: Calendar
    categories: Mapping[str, CategoryRule]
    confirming_stage: bool
    agreed_min: timedelta
    agreed_max: timedelta
    due_soon_left: timedelta
    due_soon_above: timedelta
    confirm_limit: timedelta
    survey_opens: int
    survey_closes: int
    reminders_max: int
    reminder_gap: timedelta
    review_days: int
    export_rows: int
    export_gap: timedelta
    evidence_max: int
    picture_bytes: int
    pdf_bytes: int
    video_bytes: int
    evidence_limit: timedelta
    offer_limit: timedelta
    payment_limit: timedelta
    appeal_days: int

    def limit_of(self, kind, category, agreed=None):
        """The working time allowed for a request.

        `agreed` is the limit set for this request, needed for the agreed kind and refused for the others.
        Raises `BadLimit` with its reason.
        """
        rule = self.categories[category]
        if kind != Kind.AGREED:
            if agreed is not None:
                raise BadLimit(_("A limit of its own is for the kind “agreed” only."))
            if rule.kind != kind:
                raise BadLimit(_("This type is not of this kind: it is “%(kind)s”.") % {"kind": Kind(rule.kind).label})
            return rule.limit
        if agreed is None:
            raise BadLimit(_("The kind “agreed” needs a limit in hours."))
        # [2] §一.2.3: from two hours up; the upper bound is assumed.
        if not self.agreed_min <= agreed <= self.agreed_max:
            raise BadLimit(
                _("An agreed limit is at least %(min)g and at most %(max)g hours.")
                % {"min": self.agreed_min / HOUR, "max": self.agreed_max / HOUR}
            )
        return agreed


class BadLimit(ValueError):
    """A limit that the rulebook does not allow; its text is for the user."""


HOUR = timedelta(hours=1)


@lru_cache(maxsize=1)
def _china():
    return holidays.country_holidays("CN")


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether China works on `day`, by the official calendar with its make-up days. [4] §五 counts in such days."""
    return _china().is_working_day(day)
