"""Service quality in the platform's desk: warned members and their exams, the question bank, response rates, robots."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from shop_cs.admin.base import PlatformAdmin, at
from shop_cs.admin.current import OneAtATime
from shop_cs.admin.navigation import GROUND, entry
from shop_cs.sites import PLATFORM_ITEMS, platform

from ..forms_questions import QuestionForm
from ..models import Exam, ExamQuestion, ExamTry, ResponseDay, RobotAnswer
from ..quality.negative import CAUSES
from ..quality.response import ResponseRate

# How the trail calls what is done here.
SAID = {
    "warn_member": _("warn a member"),
    "restrict_member": _("restrict a member"),
    "sit_exam": _("sit an exam"),
    "pass_exam": _("pass an exam"),
    "add_robot_answer": _("add a robot answer"),
    "change_robot_answer": _("change a robot answer"),
}
QUALITY = (
    _("Service quality"),
    [
        entry("see_quality", _("Exams"), "school", "tickets_exam_changelist"),
        entry("see_quality", _("Question bank"), "quiz", "tickets_examquestion_changelist"),
        entry("see_quality", _("Response rates"), "speed", "tickets_responseday_changelist"),
        entry("see_quality", _("Robot answers"), "smart_toy", "tickets_robotanswer_changelist"),
    ],
)
PLATFORM_ITEMS.insert(PLATFORM_ITEMS.index(GROUND), QUALITY)


class TryInline(TabularInline):
    """The tries at an exam, read."""

    model = ExamTry
    fields = readonly_fields = ["points", "sat_by", "sat_at"]
    extra = 0
    hide_title = True
    can_delete = False
    verbose_name_plural = _("tries")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(Exam, site=platform)
class ExamAdmin(PlatformAdmin):
    """The list of warned members of all shops."""

    see_act = "see_quality"
    list_display = ["member_name", "shop", "week", "why", "due", "passed", "restricted"]
    list_select_related = ["shop", "member__user"]
    list_filter = ["week"]
    search_fields = ["shop__no", "shop__name", "member__user__username", "member__user__first_name"]
    fields = ["member_name", "shop", "week", "why", "warned_at", "due_at", "passed_at", "restricted_at"]
    readonly_fields = ["member_name", "why"]
    inlines = [TryInline]
    trail_parts = [(ExamTry, "exam_id")]
    due = at("due_at", _("to be passed until"))
    passed = at("passed_at", _("passed at"))
    restricted = at("restricted_at", _("restricted at"))

    @admin.display(description=_("member"), ordering="member__user__username")
    def member_name(self, exam):
        return str(exam.member.user)

    @admin.display(description=_("why"))
    def why(self, exam):
        told = [f"{label}: {len(exam.causes[cause])}" for cause, label in CAUSES.items() if exam.causes.get(cause)]
        return "; ".join(told) or "—"


@admin.register(ExamQuestion, site=platform)
class ExamQuestionAdmin(OneAtATime, PlatformAdmin):
    """The question bank: written and taken out of use by reviewers, never deleted."""

    see_act, edit_act = "see_quality", "edit_questions"
    form = QuestionForm
    list_display = ["text", "how_many", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["text", "explanation"]
    readonly_fields = ["options_in_words"]

    def get_fields(self, request, obj=None):
        options = "options" if self.has_change_permission(request, obj) else "options_in_words"
        return ["text", options, "explanation", "is_active"]

    @admin.display(description=_("options"))
    def options_in_words(self, question):
        return render_to_string("admin/exam_options.html", {"options": question.options})

    @admin.display(description=_("right of all options"))
    def how_many(self, question):
        return f"{sum(bool(option.get('right')) for option in question.options)} / {len(question.options)}"


@admin.register(ResponseDay, site=platform)
class ResponseDayAdmin(PlatformAdmin):
    see_act = "see_quality"
    list_display = ["day", "shop", "conversations", "effective", "rate"]
    list_select_related = ["shop"]
    search_fields = ["shop__no", "shop__name"]
    date_hierarchy = "day"
    fields = ["shop", "day", "conversations", "effective", "rate"]

    @admin.display(description=_("rate"))
    def rate(self, day):
        return ResponseRate(day.effective, day.conversations).percent


@admin.register(RobotAnswer, site=platform)
class RobotAnswerAdmin(PlatformAdmin):
    see_act = "see_quality"
    list_display = ["question", "shop", "source", "is_active", "changed"]
    list_select_related = ["shop"]
    list_filter = ["source", "is_active"]
    search_fields = ["question", "answer", "shop__no", "shop__name"]
    fields = ["shop", "source", "question", "answer", "where", "is_active", "changed_at"]
    changed = at("changed_at", _("changed at"))
