"""“What evidence is wanted”: the catalogue by what a record is about and by what is claimed, with drawn examples."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.evidence import catalogue, checks, vault
from shop_cs.evidence.items import ITEMS
from shop_cs.moves import rulebook_in_force
from shop_cs.pages import MerchantPage
from shop_cs.rules import Category
from tickets import proof as answers

from .. import proof

LABELS = {
    catalogue.CASE: gettext_lazy("Statement in a case"),
    catalogue.PAYMENT: gettext_lazy("Proof of a payment"),
    "appeal_case": gettext_lazy("Appeal against a ruling"),
    "appeal_compensation": gettext_lazy("Appeal against an advance compensation"),
    "appeal_violation": gettext_lazy("Appeal against a violation"),
    catalogue.REPORT: gettext_lazy("Report of a user"),
    catalogue.FILING: gettext_lazy("Filing"),
}


class WantedPage(MerchantPage):
    template_name = "evidence/wanted.html"
    title = gettext_lazy("What evidence is wanted")

    def get_context_data(self, **kwargs):
        about = self.request.GET.get("about", Category.PRODUCT)
        if about not in catalogue.subjects():
            raise Http404(_("The catalogue of evidence has no such subject."))
        limits = vault.limits_of(rulebook_in_force(self.now).rules())
        return super().get_context_data(
            about=about,
            label=LABELS.get(about) or Category(about).label,
            groups=[(_("Service requests"), Category.choices), (_("Disputes"), LABELS.items())],
            claims=_claims(about),
            items=[ITEMS[code] for code in catalogue.codes_about(about)],
            help_texts=checks.help_text(limits),
            **kwargs,
        )


def _claims(about):
    if about in LABELS:
        return proof.by_claim(about)
    asked = answers.in_reply(about)
    return asked["asked_solved"] + asked["asked_unsolved"]
