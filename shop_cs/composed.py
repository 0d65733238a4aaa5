"""Statements that are composed once and asked often: Django takes longer to put one together than a database to answer
it, and on the pages of a desk it is the same one all day."""

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection

from . import counting
from .kept import Kept
from .prepared import inlined, prepares

# So many shapes of each are kept.
MOST = 300
# What stands for a value while a statement is composed: twice, so that what was worked out of it is seen to differ.
STAND_INS = {
    int: lambda place, turn: (1_000_000_007, 2_000_000_011)[turn] + 1_009 * place,
    str: lambda place, turn: f"{('first', 'second')[turn]}\x01{place}",
    datetime: lambda place, turn: (
        (
            datetime(2101, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
            datetime(2202, 9, 17, 13, 14, 15, 16, tzinfo=UTC),
        )[turn]
        + timedelta(days=place)
    ),
}


def composed(make):
    """Decorator of a function (*values, **shape) → queryset; calling it gives a list of its rows.

    The values (int, str, datetime) stand in the statement as they are. Where something is worked out of them it is
    noticed, and composed anew each time. Which conditions there are at all is decided by the `shape` alone, and by no
    value: that nobody could notice.
    """
    return wraps(make)(_Rows(make))


def composed_sizes(make):
    """Decorator of a function (*values, **shape) → querysets; calling it gives how many rows each has, as
    `counting.sizes` does. For its values and shape see `composed`."""
    return wraps(make)(_Sizes(make))


@dataclass(frozen=True, slots=True)
class _Statement:
    """`slots` are (None, a parameter) or (place of a value, how the database wants it)."""

    sql: str
    slots: tuple
    # What it was composed of, for reading the rows.
    source: object

    def params(self, values):
        return tuple(said if place is None else said(values[place]) for place, said in self.slots)


class _Composed:
    def __init__(self, make):
        self._make, self._kept = make, Kept(MOST)

    def __call__(self, *values, **shape):
        key = connection.vendor, *map(type, values), *sorted(shape.items())
        found = self._kept.get(key, lambda: self._statement(values, shape))
        return self.anew(*values, **shape) if found is None else self._ask(found, found.params(values))

    def asks(self, *values, **shape):
        """What is asked, to be a part of something else."""
        return self._make(*values, **shape)

    def anew(self, *values, **shape):
        """As calling it, for a shape that is hardly asked for again: nothing is kept."""
        return self._anew(self._make(*values, **shape))

    def _statement(self, values, shape):
        """None where a value does not stand in it as it is, or cannot."""
        if not all(type(value) in STAND_INS for value in values):
            return None
        turns = [[STAND_INS[type(value)](place, turn) for place, value in enumerate(values)] for turn in (0, 1)]
        try:
            (sql, first, source), (again, second, _source) = (self._said(self._make(*turn, **shape)) for turn in turns)
        except EmptyResultSet:
            return None
        if sql != again:
            return None
        slots = tuple(_slot(one, other, *turns) for one, other in zip(first, second, strict=True))
        return None if None in slots else _Statement(*inlined(sql, slots, DEFAULT_DB_ALIAS), source)


class _Rows(_Composed):
    @staticmethod
    def _anew(rows):
        return list(rows)

    @staticmethod
    def _said(rows):
        compiler = rows.query.get_compiler(using=rows.db)
        composed = compiler.as_sql()
        # What is kept holds no thread's connection.
        compiler.connection = None
        return *composed, (rows, compiler)

    @staticmethod
    def _ask(found, params):
        """As Django reads a queryset, with a compiler that need not compose any more."""
        rows, compiler = found.source
        compiler, query = copy(compiler), copy(rows.query)
        compiler.connection = prepares(rows.db)
        compiler.as_sql = lambda *args, **kwargs: (found.sql, params)
        query.get_compiler = lambda *args, **kwargs: compiler
        asked = type(rows)(rows.model, query, rows.db)
        asked._iterable_class, asked._fields = rows._iterable_class, rows._fields
        return list(asked)


class _Sizes(_Composed):
    @staticmethod
    def _anew(querysets):
        return counting.sizes(querysets)

    @staticmethod
    def _said(querysets):
        return *counting.statement(querysets), None

    @staticmethod
    def _ask(found, params):
        return counting.told(found.sql, params, prepares(DEFAULT_DB_ALIAS))


def _slot(one, other, first, second):
    if type(one) is type(other) and one == other:
        return None, one
    for place, (value, again) in enumerate(zip(first, second, strict=True)):
        if (one, other) == (value, again):
            return place, _as_it_is
        if isinstance(value, datetime) and (one, other) == (_moment(value), _moment(again)):
            return place, _moment
    return None


def _as_it_is(value):
    return value


def _moment(value):
    return connection.ops.adapt_datetimefield_value(value)
