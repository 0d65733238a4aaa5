"""Response rates from the chat platform's figures: a day of a shop a row; what is newer in the file replaces. [3]"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.clock import SHANGHAI
from shop_cs.history import record_many
from shop_cs.imports import Column, Importer, Problem, cells
from shop_cs.models import Shop

from ..models import ResponseDay

_FACTS = ("conversations", "effective")


def _day(cell):
    """A day as 2026-03-02."""
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise cells.BadCell(_("“%(cell)s” is not a day that exists, as 2026-03-02."), cell) from None
    if not cells.FIRST_YEAR <= day.year <= cells.LAST_YEAR:
        raise cells.BadCell(_("The year %(year)s cannot be right.") % {"year": day.year})
    return day


class ResponseImport(Importer):
    """response_rates.csv. A day that is here already takes what the file says; the trail keeps both."""

    label = gettext_lazy("Response rates")
    columns = (
        Column("shop_no", cells.number, max_length=32),
        Column("day", _day),
        Column("conversations", cells.count),
        Column("effective", cells.count),
    )
    key = ("shop_no", "day")

    def judge(self, rows):
        shops = {shop.no: shop for shop in Shop.objects.filter(no__in={row["shop_no"] for row in rows})}
        days = {row["day"] for row in rows}
        found = ResponseDay.everything.filter(shop__in=[shop.pk for shop in shops.values()], day__in=days)
        here = {(one.shop_id, one.day): one for one in found}
        today = self.now.astimezone(SHANGHAI).date()
        for row in rows:
            shop = shops.get(row["shop_no"])
            yield row, _problems(row, shop, today) or _plan(row, shop, here.get((shop.pk, row["day"])))

    def write(self, plans):
        new = [day for day in plans if day.pk is None]
        newer = [day for day in plans if day.pk is not None]
        ResponseDay.everything.bulk_create(new)
        record_many(new, created=True)
        if newer:
            ResponseDay.everything.bulk_update(newer, _FACTS, batch_size=100)
            record_many(newer, created=False)


def _problems(row, shop, today):
    found = []
    if shop is None:
        found.append(Problem(row.line, "shop_no", _("There is no such shop: import its orders first.")))
    if row["day"] > today:
        found.append(Problem(row.line, "day", _("This lies in the future.")))
    if row["effective"] > row["conversations"]:
        found.append(Problem(row.line, "effective", _("More are effective than there were conversations.")))
    return found


def _plan(row, shop, known):
    """None when it stands as the row says, or the day to write."""
    if known is not None and all(getattr(known, fact) == row[fact] for fact in _FACTS):
        return None
    day = known or ResponseDay(shop=shop, day=row["day"])
    for fact in _FACTS:
        setattr(day, fact, row[fact])
    return day
