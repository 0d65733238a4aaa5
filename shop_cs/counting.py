"""How many rows there are, asked for as cheaply as it is said."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Value


def sizes(querysets):
    """How many rows each has, in one statement; one that is cut off counts no further than its cut."""
    asked = list(querysets)
    return told(*statement(asked)) if asked else ()


def statement(querysets):
    """(SQL, parameters) of that statement, put together here: Django takes three times as long to nest them."""
    asked = [_sql(rows) for rows in querysets]
    # Django's own SQL; nothing in it comes from outside.
    counts = (f"(SELECT COUNT(*) FROM ({sql}) AS n{place})" for place, (sql, _said) in enumerate(asked))  # noqa: S608
    return f"SELECT {', '.join(counts)}", [value for _sql, said in asked for value in said]


def told(sql, said, asked=connection):
    """The numbers that a `statement` asks for; `asked` is the connection."""
    with asked.cursor() as cursor:
        cursor.execute(sql, said)
        return cursor.fetchone()


def _sql(rows):
    """Without columns, so that an index alone can tell; with the key where that tells the rows apart."""
    rows = rows if rows.query.is_sliced else rows.order_by()
    try:
        return (rows.values("pk") if rows.query.distinct else rows.values(one=Value(1))).query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1 WHERE 1 = 0", ()


@dataclass(frozen=True, slots=True)
class Counts:
    """{state: how many}. With `most` they were counted so far only: one more than it means more than that."""

    by_state: dict
    most: int | None = None

    def of(self, states=None):
        """How many of these states, or of all: where there are more than `most` of one, at least so many."""
        return sum(count for state, count in self.by_state.items() if states is None or state in states)

    def is_more(self, states=None):
        """Whether there are more than were counted."""
        return self.most is not None and any(
            count > self.most for state, count in self.by_state.items() if states is None or state in states
        )

    def said(self, states=None):
        """As a tab shows it: a number, or 1000+ for what was not counted to its end."""
        return f"{self.most}+" if self.is_more(states) else self.of(states)
