"""What is asked of the figures: a period, a type, a shop in the platform's desk, and how the period is cut."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop_cs.models import Shop
from shop_cs.models.people import NUMBER
from shop_cs.rules import Category

from ..filters import DAY_BOUNDS
from .days import ONE_DAY

PRESETS = (7, 30, 90, 365)
USUAL = 30
# Longer tables nobody reads, and longer pages nobody waits for.
MOST_DAYS, MOST_BY_DAY = 731, 100
DAY, WEEK, MONTH = "day", "week", "month"
STEPS = [(DAY, _("Days")), (WEEK, _("Weeks")), (MONTH, _("Months"))]


@dataclass(frozen=True, slots=True)
class Asked:
    """The days `first` to `last`, cut into `step`s; a type or ""; the shop or None for all."""

    first: date
    last: date
    category: str = ""
    step: str = DAY
    shop: Shop | None = None

    def spans(self):
        """The (first day, last day) of each piece, in order; weeks begin on Monday, the ends are cut off."""
        spans, first = [], self.first
        while first <= self.last:
            last = min(self.last, _end(first, self.step))
            spans.append((first, last))
            first = last + ONE_DAY
        return spans


def _end(day, step):
    """The last day of the piece in which a day lies."""
    if step == DAY:
        return day
    if step == WEEK:
        return day + (6 - day.weekday()) * ONE_DAY
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - ONE_DAY


def usual(today):
    """What is shown when nothing was asked, or nothing that is understood."""
    return Asked(today - (USUAL - 1) * ONE_DAY, today)


def _day(label):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=DAY_BOUNDS)


class FiguresForm(forms.Form):
    """The filters of the figures, in the URL."""

    since = _day(_("From"))
    until = _day(_("To"))
    category = forms.ChoiceField(label=_("Type"), required=False, choices=[("", _("All types")), *Category.choices])
    step = forms.ChoiceField(
        label=pgettext_lazy("figures", "By"), required=False, choices=[("", _("As fits the period")), *STEPS]
    )

    def __init__(self, data, *, today):
        super().__init__(data)
        self.today = today

    def clean(self):
        said = self.cleaned_data
        if self.errors:
            return said
        last = said["until"] or max(self.today, said["since"] or self.today)
        first = said["since"] or last - (USUAL - 1) * ONE_DAY
        length = (last - first).days + 1
        if first > last:
            self.add_error("until", _("The last day lies before the first."))
        elif length > MOST_DAYS:
            text = _("At most %(most)s days at a time; these are %(days)s.")
            self.add_error("until", text % {"most": MOST_DAYS, "days": length})
        elif said["step"] == DAY and length > MOST_BY_DAY:
            text = _("By day at most %(most)s days at a time; these are %(days)s. Choose weeks or months.")
            self.add_error("step", text % {"most": MOST_BY_DAY, "days": length})
        said["first"], said["last"] = first, last
        return said

    def show(self, asked):
        """Shows the period, also where none was given."""
        self.data = self.data.copy()
        self.data["since"], self.data["until"] = f"{asked.first:%Y-%m-%d}", f"{asked.last:%Y-%m-%d}"

    def asked(self):
        """What a valid form asks."""
        said = self.cleaned_data
        step = said["step"] or (DAY if (said["last"] - said["first"]).days < MOST_BY_DAY else WEEK)
        return Asked(said["first"], said["last"], said["category"], step, said.get("shop"))


class PlatformForm(FiguresForm):
    """The same for all shops, or one."""

    shop = forms.RegexField(
        f"^(?:{NUMBER})$",
        label=_("Shop number"),
        required=False,
        strip=True,
        max_length=32,
        error_messages={"invalid": _("There is no such shop.")},
    )
    field_order = ["shop"]

    def clean_shop(self):
        no = self.cleaned_data["shop"]
        shop = Shop.objects.filter(no=no).first() if no else None
        if no and shop is None:
            raise forms.ValidationError(_("There is no such shop."))
        return shop


def of_shop(asked, shop):
    """The same asked of one shop."""
    return replace(asked, shop=shop)
