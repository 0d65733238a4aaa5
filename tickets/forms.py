"""What a merchant types into a request's page. The forms judge form only; what may be done is asked of the actions."""

from datetime import datetime

from django import forms
from django.core.validators import MinValueValidator
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop_cs.clock import SHANGHAI
from shop_cs.evidence import catalogue
from shop_cs.fields import FIELDS, Choices
from shop_cs.kept import Kept
from shop_cs.models import Evidence
from shop_cs.words import listed

from .actions.answering import needs_proof
from .helping import phrases
from .models import ContactAttempt, Reply

TEXT_LENGTH = 2000
# New files of one sending. Assumed, after the platform's open API, whose replies carry at most 4 pictures.
SLOTS = range(1, 5)
SOLVED, UNSOLVED = "yes", "no"
PROOF = {
    Reply.Settlement.AGREED: _("Needs proof: a screenshot of the agreement in the chat, or a recording of the call."),
    Reply.Settlement.REFUNDED: _("Needs proof: the refund's receipt or a screenshot of it."),
}
NO_PROOF = _("No proof is needed; a picture of what was done helps the platform to decide.")
WHEN_FORMAT = "%Y-%m-%dT%H:%M"


def _text(label, required=False, rows=4):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=TEXT_LENGTH, widget=widget)


def _proves(label):
    return forms.CharField(label=label, required=False, max_length=200)


class AfterSaleField(forms.TypedChoiceField):
    """One of the after-sales that were offered, or None; asks the database for nothing."""

    def __init__(self):
        super().__init__(label=_("After-sale"), required=False, empty_value=None)

    def offer(self, after_sales):
        offered = {str(one.pk): one for one in after_sales}
        labels = {pk: f"{one.no} · {one.get_kind_display()} · {one.get_state_display()}" for pk, one in offered.items()}
        self.choices = [("", _("None")), *labels.items()]
        self.coerce = offered.__getitem__


_SLOTS = Kept(200)


class EvidenceForm(forms.Form):
    """Ticked pieces of the order's vault and new files, each with what it proves.

    With `about`, a subject of the catalogue, the merchant's own can be marked as pieces of the catalogue.
    """

    default_renderer = FIELDS

    def __init__(self, data=None, files=None, *, vault=(), about=None, **kwargs):
        super().__init__(data, files, **kwargs)
        self.vault = {str(piece.pk): piece for piece in vault}
        self.about, self.marks = about, Choices(catalogue.choices(about)) if about else None
        for pk, piece in self.vault.items():
            self.fields[f"piece_{pk}"] = forms.BooleanField(required=False)
            self.fields[f"piece_{pk}_proves"] = _proves(_("What it proves"))
            if piece.side == Evidence.Side.MERCHANT:
                self._add_mark(f"piece_{pk}_item")
        if self.is_bound:
            self._add_slots()

    def _add_slots(self):
        for slot in SLOTS:
            label = format_lazy("{} {}", _("New file"), slot)
            # What is empty is refused by the vault's checks, in their words.
            self.fields[f"file_{slot}"] = forms.FileField(label=label, required=False, allow_empty_file=True)
            self.fields[f"file_{slot}_proves"] = _proves(_("What it proves"))
            self._add_mark(f"file_{slot}_item")

    def _add_mark(self, name):
        if self.marks:
            widget = forms.Select(attrs={"data-mark": ""})
            label = _("Which piece it is")
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=self.marks, widget=widget)

    def _of(self, name):
        """(its text, its mark or None) for the page, of the tick or file of that name."""
        mark = f"{name}_item"
        return self[f"{name}_proves"], self[mark] if mark in self.fields else None

    def pieces(self):
        """(piece, its tick, its text, its mark) for the page."""
        return [(piece, self[f"piece_{pk}"], *self._of(f"piece_{pk}")) for pk, piece in self.vault.items()]

    def drawn_slots(self):
        """The places for new files as HTML; as long as nothing was sent they are the same on every page."""
        if self.is_bound:
            return self._draw_slots()
        return _SLOTS.get((get_language(), type(self), self.prefix, self.about), self._draw_slots)

    def _draw_slots(self):
        return render_to_string("tickets/_slots.html", {"slots": self.slots()})

    def slots(self):
        """(file, its text, its mark) of each place for a new file."""
        if not self.is_bound:
            self._add_slots()
        return [(self[f"file_{slot}"], *self._of(f"file_{slot}")) for slot in SLOTS]

    def _said(self, name):
        said = self.cleaned_data
        return said.get(f"{name}_proves", ""), said.get(f"{name}_item", "")

    def uploads(self):
        """(file, what it proves, its mark) of each new file; also of a form that is wrong elsewhere."""
        self.is_valid()
        names = [f"file_{slot}" for slot in SLOTS if self.cleaned_data.get(f"file_{slot}")]
        return [(self.cleaned_data[name], *self._said(name)) for name in names]

    def ticked(self):
        """(piece, what it proves, its mark) of each ticked piece of the vault."""
        return [
            (piece, *self._said(f"piece_{pk}"))
            for pk, piece in self.vault.items()
            if self.cleaned_data.get(f"piece_{pk}")
        ]

    def tick(self, typed, piece, proves, item=""):
        """Ticks a piece in what was posted, with what was said of it."""
        name = self.add_prefix(f"piece_{piece.pk}")
        typed[name], typed[f"{name}_proves"], typed[f"{name}_item"] = "on", proves, item


