"""A request's page, and what a merchant does on it. A refusal shows the same page again with all that was typed."""

from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shop_cs.evidence import checks, vault
from shop_cs.models import Evidence
from shop_cs.moves import stamp, why_not
from shop_cs.pages import Act, MerchantPage, OnlyEvidence, WithEvidence
from shop_cs.panels import panels

from .. import actions, deadlines, moves, playbooks, prefills, proof, reading
from ..forms import ContactForm, EvidenceForm, LinkForm, ReplyForm
from ..hands import drafting
from ..helping import guiding
from ..models import Attachment, State
from ..standing import standing, turn
from ..timeline import timeline

ATTACH_PREFIX, CONTACT_PREFIX, LINK_PREFIX = "attach", "contact", "link"


@method_decorator(never_cache, name="dispatch")
class RequestPage(MerchantPage):
    template_name = "tickets/request.html"
    # Whether the page is shown, and not only acted on.
    is_shown = True

    def get(self, request, *args, **kwargs):
        self.load()
        return super().get(request, *args, **kwargs)

    def load(self):
        self.record = reading.found(self.shop, self.kwargs["no"], now=self.now, whole=self.is_shown)
        if self.record is None:
            raise Http404(_("There is no such request in this shop."))
        self.rules = self.record.rulebook.rules()
        attached = {attachment.evidence_id for attachment in self.record.attachments.all()}
        self.vault = [piece for piece in self.record.order.evidence.all() if piece.pk not in attached]

    def refusal_of(self, move):
        return why_not(self.record, move, by=self.by, now=self.now)

    def get_context_data(self, **kwargs):
        record = self.record
        return super().get_context_data(
            **{
                "title": record.no,
                "record": record,
                "order": record.order,
                "standing": standing(record, self.rules, now=self.now),
                "turn": turn(record),
                "explanation": deadlines.explain(self.rules, record.counts_from, record.limit),
                "entries": timeline(record),
                "playbooks": playbooks.for_category(record.category),
                "guides": guiding.for_category(record.category),
                "others": record.others,
                "panels": panels("request", record, actor=self.by, now=self.now),
                "rejection": self._rejection(),
                "survey": next((one for one in record.surveys.all() if one.round == record.round), None),
                **self._proof(),
                "help_texts": checks.help_text(vault.limits_of(self.rules)),
                "stamp": stamp(record),
                **self._forms(),
                **kwargs,
            }
        )

    def _forms(self):
        after_sales = self.record.order.after_sales.all()
        linked = {"after_sale": self.record.after_sale_id}
        known = self._known()
        draft = self.request.GET.get("draft", "")
        drafted = drafting.chosen(self.record, user_id=self.by.user_id, token=draft) if draft else {}
        remind = self.refusal_of(moves.REMIND) if self.record.state == State.CONFIRMING else None
        return {
            "no_reply": self.refusal_of(moves.REPLY_SOLVED),
            "draft_base": self.request.POST.get("draft_base", draft if drafted else ""),
            "no_remind": remind,
            "reply_form": ReplyForm(
                vault=self.vault,
                about=self.record.category,
                after_sales=after_sales,
                initial={**known, **linked, **drafted},
            ),
            "attach_form": EvidenceForm(vault=self.vault, about=self.record.category, prefix=ATTACH_PREFIX),
            "contact_form": ContactForm.blank(self.now, prefix=CONTACT_PREFIX),
            "link_form": LinkForm(after_sales=after_sales, initial=linked, prefix=LINK_PREFIX),
        }

    def _known(self):
        """What stands in the reply before it is typed. Raises Http404 when what the address asks for is gone."""
        known = prefills.initial(self.record, now=self.now)
        try:
            return known | prefills.chosen(self.record, self.request.GET, known=known, by=self.by)
        except LookupError as error:
            raise Http404(_("What was to be filled into the reply is not there any more.")) from error

    def _rejection(self):
        """The last word of the platform, while the merchant has to do something about it."""
        rejected = [review for review in self.record.reviews.all() if not review.approved]
        return rejected[-1] if rejected and self.record.state == State.PENDING else None

    def _proof(self):
        """What is attached, what the answer is asked for and, once it is given, how complete its proof is."""
        shown, record = self._attachments(), self.record
        present = proof.marks((one, piece) for one, piece, _is_open in shown)
        answered = self.refusal_of(moves.REPLY_SOLVED) is not None
        return {
            "attachments": shown,
            "asked": proof.of_answer(record, record.replies.all(), present=present) if answered else None,
            **proof.in_reply(record.category, present=present),
        }

    def _attachments(self):
        """(attachment, its piece, whether it can be taken back)."""
        pieces = {piece.pk: piece for piece in self.record.order.evidence.all()}
        open_ = self.refusal_of(moves.ATTACH) is None
        return [
            (
                one,
                pieces[one.evidence_id],
                open_ and one.round == self.record.round and pieces[one.evidence_id].side == Evidence.Side.MERCHANT,
            )
            for one in self.record.attachments.all()
        ]


