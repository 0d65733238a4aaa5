"""What the platform's people type: a decision with its reason, a request to be sent."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.models import AfterSale, Order, Shop
from shop_cs.rules import BadLimit, Category, Kind

from .forms import TEXT_LENGTH, EvidenceForm


class DecisionForm(forms.Form):
    """A reason, needed to reject, and the stamp of what the reviewer saw."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4})
    )
    expect = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        if verb == "reject":
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Say why: the merchant must know what is missing.")


def _number(label, required=True, **attrs):
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})
    return forms.CharField(label=label, required=required, max_length=64, widget=widget)


class SendForm(EvidenceForm):
    """A request as an agent types it. `rules` are those in force; the numbers are looked up."""

    shop_no = _number(gettext_lazy("Shop number"))
    order_no = _number(gettext_lazy("Order number"))
    after_sale_no = _number(gettext_lazy("After-sale number"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=[("", gettext_lazy("Choose a type")), *Category.choices]
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    agreed_hours = forms.DecimalField(
        label=gettext_lazy("Agreed limit, hours"),
        help_text=gettext_lazy("For the kind “agreed” only: hours of the working clock, 2 or more, in halves."),
        required=False,
        max_digits=6,
        decimal_places=1,
        min_value=Decimal("0.5"),
        step_size=Decimal("0.5"),
    )
    detail = forms.CharField(
        label=gettext_lazy("Consumer's claim"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 5})
    )
    submission = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    all_the_same = forms.BooleanField(label=gettext_lazy("Send all the same"), required=False)

    def __init__(self, *args, rules, **kwargs):
        self.rules = rules
        super().__init__(*args, **kwargs)

    def clean(self):
        said = super().clean()
        said["order"] = self._order(said)
        said["after_sale"] = self._after_sale(said)
        said["limit"] = self._limit(said)
        return said

    def _order(self, said):
        if not (said.get("shop_no") and said.get("order_no")):
            return None
        shop = Shop.objects.filter(no=said["shop_no"]).first()
        if shop is None:
            self.add_error("shop_no", _("There is no shop with this number."))
            return None
        order = Order.everything.filter(shop=shop, no=said["order_no"]).select_related("shop").first()
        if order is None:
            self.add_error("order_no", _("%(shop)s has no order with this number.") % {"shop": shop})
        return order

    def _after_sale(self, said):
        if not said.get("after_sale_no") or said["order"] is None:
            return None
        after_sale = AfterSale.everything.filter(order=said["order"], no=said["after_sale_no"]).first()
        if after_sale is None:
            self.add_error("after_sale_no", _("This order has no after-sale with this number."))
        return after_sale

    def _limit(self, said):
        """The working time that the rulebook allows, with the error at the field that is wrong."""
        if not (said.get("kind") and said.get("category")) or "agreed_hours" in self.errors:
            return None
        hours = said.get("agreed_hours")
        said["agreed"] = None if hours is None else timedelta(minutes=int(hours * 60))
        try:
            return self.rules.limit_of(said["kind"], said["category"], said["agreed"])
        except BadLimit as error:
            wrong_hours = said["kind"] == Kind.AGREED or said["agreed"] is not None
            self.add_error("agreed_hours" if wrong_hours else "kind", str(error))
            return None

    def request(self):
        """What was asked for, as `actions.create` wants it, the evidence aside."""
        said = self.cleaned_data
        names = ("order", "after_sale", "kind", "category", "agreed", "detail", "submission")
        return {name: said[name] for name in names}


def order_typed(data):
    """The order that a form names, or None: its vault decides which ticks the form has."""
    shop_no, order_no = data.get("shop_no", "").strip(), data.get("order_no", "").strip()
    return Order.everything.filter(shop__no=shop_no, no=order_no).select_related("shop").first()
