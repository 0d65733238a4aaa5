"""Service quality: robot answers and their sources, response rates, weekly exams. [1], [3]"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop_cs.models import Member, ScopedQuerySet, Shop, User, managers, tracked


class RobotAnswer(models.Model):
    """An automatic answer of the shop's robot, and the source it comes from: there it has to be changed. [1]"""

    class Source(models.TextChoices):
        # [1] says that each source has a name and a way of its own; its table of them is lost: these are assumed.
        SCENE = "scene", _("Official scene")
        CUSTOM = "custom", _("Own question and answer")
        PRODUCT = "product", _("Knowledge about a product")
        WELCOME = "welcome", _("Welcome and order card")
        KEYWORD = "keyword", _("Keyword reply")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    source = models.CharField(_("source"), max_length=16, choices=Source)
    question = models.CharField(_("question or keywords"), max_length=200)
    answer = models.TextField(_("answer"))
    where = models.CharField(_("where it is changed"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(_("changed at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("robot answer")
        verbose_name_plural = _("robot answers")
        ordering = ["source", "question", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "source", "question"], name="robot_question_once_a_source"),
            models.CheckConstraint(
                condition=Q(source__in=["scene", "custom", "product", "welcome", "keyword"]),
                name="robot_source_known",
            ),
        ]

    def __str__(self):
        return self.question


class ResponseDay(models.Model):
    """A shop's conversations of a day, and those answered effectively, as the chat platform counts them. [3]"""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    day = models.DateField(_("day"))
    conversations = models.PositiveIntegerField(_("conversations"))
    effective = models.PositiveIntegerField(_("effective conversations"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("response rate of a day")
        verbose_name_plural = _("response rates")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "day"], name="response_day_once"),
            models.CheckConstraint(condition=Q(effective__lte=F("conversations")), name="response_within_all"),
        ]

    def __str__(self):
        return f"{self.shop_id} {self.day}"


class ExamQuestion(models.Model):
    """A question of the bank: one or several right options."""

    text = models.TextField(_("question"))
    # [{"text": …, "right": true}, …]
    options = models.JSONField(_("options"), default=list)
    explanation = models.TextField(_("explanation"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    history = tracked()

    class Meta:
        verbose_name = _("exam question")
        verbose_name_plural = _("question bank")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class Exam(models.Model):
    """The exam of a member who served negatively in the natural week from `week` (a Monday); passed with 100. [3]"""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="exams", verbose_name=_("member"))
    week = models.DateField(_("week"))
    warned_at = models.DateTimeField(_("warned at"))
    # What he was warned for: {"overdue": [numbers of requests], "rejected": …, "dissatisfied": …}.
    causes = models.JSONField(_("causes"), default=dict)
    # Nothing is due where there was nothing to ask: the bank had no question in use.
    due_at = models.DateTimeField(_("to be passed until"), null=True, blank=True)
    passed_at = models.DateTimeField(_("passed at"), null=True, blank=True)
    # When handling was restricted, because it was not passed in time.
    restricted_at = models.DateTimeField(_("restricted at"), null=True, blank=True)

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        ordering = ["-week", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(passed_at__isnull=True, restricted_at__isnull=True), name="exam_due"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["member", "week"], name="exam_once_a_week")]

    def __str__(self):
        return f"{self.member_id} {self.week}"


class ExamTry(models.Model):
    """One sitting: what was asked, what was answered, the points."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="tries", verbose_name=_("exam"))
    # [{"question": id, "chosen": [0, 2], "right": true}, …]
    answers = models.JSONField(_("answers"), default=list)
    points = models.PositiveSmallIntegerField(_("points"))
    sat_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("sat by"))
    sat_at = models.DateTimeField(_("sat at"))

    everything, objects = managers(ScopedQuerySet)
    history = tracked()

    class Meta:
        verbose_name = _("try at an exam")
        verbose_name_plural = _("tries at exams")
        ordering = ["-sat_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(points__lte=100), name="exam_points_within_100")]

    def __str__(self):
        return f"{self.exam_id} {self.points}"
