"""Past and present cases from a file: their limits run from `opened_at`, under the rulebook then in force."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs import imports, notices
from shop_cs.imports import Column, Importer, Problem, cells
from shop_cs.models import AfterSale, Rulebook, Shop
from shop_cs.moves import Refused, begin_many

from . import deadlines, messages
from .actions.opening import refuse_beyond, refuse_unrefused
from .models import Case
from .moves import cases

# Longer than any text that a consumer or an agent types. Assumed.
LONGEST_CLAIM = 10_000


def connect():
    imports.register("cases", CaseImport)


class CaseImport(Importer):
    """cases.csv. A number that is here already with other content is refused: a case is never edited."""

    label = gettext_lazy("Arbitration cases")
    columns = (
        Column("case_no", cells.number, max_length=64),
        Column("shop_no", cells.number, max_length=32),
        Column("order_no", cells.number, max_length=64),
        Column("after_sale_no", cells.number, max_length=64),
        Column("claim", max_length=LONGEST_CLAIM, verbatim=True),
        Column("amount", cells.fen),
        Column("opened_at", cells.moment),
    )
    key = ("case_no",)

    def __init__(self, **said):
        super().__init__(**said)
        self.rulebooks = list(Rulebook.objects.order_by("-effective_from"))
        self.rules = {rulebook.pk: rulebook.rules() for rulebook in self.rulebooks}
        # The line of this file that opens a case on an after-sale, by the after-sale.
        self.line_of = {}
        self.to_tell = []

    def judge(self, rows):
        here = _cases({row["case_no"] for row in rows})
        shops = {shop.no: shop for shop in Shop.objects.filter(no__in={row["shop_no"] for row in rows})}
        after_sales = _after_sales(shops.values(), {row["after_sale_no"] for row in rows})
        taken = dict(Case.everything.filter(after_sale__in=after_sales.values()).values_list("after_sale", "no"))
        for row in rows:
            if known := here.get(row["case_no"]):
                yield row, _differences(row, known) or None
            else:
                shop = shops.get(row["shop_no"])
                after_sale = shop and after_sales.get((shop.pk, row["after_sale_no"]))
                yield row, self._plan(row, shop, after_sale, taken)

    def _plan(self, row, shop, after_sale, taken):
        rulebook = next((book for book in self.rulebooks if book.effective_from <= row["opened_at"]), None)
        problems = [Problem(row.line, *one) for one in self._about_after_sale(row, shop, after_sale, taken)]
        if row["opened_at"] > self.now:
            problems.append(Problem(row.line, "opened_at", _("This lies in the future.")))
        if rulebook is None:
            problems.append(Problem(row.line, "opened_at", _("No version of the rulebook was in force then.")))
        return problems or (row, shop, after_sale, rulebook)

    def _about_after_sale(self, row, shop, after_sale, taken):
        """(column, reason) of each thing that is wrong with what the case is about."""
        if shop is None:
            return [("shop_no", _("There is no such shop: import its orders first."))]
        if after_sale is None:
            return [("after_sale_no", _("There is no such after-sale in this shop."))]
        if after_sale.order.no != row["order_no"]:
            return [("order_no", _("This after-sale belongs to another order."))]
        wrong = []
        first = self.line_of.setdefault(after_sale.pk, row.line)
        if no := taken.get(after_sale.pk):
            wrong.append(("after_sale_no", _("Case %(no)s is about this after-sale already.") % {"no": no}))
        elif first != row.line:
            words = _("The case on line %(line)s is about this after-sale already.")
            wrong.append(("after_sale_no", words % {"line": first}))
        for column, refuse, what in (
            ("after_sale_no", refuse_unrefused, (after_sale,)),
            ("amount", refuse_beyond, (row["amount"], after_sale.order)),
        ):
            try:
                refuse(*what)
            except Refused as refused:
                wrong.append((column, str(refused.refusal.text)))
        return wrong

    def write(self, plans):
        records = [self._record(*plan) for plan in plans]
        begin_many(records, cases.OPEN, by=self.by, now=self.now, reason=self.name)
        # What can still be answered: the rest was decided by time, and the sweep tells of it.
        still_open = [record for record in records if record.deadline >= self.now]
        messages.write_to_consumers(still_open, "case", now=self.now)
        self.to_tell += [(record.shop_id, record.shop.no, record.no) for record in still_open]

    def finish(self):
        """Only what a merchant can still answer rings, once a shop."""
        shop_no = {shop_id: no for shop_id, no, _case_no in self.to_tell}
        notices.tell_many(
            "case_new",
            [(shop_id, f"/s/{shop}/cases/{no}/", {"no": no}) for shop_id, shop, no in self.to_tell],
            now=self.now,
            gathered_path=lambda shop_id: f"/s/{shop_no[shop_id]}/cases/",
        )

    def _record(self, row, shop, after_sale, rulebook):
        return Case(
            no=row["case_no"],
            shop=shop,
            order=after_sale.order,
            after_sale=after_sale,
            rulebook=rulebook,
            claim=row["claim"],
            claim_fen=row["amount"],
            opened_at=row["opened_at"],
            **deadlines.evidence_from(self.rules[rulebook.pk], row["opened_at"]),
        )


def _after_sales(shops, nos):
    found = AfterSale.everything.filter(shop__in=shops, no__in=nos).select_related("order")
    return {(one.shop_id, one.no): one for one in found}


def _cases(nos):
    """What is here of these numbers, as the columns of a file would say it."""
    fields = ("no", "shop__no", "order__no", "after_sale__no", "claim", "claim_fen", "opened_at")
    return {known["no"]: known for known in Case.everything.filter(no__in=nos).values(*fields)}


def _differences(row, known):
    """The columns in which a row differs from the case of its number, as problems."""
    was = {
        "shop_no": known["shop__no"],
        "order_no": known["order__no"],
        "after_sale_no": known["after_sale__no"],
        "claim": known["claim"],
        "amount": known["claim_fen"],
        "opened_at": known["opened_at"],
    }
    reason = _("This case is here already, with another value.")
    return [Problem(row.line, name, reason) for name, value in was.items() if row[name] != value]
