"""What is typed into a plan for a sale. Shares as per cent, shifts a row each; what does not fit together says so."""

import re
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from . import plans, shapes
from .staffing import CLOSES, HOURS, MOST_A_DAY, MOST_DAYS, MOST_ORDERS, MOST_PEOPLE, MOST_SHIFTS, BadPlan, Sale, Shift
from .staffing import percent as as_percent

# “1-3, 5”: days of the plan, counted from 1.
_DAYS = re.compile(r"\s*(\d{1,2})\s*(?:[-–]\s*(\d{1,2})\s*)?")
FROM = [("", "—"), *((str(hour), f"{hour:02d}:00") for hour in HOURS)]
TO = [("", "—"), *((str(hour), f"{hour:02d}:00") for hour in range(HOURS[0] + 1, CLOSES + 1))]


def _number(label, *, least, most, **options):
    attrs = {"inputmode": "numeric"}
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=_input(attrs), **options)


def _percent(label, **options):
    attrs = {"inputmode": "decimal", "maxlength": "6"}
    options = {"min_value": 0, "max_value": 100, "decimal_places": 2, "max_digits": 5, **options}
    return forms.DecimalField(label=label, widget=_input(attrs), **options)


def _input(attrs):
    # As text: a wheel or an arrow key changes no number by accident.
    return forms.TextInput(attrs={**attrs, "autocomplete": "off"})


