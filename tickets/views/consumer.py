"""The consumer's page: whether the problem is solved. Reached by a signed link, without a login. [2] §二.5.4"""

from django import forms
from django.core.validators import MaxLengthValidator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop_cs.actors import CONSUMER
from shop_cs.models import acting
from shop_cs.moves import Refused, why_not
from shop_cs.pages import ConsumerLink

from .. import actions, messages, moves
from ..models import Reply, Survey

COMMENT_LENGTH = 500
SATISFIED, DISSATISFIED = "satisfied", "dissatisfied"


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[(SATISFIED, SATISFIED), (DISSATISFIED, DISSATISFIED)],
        error_messages={
            "required": gettext_lazy("Choose one of the two answers."),
            "invalid_choice": gettext_lazy("Choose one of the two answers."),
        },
    )
    comment = forms.CharField(
        label=gettext_lazy("Anything to add? (optional)"),
        required=False,
        # Not max_length: with that the browser cuts a pasted text short in silence.
        validators=[MaxLengthValidator(COMMENT_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConsumerPage(ConsumerLink):
    def answer(self, request, token):
        self.survey = _survey(token)
        if self.survey is None:
            return self._closed(_("This link is not valid. Copy it in full from the message you received."), 404)
        if words := _why_closed(self.survey, self.now):
            return self._closed(words, 409)
        if request.method != "POST":
            return self._page(AnswerForm())
        return self._take(AnswerForm(request.POST))

    def _take(self, form):
        if not form.is_valid():
            return self._page(form, status=400)
        said = form.cleaned_data
        satisfied = said["answer"] == SATISFIED
        try:
            with acting(CONSUMER):
                actions.answer_survey(self.survey, satisfied=satisfied, comment=said["comment"], now=self.now)
        except Refused as refused:
            return self._closed(refused.refusal.text, refused.refusal.status)
        return render(self.request, "tickets/consumer_thanks.html", {"satisfied": satisfied})

    def _page(self, form, status=200):
        request = self.survey.request
        reply = Reply.everything.filter(request=request, round=self.survey.round).first()
        context = {"form": form, "survey": self.survey, "order": request.order, "shop": request.shop, "reply": reply}
        return render(self.request, "tickets/consumer.html", context, status=status)

    def _closed(self, words, status):
        return render(self.request, "tickets/consumer_closed.html", {"words": words}, status=status)


def _survey(token):
    """The survey of a link, once it was sent; None for a forged link, and for one of a person who was erased."""
    rows = Survey.everything.select_related("request__order", "request__shop", "request__rulebook")
    rows = rows.exclude(request__order__consumer__erased_at__isnull=False)
    return rows.filter(pk=messages.survey_id(token), sent_at__isnull=False).first()


def _why_closed(survey, now):
    """Why this survey takes no answer now, in words for the consumer; "" while it does."""
    if survey.answered_at is not None:
        return _("You have answered already. Thank you.")
    if now > survey.expires_at:
        return _("The time to answer is over: the platform looks into it now, you need not do anything.")
    if survey.round != survey.request.round:
        return moves.no_longer_asked().text
    refusal = why_not(survey.request, moves.SATISFIED, by=CONSUMER, now=now)
    return refusal.text if refusal else ""
