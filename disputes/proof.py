"""What proof a case, a payment, an appeal, a report or a filing is asked for, and how complete it is."""

from shop_cs.evidence import catalogue
from shop_cs.models import AfterSale
from tickets import proof

from .models import Appeal, Case, Cause, Ground, Malice, Remedy, Report

# Subjects of the catalogue with what is claimed in them.
CLAIMS = {
    catalogue.CASE: AfterSale.Kind,
    catalogue.PAYMENT: Remedy,
    **dict.fromkeys(catalogue.APPEALS, Ground),
    catalogue.REPORT: Malice,
    catalogue.FILING: Cause,
}


def about_appeal(subject_column):
    """The catalogue's subject of an appeal against a "case", a "compensation" or a "violation"."""
    return f"appeal_{subject_column}"


def by_claim(about, *, present=()):
    """What each claim in what is about `about` is asked for."""
    return [catalogue.asked(about, claim.value, label=claim.label, present=present) for claim in CLAIMS[about]]


def of(record, exhibits):
    """What a record is asked for, with its exhibits and their pieces at hand; proofs of payment aside."""
    about, claim = _claim_of(record)
    shown = [one for one in exhibits if not one.is_payment]
    return catalogue.asked(about, claim, label=CLAIMS[about](claim).label, present=_marks(shown))


def of_payment(case, exhibits):
    """What the proof of a payment is asked for; None where nothing is to be paid or resent."""
    if not case.remedy:
        return None
    label = Remedy(case.remedy).label
    proofs = [one for one in exhibits if one.is_payment]
    return catalogue.asked(catalogue.PAYMENT, case.remedy, label=label, present=_marks(proofs))


def _marks(exhibits):
    return proof.marks((one, one.evidence) for one in exhibits)


def _claim_of(record):
    if isinstance(record, Case):
        return catalogue.CASE, record.after_sale.kind
    if isinstance(record, Appeal):
        column = next(name for name in ("case", "compensation", "violation") if getattr(record, f"{name}_id"))
        return about_appeal(column), record.ground
    return (catalogue.REPORT if isinstance(record, Report) else catalogue.FILING), record.kind
