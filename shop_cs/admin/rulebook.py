"""The rulebook: versions by the date from which they hold. What has been in force is read, what is to come edited."""

from django.contrib import admin
from django.db.models import BooleanField, Case, DateTimeField, Value, When
from django.forms.models import model_to_dict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from .. import ladder_text, moment
from ..models import Rulebook
from ..sites import platform
from ..words import listed, yuan
from .current import OneAtATime
from .panelled import WithPanels
from .rulebook_form import KINDS, WEEKDAYS, RulebookForm, category_rows

IN_FORCE, TO_COME, OVER = "in_force", "to_come", "over"
STANDINGS = {
    IN_FORCE: gettext_lazy("in force"),
    TO_COME: gettext_lazy("to come"),
    OVER: gettext_lazy("over"),
}
HOURS = ["windows", "closed_weekdays", "closed_days", "makeup_days"]
# A version that is read shows the same columns in words.
IN_WORDS = {
    "categories": "types_in_words",
    "ladders": "ladders_in_words",
    "second_reviewer_fen": "second_reviewer_in_words",
    **{name: f"{name}_in_words" for name in HOURS},
}
# Not taken over by a copy: they are what makes a version another one.
ITS_OWN = {"id", "name", "effective_from", "note"}


@admin.register(Rulebook, site=platform)
class RulebookAdmin(OneAtATime, WithPanels):
    see_act, edit_act = "see_rulebook", "edit_rulebook"
    panel_place = "rulebook"
    # Above the form, which is long.
    change_form_outer_before_template = WithPanels.change_form_outer_after_template
    change_form_outer_after_template = None
    form = RulebookForm
    list_display = ["name", "standing", "effective_from", "confirming_stage", "note"]
    actions_detail = ["copy"]
    readonly_fields = list(IN_WORDS.values())
    fieldsets = [
        (None, {"fields": ["name", "effective_from", "note"]}),
        (gettext_lazy("Working clock"), {"fields": HOURS}),
        (gettext_lazy("Types and limits"), {"fields": ["categories", "agreed_min_minutes", "agreed_max_minutes"]}),
        (gettext_lazy("Notice before the deadline"), {"fields": ["due_soon_minutes", "due_soon_above_minutes"]}),
        (
            gettext_lazy("Consumers confirm"),
            {
                "fields": [
                    "confirming_stage",
                    "confirm_minutes",
                    ("survey_opens", "survey_closes"),
                    "reminders_max",
                    "reminder_gap_minutes",
                ]
            },
        ),
        (gettext_lazy("Review and export"), {"fields": ["review_days", "export_rows", "export_gap_seconds"]}),
        (gettext_lazy("Evidence"), {"fields": ["evidence_max", "picture_mb", "pdf_mb", "video_mb"]}),
        (
            gettext_lazy("Arbitration and payment"),
            {
                "fields": [
                    "case_evidence_minutes",
                    "offer_minutes",
                    "offers_max",
                    "payment_minutes",
                    "second_reviewer_fen",
                    "appeal_days",
                ]
            },
        ),
        (gettext_lazy("Violations and penalties"), {"fields": ["overdue_days", "credit_points", "ladders"]}),
        (
            gettext_lazy("Reports and filings"),
            {"fields": ["filing_days_max", "filing_regions_max", "filing_orders_max"]},
        ),
    ]

    def get_queryset(self, request):
        now = moment.now()
        in_force = Rulebook.objects.in_force(now)
        return (
            super()
            .get_queryset(request)
            .annotate(
                seen_at=Value(now, output_field=DateTimeField()),
                holds=Case(
                    When(pk=in_force.pk if in_force else None, then=True), default=False, output_field=BooleanField()
                ),
            )
        )

    @display(description=gettext_lazy("Status"), label={IN_FORCE: "success", TO_COME: "info", OVER: "default"})
    def standing(self, rulebook):
        code = IN_FORCE if rulebook.holds else TO_COME if rulebook.effective_from > rulebook.seen_at else OVER
        return code, STANDINGS[code]

    def has_change_permission(self, request, obj=None):
        """A version whose moment has come is read: records carry deadlines that it made."""
        return super().has_change_permission(request) and (obj is None or obj.effective_from > moment.now())

    def has_delete_permission(self, request, obj=None):
        # One that is to come has made no record yet; were one to point at it, the database refuses.
        return obj is not None and self.has_change_permission(request, obj)

    def has_copy_permission(self, request, object_id=None):
        return self.has_add_permission(request)

    def reason_of(self, obj):
        return obj.note

    def said_at_saving(self, request, obj):
        return {**super().said_at_saving(request, obj), "rulebook": obj.name}

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.now = moment.now()
        return form

    def get_fieldsets(self, request, obj=None):
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        shown = []
        for title, options in self.fieldsets:
            names = [IN_WORDS.get(name, name) if isinstance(name, str) else name for name in options["fields"]]
            shown.append((title, {**options, "fields": names}))
        return shown

    def get_changeform_initial_data(self, request):
        source = (
            Rulebook.objects.filter(pk=request.GET["copy"]).first() if _is_number(request.GET.get("copy")) else None
        )
        if source is None:
            source = Rulebook.objects.in_force(moment.now())
        return {name: value for name, value in model_to_dict(source).items() if name not in ITS_OWN} if source else {}

    @action(
        description=gettext_lazy("Copy as a new version"), permissions=["copy"], url_path="copy", icon="content_copy"
    )
    def copy(self, request, object_id):
        return redirect(f"{reverse(f'{self.admin_site.name}:shop_cs_rulebook_add')}?copy={object_id}")

    @admin.display(description=gettext_lazy("working hours"))
    def windows_in_words(self, rulebook):
        return listed(rulebook.windows)

    @admin.display(description=gettext_lazy("closed weekdays"))
    def closed_weekdays_in_words(self, rulebook):
        return listed(dict(WEEKDAYS)[day] for day in rulebook.closed_weekdays) or "—"

    @admin.display(description=gettext_lazy("closed days"))
    def closed_days_in_words(self, rulebook):
        return _lines(rulebook.closed_days)

    @admin.display(description=gettext_lazy("make-up days"))
    def makeup_days_in_words(self, rulebook):
        return _lines(rulebook.makeup_days)

    @admin.display(description=gettext_lazy("types, kinds and limits"))
    def types_in_words(self, rulebook):
        return render_to_string("admin/categories.html", {"rows": category_rows(rulebook.categories), "kinds": KINDS})

    @admin.display(description=gettext_lazy("penalty ladders"))
    def ladders_in_words(self, rulebook):
        return render_to_string("admin/ladders.html", {"rows": ladder_text.rows(rulebook.ladders)})

    @admin.display(description=gettext_lazy("second reviewer above"))
    def second_reviewer_in_words(self, rulebook):
        return yuan(rulebook.second_reviewer_fen)


def _lines(days):
    return format_html_join(", ", "{}", ((day,) for day in days)) or "—"


def _is_number(text):
    return bool(text) and text.isdecimal() and len(text) < 19