def _filled_in(text):
    """The text as it is. ValidationError while a variable stands in it that is still to be filled in."""
    if left := phrases.left_in(text):
        names = listed(f"{{{name}}}" for name in left)
        raise forms.ValidationError(_("This still stands to be filled in: %(names)s") % {"names": names})
    return text


class ReplyForm(EvidenceForm):
    """The answer of a round; which of its parts count is decided by "solved"."""

    solved = forms.ChoiceField(
        label=_("Is the problem solved?"),
        choices=[(SOLVED, _("Solved")), (UNSOLVED, _("Not solved"))],
        widget=forms.RadioSelect,
    )
    settlement = forms.ChoiceField(
        label=_("How was it settled?"), choices=Reply.Settlement.choices, required=False, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=_("The true reason"), choices=[("", _("Choose a reason")), *Reply.Reason.choices], required=False
    )
    text = _text(_("Reply to the platform"), required=True)
    proposal = _text(_("Proposed solution"), rows=3)
    after_sale = AfterSaleField()
    expect = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, after_sales, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after_sale"].offer(after_sales)

    def clean_text(self):
        return _filled_in(self.cleaned_data["text"])

    def clean_proposal(self):
        return _filled_in(self.cleaned_data["proposal"])

    def clean(self):
        said = super().clean()
        if said.get("solved") == SOLVED:
            said["reason"] = ""
            if not said.get("settlement") and "settlement" not in self.errors:
                self.add_error("settlement", _("Say how it was settled."))
        elif said.get("solved") == UNSOLVED:
            said["settlement"] = ""
            if not said.get("reason") and "reason" not in self.errors:
                # [2] §三.4, [4] §一: unsolved names its true reason.
                self.add_error("reason", _("Name the true reason."))
        return said

    def settlements(self):
        """(radio button, what proof it needs, told before it is sent). [2] §三.3"""
        return [
            (
                radio,
                PROOF[radio.data["value"]] if needs_proof(solved=True, settlement=radio.data["value"]) else NO_PROOF,
            )
            for radio in self["settlement"]
        ]

    def answer(self):
        """What was said, as `actions.reply` wants it, the evidence aside."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("settlement", "reason", "text", "proposal", "after_sale", "expect")}
        return {"solved": said["solved"] == SOLVED, **kept}


class LinkForm(forms.Form):
    """Which of the order's after-sales a request is about; none takes the link back."""

    default_renderer = FIELDS
    after_sale = AfterSaleField()

    def __init__(self, *args, after_sales, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after_sale"].offer(after_sales)


class ContactForm(forms.Form):
    """One attempt to reach the consumer. [3]"""

    default_renderer = FIELDS
    channel = forms.ChoiceField(label=_("Channel"), choices=ContactAttempt.Channel.choices)
    contacted_at = forms.DateTimeField(
        label=_("When"),
        validators=[MinValueValidator(datetime(2000, 1, 1, tzinfo=SHANGHAI))],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WHEN_FORMAT),
    )
    result = forms.ChoiceField(label=_("Result"), choices=ContactAttempt.Result.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    @classmethod
    def blank(cls, now, **kwargs):
        """An empty form; the attempt was just now until something else is said."""
        return cls(initial={"contacted_at": localtime(now)}, **kwargs)
