"""Fields that the forms of this app share."""

from decimal import Decimal

from django import forms


class YuanField(forms.DecimalField):
    """An amount typed in yuan, above zero and with at most two decimals; its value is whole fen."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(min_value=Decimal("0.01"), max_digits=12, decimal_places=2, **kwargs)

    def clean(self, value):
        yuan = super().clean(value)
        return None if yuan is None else int(yuan.scaleb(2))

    def prepare_value(self, value):
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value
