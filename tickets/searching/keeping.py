"""Keeps the words up: a request and a reply at once, what came in bulk by following the trail."""

from itertools import groupby

from django.db import DatabaseError, connection, transaction
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from shop_cs import following, sweep

from ..models import Reply, SearchText, ServiceRequest
from . import store
from .words import words

FOLLOWER = "search"
BATCH = 1_000
TABLE = SearchText._meta.db_table


def added(request):
    """The words of a new request, in one statement."""
    SearchText.everything.create(
        request=request, shop_id=request.shop_id, created_at=request.created_at, words=joined(request, [])
    )


def answered(reply):
    """The words of a new reply behind those that are there, in one statement. Where none are, the worker comes by."""
    more = Value(_words_of(reply), output_field=TextField())
    SearchText.everything.filter(request=reply.request_id).update(words=Concat(F("words"), more))


def joined(request, replies):
    """All that is searched of a request, its replies in the order of their rounds."""
    claim = "".join(f" {word}" for word in words(request.detail))
    return store.token_of(request.shop_id) + claim + "".join(map(_words_of, replies))


def _words_of(reply):
    return "".join(f" {word}" for word in words(f"{reply.text}\n{reply.proposal}"))


def rows_of(requests):
    """Unsaved rows of these requests as they should be, in the order of their keys."""
    replies = Reply.everything.filter(request__in=requests).order_by("request_id", "round")
    said = {pk: list(some) for pk, some in groupby(replies.iterator(), key=lambda reply: reply.request_id)}
    found = ServiceRequest.everything.filter(pk__in=requests).only("shop_id", "created_at", "detail").order_by("pk")
    return [
        SearchText(
            request_id=one.pk, shop_id=one.shop_id, created_at=one.created_at, words=joined(one, said.get(one.pk, []))
        )
        for one in found
    ]


def differing(rows):
    """Those of the rows that do not stand so."""
    there = SearchText.everything.in_bulk([row.pk for row in rows])
    return [row for row in rows if row.pk not in there or _said(there[row.pk]) != _said(row)]


def _said(row):
    return row.shop_id, row.created_at, row.words


def write(rows):
    """Puts the rows in the place of what stands there."""
    SearchText.everything.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["request"],
        update_fields=["shop", "created_at", "words"],
    )


def take(history):
    """Rows of the history of requests or replies: what they changed of the words is written, the rest left."""
    key = "request_id" if issubclass(type(history[0]), Reply.history.model) else "id"
    write(differing(rows_of(sorted({getattr(row, key) for row in history}))))


def rebuild(progress=lambda many: None):
    """Makes all words anew while everybody works; returns how many rows were not as they should be."""
    wrong = 0
    for some in _batches():
        with transaction.atomic():
            rows = differing(rows_of(some))
            write(rows)
        wrong += len(rows)
        progress(len(some))
    store.refill(connection, TABLE)
    return wrong


def check(progress=lambda many: None):
    """Yields a line for each request whose words are not those of its texts, and for an index that is not whole."""
    for name in store.missing(connection):
        yield f"{name} is not in the database: run manage.py migrate"
    try:
        store.prove(connection, TABLE)
    except DatabaseError as error:
        yield f"the index does not hold what the table holds: {error}"
    for some in _batches():
        wrong = [row.pk for row in differing(rows_of(some))]
        for no in ServiceRequest.everything.filter(pk__in=wrong).order_by("pk").values_list("no", flat=True):
            yield f"request {no} has other words than its texts"
        progress(len(some))


def _batches():
    """The keys of all requests, so many at a time."""
    at = 0
    while some := list(ServiceRequest.everything.filter(pk__gt=at).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield some
        at = some[-1]


def connect():
    takes = dict.fromkeys((ServiceRequest, Reply), take)
    sweep.register(following.job("search", FOLLOWER, lambda: takes))
    store.connect()
