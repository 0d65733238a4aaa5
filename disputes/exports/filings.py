"""A shop's filings as a table: what is filtered, through the same gate as the requests. [2] §二.4"""

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop_cs.exporting.columns import NOBODYS

from .. import regions
from ..models import Cause, FilingOrder, FilingState

CHUNK = 1000

COLUMNS = {
    _("Filing number"): lambda filing, words: filing.no,
    _("Status"): lambda filing, words: words[filing.state],
    _("Kind"): lambda filing, words: words[filing.kind],
    pgettext_lazy("told by the merchant", "What happened"): lambda filing, words: filing.text,
    _("Regions"): lambda filing, words: ", ".join(regions.words(one) for one in filing.regions),
    _("Courier"): lambda filing, words: filing.courier,
    _("Order numbers"): lambda filing, words: ", ".join(one.order.no for one in filing.filing_orders.all()),
    _("Begins at"): lambda filing, words: filing.starts_at,
    _("Ends at"): lambda filing, words: filing.ends_at,
    _("Made at"): lambda filing, words: filing.made_at,
    _("Decided at"): lambda filing, words: filing.decided_at,
    _("Reason of the decision"): lambda filing, words: filing.decision,
}


def header(whose=NOBODYS):
    """The columns' names in the reader's language."""
    return [*whose.header(), *(str(name) for name in COLUMNS)]


def rows(filings, most, whose=NOBODYS):
    """The first `most` of a queryset of filings as rows for a sheet, in few statements and constant memory."""
    words = {code: str(label) for code, label in (*FilingState.choices, *Cause.choices)}
    named = Prefetch("filing_orders", FilingOrder.everything.select_related("order"))
    whole = filings.select_related(*whose.related) if whose.related else filings
    for filing in whole.prefetch_related(named)[:most].iterator(chunk_size=CHUNK):
        yield [*whose.of(filing), *(value(filing, words) for value in COLUMNS.values())]
