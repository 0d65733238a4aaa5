"""What a merchant types into a filing, and a reviewer into its decision. What may be done is asked of the actions."""

import re
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shop_cs.clock import SHANGHAI
from shop_cs.models.people import NUMBER
from tickets.forms import TEXT_LENGTH, WHEN_FORMAT, EvidenceForm

from ..models import Cause, Filing
from ..regions import CITY_LENGTH, PROVINCES
from .reports import NOT_A_NUMBER, ORDERS_LENGTH, numbers_in

REGIONS, COURIER, ORDERS = "regions", "courier", "orders"
WAYS = [
    (REGIONS, gettext_lazy("All orders that go to certain regions")),
    (COURIER, gettext_lazy("All orders that a certain courier carries")),
    (ORDERS, gettext_lazy("Certain orders")),
]
# The rows for regions on the form, however many the rulebook allows.
MOST_ROWS = 10
_BOUNDS = [
    MinValueValidator(datetime(2000, 1, 1, tzinfo=SHANGHAI)),
    MaxValueValidator(datetime(2100, 1, 1, tzinfo=SHANGHAI)),
]


def _moment(label):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WHEN_FORMAT)
    return forms.DateTimeField(label=label, validators=_BOUNDS, widget=widget)


class FilingForm(EvidenceForm):
    """A filing; which parts count is decided by the way in which it covers. `most_regions` are the rulebook's."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What stands in the way"), choices=[("", gettext_lazy("Choose one")), *Cause.choices]
    )
    text = forms.CharField(
        label=pgettext_lazy("told by the merchant", "What happened"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    starts_at = _moment(gettext_lazy("Begins at"))
    ends_at = _moment(gettext_lazy("Ends at"))
    way = forms.ChoiceField(label=gettext_lazy("What it covers"), choices=WAYS, widget=forms.RadioSelect)
    courier = forms.CharField(
        label=gettext_lazy("Courier"),
        help_text=gettext_lazy("As it is called in the orders."),
        required=False,
        max_length=Filing._meta.get_field("courier").max_length,
    )
    orders = forms.CharField(
        label=gettext_lazy("Order numbers"),
        help_text=gettext_lazy("One a line. New files are kept with the first order."),
        required=False,
        max_length=ORDERS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args, most_regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = range(1, min(most_regions, MOST_ROWS) + 1)
        provinces = [("", _("Choose a province")), *((short, full) for short, full in PROVINCES.items())]
        for row in self.rows:
            label = format_lazy("{} {}", gettext_lazy("Province"), row)
            self.fields[f"province_{row}"] = forms.ChoiceField(label=label, choices=provinces, required=False)
            self.fields[f"city_{row}"] = forms.CharField(
                label=gettext_lazy("City"), required=False, max_length=CITY_LENGTH
            )

    @classmethod
    def blank(cls, now, *, order_no="", **kwargs):
        """An empty form, from now on; for an order that is known, about this order."""
        about = {"way": ORDERS, "orders": order_no} if order_no else {"way": REGIONS}
        return cls(initial={"starts_at": localtime(now), **about}, **kwargs)

    def places(self):
        """(province, city) of each row, for the page."""
        return [(self[f"province_{row}"], self[f"city_{row}"]) for row in self.rows]

    def pieces_of(self, *, orders):
        """As `pieces`, either those of orders or the shop's own."""
        return [entry for entry in self.pieces() if (entry[0].order_id is not None) is orders]

    def of_orders(self):
        return self.pieces_of(orders=True)

    def of_shop(self):
        return self.pieces_of(orders=False)

    def clean_orders(self):
        nos = numbers_in(self.cleaned_data["orders"])
        if wrong := [no for no in nos if not re.fullmatch(NUMBER, no)]:
            # Told short: what was pasted by mistake can be a whole page.
            raise ValidationError(_("This is no order number: %(no)s.") % {"no": wrong[0][:NOT_A_NUMBER]})
        return nos

    def clean(self):
        said = super().clean()
        for row in self.rows:
            if said.get("way") == REGIONS and said.get(f"city_{row}") and not said.get(f"province_{row}"):
                self.add_error(f"province_{row}", _("Choose the province of this city."))
        if not self.errors:
            self._needs_its_way(said)
        return said

    def _needs_its_way(self, said):
        """The error at the field that is empty, not above the page."""
        if said["way"] == REGIONS and not self._regions():
            self.add_error(f"province_{self.rows[0]}", _("Choose a province."))
        elif said["way"] == COURIER and not said["courier"]:
            self.add_error("courier", _("Name the courier."))
        elif said["way"] == ORDERS and not said["orders"]:
            self.add_error("orders", _("Name the orders."))

    def _regions(self):
        said = self.cleaned_data
        return [
            {"province": said[f"province_{row}"], "city": said[f"city_{row}"]}
            for row in self.rows
            if said[f"province_{row}"]
        ]

    def filing(self):
        """What was typed, as `actions.filing.submit` wants it; the orders and the evidence aside."""
        said = self.cleaned_data
        return {
            **{name: said[name] for name in ("kind", "text", "starts_at", "ends_at")},
            "regions": self._regions() if said["way"] == REGIONS else (),
            "courier": said["courier"] if said["way"] == COURIER else "",
        }
