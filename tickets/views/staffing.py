"""Staffing for a sale: the shop's plans, a plan with its forecast, the form, the table to take along."""

import tempfile

from django.core.paginator import InvalidPage, Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs import sheets
from shop_cs.exporting.running import PREFIX
from shop_cs.models import Member
from shop_cs.moves import Refused
from shop_cs.pages import MerchantPage

from ..models import StaffingPlan
from ..planning import forms, plans, shapes, showing

PAGE_SIZE = 50


class StaffingPage(MerchantPage):
    """403 with the post's name for who may not plan."""

    act = plans.ACT

    @cached_property
    def plan(self):
        return get_object_or_404(StaffingPlan.objects.of(self.shop), pk=self.kwargs["pk"])

    @property
    def list_path(self):
        return reverse("staffing", args=[self.shop.no])

    def plan_path(self, plan):
        return reverse("staffing-plan", args=[self.shop.no, plan.pk])


class Plans(StaffingPage):
    """All plans of the shop, the newest sale first."""

    template_name = "tickets/planning/plans.html"
    title = gettext_lazy("Staffing for sales")

    def get_context_data(self, **kwargs):
        try:
            page = Paginator(StaffingPlan.objects.of(self.shop), PAGE_SIZE).page(self.request.GET.get("page", 1))
        except InvalidPage as error:
            raise Http404(_("The list has no such page.")) from error
        return super().get_context_data(page=page, plans=page.object_list, **kwargs)


class Plan(StaffingPage):
    """A plan and how it would go: people needed against people on shift, and who would wait too long."""

    template_name = "tickets/planning/plan.html"

    def get_context_data(self, **kwargs):
        told = showing.told(self.plan, now=self.now)
        days = told["forecast"].days
        day = self._asked(days)
        members = Member.objects.of(self.shop).filter(is_active=True).count()
        return super().get_context_data(
            **told,
            plan=self.plan,
            title=self.plan.name,
            days=days,
            day=day,
            days_chart=showing.days_chart(days),
            hours_chart=showing.hours_chart(day),
            chart_options=showing.CHART_OPTIONS,
            members=members,
            at_once=showing.most_at_once(days),
            formats=[(fmt, fmt.upper()) for fmt in sheets.TYPES],
            **kwargs,
        )

    def _asked(self, days):
        """The day whose hours are shown: the one that was asked for, else the worst."""
        asked = self.request.GET.get("day")
        if asked is None:
            return showing.worst(days)
        if asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= len(days):
            return days[int(asked) - 1]
        raise Http404(_("The plan has no such day."))


class WritePlan(StaffingPage):
    """The form of a plan; a button beside the shares fills them in and saves nothing."""

    template_name = "tickets/planning/form.html"

    def get_context_data(self, **kwargs):
        form = kwargs.pop("form", None) or forms.PlanForm(initial=self.begun())
        return super().get_context_data(form=form, back=self.back(), **kwargs)

    def post(self, request, *args, **kwargs):
        if fill := request.POST.get("fill"):
            return self._filled(fill)
        form = forms.PlanForm(request.POST)
        if not form.is_valid():
            return self.again(status=400, form=form)
        try:
            plan = self.save(form.said())
        except Refused as refused:
            form.add_error("name" if refused.refusal.code == "name" else None, refused.refusal.text)
            return self.again(status=refused.refusal.status, form=form)
        return self.done(self.plan_path(plan), _("“%(plan)s” is saved.") % {"plan": plan.name})

    def _filled(self, fill):
        typed = {name: value for name, value in self.request.POST.items() if name != "fill"}
        values, words = _shape(fill, typed, shop=self.shop, now=self.now)
        form = forms.PlanForm(initial={**typed, **values})
        return self.render_to_response(self.get_context_data(form=form, filled=words))


def _shape(fill, typed, *, shop, now):
    """(what a button puts into the form, what is said of it); 404 for a button that there is not."""
    days, past = forms.days_typed(typed), shapes.own_past(shop, now=now) if fill.endswith("-own") else []
    shares = {
        "days-usual": lambda: shapes.usual_days(days),
        "days-even": lambda: shapes.evenly(days),
        "days-own": lambda: shapes.own_days(past, days),
        "hours-usual": shapes.usual_hours,
        "hours-even": lambda: shapes.evenly(len(shapes.HOURS)),
        "hours-own": lambda: shapes.own_hours(past),
    }.get(fill)
    if shares is None:
        raise Http404(_("There is no such shape."))
    if (found := shares()) is None:
        words = _("Your shop has fewer than %(n)s refunds of the last year to go by: nothing was filled in.")
        return {}, words % {"n": shapes.AT_LEAST}
    filled = forms.filled_days(found) if fill.startswith("days") else forms.filled_hours(found)
    if fill.endswith("-own"):
        return filled, _("Filled in from %(n)s refunds of the last year. Nothing is saved yet.") % {"n": len(past)}
    return filled, _("Filled in. Nothing is saved yet.")


class NewPlan(WritePlan):
    title = gettext_lazy("Plan a sale")

    def begun(self):
        return forms.blank()

    def back(self):
        return self.list_path

    def save(self, said):
        return plans.make(shop=self.shop, said=said, by=self.by, now=self.now)


class ChangePlan(WritePlan):
    title = gettext_lazy("Change the plan")

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, **kwargs)

    def begun(self):
        return forms.typed(self.plan)

    def back(self):
        return self.plan_path(self.plan)

    def save(self, said):
        return plans.change(self.plan, said=said, by=self.by, now=self.now)


class CopyPlan(StaffingPage):
    """Another plan that says the same; a GET leads to the plan."""

    def get(self, request, *args, **kwargs):
        return redirect(self.plan_path(self.plan))

    def post(self, request, *args, **kwargs):
        twin = plans.copy(self.plan, by=self.by, now=self.now)
        path = reverse("staffing-change", args=[self.shop.no, twin.pk])
        return self.done(path, _("“%(plan)s” is a copy: change what is different.") % {"plan": twin.name})


class DeletePlan(StaffingPage):
    """Asks first; the answer is a POST."""

    template_name = "tickets/planning/delete.html"
    title = gettext_lazy("Delete the plan")

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, **kwargs)

    def post(self, request, *args, **kwargs):
        plans.delete(self.plan, by=self.by, now=self.now)
        return self.done(self.list_path, _("“%(plan)s” is deleted.") % {"plan": self.plan.name})


class PlanSheet(StaffingPage):
    """The forecast hour by hour as CSV or XLSX; 404 for another format. On record."""

    http_method_names = ["get"]

    def get(self, request, *, shop_no, pk, fmt):
        if fmt not in sheets.TYPES:
            raise Http404(_("There is no export in this format."))
        rows = showing.rows(showing.told(self.plan, now=self.now)["forecast"].days)
        # The whole file before its first byte leaves: what breaks half-way is an error, never a short file.
        kept = tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=f".{fmt}")  # noqa: SIM115 - the response closes it
        sheets.write(fmt, kept.name, showing.header(), rows)
        plans.exported(self.plan, fmt=fmt, rows=len(rows), by=self.by, now=self.now)
        name = f"staffing-{self.shop.no}-{self.plan.first_day:%Y%m%d}.{fmt}"
        answer = FileResponse(kept, as_attachment=True, filename=name, content_type=sheets.TYPES[fmt])
        answer["Cache-Control"] = "private, no-store"
        return answer
