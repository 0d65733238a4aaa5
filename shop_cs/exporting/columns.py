"""The columns before all others in what the platform exports: whose each row is."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Whose:
    """Whether a table tells whose its rows are; `related` is what each row reads for it, `reads` the two cells."""

    related: tuple = ()
    reads: tuple = ()

    def header(self):
        return [str(_("Shop number")), str(_("Shop"))] if self.related else []

    def of(self, record):
        return (record.shop.no, record.shop.name) if self.related else ()


# A merchant's own table says nothing of whose it is.
NOBODYS, SHOPS = Whose(), Whose(("shop",), ("shop__no", "shop__name"))
