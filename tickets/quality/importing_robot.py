"""The robot's answers from a file: a question of a source a row; what is newer in the file replaces. [1]"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.history import record_many
from shop_cs.imports import Column, Importer, Problem, cells
from shop_cs.models import Shop

from ..forms_quality import LONGEST_ANSWER
from ..models import RobotAnswer

# What a file may leave out is left as it is.
FACTS = ("answer", "where", "is_active")
_YES_NO = {"yes": True, "no": False}


def _in_use(cell):
    """yes or no."""
    if cell not in _YES_NO:
        raise cells.BadCell(_("“%(cell)s” is none of: %(codes)s."), cell, codes=", ".join(_YES_NO))
    return _YES_NO[cell]


class RobotImport(Importer):
    """robot_answers.csv of any shops. A known question takes what the file says; the trail keeps both."""

    label = gettext_lazy("Robot answers")
    columns = (
        Column("shop_no", cells.number, max_length=32),
        Column("source", cells.choice(RobotAnswer.Source)),
        Column("question", max_length=RobotAnswer._meta.get_field("question").max_length),
        Column("answer", max_length=LONGEST_ANSWER),
        Column("where", required=False, max_length=200, empty="", may_lack=True),
        Column("in_use", _in_use, required=False, empty=True, may_lack=True),
    )
    key = ("shop_no", "source", "question")

    def judge(self, rows):
        shops = self.shops(rows)
        found = RobotAnswer.everything.filter(
            shop__in={shop.pk for shop in shops.values()}, question__in={row["question"] for row in rows}
        )
        here = {(one.shop_id, one.source, one.question): one for one in found}
        for row in rows:
            shop = shops.get(row.values.get("shop_no"))
            if shop is None:
                words = _("There is no such shop: import its orders first.")
                yield row, [Problem(row.line, "shop_no", words)]
            else:
                yield row, self._plan(row, shop, here.get((shop.pk, row["source"], row["question"])))

    def shops(self, rows):
        """{what stands in the row: the shop}"""
        return {shop.no: shop for shop in Shop.objects.filter(no__in={row["shop_no"] for row in rows})}

    def _plan(self, row, shop, known):
        """None when it stands as the row says, or the answer to write."""
        said = {"is_active" if name == "in_use" else name: row.values[name] for name in row.values}
        said = {name: said[name] for name in FACTS if name in said}
        if known is not None and all(getattr(known, name) == value for name, value in said.items()):
            return None
        answer = known or RobotAnswer(shop=shop, source=row["source"], question=row["question"])
        for name, value in {**said, "changed_at": self.now}.items():
            setattr(answer, name, value)
        return answer

    def write(self, plans):
        new = [answer for answer in plans if answer.pk is None]
        newer = [answer for answer in plans if answer.pk is not None]
        RobotAnswer.everything.bulk_create(new)
        record_many(new, created=True)
        if newer:
            RobotAnswer.everything.bulk_update(newer, [*FACTS, "changed_at"], batch_size=100)
            record_many(newer, created=False)


def of_shop(shop):
    """The same for a file of this shop alone, which does not name it."""

    class OwnRobotImport(RobotImport):
        columns, key = RobotImport.columns[1:], RobotImport.key[1:]

        def shops(self, rows):
            return {None: shop}

    return OwnRobotImport
