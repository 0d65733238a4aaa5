"""Versions of the rulebook: effective-dated, with history; a version in force is read, not changed."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import ladders
from ..clock import BadCalendar, Calendar, ClosedForEver, Window
from ..composed import composed
from ..rules import Category, CategoryRule, Kind, Rules
from .people import ELSEWHERE, PERMISSIONS
from .trail import tracked

ASSUMED = _("Assumed: the sources leave it open.")
LONGEST_MINUTES = 60 * 24 * 366


class RulebookQuerySet(models.QuerySet):
    def in_force(self, at):
        """The version in force at `at`; None before the first."""
        return self.filter(effective_from__lte=at).order_by("-effective_from").first()

    def with_keys(self, keys):
        """{key: version} of these versions."""
        return {one.pk: one for one in _with_keys(*sorted(keys))} if keys else {}

    def confirming_at(self, at):
        """The version in force at `at` if it asks consumers to confirm; none if it does not."""
        in_force = self.filter(effective_from__lte=at).order_by("-effective_from").values("pk")[:1]
        return self.filter(pk=in_force, confirming_stage=True)


@composed
def _with_keys(*keys):
    return Rulebook.objects.filter(pk__in=keys).order_by()


def minutes(verbose, default, *, at_least=1, at_most=LONGEST_MINUTES, **options):
    """A column of whole minutes."""
    bounds = [MinValueValidator(at_least), MaxValueValidator(at_most)]
    return models.PositiveIntegerField(verbose, default=default, validators=bounds, **options)


def default_categories():
    """Types with kind and limit in working minutes. [2] §一.2, [4] §五"""
    from ..rules import URGENT_CATEGORIES

    return {
        code: {"kind": Kind.URGENT, "minutes": 120}
        if code in URGENT_CATEGORIES
        else {"kind": Kind.GENERAL, "minutes": 1440}
        for code in Category.values
    }


class Rulebook(models.Model):
    """Limits and switches in force from a moment on. A record keeps the version under which it was opened."""

    name = models.SlugField(_("version"), max_length=40, unique=True)
    effective_from = models.DateTimeField(
        _("in force from"),
        unique=True,
        help_text=_("Once this moment has come the version cannot be changed any more."),
    )
    note = models.TextField(_("what is new"), blank=True)

    windows = models.JSONField(
        _("working hours"),
        default=list,
        help_text=_("Platform agents send, and limits run, inside these hours. [2]"),
    )
    closed_weekdays = models.JSONField(_("closed weekdays"), default=list, blank=True)
    closed_days = models.JSONField(_("closed days"), default=list, blank=True)
    makeup_days = models.JSONField(_("make-up days"), default=list, blank=True)
    categories = models.JSONField(_("types, kinds and limits"), default=default_categories)

    agreed_min_minutes = minutes(_("shortest agreed limit, working minutes"), 120, help_text=_("[2]: from 2 hours up."))
    agreed_max_minutes = minutes(_("longest agreed limit, working minutes"), 720 * 60, help_text=ASSUMED)
    due_soon_minutes = minutes(_("notice when less is left, working minutes"), 720, help_text=_("[2]: 12 hours."))
    due_soon_above_minutes = minutes(_("only for limits above, working minutes"), 720, help_text=ASSUMED)

    confirming_stage = models.BooleanField(
        _("consumers confirm"),
        default=False,
        help_text=_("A solved reply first goes to the consumer. [2]; retired by [4]."),
    )
    confirm_minutes = minutes(
        _("time to confirm, minutes"), 2880, help_text=_("[2]: 48 hours. From the sending: assumed.")
    )
    survey_opens = minutes(
        _("surveys from, minute of the day"), 480, at_least=0, at_most=1439, help_text=_("[2]: 08:00.")
    )
    survey_closes = minutes(_("surveys until, minute of the day"), 1320, at_most=1440, help_text=_("[2]: 22:00."))
    reminders_max = models.PositiveSmallIntegerField(_("reminders at most"), default=2, help_text=_("[2]: twice."))
    reminder_gap_minutes = minutes(_("between reminders more than, minutes"), 60, help_text=_("[2]: 1 hour."))

    review_days = models.PositiveSmallIntegerField(
        _("the platform's working days"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("[4]: usually within 7 working days."),
    )
    export_rows = models.PositiveIntegerField(_("rows in an export"), default=50_000, help_text=_("[2]: 50,000."))
    export_gap_seconds = models.PositiveIntegerField(
        _("between exports, seconds"), default=60, help_text=_("[2]: 1 minute.")
    )
    evidence_max = models.PositiveSmallIntegerField(_("pieces of evidence a request"), default=20, help_text=ASSUMED)
    picture_mb = models.PositiveIntegerField(_("picture at most, MB"), default=10, help_text=ASSUMED)
    pdf_mb = models.PositiveIntegerField(_("PDF at most, MB"), default=20, help_text=ASSUMED)
    video_mb = models.PositiveIntegerField(_("video at most, MB"), default=200, help_text=ASSUMED)

    case_evidence_minutes = minutes(_("evidence in a case, working minutes"), 1440, help_text=ASSUMED)
    offer_minutes = minutes(_("offer open, minutes"), 1440, help_text=ASSUMED)
    offers_max = models.PositiveSmallIntegerField(_("offers a case"), default=3, help_text=ASSUMED)
    payment_minutes = minutes(_("time to pay after a ruling, minutes"), 2880, help_text=_("Assumed: 48 hours."))
    second_reviewer_fen = models.BigIntegerField(
        _("second reviewer above, fen"),
        default=100_000,
        validators=[MinValueValidator(0)],
        help_text=_("Above this amount a second reviewer confirms before money moves. Assumed."),
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("days to appeal"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=ASSUMED,
    )
    credit_points = models.PositiveSmallIntegerField(_("credit points of a shop"), default=12, help_text=ASSUMED)
    ladders = models.JSONField(
        _("penalty ladders"),
        default=ladders.shipped,
        help_text=_("What follows from how many violations. Copied videos: [1]; the others are assumed."),
    )
    overdue_days = models.PositiveSmallIntegerField(
        _("overdue requests proposed within, days"),
        default=30,
        validators=[MaxValueValidator(366)],
        help_text=_("What became overdue longer ago is not proposed as a violation by itself. Assumed."),
    )
    filing_days_max = models.PositiveSmallIntegerField(
        _("longest filing, days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=ASSUMED,
    )
    filing_regions_max = models.PositiveSmallIntegerField(
        _("regions a filing"), default=5, validators=[MinValueValidator(1)], help_text=ASSUMED
    )
    filing_orders_max = models.PositiveSmallIntegerField(
        _("orders a filing or report"), default=200, validators=[MinValueValidator(1)], help_text=ASSUMED
    )

    objects = RulebookQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("rulebook version")
        verbose_name_plural = _("rulebook")
        ordering = ["-effective_from"]
        constraints = [
            models.CheckConstraint(condition=Q(agreed_min_minutes__gte=1), name="rulebook_agreed_min_positive"),
            models.CheckConstraint(condition=Q(review_days__gte=1), name="rulebook_review_days_positive"),
            models.CheckConstraint(
                condition=Q(survey_opens__lt=models.F("survey_closes")), name="rulebook_survey_hours_in_order"
            ),
            models.CheckConstraint(condition=Q(second_reviewer_fen__gte=0), name="rulebook_second_reviewer_fen"),
        ]

    def __str__(self):
        return self.name

    def calendar(self):
        """The working clock's calendar. Raises `BadCalendar`."""
        try:
            return Calendar(
                windows=tuple(_window(text) for text in self.windows),
                closed_weekdays=frozenset(int(day) for day in self.closed_weekdays),
                closed_days=frozenset(date.fromisoformat(day) for day in self.closed_days),
                makeup_days=frozenset(date.fromisoformat(day) for day in self.makeup_days),
            )
        except (AttributeError, TypeError, ValueError) as error:
            if isinstance(error, BadCalendar):
                raise
            raise BadCalendar(str(error)) from error

    def clean(self):
        try:
            self.calendar()
        except ClosedForEver:
            raise ValidationError(
                _("This calendar has no open minute: with it no limit would ever end. Leave at least one weekday open.")
            ) from None
        except BadCalendar as error:
            raise ValidationError(_("These working hours do not fit: %(why)s") % {"why": error}) from None
        if not _has_limits(self.categories):
            raise ValidationError({"categories": _("Each type needs its kind and limit.")})
        if self.agreed_min_minutes > self.agreed_max_minutes:
            raise ValidationError({"agreed_max_minutes": _("The longest agreed limit is shorter than the shortest.")})
        if self.survey_opens >= self.survey_closes:
            raise ValidationError({"survey_closes": _("Surveys end before they begin.")})
        try:
            self.penalty_ladders()
        except ladders.BadLadder as error:
            raise ValidationError({"ladders": str(error)}) from None

    def penalty_ladders(self):
        """{Breach: Ladder} of this version. Raises `ladders.BadLadder`, also for a permission that nobody has."""
        known = ladders.read(self.ladders)
        for name, ladder in known.items():
            for step in ladder.steps:
                for action in step.actions:
                    if action.permission in NEVER_BARRED:
                        raise ladders.BadLadder(
                            _("Ladder “%(name)s”: nobody is kept from this: %(what)s.")
                            % {"name": name.label, "what": PERMISSIONS[action.permission]}
                        )
                    if action.permission and action.permission not in {**PERMISSIONS, **ELSEWHERE}:
                        raise ladders.BadLadder(
                            _("Ladder “%(name)s”: “%(what)s” is no permission.")
                            % {"name": name.label, "what": action.permission}
                        )
        return known

    def rules(self) -> Rules:
        """This version as a typed value."""
        return Rules(
            name=self.name,
            calendar=self.calendar(),
            categories={
                code: CategoryRule(Kind(entry["kind"]), timedelta(minutes=entry["minutes"]))
                for code, entry in self.categories.items()
            },
            confirming_stage=self.confirming_stage,
            agreed_min=timedelta(minutes=self.agreed_min_minutes),
            agreed_max=timedelta(minutes=self.agreed_max_minutes),
            due_soon_left=timedelta(minutes=self.due_soon_minutes),
            due_soon_above=timedelta(minutes=self.due_soon_above_minutes),
            confirm_limit=timedelta(minutes=self.confirm_minutes),
            survey_opens=self.survey_opens,
            survey_closes=self.survey_closes,
            reminders_max=self.reminders_max,
            reminder_gap=timedelta(minutes=self.reminder_gap_minutes),
            review_days=self.review_days,
            export_rows=self.export_rows,
            export_gap=timedelta(seconds=self.export_gap_seconds),
            evidence_max=self.evidence_max,
            picture_bytes=self.picture_mb * MB,
            pdf_bytes=self.pdf_mb * MB,
            video_bytes=self.video_mb * MB,
            evidence_limit=timedelta(minutes=self.case_evidence_minutes),
            offer_limit=timedelta(minutes=self.offer_minutes),
            payment_limit=timedelta(minutes=self.payment_minutes),
            appeal_days=self.appeal_days,
        )


MB = 1024 * 1024
# Who may neither pay nor contest would be compensated for by himself: that is no measure.
NEVER_BARRED = frozenset({"answer_cases", "appeal"})


def _has_limits(categories):
    """Whether each type is there with a kind of its own (“agreed” is a single request's) and whole minutes above 0."""
    if not isinstance(categories, dict) or set(categories) != set(Category.values):
        return False
    return all(
        isinstance(entry, dict)
        and entry.get("kind") in {Kind.GENERAL, Kind.URGENT}
        and type(entry.get("minutes")) is int
        and 0 < entry["minutes"] <= LONGEST_MINUTES
        for entry in categories.values()
    )


def _window(text):
    """ "09:00-21:00" → Window(540, 1260); an end of 24:00 is midnight."""
    opens, closes = (part.strip().split(":") for part in text.split("-"))
    return Window(int(opens[0]) * 60 + int(opens[1]), int(closes[0]) * 60 + int(closes[1]))
