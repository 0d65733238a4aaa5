"""Weekly exams: whom they concern, and the page on which one sits them. [3]"""

from django.db.models import Count, Max
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs.moves import Refused
from shop_cs.pages import MerchantPage

from ..actions import exams as actions
from ..forms_quality import PaperForm
from ..models import Exam, ExamQuestion
from ..quality.exams import PASSED
from ..quality.negative import CAUSES
from .quality import page_of


def seen_by(member):
    """The exams that a member may see: the owner all of the shop, everybody else his own."""
    mine = Exam.objects.of(member.shop_id).select_related("member__user")
    return mine if member.is_owner else mine.filter(member=member)


def causes_of(exam):
    """(cause in words, numbers of the requests) of an exam."""
    return [(label, exam.causes[cause]) for cause, label in CAUSES.items() if exam.causes.get(cause)]


class ExamList(MerchantPage):
    """Who was warned: the list of the shop's for its owner, one's own for everybody else."""

    act = "sit_exams"
    template_name = "tickets/quality/exams.html"
    title = gettext_lazy("Exams")

    def get_context_data(self, **kwargs):
        rows = seen_by(self.member).annotate(sittings=Count("tries"), best=Max("tries__points"))
        page = page_of(rows.order_by("-week", "pk"), self.request)
        return super().get_context_data(
            page=page,
            rows=[(exam, causes_of(exam)) for exam in page],
            has_questions=ExamQuestion.objects.filter(is_active=True).exists(),
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class ExamPage(MerchantPage):
    """One exam: why, until when, what the last try got wrong, and the paper of the next."""

    act = "sit_exams"
    template_name = "tickets/quality/exam.html"
    alerts = ()

    def get(self, request, *args, **kwargs):
        self.load()
        self.form = PaperForm(questions=self.questions)
        return super().get(request, *args, **kwargs)

    def load(self):
        self.exam = seen_by(self.member).filter(pk=self.kwargs["pk"]).first()
        if self.exam is None:
            raise Http404(_("There is no such exam of yours."))
        self.sitting, self.questions = actions.paper(self.exam)

    def post(self, request, *args, **kwargs):
        self.load()
        self.form = PaperForm(request.POST, questions=self.questions)
        if refusal := actions.why_not_sit(self.exam, by=self.by):
            return self._refused(refusal)
        if request.POST.get("expect") == actions.stamp(self.sitting, self.questions) and not self.form.is_valid():
            self.alerts = [_("Not every question is answered yet: look at the marked ones.")]
            return self.again(status=400)
        try:
            done = self._sit()
        except Refused as refused:
            return self._refused(refused.refusal)
        return self.done(reverse("exam", args=[self.shop.no, self.exam.pk]), _told(done))

    def _sit(self):
        chosen = self.form.chosen() if self.form.is_valid() else {}
        expect = self.request.POST.get("expect", "")
        return actions.sit(self.exam, chosen=chosen, by=self.by, now=self.now, expect=expect)

    def _refused(self, refusal):
        if refusal.status == 404:
            raise Http404(refusal.text)
        self.alerts = [refusal.text]
        self.form = PaperForm(questions=self.questions)
        return self.again(status=refusal.status)

    def get_context_data(self, **kwargs):
        exam = self.exam
        tries = list(exam.tries.all())
        return super().get_context_data(
            title=_("Exam of the week from %(week)s") % {"week": exam.week.isoformat()},
            exam=exam,
            causes=causes_of(exam),
            tries=tries,
            explained=explained(tries[0]) if tries else [],
            form=self.form,
            stamp=actions.stamp(self.sitting, self.questions),
            is_mine=exam.member_id == self.member.pk,
            is_late=bool(exam.due_at and not exam.passed_at and exam.due_at < self.now),
            alerts=self.alerts,
            **kwargs,
        )


def _told(done):
    if done.points == PASSED:
        return _("100 points: passed.")
    return _("%(points)s points. Read what was wrong and try again.") % {"points": done.points}


def explained(done):
    """The wrong answers of a try: (question, [(option, whether chosen, whether right)]), as the bank words them now."""
    wrong = [answer for answer in done.answers if not answer["right"]]
    questions = ExamQuestion.objects.in_bulk([answer["question"] for answer in wrong])
    return [
        (
            questions[answer["question"]],
            [
                (option["text"], place in answer["chosen"], bool(option.get("right")))
                for place, option in enumerate(questions[answer["question"]].options)
            ],
        )
        for answer in wrong
    ]
