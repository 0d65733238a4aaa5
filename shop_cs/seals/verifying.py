"""The auditor's question: is the trail whole? Everything that is not as it was sealed is named."""

from collections import Counter
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import DatabaseError, connection

from .. import guards
from ..models import Seal, SealedPart
from . import drift, rows
from .chain import BEGINNING, Digest, hash_of, mac_of

# So many findings of one kind and table are named; the rest is counted.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` says what kind, `where` the seal or table, `text` the whole in words."""

    code: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is to look at: seals, sealed rows, live rows; and rows that no seal covers yet."""

    seals: int
    sealed: int
    live: int
    unsealed: int


def verify(*, anchors=(), progress=lambda rows: None):
    """(findings, extent) as of one moment. `anchors` are (number, hash); `progress` is told of rows looked at."""
    with rows.one_moment():
        models = rows.tracked_models()
        found = [Finding("guard", name, f"The guard {name} does not stand.") for name in guards.missing(connection)]
        found += _chain(anchors, models)
        sealed = 0
        for table, model in sorted(models.items()):
            problems, looked = _rows_of(table, set(rows.columns_of(model).split(",")), progress)
            sealed += looked
            found += problems
        live = 0
        for model in models.values():
            found += _few(_drifted(model))
            live += model._base_manager.count()
            progress(model._base_manager.count())
        unsealed = sum(_unsealed(table) for table in models)
        return found, Extent(Seal.objects.count(), sealed, live, unsealed)


def size():
    """How many rows `verify` will tell its progress of."""
    both = ((model._base_manager, model.history.model._base_manager) for model in rows.tracked_models().values())
    return sum(live.count() + past.count() for live, past in both)


def _few(findings):
    """The first of them, and how many more there are."""
    shown, more = [], 0
    for finding in findings:
        if len(shown) < NAMED:
            shown.append(finding)
        else:
            more += 1
    if more:
        last = shown[-1]
        shown.append(Finding(last.code, last.where, f"{last.where}: and {more} more of this kind"))
    return shown


def _chain(anchors, models):
    expected, previous, wanted, reached = 1, BEGINNING, dict(anchors), Counter()
    problems = []
    for no, seal, parts in _seals_with_parts():
        where = f"seal {no}"
        if seal is None:
            problems.append(Finding("part", where, f"There are parts of seal {no}, which is not there."))
            continue
        problems += _link(seal, parts, expected, previous, wanted.pop(no, None))
        problems += _contiguous(seal, parts, reached, models)
        expected, previous = no + 1, seal.hash
    for no in wanted:
        text = f"Seal {no}, which was kept elsewhere, is not there: the end was cut off."
        problems.append(Finding("anchor", f"seal {no}", text))
    return _few(problems)


def _seals_with_parts():
    """(number, `Seal` or None, its parts) in order; None where there are only parts."""
    seals = Seal.objects.order_by("no").iterator(chunk_size=2_000)
    parts = SealedPart.objects.order_by("seal_id", "table").iterator(chunk_size=2_000)
    both = merge(((one.no, one) for one in seals), ((one.seal_id, one) for one in parts), key=itemgetter(0))
    for no, some in groupby(both, itemgetter(0)):
        found = [one for _no, one in some]
        seal = next((one for one in found if isinstance(one, Seal)), None)
        yield no, seal, [one for one in found if one is not seal]


def _link(seal, parts, expected, previous, anchor):
    where = f"seal {seal.no}"
    if seal.no != expected:
        yield Finding("gap", where, f"Before seal {seal.no} there should be seal {expected}, which is not there.")
    if seal.previous != previous:
        yield Finding("link", where, f"Seal {seal.no} does not follow the one before it.")
    if hash_of(seal.no, seal.at, seal.previous, parts) != seal.hash:
        yield Finding("seal", where, f"Seal {seal.no} is not what its hash says: it or its parts were changed.")
    if mac_of(seal.hash, settings.TRAIL_KEY) != seal.mac:
        yield Finding("mac", where, f"Seal {seal.no} was not made with this key.")
    if anchor is not None and anchor != seal.hash:
        yield Finding(
            "anchor", where, f"Seal {seal.no} is not the one that was kept elsewhere: the chain was made anew."
        )


def _contiguous(seal, parts, reached, models):
    for part in parts:
        if part.after != reached[part.table]:
            text = f"Seal {seal.no} of {part.table} begins after row {part.after}, not after {reached[part.table]}."
            yield Finding("gap", part.table, text)
        if part.table not in models:
            yield Finding("table", part.table, f"{part.table} was sealed and is no table of the trail any more.")
        reached[part.table] = part.upto


def _rows_of(table, there, progress):
    """(findings, rows looked at) of a sealed table: each part's rows are as many and the same as when it was sealed."""
    problems, looked, columns = [], 0, ""
    parts = SealedPart.objects.filter(table=table).order_by("upto").iterator(chunk_size=2_000)

    def spelled():
        nonlocal columns
        for part in parts:
            columns = part.columns or columns
            yield columns, part

    for names, some in groupby(spelled(), lambda one: one[0]):
        if gone := set(names.split(",")) - there:
            problems.append(Finding("rows", table, f"{table} was sealed with columns that are gone: {', '.join(gone)}"))
            continue
        try:
            for problem, count in _spans(table, names, [part for _names, part in some]):
                looked += count
                progress(count)
                problems += problem
        except DatabaseError as error:
            problems.append(Finding("rows", table, f"{table} cannot be read as it was sealed: {error}"))
    return _few(problems), looked


def _spans(table, columns, parts):
    """([finding], rows) of each part; all of them are read in one go."""
    stream = rows.texts(table, columns, parts[0].after, parts[-1].upto)
    row = next(stream, None)
    for part in parts:
        digest, first = Digest(), None
        while row and row[0] <= part.upto:
            digest.add(row[1])
            first = first or row[0]
            row = next(stream, None)
        yield _compared(table, part, digest), digest.rows


def _compared(table, part, digest):
    span = f"{table}, rows {part.after + 1} to {part.upto} (seal {part.seal_id})"
    if digest.rows != part.rows:
        return [Finding("rows", table, f"{span}: {digest.rows} rows are there, {part.rows} were sealed.")]
    if digest.hex() != part.digest:
        return [Finding("rows", table, f"{span}: a row is not what was sealed.")]
    return []


def _drifted(model):
    for one in drift.of(model):
        yield Finding("drift", one.table, str(one))


def _unsealed(table):
    quote = connection.ops.quote_name
    sql = f"""SELECT COUNT(*) FROM {quote(table)} WHERE history_id > COALESCE(
        (SELECT MAX(upto) FROM {quote(SealedPart._meta.db_table)} WHERE {quote("table")} = %s), 0)"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [table])
        return cursor.fetchone()[0]
