"""A shop's reports as a table: what is filtered, through the same gate as the requests. [2] §二.4"""

from django.utils.translation import gettext_lazy, pgettext_lazy

from shop_cs.exporting.columns import NOBODYS
from shop_cs.privacy import name_shown

from .. import persons
from ..models import Malice, ReportState

CHUNK = 1000


def _orders(report):
    return ", ".join(one.order.no for one in report.report_orders.all())


# [3]: personal data leaves the house masked only. Of what other shops know of the person nothing leaves at all.
COLUMNS = {
    gettext_lazy("Report number"): lambda report, words: report.no,
    gettext_lazy("Status"): lambda report, words: words[report.state],
    gettext_lazy("Kind"): lambda report, words: words[report.kind],
    gettext_lazy("Order numbers"): lambda report, words: _orders(report),
    gettext_lazy("Consumer's name"): lambda report, words: name_shown(report.consumer),
    gettext_lazy("Consumer's phone"): lambda report, words: report.consumer.masked_phone,
    pgettext_lazy("told by the merchant", "What happened"): lambda report, words: report.text,
    gettext_lazy("Made at"): lambda report, words: report.made_at,
    gettext_lazy("Taken up at"): lambda report, words: report.taken_up_at,
    gettext_lazy("Decided at"): lambda report, words: report.decided_at,
    gettext_lazy("Reason of the decision"): lambda report, words: report.decision,
}


def header(whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in COLUMNS)]


def rows(reports, most, whose=NOBODYS):
    """The first `most` of a queryset of reports as rows for a sheet, in few statements and constant memory."""
    words = {code: str(label) for code, label in (*ReportState.choices, *Malice.choices)}
    whole = reports.select_related("consumer", *whose.related).prefetch_related(persons.ORDERS)
    for report in whole[:most].iterator(chunk_size=CHUNK):
        yield [*whose.of(report), *(value(report, words) for value in COLUMNS.values())]
