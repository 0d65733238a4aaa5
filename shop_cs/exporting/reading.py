"""Reads the rows of a table column by column: no object is made for any of them, moments come over as texts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db.models import TextField
from django.db.models.functions import Cast

# Rows read at a time.
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Moment:
    """A column of moments, read as text: to make each a moment on its way from the database takes ten times as long."""

    path: str


def moment(text):
    """What either database writes of a moment → aware; SQLite's texts say nothing of their zone, which is UTC's."""
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def chunks(records, most, reads):
    """The first `most` of a queryset: {what is read: its values}, so many rows at a time.

    `reads` are paths of fields (`order__no`) and `Moment`s; each stands for itself in what is yielded.
    """
    reads = list(dict.fromkeys(reads))
    asked = [Cast(one.path, TextField()) if isinstance(one, Moment) else one for one in reads]
    rows = records.values_list(*asked)[:most].iterator(chunk_size=CHUNK)
    for some in ahead(rows):
        columns = zip(reads, zip(*some, strict=True), strict=True)
        yield {one: list(map(moment, cells)) if isinstance(one, Moment) else cells for one, cells in columns}


def ahead(rows):
    """The rows, a list of so many at a time. While one is worked on, the database is at the next.

    Who does not take them all closes the generator: until then somebody reads on this connection.
    """
    # The first here, where the cursor has to be opened: a connection belongs to its thread.
    some = list(islice(rows, CHUNK))
    with ThreadPoolExecutor(1) as reader:
        while len(some) == CHUNK:
            following = reader.submit(list, islice(rows, CHUNK))
            yield some
            some = following.result()
    if some:
        yield some
