"""A shop's appeals as a table: what is filtered, through the same gate as the requests. [2] §二.4"""

from decimal import Decimal

from django.utils.translation import gettext_lazy, pgettext_lazy

from shop_cs.exporting.columns import NOBODYS

from ..filters.appeals import Subject
from ..models import AppealState, Ground

CHUNK = 1000
CHOICES = (AppealState, Ground, Subject)


def _against(appeal, words):
    return next(words[Subject][column] for column in Subject.values if getattr(appeal, f"{column}_id"))


COLUMNS = {
    gettext_lazy("Appeal number"): lambda appeal, words: appeal.no,
    gettext_lazy("Status"): lambda appeal, words: words[AppealState][appeal.state],
    gettext_lazy("Against"): _against,
    gettext_lazy("Number of what it is against"): lambda appeal, words: appeal.subject.no,
    gettext_lazy("Order number"): lambda appeal, words: appeal.order and appeal.order.no,
    pgettext_lazy("of an appeal", "Ground"): lambda appeal, words: words[Ground][appeal.ground],
    gettext_lazy("Reasons"): lambda appeal, words: appeal.text,
    gettext_lazy("Made at"): lambda appeal, words: appeal.made_at,
    gettext_lazy("Decided at"): lambda appeal, words: appeal.decided_at,
    gettext_lazy("Reason of the decision"): lambda appeal, words: appeal.decision,
    gettext_lazy("Refunded or no longer to pay, in yuan"): lambda appeal, words: Decimal(appeal.refund_fen).scaleb(-2),
}


def header(whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in COLUMNS)]


def rows(appeals, most, whose=NOBODYS):
    """The first `most` of a queryset of appeals as rows for a sheet, in few statements and constant memory."""
    words = {choices: {code: str(label) for code, label in choices.choices} for choices in CHOICES}
    whole = appeals.select_related("order", "case", "compensation", "violation", *whose.related)
    for appeal in whole[:most].iterator(chunk_size=CHUNK):
        yield [*whose.of(appeal), *(value(appeal, words) for value in COLUMNS.values())]
