"""Beside a request: private notes, the draft of one's answer, who else is here. One fragment, loaded after the page;
without scripts a page of its own."""

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shop_cs.models import Member
from shop_cs.moves import Refused, why_not
from shop_cs.pages import MerchantPage

from .. import actions, moves
from ..actions.noting import MOST
from ..hands import drafting, presence
from ..models import Mention, Note, ServiceRequest

LOOKING, TYPING, LEFT = "looking", "typing", "left"


class NoteForm(forms.Form):
    """A note to be written."""

    text = forms.CharField(
        label=gettext_lazy("New note"),
        max_length=MOST,
        error_messages={"required": gettext_lazy("Write something first.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@method_decorator(never_cache, name="dispatch")
class BesideRequest(MerchantPage):
    """The base: `record` is the shop's request, as far as the merchant sees it already (404)."""

    act = "use_desk"
    template_name = "tickets/aside/page.html"

    def dispatch(self, request, *args, **kwargs):
        self.is_part = "HX-Request" in request.headers
        self.is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    @property
    def record(self):
        if not hasattr(self, "_record"):
            rows = ServiceRequest.objects.of(self.shop).visible_to_merchant().select_related("shop", "rulebook")
            self._record = rows.filter(no=self.kwargs["no"]).first()
        if self._record is None:
            raise Http404(_("There is no such request in this shop."))
        return self._record

    @property
    def page(self):
        return reverse("request", args=[self.shop.no, self.record.no])

    def get_template_names(self):
        return ["tickets/aside/_aside.html"] if self.is_part else [self.template_name]

    def get_context_data(self, **kwargs):
        base = self.request.POST.get("draft_base") or self.request.GET.get("draft", "")
        context = {
            "record": self.record,
            "is_part": self.is_part,
            "notes": self._notes(),
            "colleagues": self._colleagues(),
            "offers": drafting.offers(self.record, user_id=self.by.user_id, base=base),
            "may_answer": why_not(self.record, moves.REPLY_SOLVED, by=self.by, now=self.now) is None,
            "note_form": NoteForm(auto_id="note_%s"),
            **kwargs,
        }
        if self.is_part:
            # The shell is there already: nothing is asked for it.
            return {"shop": self.shop, "by": self.by, **context}
        others = presence.others(self.record, user_id=self.by.user_id, now=self.now)
        title = _("Notes on %(no)s") % {"no": self.record.no}
        return super().get_context_data(**{"title": title, "others": others, **context})

    def _notes(self):
        """(note, mentions in it, whether one of them is the reader's and unread), oldest first."""
        named = {}
        mentions = Mention.everything.filter(note__request=self.record).select_related("member__user").order_by("pk")
        for mention in mentions:
            named.setdefault(mention.note_id, []).append(mention)
        told = []
        for note in Note.objects.of(self.shop).filter(request=self.record).select_related("written_by"):
            mine = [one for one in named.get(note.pk, ()) if one.member_id == self.member.pk]
            told.append((note, named.get(note.pk, []), any(one.read_at is None for one in mine)))
        return told

    def _colleagues(self):
        """Whom a note can name: everybody else who works here."""
        members = Member.objects.of(self.shop).filter(is_active=True).exclude(pk=self.member.pk)
        return [member.user for member in members.select_related("user").order_by("pk")]


class WriteNote(BesideRequest):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        form = NoteForm(request.POST, auto_id="note_%s")
        note, status = None, 400
        if self.record and form.is_valid():
            try:
                note = actions.write_note(self.record, **form.cleaned_data, by=self.by, now=self.now)
            except Refused as refused:
                form.add_error("text", refused.refusal.text)
                status = refused.refusal.status
        if note is None:
            return self.again(status=status, note_form=form)
        if self.is_part:
            return self.render_to_response(self.get_context_data())
        return self.done(f"{self.page}#note-{note.pk}", _("The note is kept."))


class ReadNotes(BesideRequest):
    """Marks as read where the reader is named: sent by the page as soon as he can see it."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        actions.read_notes(self.record, by=self.by, now=self.now)
        if self.is_part:
            return HttpResponse(status=204)
        return redirect("request-aside", self.shop.no, self.record.no)


class SaveDraft(BesideRequest):
    """Keeps what is typed into the reply form; the page's script asks for it as one types, a button without."""

    act = "answer_requests"
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            token = drafting.save(
                self.record,
                fields=drafting.typed(request.POST),
                base=request.POST.get("draft_base", ""),
                round=self._round(),
                user_id=self.by.user_id,
                now=self.now,
            )
        except Refused as refused:
            if not self.is_script:
                raise
            return JsonResponse({"said": str(refused.refusal.text)}, status=refused.refusal.status)
        if self.is_script:
            said = _("Draft saved at %(at)s.") % {"at": f"{localtime(self.now):%H:%M:%S}"} if token else ""
            return JsonResponse({"base": token, "said": said})
        return self.done(f"{self.page}?{urlencode({'draft': token})}#reply", _("The draft is saved."))

    def _round(self):
        record, said = self.record, self.request.POST.get("draft_round", "")
        if not (said.isascii() and said.isdecimal() and len(said) < 6 and 1 <= int(said) <= record.round):
            raise BadRequest(_("This form is not complete. Go back, reload the page and try again."))
        return int(said)


class DiscardDraft(BesideRequest):
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        drafting.discard(self.record, user_id=self.by.user_id, token=request.POST.get("draft", ""))
        if self.is_part:
            return self.render_to_response(self.get_context_data())
        return self.done(self.page, _("The draft is thrown away."))


class Here(BesideRequest):
    """A page says that it is open, and hears who else is there and whether the request has moved on."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        record, doing = self.record, request.POST.get("doing", "")
        if doing not in {LOOKING, TYPING, LEFT}:
            raise BadRequest(_("This form is not complete. Go back, reload the page and try again."))
        if doing == LEFT:
            presence.left(record, user_id=self.by.user_id)
            return JsonResponse({})
        others = presence.seen(record, user_id=self.by.user_id, is_typing=doing == TYPING, now=self.now)
        changed = presence.moved_on(record, request.POST.get("expect", ""))
        return JsonResponse({"others": [str(one) for one in others], "changed": changed})
