"""Asks: a number leads to its record, or to those that begin with it; words lead to requests, the newest first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop_cs.access import may
from shop_cs.actors import Role
from shop_cs.composed import composed
from shop_cs.models import AfterSale, Order
from shop_cs.sites import platform

from ..models import Reply, SearchText, ServiceRequest
from . import store
from .words import SHORTEST_BEGINNING, snippet

PAGE = 25
# So many requests, of all shops or of one, are looked through for a word that many have.
NEWEST, NEWEST_OF_SHOP = 4_000, 1_000
# So many records of a kind are shown of those that begin with a number.
MOST_NUMBERS = 10
# No number has a sign behind this one.
_LAST = "~"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record with a number `no`. `visible` narrows what a merchant may know of; `path` is its page there."""

    label: str
    model: type
    act: str
    path: Callable
    about: Callable = str
    visible: Callable = lambda rows: rows
    shown_with: tuple = ()

    def rows(self, shop_id=None):
        """Those of a shop that its merchant may know of; of all shops without one."""
        rows = self.model.everything.all() if shop_id is None else self.visible(self.model.objects.of(shop_id))
        return rows.select_related("shop", *self.shown_with)

    def address(self, record, by):
        if by.role == Role.MERCHANT:
            return self.path(record)
        named = self.model._meta.label_lower.replace(".", "_")
        return reverse(f"{platform.name}:{named}_change", args=[record.pk])


def _order_page(order):
    return reverse("order", args=[order.shop.no, order.no])


# Kinds of records by their numbers; other apps add theirs.
KINDS = [
    Kind(
        _("Service requests"),
        ServiceRequest,
        "see_requests",
        path=lambda record: record.path,
        about=lambda record: record.get_category_display(),
        visible=lambda rows: rows.visible_to_merchant(),
    ),
    Kind(_("Orders"), Order, "see_orders", path=_order_page, about=lambda record: record.product),
    Kind(
        _("After-sales"),
        AfterSale,
        "see_orders",
        path=lambda record: _order_page(record.order),
        about=lambda record: record.get_kind_display(),
        shown_with=("order__shop",),
    ),
]


def register(kind):
    """Another app's kind of record; once, however often it is said."""
    if all(known.model is not kind.model for known in KINDS):
        KINDS.append(kind)
        store.NUMBERED.append(kind.model._meta.db_table)


# `look(asked, by=)` of other apps: a `Group` of their records in which words were found, or None.
LOOKS = []


def register_look(look):
    """Another app's records are searched for words too; once, however often it is said."""
    if look not in LOOKS:
        LOOKS.append(look)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record whose number is the one that was asked for, or begins with it.

    Or one in which words were found: `snippet` is the place, (piece, whether it was asked for), in the text `where`.
    """

    no: str
    shop: str
    about: str
    address: str
    is_exact: bool = False
    snippet: list = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    hits: list
    is_more: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A request in which words were found, and the place there: (piece, whether it was asked for)."""

    record: ServiceRequest
    address: str
    snippet: list
    in_reply: bool


@dataclass
class Answer:
    """What was found. `straight` is the address of the one record with exactly this number.

    `others` are groups of other apps' records with the words.
    """

    groups: list = field(default_factory=list)
    results: list = field(default_factory=list)
    others: list = field(default_factory=list)
    straight: str = ""
    older: str = ""

    @property
    def is_empty(self):
        return not (self.groups or self.results or self.others)


def search(asked, *, by, state="", category="", before=""):
    """All that was asked for, as far as `by` may see it. `before` is the place that `Answer.older` named."""
    answer = Answer()
    narrowed = bool(state or category or before)
    if asked.number and not narrowed:
        answer.groups = numbers(asked.number, by=by)
        exact = [hit for group in answer.groups for hit in group.hits if hit.is_exact]
        answer.straight = exact[0].address if len(exact) == 1 else ""
    if asked.has_words and not answer.straight:
        answer.results, answer.older = _page(asked, by=by, before=before, state=state, category=category)
        if not narrowed:
            answer.others = [group for look in LOOKS if (group := look(asked, by=by))]
    return answer


def numbers(number, *, by):
    """Groups of records whose number is this one or, from some signs on, begins with it; one statement a kind."""
    groups = [_group(kind, number, by) for kind in KINDS if may(by, kind.act, by.shop_id)]
    return [group for group in groups if group.hits]


