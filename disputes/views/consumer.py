"""The consumer's page of a case: he is heard, answers an offer or gives up. By a signed link, without a login."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from shop_cs.actors import CONSUMER
from shop_cs.evidence import checks, vault
from shop_cs.models import Evidence, acting
from shop_cs.moves import Refusal, Refused, why_not
from shop_cs.pages import ConsumerLink

from .. import actions, messages
from ..forms.cases import CommentForm, ConsumerStatementForm
from ..models import Case
from ..moves import cases as moves

SURE = "yes"


class ConsumerCase(ConsumerLink):
    """What cannot be undone is asked twice: the first POST shows what follows, the second says it is `sure`."""

    def answer(self, request, token):
        self.record = _case(token)
        if self.record is None:
            words = _("This link is not valid. Copy it in full from the message you received.")
            return render(request, "disputes/consumer_case_closed.html", {"words": words}, status=404)
        if request.method != "POST":
            return self._page()
        act = {"state": self._state, "accept": self._accept, "decline": self._decline, "withdraw": self._withdraw}
        chosen = act.get(request.POST.get("act", ""))
        if chosen is None:
            return self._page(status=400, alerts=[_("Choose what you want to do.")])
        try:
            with acting(CONSUMER):
                return chosen()
        except Refused as refused:
            return self._page(status=refused.refusal.status, alerts=[refused.refusal.text], **self._typed())

    def refusal_of(self, move):
        return why_not(self.record, move, by=CONSUMER, now=self.now)

    def _guard(self, move):
        """Before anything is kept: what comes too late leaves no file behind either."""
        if refusal := self.refusal_of(move):
            raise Refused(refusal)

    def _state(self):
        self._guard(moves.CONSUMER_STATES)
        form = ConsumerStatementForm(self.request.POST, self.request.FILES, pieces=self._kept())
        taken, alerts, statuses = self._stored(form)
        if statuses or not form.is_valid():
            # Files are not typed: what is wrong with them cannot be shown at their field again.
            alerts = [*alerts, *form.errors.get("files", [])] or [_("Nothing was sent yet: look at the marked fields.")]
            return self._page(status=max(statuses, default=400), alerts=alerts, statement=self._again(taken))
        evidence = [(piece, "") for piece in dict.fromkeys([*form.ticked(), *taken])]
        try:
            actions.consumer_states(self.record, text=form.cleaned_data["text"], evidence=evidence, now=self.now)
        except Refused as refused:
            words = [refused.refusal.text]
            return self._page(status=refused.refusal.status, alerts=words, statement=self._again(taken))
        return self._thanks(_("The platform has your statement."))

    def _stored(self, form):
        """(pieces, why files were refused in words, statuses): good files stay his, whatever becomes of the rest."""
        taken, alerts, statuses = [], [], []
        for file in form.uploads():
            try:
                taken.append(self._store(file))
            except Refused as refused:
                alerts.append(refused.refusal.text)
                statuses.append(refused.refusal.status)
        return taken, alerts, statuses

    def _store(self, file):
        most = self.record.rulebook.evidence_max
        if Evidence.everything.filter(order=self.record.order, side=Evidence.Side.CONSUMER).count() >= most:
            raise Refused(Refusal("too_many", _("At most %(n)s files can be sent for this order.") % {"n": most}, 400))
        return vault.store(
            order=self.record.order,
            file=file,
            name=file.name,
            side=Evidence.Side.CONSUMER,
            by=CONSUMER,
            now=self.now,
            rules=self.record.rulebook.rules(),
        )

    def _again(self, taken):
        """The statement's form as it was typed, with what was stored ticked."""
        typed = self.request.POST.copy()
        ticked = {*typed.getlist("pieces"), *(str(piece.pk) for piece in taken)}
        typed.setlist("pieces", sorted(ticked))
        return ConsumerStatementForm(typed, pieces=self._kept())

    def _typed(self):
        """What was typed, to be shown again beside a refusal."""
        if self.request.POST.get("act") == "state":
            return {"statement": self._again([])}
        return {"comment": CommentForm(self.request.POST)}

    def _accept(self):
        self._guard(moves.ACCEPT)
        offer, form = self._offer_asked(), CommentForm(self.request.POST)
        if not form.is_valid():
            return self._page(status=400, comment=form)
        if self.request.POST.get("sure") != SURE:
            return self._sure("accept", form, offer)
        actions.accept(offer, comment=form.cleaned_data["comment"], now=self.now)
        return self._thanks(_("You have accepted the offer. The shop must keep it in time, or the platform steps in."))

    def _decline(self):
        self._guard(moves.DECLINE)
        offer, form = self._offer_asked(), CommentForm(self.request.POST)
        if not form.is_valid():
            return self._page(status=400, comment=form)
        actions.decline(offer, comment=form.cleaned_data["comment"], now=self.now)
        return self._thanks(_("You have declined the offer. The shop can make another, or the platform decides."))

    def _withdraw(self):
        self._guard(moves.WITHDRAW)
        form = CommentForm(self.request.POST)
        if not form.is_valid():
            return self._page(status=400, comment=form)
        if self.request.POST.get("sure") != SURE:
            return self._sure("withdraw", form)
        actions.withdraw(self.record, comment=form.cleaned_data["comment"], now=self.now)
        return self._thanks(_("You have given up your claim. The case is closed."))

    def _open_offer(self):
        return next((offer for offer in self.record.offers.all() if offer.is_open), None)

    def _offer_asked(self):
        """The open offer, when it is the one that his page showed him. Raises `Refused` (409)."""
        offer = self._open_offer()
        if offer is None or str(offer.number) != self.request.POST.get("offer"):
            raise Refused(Refusal("stale", _("This is not the offer that is open now. Look at it below.")))
        return offer

    def _kept(self):
        """His own pieces of this order that are not in the case yet."""
        mine = Evidence.everything.filter(order=self.record.order, side=Evidence.Side.CONSUMER)
        return mine.exclude(exhibits__case=self.record)

    def _shown(self):
        """Names of what he has put into the case."""
        return [
            one.evidence.name
            for one in self.record.exhibits.select_related("evidence")
            if one.evidence.side == Evidence.Side.CONSUMER
        ]

    def _page(self, *, status=200, alerts=(), statement=None, comment=None):
        # What was refused may have been overtaken: tell how it stands now.
        self.record = _case(self.kwargs["token"])
        rules = self.record.rulebook.rules()
        context = {
            **self._about(),
            "alerts": alerts,
            "offer": self._open_offer() if self.refusal_of(moves.ACCEPT) is None else None,
            "shown": self._shown(),
            "can_state": self.refusal_of(moves.CONSUMER_STATES) is None,
            "can_withdraw": self.refusal_of(moves.WITHDRAW) is None,
            "statement": statement or self._blank(),
            "comment": comment or CommentForm(),
            "help_texts": checks.help_text(vault.limits_of(rules, Evidence.Side.CONSUMER)),
        }
        return render(self.request, "disputes/consumer_case.html", context, status=status)

    def _blank(self):
        """What he said last, to be changed."""
        return ConsumerStatementForm(initial={"text": self.record.consumer_statement}, pieces=self._kept())

    def _about(self):
        return {"record": self.record, "order": self.record.order, "shop": self.record.shop}

    def _sure(self, act, form, offer=None):
        context = {**self._about(), "act": act, "comment": form.cleaned_data["comment"], "offer": offer}
        return render(self.request, "disputes/consumer_case_sure.html", context)

    def _thanks(self, words):
        return render(self.request, "disputes/consumer_case_thanks.html", {"words": words})


def _case(token):
    """The case of a link; None for a forged one, and for one of a person who was erased."""
    rows = Case.everything.select_related("order", "shop", "rulebook").prefetch_related("offers")
    rows = rows.exclude(order__consumer__erased_at__isnull=False)
    return rows.filter(pk=messages.case_id(token)).first()
