"""Cases, appeals, reports, filings and violations are found by what the parties stated and the reviewers wrote.

Their words are kept up by following the trail. A case's statements and reasons of every round are in its trail alone.
"""

from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop_cs import following, sweep
from shop_cs.access import may
from shop_cs.actors import Role
from shop_cs.sites import platform
from tickets.searching import asking, store
from tickets.searching.keeping import BATCH
from tickets.searching.words import snippet, words

from .models import HIDDEN, Appeal, Case, Filing, Offer, RecordText, Report, Violation
from .moves import cases

FOLLOWER = "search_disputes"
TABLE = RecordText._meta.db_table
# So many records are shown of those that have the words.
MOST = 10
# Of each kind: when a record came to be, and its texts.
KINDS = {
    Case: ("opened_at", ("claim", "merchant_statement", "consumer_statement", "payment_note")),
    Appeal: ("made_at", ("text", "decision")),
    Report: ("made_at", ("text", "decision")),
    Filing: ("made_at", ("text", "courier", "decision")),
    Violation: ("found_at", ("detail", "account", "decision")),
}
NAMES = {model._meta.model_name: model for model in KINDS}

CASES = asking.Kind(
    _("Arbitration cases"),
    Case,
    "see_disputes",
    path=lambda case: case.path,
    about=lambda case: case.get_state_display(),
)


def texts_of(model, records):
    """{key: {text: what it is}} of these records, in the order of their writing."""
    _at, names = KINDS[model]
    labels = {name: model._meta.get_field(name).verbose_name for name in names}
    if model is Case:
        return _texts_of_cases(records, labels)
    return {one.pk: {text: labels[name] for name in names if (text := getattr(one, name))} for one in records}


def _texts_of_cases(records, labels):
    """What was said in each round, and why, as far as it is not between reviewers; and what was offered."""
    said = {one.pk: {} for one in records}
    rows = Case.history.filter(id__in=said).order_by("history_id")
    why = rows.model._meta.get_field("history_change_reason")
    for pk, move, role, reason, *texts in rows.values_list("id", "move", "actor_role", why.name, *labels):
        said[pk] |= {text: label for text, label in zip(texts, labels.values(), strict=True) if text}
        if reason and move not in cases.INTERNAL and role != Role.IMPORT:
            said[pk].setdefault(reason, _("Reason"))
    for offer in Offer.everything.filter(case__in=said).order_by("case", "number"):
        said[offer.case_id] |= {text: Offer._meta.verbose_name for text in (offer.text, offer.comment) if text}
    return said


def rows_of(model, keys):
    """Unsaved rows of the records with these keys as they should be, in the order of their keys."""
    at, _names = KINDS[model]
    records = list(model.everything.filter(pk__in=keys).order_by("pk"))
    texts = texts_of(model, records)
    return [
        RecordText(
            kind=model._meta.model_name,
            record=one.pk,
            shop_id=one.shop_id,
            created_at=getattr(one, at),
            words=" ".join(_words_of(one, texts[one.pk])),
        )
        for one in records
    ]


def _words_of(record, texts):
    if record.state not in _hidden(type(record)):
        yield store.token_of(record.shop_id)
    # Its number is a word as well.
    for text in (record.no, *texts):
        yield from words(text)


def _hidden(model):
    """States in which a merchant knows nothing of a record."""
    return HIDDEN if model is Violation else ()


def differing(rows):
    """Those of the rows that do not stand so; all are of one kind."""
    there = RecordText.everything.filter(kind__in={row.kind for row in rows}, record__in=[row.record for row in rows])
    said = {row.record: _said(row) for row in there}
    return [row for row in rows if said.get(row.record) != _said(row)]


def _said(row):
    return row.shop_id, row.created_at, row.words


def write(rows):
    """Puts the rows in the place of what stands there."""
    RecordText.everything.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", "record"],
        update_fields=["shop", "created_at", "words"],
    )


def taking(model, key="id"):
    """What takes rows of a history in which `key` is the record's: what they changed of the words is written."""

    def take(history):
        write(differing(rows_of(model, {getattr(row, key) for row in history})))

    return take


def rebuild():
    """Makes all words anew while everybody works; returns how many rows were not as they should be."""
    wrong = 0
    for model, keys in _batches():
        with transaction.atomic():
            rows = differing(rows_of(model, keys))
            write(rows)
        wrong += len(rows)
    store.refill(connection, TABLE)
    return wrong


def check():
    """Yields a line for each record whose words are not those of its texts, and for an index that is not whole."""
    try:
        store.prove(connection, TABLE)
    except DatabaseError as error:
        yield f"the index does not hold what the table holds: {error}"
    for model, keys in _batches():
        wrong = [row.record for row in differing(rows_of(model, keys))]
        for no in model.everything.filter(pk__in=wrong).order_by("pk").values_list("no", flat=True):
            yield f"{model._meta.model_name} {no} has other words than its texts"


def _batches():
    """(kind, keys) of all records, so many at a time."""
    for model in KINDS:
        at = 0
        while some := list(model.everything.filter(pk__gt=at).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            yield model, some
            at = some[-1]


def with_words(asked, *, by):
    """A queryset of `RecordText` with all that was asked for, the newest record first."""
    rows, tokens = RecordText.everything.all(), list(asked.tokens)
    if by.role == Role.MERCHANT:
        rows, tokens = RecordText.objects.of(by.shop_id), [store.token_of(by.shop_id), *tokens]
    rows = rows.filter(words__holds=tokens)
    for sequence in asked.sequences:
        rows = rows.filter(words__contains=sequence)
    return rows.order_by("-created_at", "-pk")


def look(asked, *, by):
    """The newest records in which the words were found, as a group of the search; None for none."""
    if not may(by, "see_disputes", by.shop_id):
        return None
    found = list(with_words(asked, by=by).values_list("kind", "record")[: MOST + 1])
    hits = {}
    for kind in sorted({kind for kind, _key in found}):
        hits |= _hits(NAMES[kind], [key for name, key in found if name == kind], asked, by)
    shown = [hits[place] for place in found if place in hits]
    if not shown:
        return None
    return asking.Group(_("Cases, appeals, reports, filings and violations"), shown[:MOST], len(found) > MOST)


def _hits(model, keys, asked, by):
    records = model.everything.select_related("shop").filter(pk__in=keys)
    if by.role == Role.MERCHANT:
        # The words may be older than what the record says now.
        records = records.filter(shop=by.shop_id).exclude(state__in=_hidden(model))
    texts, kind = texts_of(model, records), model._meta.model_name
    return {(kind, one.pk): _hit(one, texts[one.pk] or {"": ""}, asked, by) for one in records}


def _hit(record, texts, asked, by):
    place, at = snippet(list(texts), asked.parts)
    about = f"{record._meta.verbose_name} · {record.get_state_display()}"
    where = list(texts.values())[at]
    return asking.Hit(record.no, str(record.shop), about, _address(record, by), snippet=place, where=where)


def _address(record, by):
    if by.role == Role.MERCHANT:
        return record.path
    return reverse(f"{platform.name}:disputes_{record._meta.model_name}_change", args=[record.pk])


def connect():
    asking.register(CASES)
    asking.register_look(look)
    store.WORDED[TABLE] = ("id", "record_search")
    takes = {model: taking(model) for model in KINDS} | {Offer: taking(Case, "case_id")}
    sweep.register(following.job(FOLLOWER, FOLLOWER, lambda: takes))
