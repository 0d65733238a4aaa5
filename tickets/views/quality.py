"""A shop's service quality: response rates, the robot's answers and where they come from. [1], [3]"""

from dataclasses import replace

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.forms import model_to_dict
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.history import changes_of
from shop_cs.imports import run
from shop_cs.moves import Refused, no_permission
from shop_cs.pages import MerchantPage
from shop_cs.words import plain

from ..actions import robot
from ..forms_quality import LocateForm, RobotAnswerForm, RobotUploadForm
from ..models import RobotAnswer
from ..quality import locating, response
from ..quality.importing_robot import of_shop
from ..quality.months import month_asked

PAGE_SIZE = 50
# More answers than any robot has.
MOST_BYTES = 5 * 1024 * 1024
SHOWN = 500


def page_of(rows: QuerySet, request):
    """The page of a list that the address asks for. Http404 for one that is not there."""
    try:
        return Paginator(rows, PAGE_SIZE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(_("The list has no such page.")) from error


class Quality(MerchantPage):
    """Response rates of a month, day by day, and of the months before."""

    act = "see_quality"
    template_name = "tickets/quality/response.html"
    title = gettext_lazy("Response rate")

    def get(self, request, *args, **kwargs):
        asked = request.GET.get("month", "")
        month = month_asked(asked) if asked else localtime(self.now).date().replace(day=1)
        if month is None:
            return self.again(status=400, problem=_("There is no such month. Choose one of those below."))
        return self.render_to_response(self.get_context_data(month=month))

    def get_context_data(self, **kwargs):
        month = kwargs.pop("month", None) or localtime(self.now).date().replace(day=1)
        days = response.days_of(self.shop.pk, month)
        return super().get_context_data(
            month=month,
            days=days,
            rate=response.together(days),
            months=response.months_of(self.shop.pk),
            **kwargs,
        )


class Robot(MerchantPage):
    """The robot's answers, and which of them a text comes from."""

    act = "see_quality"
    template_name = "tickets/quality/robot.html"
    title = gettext_lazy("Robot answers")

    def get(self, request, *args, **kwargs):
        self.form = LocateForm(request.GET) if "asked" in request.GET else LocateForm()
        if self.form.is_bound and not self.form.is_valid():
            return self.again(status=400)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        mine = RobotAnswer.objects.of(self.shop)
        return super().get_context_data(
            locate=self.form,
            asked=self.form.is_bound and self.form.is_valid(),
            candidates=self._candidates(mine),
            page=page_of(mine.order_by("-is_active", "source", "question", "pk"), self.request),
            refused=refusal_of(self.by),
            **kwargs,
        )

    def _candidates(self, mine):
        """(candidate, the form that corrects it) of each."""
        if not self.form.is_bound or not self.form.is_valid():
            return []
        found = locating.candidates(self.form.cleaned_data["asked"], mine.filter(is_active=True))
        return [(one, correcting(one.record, auto_id=f"id_{one.record.pk}_%s")) for one in found]


def refusal_of(by):
    """Why `by` may not change the robot's answers, in words; "" when he may."""
    return "" if by.may(robot.ACT) else no_permission(by, robot.ACT)


def correcting(record, data=None, **more):
    """The form that shows an answer as it is."""
    known = {**model_to_dict(record, RobotAnswerForm.Meta.fields), "expect": robot.stamp(record)}
    return RobotAnswerForm(data, initial=known, **more)


class RobotForm(MerchantPage):
    """One answer of the robot's: what is typed stays where it is refused."""

    act = "see_quality"
    template_name = "tickets/quality/robot_answer.html"
    alerts = ()
    record = None

    def get(self, request, *args, **kwargs):
        self.load()
        self.form = self.make_form()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.load()
        self.form = self.make_form(request.POST)
        try:
            robot.require(self.by, self.shop.pk)
            if not self.form.is_valid():
                return self.again(status=400)
            text = self.save()
        except Refused as refused:
            self.alerts = [refused.refusal.text]
            return self.again(status=refused.refusal.status)
        return self.done(reverse("robot", args=[self.shop.no]), text)

    def load(self):
        """What the address names."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            record=self.record, form=self.form, alerts=self.alerts, refused=refusal_of(self.by), **kwargs
        )


class NewRobotAnswer(RobotForm):
    title = gettext_lazy("New robot answer")

    def make_form(self, data=None):
        return RobotAnswerForm(data)

    def save(self):
        record = robot.add(shop=self.shop, by=self.by, now=self.now, **self.form.said())
        return _("“%(question)s” is kept.") % {"question": record}


class UploadRobotAnswers(MerchantPage):
    """Answers from a file, all or nothing. 400 when rows are rejected, 413 for a file above 5 MB."""

    act = robot.ACT
    template_name = "tickets/quality/robot_upload.html"
    title = gettext_lazy("Robot answers from a file")
    importer = property(lambda self: of_shop(self.shop))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"form": RobotUploadForm(), **kwargs},
            most=filesizeformat(MOST_BYTES),
            columns=", ".join(column.name for column in self.importer.columns),
            sources=RobotAnswer.Source.choices,
        )

    def post(self, request, *args, **kwargs):
        form = RobotUploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.again(status=400, form=form)
        file, dry_run = form.cleaned_data["file"], form.cleaned_data["dry_run"]
        if file.size > MOST_BYTES:
            most = {"size": filesizeformat(file.size), "most": filesizeformat(MOST_BYTES)}
            form.add_error("file", _("This file has %(size)s; at most %(most)s are taken. Split it.") % most)
            return self.again(status=413, form=form)
        report = run(self.importer, file.read(), name=file.name, by=self.by, now=self.now, dry_run=dry_run)
        return self.again(
            status=400 if report.rejected else 200,
            form=form,
            report=report,
            name=file.name,
            shown=report.problems[:SHOWN],
            more=max(len(report.problems) - SHOWN, 0),
        )


class EditRobotAnswer(RobotForm):
    title = gettext_lazy("Robot answer")

    def load(self):
        self.record = RobotAnswer.objects.of(self.shop).filter(pk=self.kwargs["pk"]).first()
        if self.record is None:
            raise Http404(_("There is no such answer of your robot's."))

    def make_form(self, data=None):
        return correcting(self.record, data)

    def save(self):
        said = self.form.said()
        expect = self.form.cleaned_data["expect"]
        record = robot.change(self.record, by=self.by, now=self.now, expect=expect, **said)
        return _("“%(question)s” is changed here. Change it at its source too: %(where)s") % {
            "question": record,
            "where": record.where or record.get_source_display(),
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(changes=told(self.record), **kwargs)


def told(record):
    """(change, its fields) of an answer, the newest first: what a keeper typed, not what was noted beside it."""
    typed = {RobotAnswer._meta.get_field(name).verbose_name for name in RobotAnswerForm.Meta.fields}
    return [
        (
            change,
            [
                replace(field, before=plain(field.before), after=plain(field.after))
                for field in change.fields
                if field.label in typed
            ],
        )
        for change in changes_of(record)
    ]
