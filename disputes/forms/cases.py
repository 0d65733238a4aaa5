"""What both sides type into a case. The forms judge form only; what may be done is asked of the actions."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tickets.forms import TEXT_LENGTH, EvidenceForm

from ..models import Remedy
from .fields import YuanField

COMMENT_LENGTH = 500
# New files of one sending of the consumer's. Assumed.
CONSUMER_FILES = 6


def _text(label, *, required=True, rows=4):
    return forms.CharField(
        label=label, required=required, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": rows})
    )


def _expect():
    return forms.CharField(required=False, widget=forms.HiddenInput)


class StatementForm(EvidenceForm):
    """The merchant's statement with its evidence."""

    text = _text(_("Your statement"), rows=6)
    expect = _expect()


class PayForm(EvidenceForm):
    """That it was paid or resent, and the proof."""

    note = forms.CharField(
        label=_("How was it paid or resent?"),
        max_length=COMMENT_LENGTH,
        help_text=_("Way, number and time of the payment, or courier and waybill."),
    )
    expect = _expect()


class OfferForm(forms.Form):
    """An amount in yuan or a resend; which of its parts count is decided by the remedy."""

    remedy = forms.ChoiceField(label=_("What do you offer?"), choices=Remedy.choices, widget=forms.RadioSelect)
    amount = YuanField(label=_("Amount in yuan"), required=False)
    text = _text(_("Words to the consumer"), required=False, rows=3)
    expect = _expect()

    def clean(self):
        said = super().clean()
        if said.get("remedy") == Remedy.RESEND:
            said["amount"] = None
        elif said.get("remedy") == Remedy.AMOUNT and said.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say how much."))
        return said

    def offer(self):
        """What was said, as `actions.offer` wants it: the amount in whole fen."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("remedy", "text", "expect")}
        return {"amount_fen": said["amount"], **kept}


class SeveralFiles(forms.FileField):
    """Any number of files from one field, as a list; what is empty is refused by the vault's checks, in their words."""

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **options):
        super().__init__(widget=self.Widget, allow_empty_file=True, **options)

    def clean(self, data, initial=None):
        return [super(SeveralFiles, self).clean(one, initial) for one in data or []]


class ConsumerStatementForm(forms.Form):
    """The consumer's statement with his files; `pieces` are his that are kept from before, to be ticked."""

    text = forms.CharField(
        label=_("What happened?"),
        # Not max_length: with that the browser cuts a pasted text short in silence.
        validators=[MaxLengthValidator(TEXT_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    files = SeveralFiles(label=_("Pictures, video or PDF (optional)"), required=False)

    def __init__(self, data=None, files=None, *, pieces=(), **kwargs):
        super().__init__(data, files, **kwargs)
        self.there = {str(piece.pk): piece for piece in pieces}
        self.fields["pieces"] = forms.MultipleChoiceField(
            label=_("Already uploaded"),
            choices=[(pk, piece.name) for pk, piece in self.there.items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > CONSUMER_FILES:
            words = ngettext("At most %(n)s file at a time.", "At most %(n)s files at a time.", CONSUMER_FILES)
            raise ValidationError(words % {"n": CONSUMER_FILES})
        return files

    def uploads(self):
        """The new files, also of a form that is wrong elsewhere."""
        self.is_valid()
        return self.cleaned_data.get("files", [])

    def ticked(self):
        return [self.there[pk] for pk in self.cleaned_data["pieces"]]


class CommentForm(forms.Form):
    """What the consumer adds to his answer to an offer, or to giving up."""

    comment = forms.CharField(
        label=_("Anything to add? (optional)"),
        required=False,
        validators=[MaxLengthValidator(COMMENT_LENGTH)],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