class PlanForm(forms.Form):
    """A plan. `said()` is what the actions take; `fill` puts a shape into what was typed."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=plans.NAME_LENGTH)
    first_day = forms.DateField(
        label=gettext_lazy("First day of the refunds"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))],
    )
    orders = _number(gettext_lazy("Expected orders"), least=0, most=MOST_ORDERS)
    refund_rate = _percent(
        gettext_lazy("Expected refund rate, %"), help_text=gettext_lazy("Of 100 orders, how many are asked back.")
    )
    per_agent_day = _number(
        gettext_lazy("Refunds one agent handles a day"),
        least=1,
        most=MOST_A_DAY,
        help_text=gettext_lazy("In the desk's twelve hours, 09:00 to 21:00: a shift of six hours handles half of it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day in range(MOST_DAYS):
            label = format_lazy(gettext_lazy("Day {n}, %"), n=day + 1)
            self.fields[f"day_{day}"] = _percent(label, required=False)
        for hour in HOURS:
            self.fields[f"hour_{hour}"] = _percent(format_lazy("{:02d}:00, %", hour), required=False)
        for row in range(MOST_SHIFTS):
            self._add_shift(row)

    def _add_shift(self, row):
        self.fields[f"from_{row}"] = forms.ChoiceField(label=gettext_lazy("From"), choices=FROM, required=False)
        self.fields[f"to_{row}"] = forms.ChoiceField(label=gettext_lazy("To"), choices=TO, required=False)
        self.fields[f"people_{row}"] = _number(gettext_lazy("People"), least=1, most=MOST_PEOPLE, required=False)
        self.fields[f"days_{row}"] = forms.CharField(
            label=gettext_lazy("Days"), required=False, max_length=60, widget=_input({"placeholder": "1-3, 5"})
        )

    # For the page.
    def days(self):
        return [self[f"day_{day}"] for day in range(MOST_DAYS)]

    def hours(self):
        return [self[f"hour_{hour}"] for hour in HOURS]

    def shifts(self):
        """(number, from, to, people, days) of each row."""
        names = ("from", "to", "people", "days")
        return [(row + 1, *(self[f"{name}_{row}"] for name in names)) for row in range(MOST_SHIFTS)]

    def clean(self):
        said = super().clean()
        if self.errors:
            return said
        shares = self._shares(said)
        try:
            shifts = [shift for row in range(MOST_SHIFTS) if (shift := self._shift(said, row, len(shares)))]
            self.sale = Sale(
                first_day=said["first_day"],
                orders=said["orders"],
                refund_rate=_hundredths(said["refund_rate"]),
                shares=shares,
                hours=tuple(_hundredths(said[f"hour_{hour}"]) for hour in HOURS),
                per_agent_day=said["per_agent_day"],
                shifts=tuple(shifts),
            )
        except BadPlan as error:
            self.add_error(error.part if error.part in self.fields else None, str(error))
        return said

    def _shares(self, said):
        """The shares of the days up to the last one that has any."""
        shares = [_hundredths(said[f"day_{day}"]) for day in range(MOST_DAYS)]
        filled = [day for day in range(MOST_DAYS) if said[f"day_{day}"] is not None]
        return tuple(shares[: filled[-1] + 1 if filled else 1])

    def _shift(self, said, row, days):
        starts, ends, people = said[f"from_{row}"], said[f"to_{row}"], said[f"people_{row}"]
        if not (starts or ends or people or said[f"days_{row}"]):
            return None
        if not (starts and ends and people):
            raise BadPlan("shifts", _("Shift %(n)s: say from when to when, and how many people.") % {"n": row + 1})
        return Shift(int(starts), int(ends), people, _days_of(said[f"days_{row}"], row, days))

    def said(self):
        """The parts of the plan, as the actions take them."""
        sale = self.sale
        return {
            "name": self.cleaned_data["name"],
            "first_day": sale.first_day,
            "orders": sale.orders,
            "refund_rate": sale.refund_rate,
            "shares": list(sale.shares),
            "hours": list(sale.hours),
            "per_agent_day": sale.per_agent_day,
            "shifts": [
                {"from": one.starts, "to": one.ends, "people": one.people, "days": sorted(one.days)}
                for one in sale.shifts
            ],
        }


def _hundredths(percent):
    return 0 if percent is None else int(percent * 100)


def _days_of(text, row, days):
    """ "1-3, 5" → {0, 1, 2, 4}; nothing said is every day. Raises `BadPlan`."""
    if not text.strip():
        return frozenset(range(days))
    found = set()
    for part in re.split("[,，]", text):
        match = _DAYS.fullmatch(part)
        if match is None:
            raise BadPlan("shifts", _("Shift %(n)s: write its days as 1-3, 5.") % {"n": row + 1})
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= days:
            words = {"n": row + 1, "days": days}
            raise BadPlan("shifts", _("Shift %(n)s is on days that the plan does not have: it has %(days)s.") % words)
        found |= set(range(first - 1, last))
    return frozenset(found)


def days_in_words(days, of):
    """{0, 1, 2, 4} → "1-3, 5"; every day of the plan is nothing."""
    if len(days) == of:
        return ""
    runs = []
    for day in sorted(days):
        if runs and runs[-1][1] == day - 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return ", ".join(f"{a + 1}-{b + 1}" if b > a else str(a + 1) for a, b in runs)


def typed(plan):
    """A saved plan as it is typed."""
    values = {name: getattr(plan, name) for name in ("name", "first_day", "orders", "per_agent_day")}
    values["refund_rate"] = as_percent(plan.refund_rate)
    values |= {f"day_{day}": as_percent(share) for day, share in enumerate(plan.shares)}
    values |= {f"hour_{hour}": as_percent(share) for hour, share in zip(HOURS, plan.hours, strict=True)}
    for row, one in enumerate(plan.shifts):
        values |= {f"{name}_{row}": one[name] for name in ("from", "to", "people")}
        values[f"days_{row}"] = days_in_words(one["days"], len(plan.shares))
    return values


def blank():
    """What a new plan begins with: the usual shapes over a week."""
    days, hours = shapes.usual_days(7), shapes.usual_hours()
    return {**filled_days(days), **filled_hours(hours)}


def filled_days(shares):
    """The days' shares as they are typed; days beyond them are empty."""
    return {f"day_{day}": as_percent(shares[day]) if day < len(shares) else "" for day in range(MOST_DAYS)}


def filled_hours(shares):
    return {f"hour_{hour}": as_percent(share) for hour, share in zip(HOURS, shares, strict=True)}


def days_typed(data):
    """How many days have a share in what was typed; a week where none has."""
    filled = [day for day in range(MOST_DAYS) if str(data.get(f"day_{day}", "")).strip()]
    return filled[-1] + 1 if filled else 7
