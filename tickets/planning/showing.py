"""A forecast in words and figures: its charts' data, its table to take along, what is short."""

import json
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.moves import rulebook_in_force
from shop_cs.rules import Category

from .staffing import Sale, forecast

TENTH = Decimal("0.1")
# Refunds are what this type is about; its limit is the general one.
CATEGORY = Category.AFTER_SALE_SERVICE


def clock_and_limit(now):
    """(rules in force at `now`, the limit that refunds are measured by)."""
    rules = rulebook_in_force(now).rules()
    return rules, rules.categories[CATEGORY].limit


def told(plan, *, now):
    """The plan's forecast under the rulebook in force at `now`, with what the page says of it."""
    sale = Sale.of(plan)
    rules, limit = clock_and_limit(now)
    return {
        "sale": sale,
        "forecast": forecast(sale, calendar=rules.calendar, limit=limit),
        "limit": limit,
        "rules": rules,
    }


def number(fraction):
    """Refunds on the screen: to a tenth, whole where they are."""
    exact = (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(TENTH, ROUND_HALF_UP)
    return int(exact) if exact == exact.to_integral_value() else exact


def whole(fraction):
    """How many miss their limit: part of one is one."""
    return ceil(fraction)


def worst(days):
    """The day to look at first: the most late, then the most short, then the most refunds; the first of equals."""
    return max(days, key=lambda day: (day.late, day.hours_short, day.refunds, -day.number))


def most_at_once(days):
    return max(hour.on_shift for day in days for hour in day.hours)


def days_chart(days):
    labels = [f"{day.date:%m-%d}" for day in days]
    return _chart(labels, [day.needed for day in days], [float(day.staffed) for day in days])


def hours_chart(day):
    labels = [f"{hour.hour:02d}:00" for hour in day.hours]
    return _chart(labels, [hour.needed for hour in day.hours], [hour.on_shift for hour in day.hours])


def _chart(labels, needed, there):
    """What the shell's script draws: who is needed as bars, who is on shift as a dashed line over them."""
    line = {
        "type": "line",
        "borderColor": "var(--color-base-500)",
        "borderDash": [6, 4],
        "stepped": "middle",
        "pointStyle": "line",
    }
    return json.dumps(
        {
            "labels": labels,
            "datasets": [
                {"label": _("On shift"), "data": there, **line, "backgroundColor": "var(--color-base-500)", "order": 0},
                {"label": _("Needed"), "data": needed, "backgroundColor": "var(--color-primary-500)", "order": 1},
            ],
        }
    )


# As the shell's own, with a legend, and with a scale that begins at nothing.
CHART_OPTIONS = json.dumps(
    {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "datasets": {"bar": {"maxBarThickness": 32}},
        "plugins": {"legend": {"display": True, "align": "end", "labels": {"usePointStyle": True, "color": "#9ca3af"}}},
        "scales": {
            "x": {"grid": {"display": False}, "ticks": {"color": "#9ca3af"}},
            "y": {"beginAtZero": True, "grid": {"display": True}, "ticks": {"color": "#9ca3af", "precision": 0}},
        },
    }
)

COLUMNS = {
    gettext_lazy("Day"): lambda day, hour: f"{day.date:%Y-%m-%d}",
    gettext_lazy("Hour"): lambda day, hour: f"{hour.hour:02d}:00",
    gettext_lazy("Refunds"): lambda day, hour: number(hour.refunds),
    gettext_lazy("People needed"): lambda day, hour: hour.needed,
    gettext_lazy("People on shift"): lambda day, hour: hour.on_shift,
    gettext_lazy("Short by"): lambda day, hour: hour.short,
    gettext_lazy("Handled"): lambda day, hour: number(hour.handled),
    gettext_lazy("Waiting at the end of the hour"): lambda day, hour: number(hour.waiting),
    gettext_lazy("People needed that day"): lambda day, hour: day.needed,
    gettext_lazy("Too late, of that day"): lambda day, hour: whole(day.late),
}


def header():
    return [str(name) for name in COLUMNS]


def rows(days):
    """The forecast hour by hour, for a sheet."""
    return [[value(day, hour) for value in COLUMNS.values()] for day in days for hour in day.hours]