def _group(kind, number, by):
    spellings = {number, number.upper()}
    values = [value for one in sorted(spellings) for value in (one, one + _LAST)]
    shape = {"kind": kind, "is_whole": len(number) < SHORTEST_BEGINNING, "most": MOST_NUMBERS + 1}
    found = _of_shop(by.shop_id, *values, **shape) if by.role == Role.MERCHANT else _of_all(*values, **shape)
    hits = [
        Hit(one.no, str(one.shop), str(kind.about(one)), kind.address(one, by), one.no in spellings) for one in found
    ]
    return Group(kind.label, hits[:MOST_NUMBERS], len(hits) > MOST_NUMBERS)


@composed
def _of_shop(shop_id, *values, kind, **shape):
    return _numbered(kind.rows(shop_id), values, **shape)


@composed
def _of_all(*values, kind, **shape):
    return _numbered(kind.rows(), values, **shape)


def _numbered(rows, values, *, is_whole, most):
    """Of the rows those with these numbers, or that begin so: `values` are each number and what lies behind all that
    begin with it. In the order of bytes those lie together, the exact one first."""
    fits = Q()
    for number, last in zip(values[::2], values[1::2], strict=True):
        fits |= Q(place=number) if is_whole else Q(place__gte=number, place__lt=last)
    return rows.alias(place=store.ByteOrder("no")).filter(fits).order_by("place")[:most]


def texts_for(by):
    """The texts that `by` may search."""
    return SearchText.objects.of(by.shop_id) if by.role == Role.MERCHANT else SearchText.everything.all()


def with_words(rows, asked, *, by, state="", category="", among_all=True):
    """Of a queryset of `SearchText` those with all that was asked for, the newest request first.

    `among_all` says that they are found by the index of words, not among a few.
    """
    tokens = list(asked.tokens)
    if by.role == Role.MERCHANT:
        rows = rows.exclude(request__state="scheduled")
        # One index finds shop and words together.
        tokens = [store.token_of(by.shop_id), *tokens] if among_all else tokens
    rows = rows.filter(words__holds=tokens)
    for sequence in asked.sequences:
        rows = rows.filter(words__contains=sequence)
    said = {"request__state": state, "request__category": category}
    return rows.filter(**{name: value for name, value in said.items() if value}).order_by("-created_at", "-request_id")


def _page(asked, *, by, before, **narrowed):
    """(the results of the page behind the place `before`, the place behind them or "")."""
    behind = texts_for(by)
    if before:
        at, pk = place_of(before)
        behind = behind.filter(created_at__lte=at).exclude(created_at=at, request_id__gte=pk)
    found = _newest(behind, asked, by=by, **narrowed)
    shown = found[:PAGE]
    requests = {one.pk: one for one in _requests(*(pk for _at, pk in shown))} if shown else {}
    texts = _texts_of(requests.values())
    results = [_result(requests[pk], texts[pk], asked, by) for _at, pk in shown]
    return results, _place(*shown[-1]) if len(found) > PAGE else ""


def _newest(behind, asked, *, by, **narrowed):
    """(created at, key) of the first rows, one more than a page has.

    A word that many have is soon met among the newest. One that few have is found by the index of words, which knows
    no order. A planner cannot tell the one from the other; so the newest are looked through first.
    """
    behind = behind.values_list("created_at", "request_id")
    many = NEWEST_OF_SHOP if by.role == Role.MERCHANT else NEWEST
    last = behind.order_by("-created_at", "-request_id").values("created_at")[many : many + 1]
    newest = behind.filter(created_at__gte=Coalesce(Subquery(last), Value(_EPOCH)))
    soon = list(with_words(newest, asked, by=by, among_all=False, **narrowed)[: PAGE + 1])
    if len(soon) > PAGE:
        return soon
    rows = with_words(behind, asked, by=by, **narrowed)
    return list(rows.order_by(store.Unordered("created_at").desc(), "-request_id")[: PAGE + 1])


def _place(at, pk):
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{pk}"


def place_of(text):
    """(created at, key) of a place between two pages. Raises ValueError."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return _EPOCH + timedelta(microseconds=int(match[1])), int(match[2])


@composed
def _requests(*keys):
    return ServiceRequest.everything.filter(pk__in=keys).select_related("shop", "order").order_by()


@composed
def _replies(*keys):
    rows = Reply.everything.filter(request__in=keys).order_by("-round")
    return rows.values_list("request_id", "text", "proposal")


def _texts_of(requests):
    """{key: [claim, text and proposal of each reply, the newest first]}"""
    texts = {request.pk: [request.detail] for request in requests}
    for pk, *said in _replies(*texts) if texts else ():
        texts[pk] += filter(None, said)
    return texts


def _result(record, texts, asked, by):
    shown, at = snippet(texts, asked.parts)
    return Result(record, KINDS[0].address(record, by), shown, in_reply=at > 0)
