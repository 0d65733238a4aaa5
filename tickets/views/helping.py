"""Help on the way to a reply: a guide step by step, quick phrases for this request, what was answered before.

Only GET: the way through a guide stands in the address, so "back" leads back, and nothing is sent or kept by it.
"""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shop_cs.moves import why_not
from shop_cs.pages import MerchantPage

from .. import moves, prefills
from ..actions.answering import needs_proof
from ..forms import PROOF
from ..helping import guiding, past, phrases
from ..models import Phrase, Reply, ServiceRequest


def record_of(shop, no):
    """A shop's request as far as help needs it. Raises Http404, also for what is not sent yet."""
    rows = ServiceRequest.objects.of(shop).visible_to_merchant().filter(no=no)
    record = rows.select_related("shop", "order__consumer", "after_sale", "rulebook").first()
    if record is None:
        raise Http404(_("There is no such request in this shop."))
    return record


def end_in_words(step, reply):
    """A guide's end for the screen: the reply with its settlement or reason in words, and what proof it wants."""
    code = step.settlement or step.reason
    kinds = Reply.Settlement if step.settlement else Reply.Reason
    proof = PROOF[step.settlement] if needs_proof(solved=reply["solved"], settlement=step.settlement) else ""
    return {**reply, "how": dict(kinds.choices).get(code, code), "proof": proof}


class HelpPage(MerchantPage):
    """A page about one request; asked for by htmx it is drawn without the shell."""

    part_name = ""

    def get(self, request, *args, **kwargs):
        self.record = record_of(self.shop, kwargs["no"])
        return super().get(request, *args, **kwargs)

    def get_template_names(self):
        is_part = self.part_name and self.request.headers.get("HX-Request")
        return [self.part_name if is_part else self.template_name]

    def refusal_of(self, solved):
        """The `Refusal` why the request takes no such reply now, or None."""
        move = moves.REPLY_SOLVED if solved else moves.REPLY_UNSOLVED
        return why_not(self.record, move, by=self.by, now=self.now)

    def get_context_data(self, **kwargs):
        page = reverse("request", args=[self.shop.no, self.record.no])
        return super().get_context_data(record=self.record, page=page, **kwargs)


@method_decorator(never_cache, name="dispatch")
class Guide(HelpPage):
    """One step at a time; at its end the reply, to be taken over into the form."""

    template_name = "tickets/helping/guide.html"
    act = "see_playbooks"

    def get_context_data(self, **kwargs):
        guide = guiding.in_use(self.kwargs["guide"])
        walk = guide and guiding.walk(guide, self.request.GET.get("at", ""))
        if walk is None:
            raise Http404(_("There is no such guide, or it was taken out of use."))
        here = reverse("request-guide", args=[self.shop.no, self.record.no, guide.slug])
        # The address has a word “guide” too.
        shown = {"title": guide.title, "guide": guide, "walk": walk, "here": here, **self._end(walk)}
        return super().get_context_data(**{**kwargs, **shown})

    def _end(self, walk):
        if not walk.step.is_end:
            return {}
        reply = prefills.end_of(walk.step, self.record, me=self.by.name)
        query = urlencode({"guide": walk.guide.slug, "at": walk.path})
        return {
            "end": end_in_words(walk.step, reply),
            "no_reply": self.refusal_of(reply["solved"]),
            "use_query": query,
        }


@method_decorator(never_cache, name="dispatch")
class PhrasesFor(HelpPage):
    """The phrases in use, filled in for this request as they would be inserted."""

    template_name, part_name = "tickets/helping/picker.html", "tickets/helping/_picker.html"
    act = "see_playbooks"

    def get_context_data(self, **kwargs):
        asked, every = self.request.GET.get("q", "").strip(), self.request.GET.get("type") == "all"
        # The shop's own first, each in its order.
        usable = sorted(Phrase.everything.usable_in(self.shop), key=lambda phrase: phrase.shop_id is None)
        rows = [
            {
                "phrase": phrase,
                "filled": phrases.fill(phrase.text, self.record, me=self.by.name),
                "fits": phrase.category in ("", self.record.category),
            }
            for phrase in usable
        ]
        return super().get_context_data(
            title=_("Quick phrases for %(no)s") % {"no": self.record.no},
            rows=rows,
            found=[row for row in rows if _is_found(row, asked, every)],
            asked=asked,
            every=every,
            no_reply=self.refusal_of(True),
            **kwargs,
        )


def _is_found(row, asked, every):
    text = f"{row['phrase'].title}\n{row['filled'].text}".lower()
    return (every or row["fits"]) and asked.lower() in text


@method_decorator(never_cache, name="dispatch")
class PastAnswers(HelpPage):
    """What the shop's closed requests of this type were answered with, and how they ended."""

    template_name, part_name = "tickets/helping/past.html", "tickets/helping/_past.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title=_("Past answers of this kind"),
            past=past.past_of(self.record),
            no_reply=self.refusal_of(True),
            **kwargs,
        )
