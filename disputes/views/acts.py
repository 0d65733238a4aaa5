"""What is done with evidence on a record's page, whichever noun."""

from django.http import Http404
from django.utils.translation import gettext as _

from shop_cs.models import Evidence
from shop_cs.pages import Act, OnlyEvidence
from tickets.forms import EvidenceForm

from .. import actions


class ShowEvidence(OnlyEvidence):
    """Evidence alone is added, on the page of a class that has `vault`, what can be ticked, and `about`, its subject
    of the catalogue."""

    form_name = "form"
    prefix = None

    def make_form(self, data, files=None):
        return EvidenceForm(data, files, vault=self.vault, about=self.about, prefix=self.prefix)

    def show(self, record, **piece):
        actions.show(record, **piece)


class TakeBack(Act):
    """One's own piece of this round is taken back while pieces may still be added."""

    def act_on(self):
        exhibit = next((one for one in self.record.exhibits.all() if one.pk == self.kwargs["pk"]), None)
        if exhibit is None:
            raise Http404(_("There is no such piece here."))
        actions.take_back(exhibit, by=self.by, now=self.now)
        return _("“%(name)s” is taken back. It stays in the vault.") % {"name": exhibit.evidence}


def exhibits_shown(record, refusal):
    """(exhibit, its piece, whether it can be taken back): one's own, of this round, while pieces may be added."""
    return [
        (
            one,
            one.evidence,
            refusal is None and one.evidence.side == Evidence.Side.MERCHANT and one.round == record.round,
        )
        for one in record.exhibits.all()
    ]