class RequestAct(Act, RequestPage):
    """One thing done on the page."""

    @property
    def page(self):
        return reverse("request", args=[self.shop.no, self.kwargs["no"]])

    def post(self, request, *args, **kwargs):
        self.is_shown = False
        return super().post(request, *args, **kwargs)

    def _again(self, status, alerts):
        self.is_shown = True
        return super()._again(status, alerts)


class ReplyToRequest(WithEvidence, RequestAct):
    form_name = "reply_form"
    move = moves.REPLY_SOLVED

    def make_form(self, data, files=None):
        after_sales = self.record.order.after_sales.all()
        return ReplyForm(data, files, vault=self.vault, about=self.record.category, after_sales=after_sales)

    def act_on(self):
        pieces = self.pieces()
        if pieces is None:
            return None
        actions.reply(self.record, **self.form.answer(), evidence=pieces, by=self.by, now=self.now)
        return _("Your answer to %(no)s is sent.") % {"no": self.record.no}


class Attach(OnlyEvidence, RequestAct):
    act = "answer_requests"
    form_name = "attach_form"
    move = moves.ATTACH

    def make_form(self, data, files=None):
        return EvidenceForm(data, files, vault=self.vault, about=self.record.category, prefix=ATTACH_PREFIX)

    def show(self, record, **piece):
        actions.attach(record, **piece)


class Detach(RequestAct):
    act = "answer_requests"

    def act_on(self):
        mine = Attachment.objects.of(self.shop).filter(request=self.record, pk=self.kwargs["pk"])
        attachment = mine.select_related("request", "evidence").first()
        if attachment is None:
            raise Http404(_("There is no such piece in this request."))
        actions.detach(attachment, by=self.by, now=self.now)
        return _("“%(name)s” is taken back. It stays among the order's evidence.") % {"name": attachment.evidence}


class LogContact(RequestAct):
    act = "answer_requests"
    form_name = "contact_form"

    def make_form(self, data, files=None):
        return ContactForm(data, prefix=CONTACT_PREFIX)

    def act_on(self):
        if not self.form.is_valid():
            return None
        actions.log_contact(self.record, **self.form.cleaned_data, by=self.by, now=self.now)
        return _("The attempt is noted.")


class LinkAfterSale(RequestAct):
    act = "answer_requests"
    form_name = "link_form"

    def make_form(self, data, files=None):
        return LinkForm(data, after_sales=self.record.order.after_sales.all(), prefix=LINK_PREFIX)

    def act_on(self):
        if not self.form.is_valid():
            return None
        after_sale = self.form.cleaned_data["after_sale"]
        actions.link_after_sale(self.record, after_sale=after_sale, by=self.by, now=self.now)
        return _("After-sale %(no)s is linked.") % {"no": after_sale} if after_sale else _("No after-sale is linked.")


class Remind(RequestAct):
    act = "remind_consumers"

    def act_on(self):
        actions.remind(self.record, by=self.by, now=self.now)
        return _("The consumer is reminded of the survey.")
