"""What was held against a shop and what followed: the list with its warnings, and the page of one violation."""

from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs.models import Rulebook
from shop_cs.pages import MerchantPage
from tickets.models import State

from .. import consequences
from ..actions.appealing import why_no_appeal
from ..filters import violations as filters
from ..models import Penalty, Violation, ViolationState
from ..penalties import imposed
from .lists import RecordList


class ViolationList(RecordList):
    template_name = "disputes/violations.html"
    title = gettext_lazy("Violations")
    filters, list_name = filters, "violations"
    rows_template = "disputes/_violation_rows.html"
    none_yet = gettext_lazy("No violation is held against your shop.")
    show_all = gettext_lazy("Show all violations")
    related = ("order", "appeal")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**self._standing(), **kwargs)

    def told(self, records):
        return told(records, now=self.now)

    def _standing(self):
        """Credit points, and what the next violation of each kind would bring."""
        rulebook = Rulebook.objects.in_force(self.now)
        if rulebook is None:
            return {}
        warnings = consequences.warnings_for(self.shop, rulebook, now=self.now)
        return {
            "warnings": warnings,
            "credit": rulebook.credit_points,
            "points": warnings[0].points_before if warnings else self._points(rulebook),
        }

    def _points(self, rulebook):
        return consequences.points_left(self.shop, rulebook, now=self.now)


def told(records, *, now):
    """(violation, its measures as they stand) of each, the penalties of all in one statement."""
    by_violation = {record.pk: [] for record in records}
    for penalty in Penalty.everything.filter(violation__in=by_violation).order_by("pk"):
        by_violation[penalty.violation_id].append(imposed(penalty, now=now))
    return [(record, by_violation[record.pk]) for record in records]


@method_decorator(never_cache, name="dispatch")
class ViolationPage(MerchantPage):
    """One violation: what was found, what followed, until when, and how it can be appealed against."""

    act = "see_disputes"
    template_name = "disputes/violation.html"

    def get(self, request, *args, **kwargs):
        mine = Violation.objects.of(self.shop).visible_to_merchant().filter(no=kwargs["no"])
        related = ("shop", "order", "request", "case", "report", "filing", "rulebook", "appeal")
        self.record = mine.select_related(*related).first()
        if self.record is None:
            raise Http404(_("There is no such violation in this shop."))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        record = self.record
        appeal = getattr(record, "appeal", None)
        request = record.request
        return super().get_context_data(
            title=record.no,
            record=record,
            measures=told([record], now=self.now)[0][1],
            appeal=appeal,
            can_be_appealed=appeal is None and record.state == ViolationState.UPHELD,
            no_appeal=why_no_appeal(record, by=self.by, now=self.now),
            request_shown=request if request and request.state != State.SCHEDULED else None,
            coming=self._coming(),
            **kwargs,
        )

    def _coming(self):
        """What the next violation of this kind would bring."""
        rulebook = Rulebook.objects.in_force(self.now)
        kind, account = self.record.kind, self.record.account
        return rulebook and consequences.weigh(self.shop, rulebook, kind=kind, account=account, now=self.now)
