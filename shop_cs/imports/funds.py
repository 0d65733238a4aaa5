"""Money that came in for a shop, from the bank's or the shop platform's books. What the shop owes is repaid from it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import ledger, notices
from ..models import Account, Shop, Transfer
from ..words import yuan
from . import cells
from .engine import Importer
from .table import Column, Problem


def connect():
    notices.register(
        funds_received=gettext_lazy("%(amount)s came in: %(reference)s"),
        funds_received_many=gettext_lazy("%(count)s payments came in"),
    )


class _Into:
    """The accounts that money can come in to, as `cells.choice` wants them."""

    values = [Account.Kind.DEPOSIT.value, Account.Kind.OTHER.value]


def _above_zero(cell):
    if not (amount := cells.fen(cell)):
        raise cells.BadCell(_("An amount of money is above zero."))
    return amount


class FundsImport(Importer):
    """funds.csv. A reference that is here already with other content is refused: money that came in is never edited."""

    label = gettext_lazy("Money that came in")
    columns = (
        Column("shop_no", cells.number, max_length=32),
        Column("account", cells.choice(_Into)),
        Column("amount", _above_zero),
        Column("reference", max_length=64),
        Column("at", cells.moment),
    )
    key = ("shop_no", "reference")

    def __init__(self, **said):
        super().__init__(**said)
        self.wanted = []

    def judge(self, rows):
        shops = {shop.no: shop for shop in Shop.objects.filter(no__in={row["shop_no"] for row in rows})}
        keys = [ledger.funds_key(shop, row["reference"]) for row in rows if (shop := shops.get(row["shop_no"]))]
        here = {one.key: one for one in Transfer.everything.filter(key__in=keys).select_related("credit")}
        for row in rows:
            shop = shops.get(row["shop_no"])
            known = shop and here.get(ledger.funds_key(shop, row["reference"]))
            yield row, (_differences(row, known) or None) if known else self._plan(row, shop)

    def _plan(self, row, shop):
        problems = []
        if shop is None:
            problems.append(Problem(row.line, "shop_no", _("There is no such shop: import its orders first.")))
        if row["at"] > self.now:
            problems.append(Problem(row.line, "at", _("This lies in the future.")))
        return problems or (row, shop)

    def write(self, plans):
        # All shops are locked before the first of them is written to, so not chunk by chunk.
        self.wanted += plans

    def finish(self):
        shops = {shop.pk: shop for _row, shop in self.wanted}
        ledger.lock_shops(shops.values(), by=self.by, now=self.now)
        for row, shop in self.wanted:
            ledger.receive(
                shop=shop,
                account_kind=row["account"],
                amount_fen=row["amount"],
                reference=row["reference"],
                at=row["at"],
                by=self.by,
                now=self.now,
            )
        self._tell(shops)

    def _tell(self, shops):
        notices.tell_many(
            "funds_received",
            [
                (shop.pk, _page(shop), {"amount": yuan(row["amount"]), "reference": row["reference"]})
                for row, shop in self.wanted
            ],
            now=self.now,
            gathered_path=lambda shop_id: _page(shops[shop_id]),
        )


def _page(shop):
    return f"/s/{shop.no}/money/"


def _differences(row, known):
    """The columns in which a row differs from the money that came in under its reference, as problems."""
    was = {"account": known.credit.kind, "amount": known.amount_fen, "at": known.at}
    reason = _("This payment is here already, with another value.")
    return [Problem(row.line, name, reason) for name, value in was.items() if row[name] != value]
